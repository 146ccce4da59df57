from __future__ import annotations

from datetime import date, timedelta

from django.db import models
from django.db.models import F, Q


class Book(models.Model):
    """A client's book. Whoever posts takes this row first: it numbers the entries and holds the end of their chain."""

    client = models.OneToOneField("clients.Client", on_delete=models.PROTECT, related_name="book")
    base_currency = models.CharField(max_length=3)
    fiscal_month = models.PositiveSmallIntegerField()  # 1 to 12: the first month of the client's year
    template = models.CharField(max_length=20)
    opened_on = models.DateField()  # nothing is dated before
    opened_at = models.DateTimeField()
    opened_by = models.BigIntegerField(null=True)
    rounding_account = models.ForeignKey("Account", null=True, on_delete=models.PROTECT, related_name="+")
    suspense_account = models.ForeignKey("Account", null=True, on_delete=models.PROTECT, related_name="+")
    last_number = models.BigIntegerField(default=0)
    last_hash = models.CharField(max_length=64)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(fiscal_month__gte=1, fiscal_month__lte=12), name="book_fiscal_month"),
            models.CheckConstraint(condition=Q(last_number__gte=0), name="book_counts_up"),
        ]

    def __str__(self) -> str:
        return f"{self.base_currency} {self.client_id}"


class Period(models.Model):
    """A month of a book: open, soft-closed (a lead may still post, saying why) or hard-closed (nobody may)."""

    book = models.ForeignKey(Book, on_delete=models.PROTECT, related_name="periods", db_index=False)
    starts_on = models.DateField()
    ends_on = models.DateField()  # the first day that no longer belongs to it
    soft_closed_at = models.DateTimeField(null=True)
    soft_closed_by = models.BigIntegerField(null=True)
    hard_closed_at = models.DateTimeField(null=True)
    hard_closed_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["starts_on"]
        constraints = [
            models.UniqueConstraint(fields=["book", "starts_on"], name="period_once"),
            models.CheckConstraint(condition=Q(ends_on__gt=F("starts_on")), name="period_ends_after_it_starts"),
        ]

    def __str__(self) -> str:
        return f"{self.starts_on:%Y-%m}"

    @property
    def last_on(self) -> date:
        """Its last day."""
        return self.ends_on - timedelta(days=1)

    @property
    def state(self) -> str:
        """open, soft or hard."""
        if self.hard_closed_at is not None:
            return "hard"
        return "open" if self.soft_closed_at is None else "soft"


class PeriodChange(models.Model):
    """One line of a period's life; only ever added."""

    class Name(models.TextChoices):
        SOFT_CLOSED = "soft_closed"
        HARD_CLOSED = "hard_closed"
        REOPENED = "reopened"

    period = models.ForeignKey(Period, on_delete=models.PROTECT, related_name="changes")
    name = models.CharField(max_length=12, choices=Name)
    reason = models.CharField(max_length=500, blank=True)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["id"]
