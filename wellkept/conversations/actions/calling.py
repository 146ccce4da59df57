"""Call-backs: promised for the same day, tried, made, and how they went written down."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.conversations import queries
from wellkept.conversations.actions import clocks, closing, noting, thread
from wellkept.conversations.models import Conversation, Message
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.promises import actions as promises
from wellkept.promises.queries.words import when

if TYPE_CHECKING:
    from wellkept.clients.models import Client, Contact
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

LONGEST_NUMBER = 40
LONGEST_WHAT = 120


class NobodyToCall(Refusal):
    """A call goes to somebody."""


class NotACall(Refusal):
    """The promise is not a call-back of this conversation."""


class CallTooLate(Refusal):
    """A call is returned the same day, within 24 hours at the very most."""


class NumberTooLong(Refusal):
    """No telephone number is that long."""


@transaction.atomic
def promise_call(
    *,
    conversation: Conversation,
    contact: Contact | None = None,
    number: str = "",
    what: str = "",
    due_at: datetime | None = None,
    by: Staff,
    at: datetime,
) -> Promise:
    """Promise to call a contact, the conversation's own unless another is named.

    Without a time the agreement's counts where it is soon enough, else the same day where there is a quarter of an hour
    of it left. A time later than a call may take is refused.
    """
    conversation = thread.fresh(conversation=conversation)
    client, whom = conversation.client, contact or conversation.contact
    if client is None or whom is None:
        raise NobodyToCall(_("Say first whose conversation this is, and whom to call."), field="contact")
    if due_at is not None:
        _refuse_late(client, due_at, by, at)
    elif queries.call_agreed(conversation, at) is None:
        due_at = queries.call_back_today(client, at)
    promise = promises.make(
        kind="call_back",
        title=_title(whom, number, what),
        client=client,
        owner=thread.owner_today(conversation=conversation) or by,
        to_contact=whom,
        subject_kind=clocks.SUBJECT,
        subject_id=conversation.pk,
        channel=conversation.channel,
        priority=conversation.priority,
        due_at=due_at,
        by=by,
        at=at,
    )
    if promise is None:
        raise LookupError("A call is promised for a time.")
    if conversation.resolved_at is not None:
        closing.open_again(conversation=conversation, reason="call_promised", by=by, at=at)
    record("call.promised", at=at, by=by, client=client.pk, conversation=conversation, promise=promise)
    clocks.mirror(conversation=conversation)
    thread.tell(conversation=conversation)
    return promise


@transaction.atomic
def call_made(*, conversation: Conversation, promise: Promise, outcome: str, by: Staff, at: datetime) -> Message:
    """They were reached; `outcome` says what was said and agreed, and stays in the thread. That keeps the promise."""
    _refuse_other(conversation, promise)
    message = noting.note(conversation=conversation, text=outcome, by=by, at=at)
    promises.keep(promise=promise, by=by, at=at)
    _written(message, promise, "called")
    record("call.made", at=at, by=by, client=conversation.client_id, conversation=conversation, promise=promise)
    clocks.mirror(conversation=thread.fresh(conversation=conversation))
    return message


@transaction.atomic
def call_tried(
    *, conversation: Conversation, promise: Promise, again_at: datetime, outcome: str = "", by: Staff, at: datetime
) -> Message:
    """They were not reached, which keeps nothing: they are called again by `again_at`.

    Where that is later than what was promised, the promise gets it as its new time, which counts as such.
    """
    _refuse_other(conversation, promise)
    if conversation.client is None:
        raise LookupError("A call goes to a client.")
    tried = outcome.strip() or _("Called, nobody answered.")
    message = noting.note(conversation=conversation, text=tried, by=by, at=at)
    _refuse_late(conversation.client, again_at, by, at, field="again_at")
    if again_at > promise.due_at:
        promise = promises.extend(promise=promise, due_at=again_at, reason=tried, by=by, at=at)
    _written(message, promise, "call_tried")
    record("call.tried", at=at, by=by, client=conversation.client_id, conversation=conversation, promise=promise)
    clocks.mirror(conversation=thread.fresh(conversation=conversation))
    return message


def _title(whom: Contact, number: str, what: str) -> str:
    """`Call Mina Okafor (+64 4 555 0101): the lease`, in the words of whoever promises it."""
    digits, about = " ".join(number.split()), " ".join(what.split())[:LONGEST_WHAT]
    if len(digits) > LONGEST_NUMBER:
        raise NumberTooLong(
            _("Shorten the number to %(limit)s characters.") % {"limit": LONGEST_NUMBER}, field="number"
        )
    title = _("Call %(name)s") % {"name": whom.name}
    title = f"{title} ({digits})" if digits else title
    return f"{title}: {about}" if about else title


def _refuse_late(client: Client, due_at: datetime, by: Staff, at: datetime, *, field: str = "due_at") -> None:
    latest = queries.call_back_by(client, at)
    if due_at > latest:
        sentence = _("A call is returned the same day, within 24 hours at most. Choose %(time)s or earlier.")
        raise CallTooLate(sentence % {"time": when(latest, by)}, field=field)


def _refuse_other(conversation: Conversation, promise: Promise) -> None:
    about_this = promise.subject_kind == clocks.SUBJECT and promise.subject_id == conversation.pk
    if promise.kind != "call_back" or not about_this:
        raise NotACall(_("No call was promised here."))
    if not promise.is_open:
        raise NotACall(_("This call was made, moved or taken back before. Look at the conversation again."))


def _written(message: Message, promise: Promise, event: str) -> None:
    """The note says that it was a call, and which."""
    Message.objects.filter(pk=message.pk).update(promise=promise, event=event)
    message.promise, message.event = promise, event
