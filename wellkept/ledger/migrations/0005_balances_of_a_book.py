"""Balances know their book, so that all accounts of one are read side by side."""

import django.db.models.deletion
from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_the_book(apps, editor):
    account, balance = apps.get_model("ledger", "Account"), apps.get_model("ledger", "Balance")
    of = account.objects.filter(pk=OuterRef("account_id")).values("book_id")[:1]
    balance.objects.filter(book=None).update(book_id=Subquery(of))


class Migration(migrations.Migration):
    dependencies = [("ledger", "0004_history_files")]
    operations = [
        migrations.AddField(
            "balance",
            "book",
            models.ForeignKey(
                "ledger.Book", db_index=False, null=True, on_delete=django.db.models.deletion.PROTECT, related_name="+"
            ),
        ),
        migrations.RunPython(name_the_book, migrations.RunPython.noop),
        migrations.AlterField(
            "balance",
            "book",
            models.ForeignKey(
                "ledger.Book", db_index=False, on_delete=django.db.models.deletion.PROTECT, related_name="+"
            ),
        ),
        migrations.AddIndex("balance", models.Index(fields=["book", "span", "starts_on"], name="balance_of_book")),
    ]
