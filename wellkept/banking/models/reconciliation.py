from __future__ import annotations

from django.db import models
from django.db.models import Q


class Reconciliation(models.Model):
    """A person signed that the book and the bank agree at the end of a statement. Void once something under it changes."""

    bank_account = models.ForeignKey("banking.BankAccount", on_delete=models.PROTECT, related_name="reconciliations")
    statement = models.ForeignKey("banking.Statement", on_delete=models.PROTECT, related_name="reconciliations")
    ends_on = models.DateField()
    bank_minor = models.BigIntegerField()
    book_minor = models.BigIntegerField()
    explained = models.JSONField(default=list)  # [{kind, amount_minor, lines, postings, words}] of the difference
    signed_at = models.DateTimeField()
    signed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    voided_at = models.DateTimeField(null=True)
    voided_because = models.CharField(max_length=30, blank=True)  # entry, reversal, line, asked

    class Meta:
        ordering = ["-ends_on", "-id"]
        constraints = [
            models.UniqueConstraint(fields=["statement"], condition=Q(voided_at=None), name="statement_signed_once"),
        ]
