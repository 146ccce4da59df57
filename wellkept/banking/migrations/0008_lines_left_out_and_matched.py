"""Lines that do not count, balances a person stated, lines matched with what the book had; notes of 0.00 wait for nobody."""

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from wellkept.core import guards


def let_notes_be(apps, editor):
    """What moves no money waits for nobody: it can be neither coded nor posted."""
    apps.get_model("banking", "Undecided").objects.filter(line__amount_minor=0).delete()


class Migration(migrations.Migration):
    dependencies = [
        ("banking", "0007_answers_and_refunds"),
        ("clients", "0002_seconds"),
        ("conversations", "0002_priority"),
        ("core", "0003_search"),
        ("ledger", "0005_balances_of_a_book"),
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
    ]

    operations = [
        migrations.CreateModel(
            name="LeftOut",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("reason", models.CharField(max_length=200)),
                ("left_out_at", models.DateTimeField()),
                ("brought_back_at", models.DateTimeField(null=True)),
            ],
        ),
        migrations.CreateModel(
            name="StatedBalance",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("closing_minor", models.BigIntegerField()),
                ("stated_at", models.DateTimeField()),
            ],
            options={
                "ordering": ["-id"],
            },
        ),
        migrations.AddField(
            model_name="coding",
            name="other_leg",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="banking.coding"
            ),
        ),
        migrations.AddField(
            model_name="coding",
            name="posting",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.posting"
            ),
        ),
        migrations.AddField(
            model_name="statementfile",
            name="taken_out_at",
            field=models.DateTimeField(null=True),
        ),
        migrations.AddField(
            model_name="statementfile",
            name="taken_out_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddConstraint(
            model_name="coding",
            constraint=models.UniqueConstraint(
                condition=models.Q(("posting__isnull", False), ("undone_at", None)),
                fields=("posting",),
                name="posting_matched_once",
            ),
        ),
        migrations.AddConstraint(
            model_name="coding",
            constraint=models.CheckConstraint(
                condition=models.Q(("posting", None), ("how", "match"), _connector="OR"),
                name="coding_matched_to_posting",
            ),
        ),
        migrations.AddConstraint(
            model_name="statementfile",
            constraint=models.CheckConstraint(
                condition=models.Q(("taken_out_at", None), ("imported_at__isnull", False), _connector="OR"),
                name="file_taken_out_was_imported",
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="bank_account",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to="banking.bankaccount"
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="brought_back_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="left_out_by",
            field=models.ForeignKey(
                null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="leftout",
            name="line",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="left_out", to="banking.bankline"
            ),
        ),
        migrations.AddField(
            model_name="statedbalance",
            name="stated_by",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="+", to=settings.AUTH_USER_MODEL
            ),
        ),
        migrations.AddField(
            model_name="statedbalance",
            name="statement",
            field=models.ForeignKey(
                on_delete=django.db.models.deletion.PROTECT, related_name="stated", to="banking.statement"
            ),
        ),
        migrations.AddIndex(
            model_name="leftout",
            index=models.Index(
                condition=models.Q(("brought_back_at", None)),
                fields=["bank_account", "-id"],
                name="left_out_of_account",
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.UniqueConstraint(
                condition=models.Q(("brought_back_at", None)), fields=("line",), name="line_left_out_once"
            ),
        ),
        migrations.AddConstraint(
            model_name="leftout",
            constraint=models.CheckConstraint(
                condition=models.Q(("reason", ""), _negated=True), name="line_left_out_with_reason"
            ),
        ),
        migrations.RunPython(let_notes_be, migrations.RunPython.noop),
        migrations.RunPython(
            lambda apps, editor: guards.install(editor.connection),
            lambda apps, editor: guards.remove(editor.connection),
        ),
    ]
