from __future__ import annotations

from django.db import models
from django.db.models import Q

from wellkept.conversations.rules.priorities import PRIORITIES

HAS_ID = ~Q(message_id="")
"""Named beside every look for a Message-ID, so that SQLite sees it may use the index of those that have one."""

UNRESOLVED = Q(resolved_at=None, merged_into=None)
WAITS = Q(waits_since__isnull=False)
"""A message from outside that nobody has answered."""

ASIDE = Q(waiting_since__isnull=False) | Q(snoozed_until__isnull=False)
"""Waiting for the client, or put aside until later."""
MY_TURN = Q(waiting_since=None) | Q(look_again_at=None)
"""Nobody is waited for, or they have been for long enough to look again."""


class Conversation(models.Model):
    """One thread with one client (or a stranger, or a colleague). `next_due_at` mirrors its next open promise.

    Only the indexes below: one for each single foreign key would tempt SQLite to walk a million rows by it.
    """

    public_id = models.CharField(max_length=22, unique=True)  # the number a client sees in a subject
    client = models.ForeignKey(
        "clients.Client", null=True, on_delete=models.PROTECT, db_index=False, related_name="conversations"
    )
    contact = models.ForeignKey("clients.Contact", null=True, on_delete=models.PROTECT, related_name="conversations")
    subject = models.CharField(max_length=300)
    channel = models.CharField(max_length=20)  # email, internal, ...
    priority = models.CharField(max_length=10, blank=True)
    owner = models.ForeignKey(
        "people.Staff", null=True, on_delete=models.PROTECT, db_index=False, related_name="conversations"
    )
    team = models.ForeignKey(
        "people.Team", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )  # looks after a stranger
    opened_at = models.DateTimeField()
    last_message_at = models.DateTimeField()
    snippet = models.CharField(max_length=200, blank=True)
    unanswered_since = models.DateTimeField(null=True)  # the first message from outside that nobody answered
    acknowledged_at = models.DateTimeField(null=True)  # our first answer since it was opened or reopened
    waiting_since = models.DateTimeField(null=True)
    waiting_for = models.CharField(max_length=200, blank=True)
    look_again_at = models.DateTimeField(null=True)  # while they have the turn; empty once that time has come
    snoozed_until = models.DateTimeField(null=True)
    next_due_at = models.DateTimeField(null=True)
    resolved_at = models.DateTimeField(null=True)
    resolved_by = models.ForeignKey(
        "people.Staff", null=True, on_delete=models.PROTECT, db_index=False, related_name="+"
    )
    merged_into = models.ForeignKey("self", null=True, on_delete=models.PROTECT, db_index=False, related_name="merged")
    split_from = models.ForeignKey("self", null=True, on_delete=models.PROTECT, db_index=False, related_name="splits")

    class Meta:
        indexes = [
            models.Index(fields=["owner", "next_due_at"], condition=UNRESOLVED, name="conversation_owner_open"),
            models.Index(fields=["client", "next_due_at"], condition=UNRESOLVED, name="conversation_client_open"),
            models.Index(fields=["next_due_at", "id"], condition=UNRESOLVED, name="conversation_open"),
            models.Index(
                fields=["-last_message_at", "-id"],
                condition=UNRESOLVED & Q(next_due_at=None),
                name="conversation_nothing_due",
            ),
            models.Index(fields=["owner", "next_due_at"], condition=UNRESOLVED & ASIDE, name="conversation_aside"),
            models.Index(fields=["channel", "next_due_at", "id"], condition=UNRESOLVED, name="conversation_channel"),
            models.Index(
                fields=["snoozed_until"],
                condition=UNRESOLVED & Q(snoozed_until__isnull=False),
                name="conversation_snoozed",
            ),
            models.Index(
                fields=["look_again_at"],
                condition=UNRESOLVED & Q(look_again_at__isnull=False),
                name="conversation_look_again",
            ),
            models.Index(
                fields=["owner", "-resolved_at", "-id"],
                condition=Q(resolved_at__isnull=False),
                name="conversation_owner_done",
            ),
            models.Index(fields=["client", "-last_message_at", "-id"], name="conversation_client_recent"),
            models.Index(fields=["-last_message_at", "-id"], name="conversation_recent"),
        ]
        constraints = [models.CheckConstraint(condition=Q(priority__in=PRIORITIES), name="conversation_priority_known")]

    def __str__(self) -> str:
        return self.subject

    written_by = ""  # who wrote first, where a list has looked it up

    @property
    def is_open(self) -> bool:
        return self.resolved_at is None and self.merged_into_id is None


class Participant(models.Model):
    """Who takes part from outside: an address, and the contact it belongs to when known."""

    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="participants")
    address = models.CharField(max_length=254)
    name = models.CharField(max_length=160, blank=True)
    contact = models.ForeignKey("clients.Contact", null=True, on_delete=models.PROTECT, related_name="+")
    since = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation", "address"], name="participant_once")]


class Message(models.Model):
    """One message, note or event, as it was written. `spans` marks [start, end, kind] over the untouched text.

    An event has no text: `event` names it and `details` holds what its sentence needs. The `details` of a reply are
    what undoing it gives back.
    """

    class Kind(models.TextChoices):
        INBOUND = "in"
        OUTBOUND = "out"
        NOTE = "note"
        EVENT = "event"

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, db_index=False, related_name="messages")
    kind = models.CharField(max_length=5, choices=Kind)
    channel = models.CharField(max_length=20)
    at = models.DateTimeField()
    waits_since = models.DateTimeField(null=True)  # its `at`, until it is answered or needs no answer
    sent_at = models.DateTimeField(null=True)  # what the sender's clock said
    event = models.CharField(max_length=20, blank=True)
    details = models.JSONField(default=dict)
    staff = models.ForeignKey(
        "people.Staff", null=True, on_delete=models.PROTECT, db_index=False, related_name="messages"
    )
    contact = models.ForeignKey("clients.Contact", null=True, on_delete=models.PROTECT, related_name="messages")
    address = models.CharField(max_length=254, blank=True)
    author_name = models.CharField(max_length=160, blank=True)
    to = models.JSONField(default=list)  # addresses
    cc = models.JSONField(default=list)
    text = models.TextField(blank=True)
    spans = models.JSONField(default=list)
    html = models.TextField(blank=True)  # sanitised, shown only in a sandboxed frame
    remote_hosts = models.JSONField(default=list)
    automatic = models.CharField(
        max_length=20, blank=True
    )  # reply, generated, list, receipt, bounce, loop, ours, machine; empty: a person wrote it
    caution = models.CharField(
        max_length=20, blank=True
    )  # staff_address, misleading, newcomer: what the reader must not take for granted
    message_id = models.CharField(max_length=255, blank=True)
    in_reply_to = models.CharField(max_length=255, blank=True)
    references = models.JSONField(default=list)
    placed_by = models.CharField(max_length=12, blank=True)  # token, references, number, new, moved
    placed_reason = models.TextField(blank=True)  # the codes of the reasons, in the order they were weighed
    promise = models.ForeignKey(
        "promises.Promise", null=True, on_delete=models.PROTECT, related_name="+"
    )  # the commitment a reply carries
    outgoing = models.OneToOneField("core.Outgoing", null=True, on_delete=models.PROTECT, related_name="+")
    raw = models.ForeignKey("core.StoredFile", null=True, on_delete=models.PROTECT, db_index=False, related_name="+")
    withdrawn_at = models.DateTimeField(null=True)  # undone before it left

    class Meta:
        ordering = ["id"]
        indexes = [
            models.Index(fields=["conversation", "id"], name="message_thread"),
            models.Index(fields=["conversation", "waits_since"], condition=WAITS, name="message_waits"),
        ]
        constraints = [models.UniqueConstraint(fields=["message_id"], condition=HAS_ID, name="message_once")]


class DeliveryProblem(models.Model):
    """One of our messages that did not reach one address, in the words of the other side made plain."""

    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="problems")
    address = models.CharField(max_length=254)
    permanent = models.BooleanField()
    words = models.TextField(blank=True)
    at = models.DateTimeField()

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["message", "address", "permanent"], name="delivery_problem_once")
        ]


class Attachment(models.Model):
    message = models.ForeignKey(Message, on_delete=models.PROTECT, related_name="attachments")
    file = models.ForeignKey("core.StoredFile", on_delete=models.PROTECT, related_name="+")
    name = models.CharField(max_length=200)
    media_type = models.CharField(max_length=100)
    content_id = models.CharField(max_length=200, blank=True)
    inline = models.BooleanField(default=False)


class Mention(models.Model):
    message = models.ForeignKey(Message, on_delete=models.CASCADE, related_name="mentions")
    staff = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="mentions")

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message", "staff"], name="mention_once")]


class Handover(models.Model):
    """Work offered to a colleague. The giver owns the conversation until it is accepted."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="handovers")
    giver = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    taker = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    note = models.TextField(blank=True)
    offered_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    declined_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(
                fields=["conversation"],
                condition=Q(accepted_at=None, declined_at=None, withdrawn_at=None),
                name="one_open_handover",
            ),
        ]


class Rhythm(models.Model):
    """How often the client is updated while a long request runs. One at a time per conversation."""

    conversation = models.ForeignKey(Conversation, on_delete=models.PROTECT, related_name="rhythms")
    every_days = models.PositiveSmallIntegerField()  # business days of the client's calendar
    started_at = models.DateTimeField()
    started_by = models.ForeignKey("people.Staff", on_delete=models.PROTECT, related_name="+")
    ended_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["conversation"], condition=Q(ended_at=None), name="one_rhythm")]


class Draft(models.Model):
    """What a person has begun to write; theirs alone."""

    staff = models.ForeignKey("people.Staff", on_delete=models.CASCADE, related_name="drafts")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="drafts")
    mode = models.CharField(max_length=10, default="reply")  # reply, note
    text = models.TextField(blank=True)
    follow_up = models.CharField(max_length=40, blank=True)
    saved_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "conversation", "mode"], name="draft_once")]


class Looking(models.Model):
    """Who has the conversation open, and whether they type; rows older than a minute mean nobody."""

    staff = models.ForeignKey("people.Staff", on_delete=models.CASCADE, related_name="+")
    conversation = models.ForeignKey(Conversation, on_delete=models.CASCADE, related_name="+")
    seen_at = models.DateTimeField()
    typed_at = models.DateTimeField(null=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["staff", "conversation"], name="looking_once")]


class StrangerAnswered(models.Model):
    """When a machine last acknowledged a mail of an address, a stranger's or a contact's."""

    address = models.CharField(max_length=254, unique=True)
    at = models.DateTimeField()
