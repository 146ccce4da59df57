"""Targets and calendars change; what is open is counted anew from its own start, what is closed or missed is left alone."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from functools import cached_property
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wellkept.calendars import queries as calendars
from wellkept.core import bulk
from wellkept.core.facts import draft, note_all
from wellkept.promises import kinds
from wellkept.promises.actions.book import FACTS, enter, ids, refuse_closed, show_all
from wellkept.promises.actions.breaking import settle
from wellkept.promises.actions.making import Agreed, agreed
from wellkept.promises.models import OPEN, Promise, PromiseEvent
from wellkept.promises.queries.clocks import calendar_for, clock_of, levels, moment, pauses_in, pauses_of
from wellkept.promises.rules import clock
from wellkept.promises.rules.clock import Pause

if TYPE_CHECKING:
    from wellkept.calendars.models import Calendar
    from wellkept.clients.models import Agreement
    from wellkept.core.models import Fact

Progress = Callable[[int, int], None]
AT_ONCE = 500
COUNTED = ("due_at", "calendar", "seconds", "target", "next_check_at", "recount_at", "withdrawn_at")
RUNNING = OPEN & Q(missed_at=None)
MARKED = OPEN & Q(recount_at__isnull=False)


class Memo:
    """What was looked up for one batch: it is read client by client, so that many share a target and a calendar."""

    def __init__(self) -> None:
        self._calendars: dict[tuple[int | None, int | None, bool], int | None] = {}
        self._agreed: dict[tuple[object, ...], Agreed | None] = {}
        self._hours: dict[int | None, calendars.Compiled] = {}

    @cached_property
    def levels(self) -> tuple[int, ...]:
        return levels()

    def calendar(self, promise: Promise) -> int | None:
        internal = promise.to_staff_id is not None
        key = (promise.client_id, promise.owner_id if internal else None, internal)
        if key not in self._calendars:
            self._calendars[key] = calendar_for(client=promise.client, owner=promise.owner, internal=internal)
        return self._calendars[key]

    def hours(self, version: int | None) -> calendars.Compiled:
        if version not in self._hours:
            self._hours[version] = calendars.compiled(version)
        return self._hours[version]

    def agreed(self, promise: Promise, calendar: int | None) -> Agreed | None:
        key = (promise.client_id, promise.kind, promise.channel, promise.priority, calendar)
        if key not in self._agreed:
            self._agreed[key] = agreed(
                kind=kinds.named(promise.kind), client=promise.client, channel=promise.channel,
                priority=promise.priority, calendar=calendar,
            )  # fmt: skip
        return self._agreed[key]


@transaction.atomic
def mark_calendar(*, calendar: Calendar | int, at: datetime) -> int:
    """The calendar has a new version. Nothing counted on it is warned of or missed before it is counted anew."""
    return Promise.objects.filter(RUNNING, calendar__calendar=calendar).update(recount_at=at)


@transaction.atomic
def mark_client(*, client: int | None, at: datetime) -> int:
    """A client's agreement or calendar has changed; None: the firm's default, which may concern anybody."""
    running = Promise.objects.filter(RUNNING)
    return (running if client is None else running.filter(client=client)).update(recount_at=at)


def recompute(
    *,
    at: datetime,
    calendar: Calendar | int | None = None,
    agreement: Agreement | None = None,
    progress: Progress | None = None,
) -> int:
    """Mark what a calendar or an agreement concerns and count it anew at once, in batches of their own transactions."""
    if calendar is not None:
        mark_calendar(calendar=calendar, at=at)
    if agreement is not None:
        mark_client(client=agreement.client_id, at=at)
    total, done = Promise.objects.filter(MARKED).count(), 0
    while counted := recount(at=at, limit=AT_ONCE):
        done += counted
        if progress is not None:
            progress(done, max(total, done))
    return done


@transaction.atomic
def recount(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Count one batch of the marked promises anew; says how many. They are ours: locked, or we hold the only write lock."""
    marked = Promise.objects.filter(MARKED).select_for_update(skip_locked=True, of=("self",))
    batch = list(marked.select_related("client", "owner").order_by("client", "pk")[: min(limit, AT_ONCE)])
    stood = pauses_of(promises=[promise.pk for promise in batch if promise.seconds is not None])
    memo = Memo()
    settle_batch([p for p in batch if count_anew(p, stood.get(p.pk, []), memo, at)], batch, at=at)
    return len(batch)


def fresh(*, promise: Promise, at: datetime) -> None:
    """Read the promise again and hold its row, refuse when it is closed, and count it anew when it is marked."""
    promise.refresh_from_db(from_queryset=Promise.objects.select_for_update())
    refuse_closed(promise=promise)
    if promise.recount_at is None:
        return
    moved = count_anew(promise, pauses_in(promise=promise), Memo(), at)
    settle_batch([promise] if moved else [], [promise], at=at)
    refuse_closed(promise=promise)


def count_anew(promise: Promise, stood: list[Pause], memo: Memo, at: datetime) -> bool:
    """Set the promise's terms as they are today, from its original start; says whether its end moved."""
    before, changed_at, promise.recount_at = promise.due_at, promise.recount_at or at, None
    if promise.missed_at is not None:
        return False
    calendar = memo.calendar(promise)
    if promise.seconds is None:
        promise.calendar_id = calendar
    elif (terms := memo.agreed(promise, calendar)) is None:
        promise.withdrawn_at, promise.next_check_at = moment(promise=promise, at=changed_at), None
        return True
    else:
        promise.seconds, promise.calendar_id, promise.target = terms.seconds, terms.calendar, terms.target
        promise.due_at = clock.due(memo.hours(terms.calendar), promise.made_at, terms.seconds, stood)
    ticking = clock_of(promise=promise, calendar=memo.hours(promise.calendar_id))
    promise.next_check_at = clock.next_check(ticking, warned=promise.warned, levels=memo.levels)
    return promise.due_at != before


def settle_batch(moved: list[Promise], batch: list[Promise], *, at: datetime) -> None:
    """Write the batch back, with an event and a fact for each promise that moved.

    What ends because nothing promises it any more was late, if it was, under the terms that counted until then.
    """
    ended = [promise for promise in moved if promise.withdrawn_at is not None]
    for promise in ended:
        settle(promise=promise, by=None, at=promise.withdrawn_at or at)
    bulk.write_back(batch, COUNTED)
    for promise in ended:
        enter(promise=promise, name="withdrawn", at=at, by=None, reason=_("The agreement no longer promises this."))
    if still := [promise for promise in moved if promise.withdrawn_at is None]:
        bulk.insert([_event(promise, at) for promise in still])
        note_all([_fact(promise, at) for promise in still])
        show_all(promises=still)


def _event(promise: Promise, at: datetime) -> PromiseEvent:
    return PromiseEvent(
        promise=promise,
        name="recounted",
        at=at,
        data={"due_after": promise.due_at.isoformat(), "seconds": promise.seconds},
    )


def _fact(promise: Promise, at: datetime) -> Fact:
    return draft(FACTS["recounted"], at=at, client=promise.client_id, due_at=promise.due_at, **ids(promise=promise))
