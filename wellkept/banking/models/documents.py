from __future__ import annotations

from django.db import models
from django.db.models import Q
from django.utils.translation import gettext as _


class Document(models.Model):
    """A receipt, bill or other paper of a client, with what could be read off it."""

    class Arrival(models.TextChoices):
        UPLOAD = "upload"
        CAMERA = "camera"
        MAIL = "mail"
        ANSWER = "answer"
        FOLDER = "folder"

    client = models.ForeignKey("clients.Client", on_delete=models.PROTECT, related_name="documents")
    stored = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    arrived_by = models.CharField(max_length=6, choices=Arrival)
    received_at = models.DateTimeField()
    received_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    message = models.ForeignKey("conversations.Message", null=True, on_delete=models.PROTECT, related_name="+")
    read_at = models.DateTimeField(null=True)
    text = models.TextField(blank=True)
    payee = models.CharField(max_length=200, blank=True)
    amount_minor = models.BigIntegerField(null=True)
    currency = models.CharField(max_length=3, blank=True)
    dated_on = models.DateField(null=True)
    problem = models.CharField(max_length=300, blank=True)  # why nothing could be read
    set_aside_at = models.DateTimeField(null=True)
    set_aside_because = models.CharField(max_length=200, blank=True)

    class Meta:
        ordering = ["-id"]
        constraints = [models.UniqueConstraint(fields=["client", "stored"], name="document_once")]
        indexes = [
            models.Index(fields=["client", "-id"], name="document_of_client"),
            models.Index(fields=["id"], condition=Q(read_at=None), name="document_unread"),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def unread_because(self) -> str:
        """Why nothing was read off it, in the language of whoever looks."""
        return _(self.problem) if self.problem else ""


class Attached(models.Model):
    """A document proves a line. Taken off again: ended."""

    class How(models.TextChoices):
        MATCH = "match"  # two of amount, date and payee agreed, and only here
        ANSWER = "answer"  # it came with the answer about this line
        PERSON = "person"

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="attached")
    line = models.ForeignKey("banking.BankLine", on_delete=models.PROTECT, related_name="attached")
    attached_at = models.DateTimeField()
    attached_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    how = models.CharField(max_length=6, choices=How, default=How.PERSON)
    reasons = models.JSONField(default=list)  # what agreed: amount, date, payee, text
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "line"], condition=Q(ended_at=None), name="attached_once"),
            # What the machine matches by itself is one document and one line; two workers cannot do it twice.
            models.UniqueConstraint(
                fields=["document"], condition=Q(ended_at=None, how="match"), name="document_matched_once"
            ),
            models.UniqueConstraint(fields=["line"], condition=Q(ended_at=None, how="match"), name="line_matched_once"),
        ]
        indexes = [models.Index(fields=["line"], condition=Q(ended_at=None), name="attached_to_line")]


class DocumentTerms(models.Model):
    """What a client's documents are held to: above which amount a line wants one, and which mail address takes them in."""

    client = models.OneToOneField("clients.Client", on_delete=models.PROTECT, related_name="+")
    over_minor = models.BigIntegerField(null=True)  # in the currency of the book; none: the firm's habit
    address_number = models.PositiveIntegerField(default=1)  # the next one makes the address before worthless
    changed_at = models.DateTimeField()
    changed_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(over_minor=None) | Q(over_minor__gte=0), name="document_limit_sound"),
        ]
