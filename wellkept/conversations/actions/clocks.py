"""The clocks of a conversation. The first unanswered message starts one, an answer ends it, nothing restarts it.

A clock belongs to the message that started it: it began when that one came. Where messages change places, see `settling`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from wellkept.conversations.actions import thread
from wellkept.conversations.models import WAITS, Conversation, Message
from wellkept.promises import actions as promises
from wellkept.promises import queries as owed

if TYPE_CHECKING:
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

SUBJECT = "conversation"
REPLY_CLOCKS = ("acknowledge", "next_reply")
DATED = ("commitment", "progress", "call_back")
"""What was promised to the client with a date; only giving it, moving it or taking it back ends it."""


def open_on(*, conversation: Conversation) -> list[Promise]:
    """What is owed on it, soonest first, beside the people it is owed by and to."""
    owed_here = list(owed.open_for_subject(SUBJECT, conversation.pk).select_related(None))
    for promise in owed_here:
        for name, mine in (("client", "client"), ("owner", "owner"), ("to_contact", "contact")):
            if getattr(promise, f"{name}_id") == getattr(conversation, f"{mine}_id"):
                setattr(promise, name, getattr(conversation, mine))
    return owed_here


def start(*, conversation: Conversation, running: Iterable[Promise], at: datetime) -> Promise | None:
    """A message that came at `at` waits for an answer. Where a clock runs for an earlier one, that one runs on."""
    conversation.unanswered_since = conversation.unanswered_since or at
    if any(promise.is_open and promise.kind in REPLY_CLOCKS for promise in running):
        return None
    kind = "next_reply" if conversation.acknowledged_at else "acknowledge"
    return make(conversation=conversation, kind=kind, start_at=at, at=at)


def make(
    *,
    conversation: Conversation,
    kind: str,
    at: datetime,
    by: Staff | None = None,
    title: str = "",
    due_at: datetime | None = None,
    start_at: datetime | None = None,
) -> Promise | None:
    """A promise about this conversation to its contact; None where the agreement promises nothing of the kind."""
    return promises.make(
        kind=kind,
        title=(title or conversation.subject)[:200],
        client=conversation.client,
        owner=thread.owner_today(conversation=conversation),
        to_contact=conversation.contact,
        subject_kind=SUBJECT,
        subject_id=conversation.pk,
        channel=conversation.channel,
        priority=conversation.priority,
        due_at=due_at,
        start_at=start_at,
        by=by,
        at=at,
    )


def pause(*, running: Iterable[Promise], waiting_for: str, by: Staff | None, at: datetime) -> None:
    """It is the client's turn: whatever may stand still, stands still. A commitment never does."""
    for promise in running:
        if promise.is_open and promise.paused_at is None and promises.may_pause(promise=promise):
            promises.pause(promise=promise, waiting_for=waiting_for, by=by, at=at)


def resume(*, running: Iterable[Promise], by: Staff | None, at: datetime) -> None:
    """The client's turn is over."""
    for promise in running:
        if promise.is_open and promise.paused_at is not None:
            promises.resume(promise=promise, by=by, at=at)


def next_due(*, conversation: Conversation, running: Iterable[Promise]) -> dict[str, datetime | None]:
    """What `next_due_at` must be: the soonest running promise. Work that falls due while it was put aside comes back."""
    dues = [promise.due_at for promise in running if promise.is_open and promise.paused_at is None]
    due_at = min(dues, default=None)
    until = conversation.snoozed_until
    wakes = until is not None and due_at is not None and due_at < until
    return {"next_due_at": due_at, **({"snoozed_until": None} if wakes else {})}


def mirror(*, conversation: Conversation, running: Iterable[Promise] | None = None) -> bool:
    """Put `next_due_at` right; says whether it was wrong."""
    known = open_on(conversation=conversation) if running is None else running
    values = next_due(conversation=conversation, running=known)
    if len(values) == 1 and values["next_due_at"] == conversation.next_due_at:
        return False
    thread.change(conversation=conversation, **values)
    return True


def answered(*, conversation: Conversation) -> list[int]:
    """Nobody waits here any more; says which messages did."""
    if conversation.unanswered_since is None:
        return []
    waited = list(Message.objects.filter(WAITS, conversation=conversation).values_list("pk", flat=True))
    Message.objects.filter(pk__in=waited).update(waits_since=None)
    return waited


def bring(*, promise: Promise, conversation: Conversation, by: Staff, at: datetime) -> None:
    """What is owed goes on in this conversation, and whoever owns that one owes it."""
    if promise.subject_id != conversation.pk:
        promises.move_subject(promise=promise, subject_kind=SUBJECT, subject_id=conversation.pk, by=by, at=at)
    owner = thread.owner_today(conversation=conversation)
    if promise.is_open and promise.to_staff_id is None and owner is not None and owner.pk != promise.owner_id:
        promises.hand_over(promise=promise, to=owner, by=by, at=at)
