"""How a promise ends: kept, withdrawn, or replaced by one with a new date. None of these hides that it was late."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal
from wellkept.promises import kinds
from wellkept.promises.actions.book import change, enter
from wellkept.promises.actions.breaking import settle
from wellkept.promises.actions.guards import refuse_others
from wellkept.promises.actions.making import check_date, running_one, write
from wellkept.promises.actions.recounting import fresh
from wellkept.promises.models import Promise
from wellkept.promises.queries.clocks import calendar_for, clock_of, levels, moment, pauses_in
from wellkept.promises.rules import clock

if TYPE_CHECKING:
    from wellkept.core.models import Fact
    from wellkept.people.models import Staff

LONGEST_REASON = 2000
UNDO_WITHIN = timedelta(minutes=5)


class NoReason(Refusal):
    """Whoever changes a promise says why."""


class CannotBeExtended(Refusal):
    """An answer that is due is given, not put off."""


class NotLater(Refusal):
    """A new date is another date."""


@transaction.atomic
def keep(*, promise: Promise, by: Staff | None, at: datetime) -> Promise:
    """Done. When it is late, the miss is recorded now, whether or not a sweep has seen it."""
    return end_kept(promise=promise, by=by, at=at)


def end_kept(*, promise: Promise, by: Staff | None, at: datetime, **said: bool) -> Promise:
    """The one way to be kept; `said` stands in the event beside how long it took."""
    fresh(promise=promise, at=at)
    kept_at = moment(promise=promise, at=at)
    late = settle(promise=promise, by=by, at=kept_at)
    took = clock.took_seconds(clock_of(promise=promise), kept_at, pauses_in(promise=promise))
    change(promise=promise, kept_at=kept_at, kept_by=by, took_seconds=took, next_check_at=None)
    data = {"late": late, "took_seconds": took, **said}
    enter(promise=promise, name="kept", at=kept_at, by=by, data=data, fact={"late": late})
    return promise


@transaction.atomic
def withdraw(*, promise: Promise, reason: str, by: Staff | None, at: datetime) -> Promise:
    """No longer owed. A promise already late stays a missed one."""
    end_withdrawn(promise=promise, reason=reason_given(reason=reason), by=by, at=at, let_off=True)
    return promise


def end_withdrawn(
    *,
    promise: Promise,
    reason: str,
    by: Staff | None,
    at: datetime,
    fact: Mapping[str, Any] | None = None,
    **said: bool,
) -> Fact:
    """The one way to be withdrawn: by its terms of today, and what is late is a miss first, whether or not a sweep saw it."""
    fresh(promise=promise, at=at)
    settle(promise=promise, by=by, at=moment(promise=promise, at=at))
    change(promise=promise, withdrawn_at=at, next_check_at=None)
    return enter(promise=promise, name="withdrawn", at=at, by=by, reason=reason, data=said, fact=fact)


@transaction.atomic
def extend(*, promise: Promise, due_at: datetime, reason: str, by: Staff, at: datetime) -> Promise:
    """A new promise takes the place of this one and is returned; this one counts as extended, or as missed when late."""
    why = reason_given(reason=reason)
    refuse_others(promise=promise, by=by)
    if not kinds.named(promise.kind).extendable:
        raise CannotBeExtended(_("An answer that is due cannot be put off. Reply, and set a follow-up time there."))
    fresh(promise=promise, at=at)
    if due_at == promise.due_at:
        raise NotLater(_("This is the time promised already. Choose another one."), field="due_at")
    settle(promise=promise, by=by, at=moment(promise=promise, at=at))
    calendar = calendar_for(client=promise.client, owner=promise.owner, internal=promise.to_staff_id is not None)
    check_date(due_at=due_at, calendar=calendar, at=at)
    return _replaced(promise, due_at=due_at, calendar=calendar, why=why, by=by, at=at)


@transaction.atomic
def told(*, promise: Promise, by: Staff | None, at: datetime, message: int | None = None) -> Promise:
    """The client has been told of this (new) date, by the message of that id."""
    enter(promise=promise, name="told", at=at, by=by, data={"message": message}, fact={"message": message})
    return promise


@transaction.atomic
def undo_keep(*, promises: Collection[int], by: Staff, at: datetime) -> list[Promise]:
    """Owed again, because the message that kept them was taken back before it left; returns those that run again.

    A later promise of a kind its subject owes once gives way: the earlier clock runs on. A miss stays a miss.
    """
    reopened = []
    for promise in Promise.objects.filter(pk__in=list(promises), kept_at__gte=at - UNDO_WITHIN).order_by("pk"):
        twin = running_one(kind=promise.kind, subject_kind=promise.subject_kind, subject_id=promise.subject_id)
        if twin is not None:
            end_withdrawn(promise=twin, reason=_("The earlier one runs again."), by=by, at=at)
        again = None
        if promise.missed_at is None:
            again = clock.next_check(clock_of(promise=promise), warned=promise.warned, levels=levels())
        values = {"kept_at": None, "kept_by": None, "took_seconds": None, "next_check_at": again}
        if Promise.objects.filter(pk=promise.pk, kept_at=promise.kept_at).update(**values) != 1:
            continue
        promise.refresh_from_db()
        enter(promise=promise, name="unkept", at=at, by=by)
        reopened.append(promise)
    return reopened


def reason_given(*, reason: str) -> str:
    why = reason.strip()
    if not why:
        raise NoReason(_("Say why in a few words; the client's record keeps it."), field="reason")
    return why[:LONGEST_REASON]


def _replaced(
    promise: Promise, *, due_at: datetime, calendar: int | None, why: str, by: Staff, at: datetime
) -> Promise:
    """The old row is closed before the new one exists, because a subject owes a single kind only once.

    Until then it points at a row that can never be: not at itself, for what it replaced points there already.
    Both databases check the reference at commit.
    """
    change(promise=promise, replaced_by_id=-promise.pk, next_check_at=None)
    new = write(
        promise=Promise(
            kind=promise.kind, title=promise.title, client=promise.client, owner=promise.owner,
            to_contact=promise.to_contact, to_staff=promise.to_staff, subject_kind=promise.subject_kind,
            subject_id=promise.subject_id, channel=promise.channel, priority=promise.priority, calendar_id=calendar,
            target=promise.target, made_at=at, made_by=by, due_at=due_at,
        ),
        by=by,
        at=at,
    )  # fmt: skip
    Promise.objects.filter(pk=promise.pk, replaced_by_id=-promise.pk).update(replaced_by=new)
    promise.replaced_by = new
    data = {"new": new.pk, "due_before": promise.due_at.isoformat(), "due_after": due_at.isoformat()}
    enter(promise=promise, name="extended", at=at, by=by, reason=why, data=data, fact={"new": new.pk})
    return new
