from __future__ import annotations

from django.db import models

from wellkept.insight.rules import Outcome

NOBODY = 0  # stands for "no client" and "no owner": a unique key may not hold NULL on both databases


class Counted(models.Model):
    """In which cell a promise is counted now. One row a promise; the cells in DailyCount are their sums."""

    promise = models.OneToOneField(
        "promises.Promise", primary_key=True, on_delete=models.CASCADE, related_name="counted"
    )
    day = models.DateField()
    client = models.BigIntegerField(default=NOBODY)
    owner = models.BigIntegerField(default=NOBODY)
    channel = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=30)
    outcome = models.CharField(max_length=10, choices=[(outcome.value, outcome.value) for outcome in Outcome])
    took_seconds = models.BigIntegerField(default=0)  # on its own clock until kept; 0 until then
    missed_by = models.BigIntegerField(null=True)  # who owned it when it was missed: handing it on moves no blame
    edition = models.PositiveIntegerField(default=1)

    class Meta:
        indexes = [
            models.Index(fields=["owner", "day"], name="counted_owner_day"),
            models.Index(fields=["client", "day"], name="counted_client_day"),
            models.Index(fields=["day"], name="counted_day"),
        ]


class DailyCount(models.Model):
    """One cell of the roll-up: how many promises made that day ended how, and how long the kept ones took in all."""

    day = models.DateField()
    client = models.BigIntegerField(default=NOBODY)
    owner = models.BigIntegerField(default=NOBODY)
    channel = models.CharField(max_length=20, blank=True)
    kind = models.CharField(max_length=30)
    open = models.IntegerField(default=0)
    kept = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    missed = models.IntegerField(default=0)
    extended = models.IntegerField(default=0)
    withdrawn = models.IntegerField(default=0)
    took_seconds = models.BigIntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "client", "owner", "channel", "kind"], name="daily_count_once"),
        ]
        indexes = [
            models.Index(fields=["owner", "day"], name="daily_owner_day"),
            models.Index(fields=["client", "day"], name="daily_client_day"),
        ]


class Reckoning(models.Model):
    """The zone in which the days of the roll-up were cut. One row."""

    zone = models.CharField(max_length=60)
