"""A promise as lists draw it: its state, the share of time left, the closed hours across it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from wellkept.calendars import queries as calendars
from wellkept.promises.models import Promise
from wellkept.promises.queries.clocks import clock_of, risk_level
from wellkept.promises.rules.clock import Clock, State, thread, warning_at


@dataclass(frozen=True, slots=True)
class Drawn:
    """`left` and `cuts` run from 0 to 1; seconds are those of the promise's own clock, at the end of a closed one."""

    promise: Promise
    state: State
    left: float
    cuts: tuple[float, ...]
    seconds_left: int
    over_seconds: int
    risk_percent: int


def drawn(promises: Sequence[Promise], *, at: datetime) -> list[Drawn]:
    """In the order given; one query for the firm's warnings, at most one more for calendars not yet at hand."""
    ready = calendars.compiled_many(promise.calendar_id for promise in promises)
    percent = risk_level()
    return [
        _drawn(promise, clock_of(promise=promise, calendar=ready[promise.calendar_id]), at, percent)
        for promise in promises
    ]


def _drawn(promise: Promise, clock: Clock, at: datetime, percent: int) -> Drawn:
    seen = thread(clock, promise.kept_at or promise.withdrawn_at or at)
    state = state_of(promise, clock, at, percent)
    return Drawn(promise, state, seen.left, seen.cuts, seen.seconds_left, seen.over_seconds, percent)


def state_of(promise: Promise, clock: Clock, at: datetime, percent: int) -> State:
    """Derived from dates alone. Whether time is up is seen here too, not only once the sweep has recorded it."""
    if promise.withdrawn_at is not None:
        return State.WITHDRAWN
    if promise.kept_at is not None:
        return State.KEPT if promise.missed_at is None else State.LATE
    if promise.replaced_by_id is not None:
        return State.EXTENDED if promise.missed_at is None else State.BROKEN
    if promise.missed_at is not None or (clock.paused_at is None and at > promise.due_at):
        return State.BROKEN
    if clock.paused_at is not None:
        return State.WAIT
    if promise.owner_id is None or at >= warning_at(clock, percent):
        return State.RISK
    return State.OPEN
