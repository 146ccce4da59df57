from __future__ import annotations

from django.db import models
from django.db.models import F, Q

OPEN = Q(kept_at=None, withdrawn_at=None, replaced_by=None)
SINGLE_KINDS = ["acknowledge", "next_reply", "resolve"]


class Promise(models.Model):
    """One thing owed. To a contact (`to_contact`) or to a colleague (`to_staff`); about `subject_kind`/`subject_id`.

    Its clock started at `made_at`. Without `calendar` it counts elapsed time; without `seconds` a date was promised.
    `recount_at` says that its target or calendar changed then: it is counted anew before anything else happens to it.
    """

    kind = models.CharField(max_length=30)  # see promises.kinds
    title = models.CharField(max_length=200)
    client = models.ForeignKey("clients.Client", null=True, on_delete=models.PROTECT, related_name="promises")
    owner = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="owes")
    to_contact = models.ForeignKey("clients.Contact", null=True, on_delete=models.PROTECT, related_name="owed")
    to_staff = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="owed")
    subject_kind = models.CharField(max_length=30)
    subject_id = models.BigIntegerField()
    channel = models.CharField(max_length=20, blank=True)
    priority = models.CharField(max_length=10, blank=True)
    calendar = models.ForeignKey("calendars.CalendarVersion", null=True, on_delete=models.PROTECT, related_name="+")
    target = models.ForeignKey("clients.Target", null=True, on_delete=models.PROTECT, related_name="+")
    seconds = models.PositiveIntegerField(null=True)
    made_at = models.DateTimeField()
    made_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    due_at = models.DateTimeField()
    paused_at = models.DateTimeField(null=True)  # waiting on the client since
    waiting_for = models.CharField(max_length=200, blank=True)
    warned = models.PositiveSmallIntegerField(default=0)  # highest percent warned
    next_check_at = models.DateTimeField(null=True)  # the next warning or the miss
    recount_at = models.DateTimeField(null=True)
    missed_at = models.DateTimeField(null=True)
    kept_at = models.DateTimeField(null=True)
    kept_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    took_seconds = models.PositiveBigIntegerField(null=True)  # time on its clock until kept
    withdrawn_at = models.DateTimeField(null=True)
    replaced_by = models.OneToOneField("self", null=True, on_delete=models.PROTECT, related_name="replaces")

    class Meta:
        indexes = [
            models.Index(
                fields=["next_check_at"], condition=OPEN & Q(next_check_at__isnull=False), name="promise_sweep"
            ),
            models.Index(fields=["client", "id"], condition=OPEN & Q(recount_at__isnull=False), name="promise_recount"),
            models.Index(fields=["due_at"], condition=OPEN, name="promise_open"),
            models.Index(fields=["owner", "due_at"], condition=OPEN, name="promise_owner_open"),
            models.Index(fields=["client", "due_at"], condition=OPEN, name="promise_client_open"),
            models.Index(fields=["to_staff", "due_at"], condition=OPEN, name="promise_to_staff_open"),
            models.Index(fields=["subject_kind", "subject_id"], name="promise_subject"),
            models.Index(fields=["client", "-made_at"], name="promise_client_made"),
            models.Index(fields=["owner", "-kept_at"], name="promise_owner_kept"),
            models.Index(fields=["kind", "made_at"], name="promise_kind_made"),
        ]
        constraints = [
            models.CheckConstraint(condition=Q(due_at__gte=F("made_at")), name="promise_due_after_made"),
            models.CheckConstraint(
                condition=~Q(kept_at__isnull=False, withdrawn_at__isnull=False), name="promise_one_end"
            ),
            models.CheckConstraint(
                condition=Q(replaced_by=None) | Q(kept_at=None, withdrawn_at=None),
                name="promise_not_replaced_and_ended",
            ),
            models.CheckConstraint(
                condition=Q(owner=None) | Q(to_staff=None) | ~Q(owner=F("to_staff")), name="promise_to_another"
            ),
            models.UniqueConstraint(
                fields=["kind", "subject_kind", "subject_id"],
                condition=OPEN & Q(kind__in=SINGLE_KINDS),
                name="promise_single",
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def is_open(self) -> bool:
        return self.kept_at is None and self.withdrawn_at is None and self.replaced_by_id is None


class PromiseEvent(models.Model):
    """One line of a promise's life; only ever added. `data` holds what explain() needs."""

    class Name(models.TextChoices):
        MADE = "made"
        PAUSED = "paused"
        RESUMED = "resumed"
        WARNED = "warned"
        MISSED = "missed"
        KEPT = "kept"
        UNKEPT = "unkept"
        EXTENDED = "extended"
        WITHDRAWN = "withdrawn"
        HANDED = "handed"
        RECOUNTED = "recounted"
        ESCALATED = "escalated"
        TOLD = "told"
        MOVED = "moved"

    promise = models.ForeignKey(Promise, on_delete=models.PROTECT, related_name="events")
    name = models.CharField(max_length=12, choices=Name)
    at = models.DateTimeField()
    by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    reason = models.TextField(blank=True)
    data = models.JSONField(default=dict)

    class Meta:
        ordering = ["id"]
        constraints = [
            models.UniqueConstraint(
                fields=["promise", "name"],
                condition=Q(name__in=["made", "missed", "withdrawn", "extended"]),
                name="promise_event_once",
            ),
        ]


class Dispute(models.Model):
    """Somebody says that a promise was scored wrongly. The score stays as it was; the decision stands beside it.

    `task` is the promise to decide: whoever owes it decides. One dispute a promise, decided once.
    """

    promise = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="dispute")
    reason = models.TextField()
    asked_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    asked_at = models.DateTimeField()
    task = models.OneToOneField(Promise, on_delete=models.PROTECT, related_name="decides")
    upheld_at = models.DateTimeField(null=True)
    turned_down_at = models.DateTimeField(null=True)
    decided_by = models.ForeignKey("people.Staff", null=True, on_delete=models.PROTECT, related_name="+")
    answer = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(condition=~Q(reason=""), name="dispute_has_a_reason"),
            models.CheckConstraint(condition=~Q(promise=F("task")), name="dispute_is_not_its_task"),
            models.CheckConstraint(
                condition=Q(decided_by=None, upheld_at=None, turned_down_at=None)
                | Q(decided_by__isnull=False, upheld_at__isnull=False, turned_down_at=None)
                | Q(decided_by__isnull=False, upheld_at=None, turned_down_at__isnull=False),
                name="dispute_decided_one_way",
            ),
            models.CheckConstraint(
                condition=Q(turned_down_at=None) | ~Q(answer=""), name="dispute_turned_down_with_a_reason"
            ),
            models.CheckConstraint(
                condition=Q(decided_by=None) | ~Q(decided_by=F("asked_by")), name="dispute_decided_by_another"
            ),
        ]

    @property
    def is_open(self) -> bool:
        return self.upheld_at is None and self.turned_down_at is None
