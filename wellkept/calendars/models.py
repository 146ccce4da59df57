from __future__ import annotations

from django.db import models


class Calendar(models.Model):
    """A named working time; its current version is the newest."""

    name = models.CharField(max_length=80, unique=True)
    retired_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name


class CalendarVersion(models.Model):
    """One edition: zone, weekly hours, exceptions and holidays, in the shape `rules.write` gives."""

    calendar = models.ForeignKey(Calendar, on_delete=models.PROTECT, related_name="versions")
    number = models.PositiveIntegerField()
    schedule = models.JSONField()  # {"tz", "weekly": {"mon": [["09:00","17:00"]]}, "holidays": {"2026-01-01": "New Year"}, "exceptions": {"2026-12-24": {"intervals": [["09:00","12:00"]], "note": ""}}}
    made_at = models.DateTimeField()
    made_by = models.BigIntegerField(null=True)  # staff id

    class Meta:
        ordering = ["calendar", "-number"]
        constraints = [models.UniqueConstraint(fields=["calendar", "number"], name="calendar_version_once")]
