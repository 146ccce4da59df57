from __future__ import annotations

from django.db import models


class VarianceNote(models.Model):
    """Why an account moved in a stretch of days against another time or the budget; only ever added, the newest speaks."""

    class Against(models.TextChoices):
        PREVIOUS = "previous"
        YEAR = "year"
        BUDGET = "budget"

    account = models.ForeignKey("Account", on_delete=models.PROTECT, related_name="variance_notes", db_index=False)
    since = models.DateField()
    until = models.DateField()  # the first day that no longer belongs to it
    against = models.CharField(max_length=8, choices=Against)
    text = models.CharField(max_length=500)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.CheckConstraint(condition=models.Q(until__gt=models.F("since")), name="variance_has_days"),
            models.CheckConstraint(
                condition=models.Q(against__in=["previous", "year", "budget"]), name="variance_against_known"
            ),
        ]
        indexes = [models.Index(fields=["account", "since", "until"], name="variance_of_account")]
