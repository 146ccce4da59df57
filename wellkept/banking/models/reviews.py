from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class ReviewTerms(models.Model):
    """From which amounts on a client's months are looked at closely, in the currency of its book; none: the firm's habit."""

    client = models.OneToOneField("clients.Client", on_delete=models.PROTECT, related_name="+")
    payee_over_minor = models.BigIntegerField(null=True)
    round_from_minor = models.BigIntegerField(null=True)
    twice_from_minor = models.BigIntegerField(null=True)
    far_from_minor = models.BigIntegerField(null=True)
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(
                condition=(Q(payee_over_minor=None) | Q(payee_over_minor__gte=0))
                & (Q(round_from_minor=None) | Q(round_from_minor__gt=0))
                & (Q(twice_from_minor=None) | Q(twice_from_minor__gte=0))
                & (Q(far_from_minor=None) | Q(far_from_minor__gte=0)),
                name="review_limits_sound",
            ),
        ]


class ReviewedMonth(models.Model):
    """A month of a client, when something last moved in it and when it was last looked through. Its row is the lock."""

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="+")
    month = models.DateField()
    moved_at = models.DateTimeField(null=True)
    reviewed_at = models.DateTimeField(null=True)
    reviewed_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "month"], name="reviewed_month_once")]
        indexes = [
            models.Index(
                fields=["moved_at"],
                condition=Q(moved_at__isnull=False) & (Q(reviewed_at=None) | Q(reviewed_at__lt=F("moved_at"))),
                name="month_to_review",
            ),
        ]


class ReviewMark(models.Model):
    """How far the search for months that moved has come in one table."""

    table = models.CharField(max_length=20, unique=True)
    last = models.BigIntegerField(default=0)
