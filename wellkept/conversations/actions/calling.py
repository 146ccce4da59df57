"""Call-backs: promised for the same day, made, and how they went written down."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.calendars import queries as calendars
from wellkept.conversations.actions import clocks, noting, thread
from wellkept.conversations.models import Conversation, Message
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal
from wellkept.promises import actions as promises

if TYPE_CHECKING:
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

LATEST = timedelta(hours=24)
SOONEST = timedelta(minutes=15)


class NobodyToCall(Refusal):
    """A call goes to somebody."""


class NotACall(Refusal):
    """The promise is not a call-back of this conversation."""


@transaction.atomic
def promise_call(
    *, conversation: Conversation, what: str = "", due_at: datetime | None = None, by: Staff, at: datetime
) -> Promise:
    """Promise to call the contact: the same day where there is a quarter of an hour of it left, within 24 hours at most."""
    conversation = thread.fresh(conversation=conversation)
    if conversation.client is None or conversation.contact is None:
        raise NobodyToCall(_("Say first whose conversation this is, and whom to call."))
    promise = clocks.make(
        conversation=conversation,
        kind="call_back",
        title=what,
        due_at=due_at or _same_day(conversation, at),
        by=by,
        at=at,
    )
    if promise is None:
        raise NobodyToCall(_("Choose when you call."), field="due_at")
    record("call.promised", at=at, by=by, client=conversation.client_id, conversation=conversation, promise=promise)
    clocks.mirror(conversation=conversation)
    thread.tell(conversation=conversation)
    return promise


@transaction.atomic
def call_made(*, conversation: Conversation, promise: Promise, outcome: str, by: Staff, at: datetime) -> Message:
    """The call was made; `outcome` says how it went and stays in the thread."""
    about_this = promise.subject_kind == clocks.SUBJECT and promise.subject_id == conversation.pk
    if promise.kind != "call_back" or not about_this:
        raise NotACall(_("No call was promised here."))
    if conversation.client is None:
        raise NotYours(_("Say first whose conversation this is."))
    message = noting.note(conversation=conversation, text=outcome, by=by, at=at)
    promises.keep(promise=promise, by=by, at=at)
    Message.objects.filter(pk=message.pk).update(promise=promise, event="called")
    record("call.made", at=at, by=by, client=conversation.client_id, conversation=conversation, promise=promise)
    clocks.mirror(conversation=thread.fresh(conversation=conversation))
    return message


def _same_day(conversation: Conversation, at: datetime) -> datetime:
    """The end of today's opening, else of the next one, and never more than 24 hours away while the office is open then."""
    if conversation.client is None:
        raise LookupError("A call goes to a client.")
    hours = calendars.compiled(calendars.current(conversation.client.calendar_id).pk)
    closes = hours.next_close(hours.next_open(at + SOONEST))
    latest = at + LATEST
    return latest if latest < closes and hours.is_open(latest) else closes
