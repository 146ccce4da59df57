"""Taking a reply back in its first seconds: the letter, what it promised and what it had answered."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.conversations.actions import clocks, rhythms, thread
from wellkept.conversations.models import Conversation, Draft, Message
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
    reopened = promises.undo_keep(promises=kept, by=by, at=at)
    for promise in reopened:
        if promise.subject_id != conversation.pk:
            promises.move_subject(
                promise=promise, subject_kind=clocks.SUBJECT, subject_id=conversation.pk, by=by, at=at
            )
    _one_clock(conversation, [promise.pk for promise in reopened], by, at)
    if message.placed_by == "moved":
        clocks.settle(conversation=conversation, reason=_("The answer was taken back."), by=by, at=at)
    else:
        _put_back(conversation, message, by, at)


def _put_back(conversation: Conversation, message: Message, by: Staff, at: datetime) -> None:
    """The state before the reply. A reply that was moved since leaves the state of its new place alone."""
    before = dict(message.details["before"])
    rhythms.run_again(rhythm_id=before.pop("rhythm", None), ended_at=message.at)
    running = clocks.open_on(conversation=conversation)
    if before["waiting_since"] is None:
        clocks.resume(running=running, by=by, at=at)
    elif conversation.waiting_since is None:
        clocks.pause(running=running, waiting_for=before["waiting_for"], by=by, at=at)
    values = {name: _moment(value) if name.endswith(MOMENTS) else value for name, value in before.items()}
    values["unanswered_since"] = values["unanswered_since"] or conversation.unanswered_since
    if conversation.last_message_at > message.at:
        del values["last_message_at"], values["snippet"]
    closed_by_it = conversation.resolved_at == message.at and values["resolved_at"] is None
    thread.change(conversation=conversation, **values)
    if closed_by_it:
        record(
            "conversation.reopened",
            at=at,
            by=by,
            client=conversation.client_id,
            conversation=conversation,
            reason="undone",
        )
    clocks.mirror(conversation=conversation)


def _moment(text: str | None) -> datetime | None:
    return datetime.fromisoformat(text) if text else None


def _one_clock(conversation: Conversation, reopened: list[int], by: Staff, at: datetime) -> None:
    """A message that came after the reply opened a clock of its own; the older clock runs again, so that one gives way."""
    running = [promise for promise in clocks.open_on(conversation=conversation) if promise.kind in clocks.REPLY_CLOCKS]
    if not any(promise.pk in reopened for promise in running):
        return
    for promise in running:
        if promise.pk not in reopened:
            promises.withdraw(promise=promise, reason=_("An earlier message waits again."), by=by, at=at)
