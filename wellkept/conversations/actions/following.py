"""What a conversation does because a promise on it changed elsewhere: on the board, by the sweep, by a new calendar."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db import transaction
from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from wellkept.conversations import queries
from wellkept.conversations.actions import clocks, machine, thread
from wellkept.conversations.actions.noting import tell_person
from wellkept.conversations.models import Conversation, Message
from wellkept.core.models import Fact
from wellkept.people import queries as people
from wellkept.promises import actions as promises
from wellkept.promises import queries as owed_for

if TYPE_CHECKING:
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

MOST_TOLD = 10
NEW_TIME = (
    gettext_noop("“%(what)s”: you will have it by %(due)s."),
    gettext_noop("Why the time has changed: %(reason)s"),
)
TAKEN_BACK = (
    gettext_noop("“%(what)s”: we had promised this for %(due)s, and take it back."),
    gettext_noop("Why: %(reason)s"),
)


@transaction.atomic
def put_due_time_right(*, conversation_id: int) -> None:
    """`next_due_at` follows its promises, whoever changed them. Run again, it changes nothing."""
    conversation = Conversation.objects.select_for_update().filter(pk=conversation_id, merged_into=None).first()
    if conversation is not None and clocks.mirror(conversation=conversation):
        thread.tell(conversation=conversation)


@transaction.atomic
def promise_resolution(*, message_id: int, at: datetime) -> Promise | None:
    """From our first answer on, the request itself is owed: its clock began with that answer.

    Nobody waits to see this clock, so it is begun after the answer, not with it. Nothing when the answer was taken back
    or ended the matter.
    """
    message = Message.objects.select_related("conversation").get(pk=message_id)
    conversation = Conversation.objects.select_for_update().get(pk=message.conversation_id)
    if message.withdrawn_at or message.automatic or not conversation.is_open or conversation.client_id is None:
        return None
    running = clocks.open_on(conversation=conversation)
    if any(promise.kind == "resolve" for promise in running):
        return None
    promise = clocks.make(conversation=conversation, kind="resolve", start_at=message.at, by=message.staff, at=at)
    if promise is not None and conversation.waiting_since is not None:
        since = conversation.waiting_since
        clocks.pause(running=[promise], waiting_for=conversation.waiting_for, by=message.staff, at=since)
    if promise is not None and clocks.mirror(conversation=conversation, running=[*running, promise]):
        thread.tell(conversation=conversation)
    return promise


@transaction.atomic
def tell_new_time(*, promise_id: int, conversation_id: int, by: Staff | None, at: datetime) -> Message | None:
    """A new time given for a commitment is told to the client at once, with its reason."""
    conversation = _open(conversation_id)
    if conversation is None or conversation.client is None:
        return None
    owed = {promise.pk: promise for promise in clocks.open_on(conversation=conversation)}
    promise = owed.get(promise_id)
    if promise is None or promise.to_staff_id is not None or promise.kind not in clocks.DATED:
        return None
    told = Message.objects.filter(conversation=conversation, promise=promise, automatic=machine.MACHINE).first()
    to = queries.recipients(conversation)
    if told is not None or not to:
        return told
    text = _letter(conversation, promise, NEW_TIME, _reason(promise), by)
    return _told(conversation, promise, to, text, by, at)


@transaction.atomic
def tell_withdrawal(*, promise_id: int, conversation_id: int, by: Staff | None, at: datetime) -> Message | None:
    """What the client was promised with a date was withdrawn by hand: they are told at once, with the reason."""
    conversation, found = _open(conversation_id), owed_for.withdrawn(promise_id)
    if conversation is None or conversation.client is None or found is None:
        return None
    promise, reason = found
    if promise.to_contact_id is None or promise.kind not in clocks.DATED:
        return None
    letters = Message.objects.filter(conversation=conversation, promise=promise, automatic=machine.MACHINE)
    told, to = letters.filter(at__gte=promise.withdrawn_at).first(), queries.recipients(conversation)
    if told is not None or not to:
        return told
    return _told(conversation, promise, to, _letter(conversation, promise, TAKEN_BACK, reason, by), by, at)


@transaction.atomic
def raise_unowned(*, conversation_id: int, fact: Fact, at: datetime) -> int:
    """Nobody owns it, nobody's client it is, and time is up: those who can take it are told, with what was said."""
    conversation = _open(conversation_id)
    if conversation is None or conversation.owner_id is not None or conversation.client_id is not None:
        return 0
    told = _who_can_take(conversation)
    for person in told:
        with translation.override(person.language):
            sentence = _("Nobody has answered “%(subject)s” from %(sender)s, and time is up. It says: %(text)s")
            words = {"subject": conversation.subject, "sender": _sender(conversation), "text": conversation.snippet}
            tell_person(
                staff=person, conversation=conversation, kind="unowned", text=sentence % words, at=at, fact=fact
            )
    return len(told)


def _open(pk: int) -> Conversation | None:
    found = Conversation.objects.select_related("client", "contact", "owner", "team__lead")
    return found.filter(pk=pk, merged_into=None).first()


def _told(
    conversation: Conversation, promise: Promise, to: list[str], text: str, by: Staff | None, at: datetime
) -> Message:
    message = machine.send(conversation=conversation, to=to, text=text, by=by, at=at, promise=promise)
    promises.told(promise=promise, message=message.pk, by=by, at=at)
    clocks.mirror(conversation=conversation)
    thread.tell(conversation=conversation)
    return message


def _letter(conversation: Conversation, promise: Promise, said: tuple[str, str], reason: str, by: Staff | None) -> str:
    """What has changed and why, in the contact's language and on the client's clock."""
    client, contact = conversation.client, conversation.contact
    if client is None:
        raise LookupError("A change of what was promised is told to a client.")
    what, why = said
    with translation.override((contact.language if contact else "") or client.language or settings.LANGUAGE_CODE):
        due = date_format(promise.due_at.astimezone(ZoneInfo(client.time_zone)), "l j F H:i")
        lines = [_(what) % {"what": promise.title, "due": due}]
        if reason:
            lines.append(_(why) % {"reason": reason})
    writer = by or conversation.owner
    return "\n\n".join([*lines, writer.name if writer else ""]).strip()


def _reason(promise: Promise) -> str:
    """What was written when the time was moved; it stands on the promise this one took the place of."""
    before = type(promise).objects.filter(replaced_by=promise).exclude(pk=promise.pk).first()
    event = before.events.filter(name="extended").first() if before else None
    return event.reason if event else ""


def _who_can_take(conversation: Conversation) -> list[Staff]:
    team = conversation.team
    if team is not None and team.lead is not None and team.lead.is_active:
        return [team.lead]
    return [person for person in people.active() if people.may_triage(person)][:MOST_TOLD]


def _sender(conversation: Conversation) -> str:
    first = Message.objects.filter(conversation=conversation, kind=Message.Kind.INBOUND).order_by("id").first()
    return first.address if first else ""
