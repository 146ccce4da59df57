from __future__ import annotations

from django.db import models
from django.db.models import Q


class BankLine(models.Model):
    """One movement as the bank told it. Written once; what became of it stands in `Coding`."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    bank_account = models.ForeignKey("banking.BankAccount", on_delete=models.PROTECT, related_name="lines")
    file = models.ForeignKey("banking.StatementFile", on_delete=models.PROTECT, related_name="lines")
    statement = models.ForeignKey("banking.Statement", on_delete=models.PROTECT, related_name="lines")
    row = models.PositiveIntegerField()  # where in the file
    dated_on = models.DateField()
    valued_on = models.DateField(null=True)
    amount_minor = models.BigIntegerField()  # money in is above zero
    payee = models.CharField(max_length=200, blank=True)
    counterparty = models.CharField(max_length=60, blank=True)  # the other side's account
    description = models.CharField(max_length=500, blank=True)
    reference = models.CharField(max_length=140, blank=True)
    bank_id = models.CharField(max_length=255, blank=True)  # what the bank calls it; banks reuse these
    raw = models.TextField()
    occurrence = models.PositiveSmallIntegerField()  # the nth line of the day that reads exactly so
    identity = models.CharField(max_length=64)
    balance_minor = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["dated_on", "id"]
        constraints = [models.UniqueConstraint(fields=["bank_account", "identity"], name="bank_line_once")]
        indexes = [
            models.Index(fields=["bank_account", "dated_on", "id"], name="bank_line_of_account"),
            models.Index(fields=["client", "dated_on"], name="bank_line_of_client"),
            models.Index(fields=["client", "amount_minor", "dated_on"], name="bank_line_by_amount"),  # a transfer's leg
            models.Index(fields=["client", "payee", "dated_on"], name="bank_line_of_payee"),  # what a refund gives back
        ]


class Undecided(models.Model):
    """A line that waits to be coded. The row is taken away by whoever codes it, so only one can; undoing puts it back."""

    line = models.OneToOneField(BankLine, primary_key=True, on_delete=models.PROTECT, related_name="undecided")
    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    bank_account = models.ForeignKey("banking.BankAccount", on_delete=models.PROTECT, related_name="+")
    dated_on = models.DateField()
    payee = models.CharField(max_length=200, blank=True)  # the line's, so that its like are found among what waits
    suggestion = models.ForeignKey("banking.Suggestion", null=True, on_delete=models.PROTECT, related_name="+")
    confidence = models.PositiveIntegerField(default=0)  # of its first choice, in millionths
    parked_at = models.DateTimeField(null=True)
    parked_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    parked_because = models.CharField(max_length=200, blank=True)

    class Meta:
        indexes = [
            models.Index(fields=["bank_account", "-dated_on", "-line"], name="undecided_of_account"),
            models.Index(fields=["client", "-dated_on", "-line"], name="undecided_of_client"),
            models.Index(fields=["client", "payee", "-dated_on"], name="undecided_of_payee"),
        ]


class LeftOut(models.Model):
    """A line that does not count: told twice, or of a wrong file. It stays known, and can be brought back."""

    line = models.ForeignKey(BankLine, on_delete=models.PROTECT, related_name="left_out")
    bank_account = models.ForeignKey("banking.BankAccount", on_delete=models.PROTECT, related_name="+")
    reason = models.CharField(max_length=200)
    left_out_at = models.DateTimeField()
    left_out_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    brought_back_at = models.DateTimeField(null=True)
    brought_back_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["line"], condition=Q(brought_back_at=None), name="line_left_out_once"),
            models.CheckConstraint(condition=~Q(reason=""), name="line_left_out_with_reason"),
        ]
        indexes = [
            models.Index(fields=["bank_account", "-id"], condition=Q(brought_back_at=None), name="left_out_of_account"),
        ]
