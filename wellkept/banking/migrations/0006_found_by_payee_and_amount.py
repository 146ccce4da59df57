"""What waits is found by its payee, and a transfer's other leg by its amount."""

from django.db import migrations, models
from django.db.models import OuterRef, Subquery


def name_the_payee(apps, editor):
    line, undecided = apps.get_model("banking", "BankLine"), apps.get_model("banking", "Undecided")
    undecided.objects.update(payee=Subquery(line.objects.filter(pk=OuterRef("line_id")).values("payee")[:1]))


class Migration(migrations.Migration):
    dependencies = [("banking", "0005_rule_tallies")]
    operations = [
        migrations.AddField(
            "undecided", "payee", models.CharField(blank=True, default="", max_length=200), preserve_default=False
        ),
        migrations.RunPython(name_the_payee, migrations.RunPython.noop),
        migrations.AddIndex(
            "undecided", models.Index(fields=["client", "payee", "-dated_on"], name="undecided_of_payee")
        ),
        migrations.AddIndex(
            "bankline", models.Index(fields=["client", "amount_minor", "dated_on"], name="bank_line_by_amount")
        ),
    ]
