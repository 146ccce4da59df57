from __future__ import annotations

from django.db import models
from django.db.models import Q


class Template(models.Model):
    """A reusable text with fields such as {contact.first_name}. The newest version of a name and language is used."""

    name = models.CharField(max_length=80)
    language = models.CharField(max_length=10, default="en")
    version = models.PositiveIntegerField(default=1)
    subject = models.CharField(max_length=200, blank=True)
    body = models.TextField()
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    retired_at = models.DateTimeField(null=True)

    class Meta:
        ordering = ["name", "language"]
        constraints = [
            models.UniqueConstraint(fields=["name", "language", "version"], name="template_version_once"),
            models.UniqueConstraint(
                fields=["name", "language"], condition=Q(retired_at=None), name="template_current_once"
            ),
        ]
