"""Promises as clocks: read from their rows, counted anew where a target or calendar has changed."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from wellkept.calendars import queries as calendars
from wellkept.people import queries as people
from wellkept.promises import kinds
from wellkept.promises.models import Promise, PromiseEvent
from wellkept.promises.rules.clock import Clock, Pause

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff


def levels() -> tuple[int, ...]:
    """At which percent of the promised time its owner is warned, as the firm chose; asked once for a batch.

    The highest under 100 is where risk begins. At 100 time is up, which is always told.
    """
    return (*people.warn_percents(), 100)


def clock_of(*, promise: Promise, calendar: calendars.Compiled | None = None) -> Clock:
    return Clock(
        calendar=calendar or calendars.compiled(promise.calendar_id),
        made_at=promise.made_at,
        due_at=promise.due_at,
        seconds=promise.seconds,
        paused_at=promise.paused_at,
    )


def pauses_in(*, promise: Promise) -> list[Pause]:
    """When this promise's clock stood still; no question is asked about one that never may."""
    if promise.seconds is None or not kinds.named(promise.kind).pausable:
        return []
    return pauses_of(promises=[promise.pk]).get(promise.pk, [])


def pauses_of(*, promises: Iterable[int]) -> dict[int, list[Pause]]:
    """When each promise's clock stood still, in order; one query for all."""
    found: dict[int, list[Pause]] = {}
    events = PromiseEvent.objects.filter(promise__in=list(promises), name__in=["paused", "resumed"]).order_by("id")
    for promise, name, at in events.values_list("promise_id", "name", "at"):
        stood = found.setdefault(promise, [])
        if name == "paused":
            stood.append(Pause(at))
        elif stood:
            stood[-1] = Pause(stood[-1].since_at, max(at, stood[-1].since_at))
    return found


def risk_level() -> int:
    return max((level for level in levels() if level < 100), default=100)


def moment(*, promise: Promise, at: datetime) -> datetime:
    """A clock set back never puts an end before its beginning."""
    return max(at, promise.paused_at or promise.made_at)


def calendar_for(*, client: Client | None, owner: Staff | None, internal: bool) -> int | None:
    """The version to count on: a colleague's own hours for what colleagues owe each other, else the client's, else the firm's."""
    if internal and owner is not None and owner.calendar_id is not None:
        return calendars.current_id(owner.calendar_id)
    if client is not None and not internal:
        return calendars.current_id(client.calendar_id)
    firm = people.firm()
    return calendars.current_id(firm.calendar_id) if firm is not None else None
