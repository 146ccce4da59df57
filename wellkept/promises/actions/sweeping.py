"""The sweep: warns before time is up and records the miss when it is, each exactly once, however late it comes.

What is due stands in the rows (`next_check_at`, `warned`, `missed_at`), never in memory: an outage only delays it, a
second sweeper finds nothing left to do, and a clock set back finds nothing due.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.db import transaction

from wellkept.calendars import queries as calendars
from wellkept.core.facts import record
from wellkept.people import queries as people
from wellkept.promises.actions.book import FACTS, ids, show_all
from wellkept.promises.actions.breaking import tell, tell_of_miss
from wellkept.promises.actions.bulk import write_back
from wellkept.promises.actions.recounting import recount
from wellkept.promises.models import OPEN, Promise, PromiseEvent
from wellkept.promises.queries.clocks import clock_of, levels
from wellkept.promises.queries.words import reminder
from wellkept.promises.rules import clock

AT_ONCE = 100
CHECKED = ("warned", "missed_at", "next_check_at")


@dataclass(slots=True)
class Step:
    """What one look at a promise finds."""

    promise: Promise
    warn: list[int] = field(default_factory=list)
    miss: bool = False


def sweep(*, at: datetime, limit: int = 500) -> int:
    """Count anew what is marked, then warn and record misses; at most `limit` promises, says how many."""
    done = 0
    while done < limit and (counted := recount(at=at, limit=min(limit - done, 500))):
        done += counted
    while done < limit and (checked := check(at=at, limit=min(limit - done, AT_ONCE))):
        done += checked
    return done


@transaction.atomic
def check(*, at: datetime, limit: int = AT_ONCE) -> int:
    """Look at one batch whose time has come. The rows are ours: locked, or we hold the only write lock."""
    due = Promise.objects.filter(OPEN, next_check_at__lt=at, recount_at=None)
    held = due.select_for_update(skip_locked=True, of=("self",))
    batch = list(held.select_related("owner", "client", "to_contact", "to_staff").order_by("next_check_at", "pk")[:limit])
    hours = _working_hours(batch)
    steps = [_look(promise, hours.get(promise.owner_id), at) for promise in batch]
    write_back(promises=batch, columns=CHECKED)
    for step in steps:
        _tell(step, at)
    show_all(promises=batch)
    return len(batch)


def _look(promise: Promise, owner_hours: calendars.Compiled | None, at: datetime) -> Step:
    """Decide and set the row's columns. A reminder waits until its recipient works again; a miss does not wait."""
    ticking = clock_of(promise=promise)
    step = Step(promise, clock.passed(ticking, at, warned=promise.warned, levels=levels()))
    step.miss = promise.missed_at is None and clock.is_late(ticking, at)
    if step.miss:
        promise.missed_at, promise.warned, promise.next_check_at = promise.due_at, 100, None
    elif owner_hours is not None and not owner_hours.is_open(at):
        step.warn = []
        promise.next_check_at = min(owner_hours.next_open(at), promise.due_at)
    else:
        promise.warned = max([promise.warned, *step.warn])
        promise.next_check_at = clock.next_check(ticking, warned=promise.warned, levels=levels())
    return step


def _working_hours(batch: list[Promise]) -> dict[int | None, calendars.Compiled]:
    """When each owner works: their own calendar, else the firm's; without either, always."""
    firm = people.firm()
    default = firm.calendar_id if firm is not None else None
    chosen = {p.owner_id: (p.owner.calendar_id or default) for p in batch if p.owner is not None}
    versions = calendars.current_many({calendar for calendar in chosen.values() if calendar is not None})
    ready = calendars.compiled_many(versions.values())
    return {owner: ready[versions[calendar]] for owner, calendar in chosen.items() if calendar is not None}


def _tell(step: Step, at: datetime) -> None:
    """Every level gone by is on record; the owner is told once, of the highest."""
    promise = step.promise
    events: list[tuple[str, dict[str, Any]]] = [("warned", {"percent": level}) for level in step.warn]
    events += [("missed", {"due_at": promise.due_at.isoformat()})] if step.miss else []
    PromiseEvent.objects.bulk_create(PromiseEvent(promise=promise, name=name, at=at, data=data) for name, data in events)
    facts = [
        record(FACTS[name], at=at, client=promise.client_id, **ids(promise=promise), **data) for name, data in events
    ]
    if step.miss:
        tell_of_miss(promise=promise, fact=facts[-1], at=at)
    elif facts and promise.owner is not None and promise.owner.is_active:
        text = reminder(promise, step.warn[-1], promise.owner)
        tell(staff=promise.owner, promise=promise, kind="promise.warned", text=text, at=at, fact=facts[-1])

