import django.db.models.deletion
from django.db import migrations, models


def count(apps, editor):
    """From the codings there are."""
    Coding, RuleTally = apps.get_model("banking", "Coding"), apps.get_model("banking", "RuleTally")
    ruled = Coding.objects.filter(rule__isnull=False).values("rule_id", "client_id")
    counted = ruled.annotate(
        decided=models.Count("pk"), right=models.Count("pk", filter=models.Q(undone_at=None))
    ).order_by()
    RuleTally.objects.bulk_create([RuleTally(**row) for row in counted], batch_size=500)


class Migration(migrations.Migration):
    dependencies = [("banking", "0004_reviews"), ("clients", "0002_seconds")]
    operations = [
        migrations.CreateModel(
            name="RuleTally",
            fields=[
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                ("decided", models.PositiveIntegerField(default=0)),
                ("right", models.PositiveIntegerField(default=0)),
                (
                    "client",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="clients.client"
                    ),
                ),
                (
                    "rule",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="tallies", to="banking.rule"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=("rule", "client"), name="rule_tally_once")],
            },
        ),
        migrations.RunPython(count, migrations.RunPython.noop),
    ]
