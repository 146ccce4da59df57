"""Putting messages where they belong: split, merge, move, and telling whose a stranger's message is.

Messages and promises move together, and nothing crosses from one client to another.
"""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wellkept.clients.actions import ClientArchived
from wellkept.conversations.actions import clocks, closing, rhythms, thread
from wellkept.conversations.actions.settling import settle
from wellkept.conversations.models import Conversation, Draft, Handover, Looking, Message, Participant
from wellkept.conversations.rules import plain
from wellkept.core import search
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people
from wellkept.promises import actions as promises

if TYPE_CHECKING:
    from wellkept.clients.models import Client, Contact
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

MOST_MOVED = 500


class NothingToSplit(Refusal):
    """Some messages move and some stay."""


class NotTheSameClient(Refusal):
    """What one client wrote is never shown beside another's."""


class MergedWithItself(Refusal):
    """A conversation is merged into another one."""


class ClientKnown(Refusal):
    """Whose conversation it is has been found out before."""


@transaction.atomic
def split(*, messages: Sequence[Message], subject: str, by: Staff, at: datetime) -> Conversation:
    """The messages begin a conversation of their own; what they promised goes with them."""
    origin = _one_origin(messages)
    moving = [message.pk for message in messages]
    if len(moving) > MOST_MOVED or not _said(origin).exclude(pk__in=moving).exists():
        raise NothingToSplit(_("Leave at least one message where it is."))
    new = Conversation.objects.create(
        public_id=thread.new_number(),
        client=origin.client,
        contact=origin.contact,
        subject=plain(subject) or origin.subject,
        channel=origin.channel,
        priority=origin.priority,
        owner=origin.owner,
        team=origin.team,
        opened_at=min(message.at for message in messages),
        last_message_at=max(message.at for message in messages),
        snippet=thread.summary(messages[-1].text),
        split_from=origin,
    )
    _move(moving, origin, new, by, at)
    thread.add_event(conversation=origin, event="split", at=at, by=by, count=len(moving), conversation_id=new.pk)
    thread.add_event(conversation=new, event="split_off", at=at, by=by, conversation_id=origin.pk)
    record(
        "conversation.split", at=at, by=by, client=origin.client_id, conversation=new, origin=origin, messages=moving
    )
    _settle_both(origin, new, moving, by, at)
    return new


@transaction.atomic
def merge(*, conversation: Conversation, into: Conversation, by: Staff, at: datetime) -> Conversation:
    """Everything said and owed in `conversation` goes on in `into`; its address leads there from now on."""
    if conversation.pk == into.pk:
        raise MergedWithItself(_("Choose another conversation to put this one into."))
    first, second = sorted((conversation, into), key=lambda row: row.pk)
    held = {row.pk: thread.fresh(conversation=row) for row in (first, second)}
    origin, target = held[conversation.pk], held[into.pk]
    _refuse_others_mail(origin, target)
    rhythms.join(origin=origin, target=target, by=by, at=at)
    owes = origin.is_open and _owes(origin)
    moving = list(Message.objects.filter(conversation=origin).values_list("pk", flat=True))
    _move(moving, origin, target, by, at)
    for promise in clocks.open_on(conversation=origin):
        if promise.kind not in clocks.REPLY_CLOCKS:
            clocks.bring(promise=promise, conversation=target, by=by, at=at)
    _join_the_rest(origin, target, at)
    thread.change(conversation=origin, merged_into=target, next_due_at=None, snoozed_until=None, unanswered_since=None)
    newest = max(origin.last_message_at, target.last_message_at)
    acknowledged = [moment for moment in (origin.acknowledged_at, target.acknowledged_at) if moment]
    thread.change(conversation=target, last_message_at=newest, acknowledged_at=min(acknowledged, default=None))
    if owes and target.resolved_at is not None:
        closing.open_again(conversation=target, reason="merged", by=by, at=at)
    thread.add_event(conversation=target, event="merged", at=at, by=by, conversation_id=origin.pk)
    record("conversation.merged", at=at, by=by, client=target.client_id, conversation=origin, into=target)
    search.forget(kind="conversation", object_id=origin.pk)
    settle(conversations=[target, origin], by=by, at=at)
    thread.make_findable(conversation=target, at=at)
    thread.tell(conversation=origin)
    thread.tell(conversation=target)
    return target


@transaction.atomic
def move_message(*, message: Message, into: Conversation, by: Staff, at: datetime) -> Message:
    """One message that stood in the wrong conversation of the same client."""
    origin = thread.fresh(conversation=message.conversation)
    target = thread.fresh(conversation=into)
    if origin.pk == target.pk:
        raise MergedWithItself(_("The message stands there already."))
    _refuse_others_mail(origin, target)
    if not _said(origin).exclude(pk=message.pk).exists():
        raise NothingToSplit(_("This is its only message. Put the whole conversation into the other one."))
    _move([message.pk], origin, target, by, at)
    record("message.moved", at=at, by=by, client=target.client_id, conversation=target, origin=origin, message=message)
    if target.resolved_at is not None and message.waits_since is not None:
        closing.open_again(conversation=target, reason="moved", by=by, at=at, message=message.pk)
    _settle_both(origin, target, [message.pk], by, at)
    message.refresh_from_db()
    return message


@transaction.atomic
def set_client(
    *, conversation: Conversation, client: Client, contact: Contact | None, by: Staff, at: datetime
) -> Conversation:
    """Now we know whose this is. It goes to the client's bookkeeper, and its clocks are those of the client's agreement."""
    conversation = thread.fresh(conversation=conversation)
    if conversation.client_id is not None:
        raise ClientKnown(_("This conversation belongs to a client already."))
    if client.archived_at is not None:
        sentence = _("%(client)s is archived. Take the client on again first.") % {"client": client.name}
        raise ClientArchived(sentence, field="client")
    if contact is not None and contact.client_id != client.pk:
        sentence = _("%(name)s is a contact of another client.") % {"name": contact.name}
        raise NotTheSameClient(sentence, field="contact")
    owner = conversation.owner or people.successor_of(client.bookkeeper)
    thread.change(conversation=conversation, client=client, contact=contact, owner=owner, team=None)
    if contact is not None:
        addresses = list(contact.addresses.filter(kind="email").values_list("value", flat=True))
        Participant.objects.filter(conversation=conversation, address__in=addresses).update(contact=contact)
        wrote = Message.objects.filter(conversation=conversation, address__in=addresses)
        wrote.update(contact=contact, author_name=contact.name)
    _promise_anew(conversation, by, at)
    thread.add_event(conversation=conversation, event="client_set", at=at, by=by, client=client.name)
    record("conversation.client_set", at=at, by=by, client=client, conversation=conversation, contact=contact)
    thread.make_findable(conversation=conversation, at=at)
    clocks.mirror(conversation=conversation)
    thread.tell(conversation=conversation)
    return conversation


def _refuse_others_mail(origin: Conversation, target: Conversation) -> None:
    """Of people nobody knows yet, only what the same person takes part in is put together."""
    if origin.client_id != target.client_id:
        raise NotTheSameClient(_("These conversations are with different clients and stay apart."))
    if origin.client_id is None:
        there = Participant.objects.filter(conversation=target).values("address")
        if not Participant.objects.filter(conversation=origin, address__in=there).exists():
            raise NotTheSameClient(
                _("Different people nobody knows yet wrote these. Say first whose mail each one is.")
            )


def _owes(conversation: Conversation) -> bool:
    """Whether somebody waits there, or the client was promised anything."""
    promised = any(promise.to_staff_id is None for promise in clocks.open_on(conversation=conversation))
    return promised or conversation.unanswered_since is not None


def _one_origin(messages: Sequence[Message]) -> Conversation:
    origins = {message.conversation_id for message in messages}
    if len(origins) != 1:
        raise NothingToSplit(_("Choose messages of one conversation."))
    if any(message.kind == Message.Kind.EVENT for message in messages):
        raise NothingToSplit(_("Choose messages and notes; the record of what happened stays where it is."))
    return thread.fresh(conversation=messages[0].conversation)


def _said(conversation: Conversation) -> QuerySet[Message]:
    return Message.objects.filter(conversation=conversation).exclude(kind=Message.Kind.EVENT)


def _move(moving: list[int], origin: Conversation, target: Conversation, by: Staff, at: datetime) -> None:
    """Messages, the commitments they carry, and the people who wrote or received them."""
    rows = Message.objects.filter(pk__in=moving)
    carried = [message.promise for message in rows.select_related("promise") if message.promise is not None]
    for promise in carried:
        mine = promise.subject_kind == clocks.SUBJECT and promise.subject_id == origin.pk
        if mine and promise.is_open:
            clocks.bring(promise=promise, conversation=target, by=by, at=at)
    addresses = {address for row in rows.values_list("address", "to", "cc") for address in (row[0], *row[1], *row[2])}
    thread.join(conversation=target, coming=_people(origin, addresses), at=at)
    rows.exclude(kind=Message.Kind.EVENT).update(conversation=target, placed_by="moved", placed_reason="moved")
    rows.filter(kind=Message.Kind.EVENT).update(conversation=target)


def _people(origin: Conversation, addresses: set[str] | None = None) -> list[thread.Joining]:
    """Who takes part in `origin`; only those of `addresses` when they are given."""
    found = Participant.objects.filter(conversation=origin)
    found = found if addresses is None else found.filter(address__in=addresses)
    return [thread.Joining(person.address, person.name, person.contact_id) for person in found]


def _join_the_rest(origin: Conversation, target: Conversation, at: datetime) -> None:
    """People, offer and drafts; where both have one, the target's stays."""
    thread.join(conversation=target, coming=_people(origin), at=at)
    waits = {"accepted_at": None, "declined_at": None, "withdrawn_at": None}
    Handover.objects.filter(conversation=origin, **waits).update(withdrawn_at=at)
    for draft in Draft.objects.filter(conversation=origin):
        if not Draft.objects.filter(conversation=target, staff=draft.staff_id, mode=draft.mode).exists():
            Draft.objects.filter(pk=draft.pk).update(conversation=target)
    Looking.objects.filter(conversation=origin).delete()


def _settle_both(origin: Conversation, target: Conversation, moved: list[int], by: Staff, at: datetime) -> None:
    for conversation in (target, origin):
        thread.change(conversation=conversation, acknowledged_at=_acknowledged_at(conversation, moved))
    settle(conversations=[target, origin], by=by, at=at)
    for conversation in (target, origin):
        thread.make_findable(conversation=conversation, at=at)
        thread.tell(conversation=conversation)


def _acknowledged_at(conversation: Conversation, moved: list[int]) -> datetime | None:
    """Its first answer as long as that stands here; else the first of those that stayed, or that came."""
    sent = Message.objects.filter(conversation=conversation, kind=Message.Kind.OUTBOUND, withdrawn_at=None)
    known = conversation.acknowledged_at
    if known is not None and sent.filter(at=known).exists():
        return known
    answers = sent.filter(automatic="") if known is not None else sent.filter(automatic="", pk__in=moved)
    return answers.order_by("at").values_list("at", flat=True).first()


def _promise_anew(conversation: Conversation, by: Staff, at: datetime) -> None:
    """What the firm's default promised to a stranger is promised again under the client's agreement, from the same start.

    A clock that ran out is not begun a second time: that miss becomes the client's. So does a date that was given.
    """
    for promise in clocks.open_on(conversation=conversation):
        if promise.client_id is not None or promise.to_staff_id is not None or conversation.client is None:
            continue
        if promise.kind not in clocks.REPLY_CLOCKS or promises.time_is_up(promise=promise, by=by, at=at):
            promises.rehome(promise=promise, client=conversation.client, contact=conversation.contact, by=by, at=at)
            clocks.bring(promise=promise, conversation=conversation, by=by, at=at)
        else:
            _replace(promise, conversation, by, at)


def _replace(promise: Promise, conversation: Conversation, by: Staff, at: datetime) -> None:
    reason = _("It was found out whose conversation this is.")
    promises.withdraw(promise=promise, reason=reason, by=by, at=at)
    clocks.make(conversation=conversation, kind=promise.kind, start_at=promise.made_at, by=by, at=at)
