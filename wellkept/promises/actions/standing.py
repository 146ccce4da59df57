"""What may happen to a promise while it is open: its clock stands still and runs on, its owner changes."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal
from wellkept.people import actions as people
from wellkept.promises import kinds
from wellkept.promises.actions.book import change, enter, refuse_closed
from wellkept.promises.actions.breaking import settle
from wellkept.promises.actions.ending import end_withdrawn
from wellkept.promises.actions.making import OwedToOneself, check_owner
from wellkept.promises.actions.recounting import fresh
from wellkept.promises.models import OPEN, Promise
from wellkept.promises.queries.clocks import clock_of, levels, moment
from wellkept.promises.queries.words import told_in
from wellkept.promises.rules import clock

if TYPE_CHECKING:
    from wellkept.people.models import Staff

LONGEST_WAIT = 200
AT_ONCE = 500


class CannotWait(Refusal):
    """This clock never stands still."""


class NothingAsked(Refusal):
    """Waiting needs a question that was asked."""


class WaitsAlready(Refusal):
    """The clock stands still already."""


class RunsAlready(Refusal):
    """The clock is running."""


class YoursAlready(Refusal):
    """The person owes it already."""


@transaction.atomic
def pause(*, promise: Promise, waiting_for: str, by: Staff | None, at: datetime) -> Promise:
    """Stop the clock until the client has answered, where kind and agreement allow it."""
    asked = " ".join(waiting_for.split())[:LONGEST_WAIT]
    if not asked:
        raise NothingAsked(_("Say what you are waiting for."), field="waiting_for")
    fresh(promise=promise, at=at)
    if not may_pause(promise=promise):
        raise CannotWait(
            _("This promise was given for a date, and waiting does not move it. Give a new date with a reason.")
        )
    if promise.paused_at is not None:
        raise WaitsAlready(_("This clock stands still already."))
    paused_at = moment(promise=promise, at=at)
    settle(promise=promise, by=by, at=paused_at)
    change(promise=promise, paused_at=paused_at, waiting_for=asked, next_check_at=None)
    enter(promise=promise, name="paused", at=paused_at, by=by, reason=asked)
    return promise


@transaction.atomic
def resume(*, promise: Promise, by: Staff | None, at: datetime) -> Promise:
    """The clock runs on with what was left when it stopped."""
    fresh(promise=promise, at=at)
    if promise.paused_at is None:
        raise RunsAlready(_("This clock is running."))
    resumed_at = moment(promise=promise, at=at)
    due_at = clock.resumed_due(clock_of(promise=promise), resumed_at)
    before = promise.due_at
    change(promise=promise, paused_at=None, waiting_for="", due_at=due_at)
    change(promise=promise, next_check_at=check_again(promise=promise))
    data = {"due_before": before.isoformat(), "due_after": due_at.isoformat()}
    enter(promise=promise, name="resumed", at=resumed_at, by=by, data=data)
    return promise


@transaction.atomic
def hand_over(*, promise: Promise, to: Staff, by: Staff | None, at: datetime) -> Promise:
    """Another person owes it now; nothing else changes."""
    check_owner(owner=to)
    fresh(promise=promise, at=at)
    if promise.owner_id == to.pk:
        raise YoursAlready(_("%(name)s owes this already.") % {"name": to.name}, field="to")
    if promise.to_staff_id == to.pk:
        raise OwedToOneself(_("%(name)s asked for this. Choose somebody else.") % {"name": to.name}, field="to")
    settle(promise=promise, by=by, at=moment(promise=promise, at=at))
    before = promise.owner_id
    change(promise=promise, owner=to)
    change_of_hands = {"from": before, "to": to.pk}
    fact = enter(promise=promise, name="handed", at=at, by=by, data=change_of_hands, fact=change_of_hands)
    if by is None or by.pk != to.pk:
        with told_in(to):
            text = _("You now owe: %(title)s.") % {"title": promise.title}
        people.notify(
            staff=to, kind="promise.handed_over", subject_kind="promise", subject_id=promise.pk,
            client=promise.client_id, text=text, at=at, fact=fact,
        )  # fmt: skip
    return promise


@transaction.atomic
def hand_all_over(*, giver: Staff, taker: Staff, by: Staff | None, at: datetime) -> int:
    """Everything `giver` still owes goes to `taker`; what the taker had asked for is withdrawn."""
    return _hand_each(Promise.objects.filter(OPEN, owner=giver), taker, by=by, at=at)


@transaction.atomic
def hand_client_over(*, client: int, giver: Staff, taker: Staff, by: Staff | None, at: datetime) -> int:
    """What `giver` still owes one client goes to `taker`."""
    return _hand_each(Promise.objects.filter(OPEN, owner=giver, client=client), taker, by=by, at=at)


@transaction.atomic
def move_subject(*, promise: Promise, subject_kind: str, subject_id: int, by: Staff | None, at: datetime) -> Promise:
    """The promise is now about another thing (its conversation was merged or split). Where that owes the same already, the later one is withdrawn."""
    refuse_closed(promise=promise)
    twin = Promise.objects.filter(OPEN, kind=promise.kind, subject_kind=subject_kind, subject_id=subject_id)
    if kinds.named(promise.kind).single and (other := twin.exclude(pk=promise.pk).first()) is not None:
        later = promise if promise.made_at >= other.made_at else other
        reason = _("The same is owed in the conversation this one was joined to.")
        end_withdrawn(promise=later, reason=reason, by=by, at=at)
        if later is promise:
            return promise
    before = {"subject_kind": promise.subject_kind, "subject_id": promise.subject_id}
    change(promise=promise, subject_kind=subject_kind, subject_id=subject_id)
    enter(promise=promise, name="moved", at=at, by=by, data=before)
    return promise


def _hand_each(owed: QuerySet[Promise], taker: Staff, *, by: Staff | None, at: datetime) -> int:
    count = 0
    while batch := list(owed.select_related("owner", "client", "to_contact", "to_staff")[:AT_ONCE]):
        for promise in batch:
            if promise.to_staff_id == taker.pk:
                end_withdrawn(promise=promise, reason=_("The person who asked took it over."), by=by, at=at)
            else:
                hand_over(promise=promise, to=taker, by=by, at=at)
        count += len(batch)
    return count


def may_pause(*, promise: Promise) -> bool:
    """A time that was agreed may stand still where the agreement says so; a date never does."""
    if promise.seconds is None or not kinds.named(promise.kind).pausable:
        return False
    return promise.target is None or promise.target.version.pauses_while_waiting


def check_again(*, promise: Promise) -> datetime | None:
    if promise.missed_at is not None:
        return None
    return clock.next_check(clock_of(promise=promise), warned=promise.warned, levels=levels())
