from __future__ import annotations

from django.db import models
from django.db.models import F, Q


class HistoryFile(models.Model):
    """A file with a client's earlier books, kept as it came: waiting, confirmed and being posted, posted, or set aside.

    One that was posted can be taken back as a whole: asked for, then undone.
    """

    class Kind(models.TextChoices):
        HISTORY = "history"
        OPENING = "opening"

    book = models.ForeignKey("Book", on_delete=models.PROTECT, related_name="history_files", db_index=False)
    stored = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    kind = models.CharField(max_length=7, choices=Kind)
    received_at = models.DateTimeField()
    received_by = models.BigIntegerField(null=True)
    said = models.JSONField(default=dict)  # how it is to be read: columns, order of day and month, the day
    choices = models.JSONField(default=dict)  # where its accounts and tax codes go
    confirmed_at = models.DateTimeField(null=True)
    confirmed_by = models.BigIntegerField(null=True)
    posted_at = models.DateTimeField(null=True)
    entries = models.PositiveIntegerField(default=0)  # posted from it
    known = models.PositiveIntegerField(default=0)  # in the book already
    first_number = models.BigIntegerField(null=True)
    last_number = models.BigIntegerField(null=True)
    undo_asked_at = models.DateTimeField(null=True)  # somebody wants all of it taken back
    undo_asked_by = models.BigIntegerField(null=True)
    undo_reason = models.CharField(max_length=500, blank=True)
    undone_at = models.DateTimeField(null=True)
    set_aside_at = models.DateTimeField(null=True)
    reason = models.CharField(max_length=500, blank=True)  # why it was set aside, or came back from posting

    class Meta:
        constraints = [
            models.CheckConstraint(condition=Q(posted_at=None) | Q(set_aside_at=None), name="history_ends_one_way"),
            models.CheckConstraint(
                condition=Q(posted_at=None) | Q(confirmed_at__isnull=False), name="history_confirmed_before_posted"
            ),
            models.CheckConstraint(
                condition=Q(undo_asked_at=None) | Q(posted_at__isnull=False), name="history_posted_before_taken_back"
            ),
            models.CheckConstraint(
                condition=Q(undone_at=None) | (Q(undo_asked_at__isnull=False) & ~Q(undo_reason="")),
                name="history_taken_back_with_reason",
            ),
            models.CheckConstraint(
                condition=Q(set_aside_at=None) | ~Q(reason=""), name="history_set_aside_with_reason"
            ),
            models.CheckConstraint(
                condition=Q(first_number=None, last_number=None) | Q(last_number__gte=F("first_number")),
                name="history_numbers_in_order",
            ),
        ]
        indexes = [models.Index(fields=["book", "-id"], name="history_file_of_book")]

    def __str__(self) -> str:
        return self.name

    @property
    def is_waiting(self) -> bool:
        """Whether a person can still say how it is read, confirm it or set it aside."""
        return self.confirmed_at is None and self.set_aside_at is None

    @property
    def may_be_undone(self) -> bool:
        """Whether a person can still take back what it posted."""
        return self.posted_at is not None and self.entries > 0 and self.undo_asked_at is None
