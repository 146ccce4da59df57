"""Who owns a conversation. An offer changes nothing: the giver owns it until the taker says yes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils import translation
from django.utils.translation import gettext as _

from wellkept.conversations import queries
from wellkept.conversations.actions import clocks, thread
from wellkept.conversations.actions.noting import refuse_blind, tell_person
from wellkept.conversations.models import UNRESOLVED, Conversation, Handover
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal, TakenByAnother
from wellkept.people import queries as people
from wellkept.promises import actions as promises

if TYPE_CHECKING:
    from wellkept.people.models import Staff

BATCH = 500
WAITS = {"accepted_at": None, "declined_at": None, "withdrawn_at": None}


class OfferedAlready(Refusal):
    """One offer at a time."""


class OfferOver(Refusal):
    """The offer was answered or taken back."""


class OwnedByAnother(Refusal):
    """Somebody owns it."""


class CannotTake(Refusal):
    """The person cannot take it over."""


@transaction.atomic
def offer(*, conversation: Conversation, taker: Staff, note: str = "", by: Staff, at: datetime) -> Handover:
    """Ask a colleague to take it over. Until they accept, the giver owns it and everything promised on it."""
    conversation = thread.fresh(conversation=conversation)
    giver = conversation.owner
    if giver is None or (giver.pk != by.pk and not people.is_above(by, giver)):
        raise NotYours(_("Only the owner of a conversation can hand it over."))
    if taker.pk == giver.pk or not taker.is_active:
        raise CannotTake(_("Choose a colleague who is here."), field="taker")
    refuse_blind(staff=taker, conversation=conversation)
    handover = _first_offer(conversation, giver, taker, note.strip(), at)
    thread.add_event(conversation=conversation, event="offered", at=at, by=by, taker=taker.name, note=handover.note)
    fact = record(
        "conversation.offered",
        at=at,
        by=by,
        client=conversation.client_id,
        conversation=conversation,
        giver=giver.pk,
        taker=taker.pk,
    )
    with translation.override(taker.language):
        sentence = _("%(name)s asks you to take over “%(subject)s”. %(note)s")
        words = {"name": by.name, "subject": conversation.subject, "note": handover.note}
        tell_person(
            staff=taker, conversation=conversation, kind="offered", text=(sentence % words).strip(), at=at, fact=fact
        )
    thread.tell(conversation=conversation, owners=(taker.pk,))
    return handover


@transaction.atomic
def accept(*, handover: Handover, by: Staff, at: datetime) -> Handover:
    """The taker owns it from now on, and everything still owed on it."""
    conversation = _answering(handover, by)
    _answer(handover, at, "accepted_at")
    giver = conversation.owner
    _change_hands(conversation, giver, by, by, at, event="accepted")
    _tell_giver(handover, conversation, by, at, accepted=True)
    return handover


@transaction.atomic
def decline(*, handover: Handover, by: Staff, at: datetime) -> Handover:
    """It stays where it was, and the giver hears so."""
    conversation = _answering(handover, by)
    _answer(handover, at, "declined_at")
    thread.add_event(conversation=conversation, event="declined", at=at, by=by)
    record("conversation.offer_declined", at=at, by=by, client=conversation.client_id, conversation=conversation)
    _tell_giver(handover, conversation, by, at, accepted=False)
    thread.tell(conversation=conversation, owners=(by.pk,))
    return handover


@transaction.atomic
def withdraw_offer(*, handover: Handover, by: Staff, at: datetime) -> Handover:
    """The giver keeps it after all."""
    conversation = thread.fresh(conversation=handover.conversation)
    if by.pk != handover.giver_id and by.pk != conversation.owner_id:
        raise NotYours(_("Only the giver can take the offer back."))
    _answer(handover, at, "withdrawn_at")
    thread.add_event(conversation=conversation, event="offer_withdrawn", at=at, by=by)
    record("conversation.offer_withdrawn", at=at, by=by, client=conversation.client_id, conversation=conversation)
    thread.tell(conversation=conversation, owners=(handover.taker_id,))
    return handover


@transaction.atomic
def take(*, conversation: Conversation, by: Staff, at: datetime) -> Conversation:
    """Own what nobody owns. What has an owner is handed over by them, or taken by somebody above them."""
    conversation = thread.fresh(conversation=conversation)
    owner = conversation.owner
    if owner is not None and owner.pk == by.pk:
        raise OwnedByAnother(_("This conversation is yours already."))
    if owner is not None and owner.is_active and not people.is_above(by, owner):
        sentence = _("%(name)s owns this conversation. Ask them to hand it over.") % {"name": owner.name}
        raise OwnedByAnother(sentence)
    Handover.objects.filter(conversation=conversation, **WAITS).update(withdrawn_at=at)
    _change_hands(conversation, owner, by, by, at, event="taken")
    if owner is not None and owner.is_active:
        with translation.override(owner.language):
            sentence = _("%(name)s has taken over “%(subject)s”.")
            text = sentence % {"name": by.name, "subject": conversation.subject}
        tell_person(staff=owner, conversation=conversation, kind="taken", text=text, at=at, fact=None)
    return conversation


@transaction.atomic
def move_everything(*, giver: Staff, taker: Staff, client: int | None, by: Staff | None, at: datetime) -> int:
    """All open conversations of `giver` (of one client when it is named) go to `taker`; run again, it finds none left.

    Their promises are moved by the room that owns them.
    """
    mine = Conversation.objects.filter(UNRESOLVED, owner=giver)
    mine = mine if client is None else mine.filter(client_id=client)
    count = 0
    while batch := list(mine.select_related("client", "contact", "owner").order_by("id")[:BATCH]):
        for conversation in batch:
            Handover.objects.filter(conversation=conversation, **WAITS).update(withdrawn_at=at)
            _new_owner(conversation, giver, taker, by, at, event="moved_on")
        count += len(batch)
    if client is None:
        Handover.objects.filter(taker=giver, **WAITS).update(declined_at=at)
    return count


def _first_offer(conversation: Conversation, giver: Staff, taker: Staff, note: str, at: datetime) -> Handover:
    try:
        with transaction.atomic():
            return Handover.objects.create(
                conversation=conversation, giver=giver, taker=taker, note=note[:2000], offered_at=at
            )
    except IntegrityError as problem:
        waiting = queries.open_handover(conversation)
        name = waiting.taker.name if waiting else ""
        sentence = _("This is offered to %(name)s already. Take that offer back first.") % {"name": name}
        raise OfferedAlready(sentence) from problem


def _answering(handover: Handover, by: Staff) -> Conversation:
    if handover.taker_id != by.pk:
        raise NotYours(_("This was offered to somebody else."))
    return thread.fresh(conversation=handover.conversation)


def _answer(handover: Handover, at: datetime, column: str) -> None:
    if Handover.objects.filter(pk=handover.pk, **WAITS).update(**{column: at}) != 1:
        raise OfferOver(_("This offer was answered or taken back before."))
    setattr(handover, column, at)


def _change_hands(
    conversation: Conversation, giver: Staff | None, taker: Staff, by: Staff, at: datetime, *, event: str
) -> None:
    _new_owner(conversation, giver, taker, by, at, event=event)
    for promise in clocks.open_on(conversation=conversation):
        if promise.to_staff_id is None and promise.owner_id != taker.pk:
            promises.hand_over(promise=promise, to=taker, by=by, at=at)


def _new_owner(
    conversation: Conversation, giver: Staff | None, taker: Staff, by: Staff | None, at: datetime, *, event: str
) -> None:
    before = giver.pk if giver else None
    changed = Conversation.objects.filter(pk=conversation.pk, owner_id=before).update(owner=taker)
    if changed != 1:
        raise TakenByAnother(_("Somebody else has just taken this conversation. Look at it again."))
    conversation.owner = taker
    names = {"giver": giver.name if giver else "", "taker": taker.name}
    thread.add_event(conversation=conversation, event=event, at=at, by=by, **names)
    hands = {"from": before, "to": taker.pk}
    record("conversation.handed_over", at=at, by=by, client=conversation.client_id, conversation=conversation, **hands)
    thread.tell(conversation=conversation, owners=(before,))


def _tell_giver(handover: Handover, conversation: Conversation, by: Staff, at: datetime, *, accepted: bool) -> None:
    giver = handover.giver
    if not giver.is_active:
        return
    with translation.override(giver.language):
        sentence = (
            _("%(name)s has taken over “%(subject)s”.")
            if accepted
            else _("%(name)s cannot take over “%(subject)s”. It is still yours.")
        )
        text = sentence % {"name": by.name, "subject": conversation.subject}
    kind = "accepted" if accepted else "declined"
    tell_person(staff=giver, conversation=conversation, kind=kind, text=text, at=at, fact=None)
