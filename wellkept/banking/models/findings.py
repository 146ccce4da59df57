from __future__ import annotations

from django.db import models
from django.db.models import Q


class Finding(models.Model):
    """Something in a client's file that looks wrong. It ends fixed, accepted with a reason, or gone by itself."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="findings")
    kind = models.CharField(max_length=30)
    about = models.CharField(max_length=80)  # what it is about, the same each time it is found
    subject = models.CharField(max_length=80, default="")  # what a Silence compares
    data = models.JSONField(default=dict)  # ids, dates and amounts its sentence is made from
    line = models.ForeignKey("banking.BankLine", null=True, on_delete=models.PROTECT, related_name="+")
    entry = models.ForeignKey("ledger.Entry", null=True, on_delete=models.PROTECT, related_name="+")
    account = models.ForeignKey("ledger.Account", null=True, on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    found_at = models.DateTimeField()
    fixed_at = models.DateTimeField(null=True)
    fixed_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    accepted_at = models.DateTimeField(null=True)
    accepted_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=300, blank=True)
    gone_at = models.DateTimeField(null=True)
    silence = models.ForeignKey(
        "Silence", null=True, on_delete=models.PROTECT, related_name="findings"
    )  # what ended it

    class Meta:
        ordering = ["-month", "kind", "id"]
        constraints = [
            models.UniqueConstraint(
                fields=["client", "kind", "about"],
                condition=Q(fixed_at=None, accepted_at=None, gone_at=None),
                name="finding_open_once",
            ),
        ]
        indexes = [
            models.Index(
                fields=["client", "month"],
                condition=Q(fixed_at=None, accepted_at=None, gone_at=None),
                name="finding_open",
            ),
            models.Index(fields=["client", "month", "kind"], name="finding_of_month"),
        ]


class Silence(models.Model):
    """A person said: never again for this."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    kind = models.CharField(max_length=30)
    subject = models.CharField(max_length=80)  # a payee, an account, a pair: what `kind` compares
    reason = models.CharField(max_length=300)
    silenced_at = models.DateTimeField()
    silenced_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["client", "kind", "subject"], condition=Q(ended_at=None), name="silence_once"
            ),
        ]
