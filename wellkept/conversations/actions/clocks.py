"""The clocks of a conversation. The first unanswered message starts one, an answer ends it, nothing restarts it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from wellkept.conversations.actions import thread
from wellkept.conversations.models import Conversation, Message
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


def start(*, conversation: Conversation, start_at: datetime, at: datetime) -> Promise | None:
    """A message waits for an answer since `start_at`. Where one waits already, its clock runs on."""
    if conversation.unanswered_since is not None:
        return None
    conversation.unanswered_since = start_at
    kind = "next_reply" if conversation.acknowledged_at else "acknowledge"
    return make(conversation=conversation, kind=kind, start_at=start_at, at=at)


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


def first_unanswered(*, conversation: Conversation) -> Message | None:
    """The first message a person sent from outside after our last answer."""
    messages = Message.objects.filter(conversation=conversation)
    answer = (
        messages.filter(kind=Message.Kind.OUTBOUND, automatic="", withdrawn_at=None)
        .order_by("-at", "-id")
        .values_list("at", flat=True)
        .first()
    )
    waiting = messages.filter(kind=Message.Kind.INBOUND, automatic="")
    if answer is not None:
        waiting = waiting.filter(at__gt=answer)
    return waiting.order_by("at", "id").first()


def settle(*, conversation: Conversation, reason: str, by: Staff | None, at: datetime) -> None:
    """After messages were moved: the clock runs exactly when somebody waits, since the moment they wrote."""
    waiting = first_unanswered(conversation=conversation) if conversation.is_open else None
    running = [promise for promise in open_on(conversation=conversation) if promise.kind in REPLY_CLOCKS]
    since = waiting.at if waiting else None
    thread.change(conversation=conversation, unanswered_since=since)
    if waiting is None:
        for promise in running:
            promises.withdraw(promise=promise, reason=reason, by=by, at=at)
    elif not running:
        kind = "next_reply" if conversation.acknowledged_at else "acknowledge"
        make(conversation=conversation, kind=kind, start_at=waiting.at, by=by, at=at)
    mirror(conversation=conversation)
