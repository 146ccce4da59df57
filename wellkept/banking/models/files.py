from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class StatementFile(models.Model):
    """A file somebody gave us, kept as it came: waiting to be confirmed, imported, or refused with the reason."""

    class Arrival(models.TextChoices):
        UPLOAD = "upload"
        MAIL = "mail"
        FOLDER = "folder"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="statement_files")
    stored = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    arrived_by = models.CharField(max_length=6, choices=Arrival)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey("conversations.Message", null=True, on_delete=models.PROTECT, related_name="+")
    bank_account = models.ForeignKey("banking.BankAccount", null=True, on_delete=models.PROTECT, related_name="+")
    mapping = models.ForeignKey("banking.ColumnMapping", null=True, on_delete=models.PROTECT, related_name="+")
    format = models.CharField(max_length=10, blank=True)
    imported_at = models.DateTimeField(null=True)
    imported_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    new_lines = models.PositiveIntegerField(default=0)
    known_lines = models.PositiveIntegerField(default=0)
    rejected_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)
    taken_out_at = models.DateTimeField(
        null=True
    )  # imported by mistake: its lines are left out, its balances not asked
    taken_out_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=Q(taken_out_at=None) | Q(imported_at__isnull=False), name="file_taken_out_was_imported"
            ),
            models.CheckConstraint(condition=Q(imported_at=None) | Q(rejected_at=None), name="file_ends_one_way"),
            models.CheckConstraint(condition=Q(rejected_at=None) | ~Q(reason=""), name="file_refused_with_reason"),
        ]
        indexes = [
            models.Index(fields=["client", "-id"], name="statement_file_client"),
            models.Index(
                fields=["client"], condition=Q(imported_at=None, rejected_at=None), name="statement_file_waiting"
            ),
        ]

    def __str__(self) -> str:
        return self.name


class ColumnMapping(models.Model):
    """How one bank writes its tables, learned once: which column holds what, known again by its headings."""

    fingerprint = models.CharField(max_length=64, unique=True)  # of the headings
    columns = models.JSONField()
    learned_at = models.DateTimeField()
    learned_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")


class Statement(models.Model):
    """A stretch of days of one account, as a file told it, with the balances the bank swears to."""

    bank_account = models.ForeignKey("banking.BankAccount", on_delete=models.PROTECT, related_name="statements")
    file = models.ForeignKey(StatementFile, on_delete=models.PROTECT, related_name="statements")
    number = models.CharField(max_length=40, blank=True)
    starts_on = models.DateField()
    ends_on = models.DateField()  # the last day it speaks of
    opening_minor = models.BigIntegerField(null=True)
    closing_minor = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["starts_on", "id"]
        constraints = [
            models.CheckConstraint(condition=Q(ends_on__gte=F("starts_on")), name="statement_runs_forward"),
        ]
        indexes = [models.Index(fields=["bank_account", "ends_on"], name="statement_of_account")]


class StatedBalance(models.Model):
    """The closing balance a person stated where the bank told none. Only added; the newest counts."""

    statement = models.ForeignKey(Statement, on_delete=models.PROTECT, related_name="stated")
    closing_minor = models.BigIntegerField()
    stated_at = models.DateTimeField()
    stated_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["-id"]
