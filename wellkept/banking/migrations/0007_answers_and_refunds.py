"""An answer can name the account of a line; what a line gives back is found by its payee."""

import django.db.models.deletion
from django.db import migrations, models


class Migration(migrations.Migration):
    dependencies = [("banking", "0006_found_by_payee_and_amount"), ("ledger", "0001_initial")]
    operations = [
        migrations.AddIndex(
            "bankline", models.Index(fields=["client", "payee", "dated_on"], name="bank_line_of_payee")
        ),
        migrations.CreateModel(
            "AnswerLine",
            [
                ("id", models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name="ID")),
                (
                    "account",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="+", to="ledger.account"
                    ),
                ),
                (
                    "answer",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="lines", to="banking.answer"
                    ),
                ),
                (
                    "line",
                    models.ForeignKey(
                        on_delete=django.db.models.deletion.PROTECT, related_name="answered", to="banking.bankline"
                    ),
                ),
            ],
            options={
                "constraints": [models.UniqueConstraint(fields=["answer", "line"], name="answer_line_once")],
            },
        ),
    ]
