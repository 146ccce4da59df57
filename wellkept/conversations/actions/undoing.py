"""Taking a reply back in its first seconds: the letter, what it promised and what it had answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wellkept.conversations.actions import clocks, closing, rhythms, thread
from wellkept.conversations.actions.settling import settle
from wellkept.conversations.models import WAITS, Conversation, Draft, Message
from wellkept.conversations.rules.follow_up import UNDO
from wellkept.core import outbox
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal
from wellkept.promises import actions as promises

if TYPE_CHECKING:
    from wellkept.people.models import Staff

GRACE = timedelta(seconds=5)
"""A click on undo in the last second still counts."""

MOMENTS = ("_at", "_since", "_until")


class TooLateToUndo(Refusal):
    """The reply has left."""


class UndoneAlready(Refusal):
    """It was taken back before."""


@transaction.atomic
def undo_send(*, message: Message, by: Staff, at: datetime) -> Message:
    """Take a reply back before it leaves: the letter, its commitment, and what it had answered."""
    conversation = thread.fresh(conversation=message.conversation)
    message = Message.objects.select_related("outgoing", "promise").get(pk=message.pk)
    _refuse_undo(message, by, at)
    Message.objects.filter(pk=message.pk, withdrawn_at=None).update(withdrawn_at=at)
    message.withdrawn_at = at
    _give_back(conversation, message, by, at)
    thread.add_event(conversation=conversation, event="undone", at=at, by=by, message=message.pk)
    Draft.objects.update_or_create(
        staff=by, conversation=conversation, mode="reply", defaults={"text": message.text, "saved_at": at}
    )
    record("message.withdrawn", at=at, by=by, client=conversation.client_id, conversation=conversation, message=message)
    thread.tell(conversation=conversation)
    return message


def _refuse_undo(message: Message, by: Staff, at: datetime) -> None:
    if message.staff_id != by.pk:
        raise NotYours(_("Only the writer can take a message back."))
    if message.withdrawn_at is not None:
        raise UndoneAlready(_("You have taken this message back already."))
    row = message.outgoing
    if row is None or at > message.at + UNDO + GRACE or not outbox.withdraw(row):
        raise TooLateToUndo(_("This message has left already. Write another one to put it right."))


def _give_back(conversation: Conversation, message: Message, by: Staff, at: datetime) -> None:
    """The conversation as it was, but for what happened since: a message that came meanwhile still waits."""
    made, kept = set(message.details.get("made", [])), set(message.details.get("kept", []))
    for promise in clocks.open_on(conversation=conversation):
        if promise.pk in made or (promise.kind == "resolve" and promise.made_at == message.at):
            reason = _("The message that promised this was taken back before it left.")
            promises.withdraw(promise=promise, reason=reason, by=by, at=at)
    waiting = message.details["before"].get("answered", [])
    Message.objects.filter(pk__in=waiting).update(waits_since=F("at"))
    places = set(Message.objects.filter(pk__in=waiting).values_list("conversation_id", flat=True))
    for promise in promises.undo_keep(promises=kept, by=by, at=at):
        if promise.kind in clocks.REPLY_CLOCKS:
            places.add(promise.subject_id)
        elif promise.subject_id != conversation.pk:
            clocks.bring(promise=promise, conversation=conversation, by=by, at=at)
    if message.placed_by != "moved":
        _put_back(conversation, message, by, at)
    _settle(conversation, places - {conversation.pk}, by, at)


def _put_back(conversation: Conversation, message: Message, by: Staff, at: datetime) -> None:
    """The state before the reply. A reply that was moved since leaves the state of its new place alone."""
    before = dict(message.details["before"])
    before.pop("answered", None)
    rhythms.run_again(rhythm_id=before.pop("rhythm", None), ended_at=message.at)
    values = {name: _moment(value) if name.endswith(MOMENTS) else value for name, value in before.items()}
    del values["unanswered_since"]
    if conversation.unanswered_since is not None:  # they wrote again since, so it is neither resolved nor put aside
        values |= {"resolved_at": None, "resolved_by_id": None, "snoozed_until": None}
    if conversation.last_message_at > message.at:
        del values["last_message_at"], values["snippet"]
    closed_by_it = conversation.resolved_at == message.at and values["resolved_at"] is None
    thread.change(conversation=conversation, **values)
    if closed_by_it:
        _record_reopened(conversation, by, at)


def _settle(conversation: Conversation, others: set[int], by: Staff, at: datetime) -> None:
    """What it had answered waits again, here or where it was moved since."""
    rows = Conversation.objects.select_for_update().filter(pk__in=others).order_by("pk")
    places = [conversation, *rows]
    for place in places:
        waits = Message.objects.filter(WAITS, conversation=place).exists()
        if waits and place.resolved_at is not None:
            closing.open_again(conversation=place, reason="undone", by=by, at=at)
    settle(conversations=places, by=by, at=at)


def _record_reopened(conversation: Conversation, by: Staff, at: datetime) -> None:
    client = conversation.client_id
    record("conversation.reopened", at=at, by=by, client=client, conversation=conversation, reason="undone")


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None
