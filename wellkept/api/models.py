from __future__ import annotations

from django.db import models


class Once(models.Model):
    """A write that was asked for under an idempotency key, and what was answered."""

    staff = models.ForeignKey("people.Staff", on_delete=models.CASCADE, related_name="+")
    key = models.CharField(max_length=100)
    asked = models.CharField(max_length=64)  # sha256 of method, path and body
    status = models.PositiveSmallIntegerField(default=0)
    answer = models.JSONField(default=dict)
    at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "key"], name="once_key")]
        indexes = [models.Index(fields=["at"], name="once_at")]
