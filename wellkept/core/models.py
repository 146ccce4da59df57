from __future__ import annotations

from datetime import UTC, datetime

from django.db import models
from django.db.models import Q

AT_ONCE = datetime(2000, 1, 1, tzinfo=UTC)  # before any clock, so a clock set back delays nothing


class Fact(models.Model):
    """One line of the service book. Ids are plain numbers and `data` holds no personal text, so history survives erasure."""

    seq = models.BigAutoField(primary_key=True)
    name = models.CharField(max_length=80)
    at = models.DateTimeField()
    by = models.BigIntegerField(null=True)  # staff id; empty when the system acts
    on_behalf_of = models.BigIntegerField(null=True)  # contact id
    client = models.BigIntegerField(null=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["seq"]
        indexes = [
            models.Index(fields=["client", "seq"], name="fact_client"),
            models.Index(fields=["name", "seq"], name="fact_name"),
            models.Index(fields=["at"], name="fact_at"),
        ]

    def __str__(self) -> str:
        return f"{self.seq} {self.name}"


class Seal(models.Model):
    """One link of the chain per number of the book, without gaps. `void`: a transaction took the number and was undone."""

    seq = models.BigIntegerField(primary_key=True)
    void = models.BooleanField(default=False)
    hash = models.CharField(max_length=64)  # sha256 over the link before and this fact

    class Meta:
        ordering = ["seq"]


class Delivery(models.Model):
    """One reaction's turn at one fact: owed until done or dead."""

    fact = models.ForeignKey(Fact, on_delete=models.PROTECT, db_constraint=False)
    reaction = models.CharField(max_length=120)
    next_try_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    claimed_by = models.CharField(max_length=120, blank=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    done_at = models.DateTimeField(null=True)
    dead_at = models.DateTimeField(null=True)
    error = models.TextField(blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["fact", "reaction"], name="delivery_once")]
        indexes = [
            models.Index(fields=["next_try_at", "id"], condition=Q(done_at=None, dead_at=None), name="delivery_owed"),
            models.Index(fields=["done_at"], condition=Q(done_at__isnull=False), name="delivery_done"),
            models.Index(fields=["dead_at"], condition=Q(dead_at__isnull=False), name="delivery_dead"),
        ]


class Heartbeat(models.Model):
    """A process that works for the firm, and when it was last heard."""

    name = models.CharField(max_length=120, unique=True)
    kind = models.CharField(max_length=40)
    started_at = models.DateTimeField()
    beat_at = models.DateTimeField()
    note = models.CharField(max_length=200, blank=True)


class ScheduledRun(models.Model):
    """When a named sweep last ran and is due again; the row is the lock between machines."""

    name = models.CharField(max_length=80, unique=True)
    due_at = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    finished_at = models.DateTimeField(null=True)
    took_ms = models.PositiveIntegerField(default=0)
    error = models.TextField(blank=True)


class StoredFile(models.Model):
    """Bytes in the content-addressed store; the name on disk is the sha256."""

    sha256 = models.CharField(max_length=64, unique=True)
    size = models.BigIntegerField()
    media_type = models.CharField(max_length=100)
    stored_at = models.DateTimeField()


class SearchDocument(models.Model):
    """One findable object: what may be searched of it and whose it is. A change makes a new row, so ids run by recency."""

    kind = models.CharField(max_length=30)
    object_id = models.BigIntegerField()
    client = models.BigIntegerField(null=True)
    title = models.TextField()
    body = models.TextField(blank=True)
    at = models.DateTimeField()
    scope = models.TextField()  # kind and client as words, so the index itself narrows to what a viewer may see
    words = models.TextField(blank=True)  # title and body folded: lower case, no accents, no punctuation

    class Meta:
        constraints = [models.UniqueConstraint(fields=["kind", "object_id"], name="search_once")]


class Outgoing(models.Model):
    """Something that must leave the house, written with the change that caused it. Order is kept per `subject`."""

    class State(models.TextChoices):
        PENDING = "pending"
        HELD = "held"  # no way out is configured; the exact bytes wait here
        SENDING = "sending"
        SENT = "sent"
        UNKNOWN = "unknown"  # a time-out after a call that may have worked
        DEAD = "dead"
        WITHDRAWN = "withdrawn"  # undone before it left

    kind = models.CharField(max_length=30)
    key = models.CharField(max_length=120, unique=True)
    subject = models.CharField(max_length=80)
    client = models.BigIntegerField(null=True)
    payload = models.JSONField(default=dict)
    state = models.CharField(max_length=10, choices=State, default=State.PENDING)
    created_at = models.DateTimeField()
    not_before = models.DateTimeField()
    claimed_until = models.DateTimeField(null=True)
    attempts = models.PositiveSmallIntegerField(default=0)
    sent_at = models.DateTimeField(null=True)
    reason = models.TextField(blank=True)  # plain words about the last failure
    content = models.ForeignKey(StoredFile, null=True, on_delete=models.PROTECT, related_name="+")

    class Meta:
        indexes = [
            models.Index(fields=["state", "not_before"], name="outgoing_owed"),
            models.Index(fields=["subject", "id"], name="outgoing_order"),
            models.Index(fields=["state", "-id"], name="outgoing_state"),
        ]
