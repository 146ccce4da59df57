from __future__ import annotations

from fractions import Fraction

from django.db import models
from django.db.models import F, Q


class Rate(models.Model):
    """What one unit of `currency` was worth in `base` on a day, exactly, and who said so."""

    base = models.CharField(max_length=3)
    currency = models.CharField(max_length=3)
    on = models.DateField()
    numerator = models.BigIntegerField()
    denominator = models.BigIntegerField()
    source = models.CharField(max_length=40)
    set_at = models.DateTimeField()
    set_by = models.BigIntegerField(null=True)

    class Meta:
        ordering = ["-on"]
        constraints = [
            models.UniqueConstraint(fields=["base", "currency", "on"], name="rate_once"),
            models.CheckConstraint(condition=Q(numerator__gt=0, denominator__gt=0), name="rate_above_zero"),
            models.CheckConstraint(condition=~Q(base=F("currency")), name="rate_between_two"),
        ]

    @property
    def value(self) -> Fraction:
        return Fraction(self.numerator, self.denominator)
