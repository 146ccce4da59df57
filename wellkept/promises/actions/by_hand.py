"""What a person does at the promise itself, on whichever door.

Each checks in whose hands the promise is and whether its kind is kept, ended or moved here; then it does what the rooms
above do with their own promises.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.refusals import NotYours, Refusal
from wellkept.people.actions.notices import notify_all
from wellkept.promises import kinds
from wellkept.promises.actions.ending import UNDO_WITHIN, end_kept, end_withdrawn, reason_given, undo_keep
from wellkept.promises.actions.guards import (
    refuse_blind,
    refuse_keep,
    refuse_move,
    refuse_others,
    refuse_withdrawal,
)
from wellkept.promises.actions.standing import hand_over
from wellkept.promises.actions.telling import of_withdrawal
from wellkept.promises.models import Promise, PromiseEvent

if TYPE_CHECKING:
    from wellkept.people.models import Staff


class NotKept(Refusal):
    """It is not kept, so there is nothing to take back."""


class NotKeptByHand(Refusal):
    """What kept it was more than a word."""


class KeptForGood(Refusal):
    """Too long ago to have been a slip."""


@transaction.atomic
def keep_by_hand(*, promise: Promise, by: Staff, at: datetime) -> Promise:
    """Done, because a person says so. Not where an answer or another deed is what keeps it."""
    refuse_others(promise=promise, by=by)
    refuse_keep(promise=promise)
    return end_kept(promise=promise, by=by, at=at, by_hand=True)


@transaction.atomic
def unkeep(*, promise: Promise, by: Staff, at: datetime) -> Promise:
    """Whoever said that it is kept takes the word back, within minutes."""
    said = PromiseEvent.objects.filter(promise=promise, name="kept").select_related("by").order_by("-id").first()
    if said is None or promise.kept_at is None:
        raise NotKept(_("This promise is not kept. There is nothing to take back."))
    if not said.data.get("by_hand"):
        raise NotKeptByHand(_("This was not kept by hand. Take back what kept it, before that has left."))
    if said.by is None or said.by.pk != by.pk:
        raise NotYours(
            _("Only %(name)s, who kept this, can take that back.")
            % {"name": said.by.name if said.by else _("Wellkept")}
        )
    if promise.kept_at < at - UNDO_WITHIN:
        raise KeptForGood(_("This was kept more than five minutes ago and stays kept."))
    undo_keep(promises=[promise.pk], by=by, at=at)
    promise.refresh_from_db()
    return promise


@transaction.atomic
def withdraw_by_hand(*, promise: Promise, reason: str, by: Staff, at: datetime) -> Promise:
    """No longer owed. What answers somebody is not withdrawn: it ends where the answer is given.

    Of a date the client was given, the owner and whoever is above them hear at once; the client is told by the room
    that talks to them.
    """
    why = reason_given(reason=reason)
    refuse_others(promise=promise, by=by)
    refuse_withdrawal(promise=promise)
    fact = end_withdrawn(promise=promise, reason=why, by=by, at=at, fact={"by_hand": True}, let_off=True)
    if kinds.named(promise.kind).told and promise.to_contact_id is not None:
        notify_all(tellings=of_withdrawal(promise, why, by, fact), at=at)
    return promise


@transaction.atomic
def hand_over_by_hand(*, promise: Promise, to: Staff, by: Staff, at: datetime) -> Promise:
    """Another person owes it now, one who can see the client it is about. A conversation's own clocks go with it."""
    refuse_others(promise=promise, by=by)
    refuse_move(promise=promise)
    refuse_blind(staff=to, client=promise.client, field="to")
    return hand_over(promise=promise, to=to, by=by, at=at)
