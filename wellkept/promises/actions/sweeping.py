"""The sweep: warns before time is up and records the miss when it is, each exactly once, however late it comes.

What is due stands in the rows (`next_check_at`, `warned`, `missed_at`), never in memory: an outage only delays it, a
second sweeper finds nothing left to do, and a clock set back finds nothing due.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction

from wellkept.calendars import queries as calendars
from wellkept.core import bulk
from wellkept.core.facts import draft, record_all
from wellkept.people import queries as people
from wellkept.people.actions.notices import Telling, notify_all
from wellkept.promises.actions.book import FACTS, ids, show_all
from wellkept.promises.actions.recounting import recount
from wellkept.promises.actions.telling import Above, Context
from wellkept.promises.models import OPEN, Promise, PromiseEvent
from wellkept.promises.queries.clocks import clock_of, levels
from wellkept.promises.rules import clock

if TYPE_CHECKING:
    from wellkept.core.models import Fact

AT_ONCE = 500
CHECKED = ("warned", "missed_at", "next_check_at")


@dataclass(slots=True)
class Step:
    """What one look at a promise finds: the level to warn of (0: none), and whether time is up."""

    promise: Promise
    warn: int = 0
    miss: bool = False


def sweep(*, at: datetime, limit: int = 500) -> int:
    """Count anew what is marked, then warn and record misses; at most `limit` promises, says how many."""
    done, above = 0, Above()
    while done < limit and (counted := recount(at=at, limit=min(limit - done, 500))):
        done += counted
    while done < limit and (checked := check(at=at, above=above, limit=min(limit - done, AT_ONCE))):
        done += checked
    return done


@transaction.atomic
def check(*, at: datetime, above: Above, limit: int = AT_ONCE) -> int:
    """Look at one batch whose time has come. The rows are ours: locked, or we hold the only write lock."""
    due = Promise.objects.filter(OPEN, next_check_at__lt=at, recount_at=None)
    held = due.select_for_update(skip_locked=True, of=("self",))
    batch = list(
        held.select_related("owner", "client", "to_contact", "to_staff").order_by("next_check_at", "pk")[:limit]
    )
    hours = _working_hours(batch)
    ready = calendars.compiled_many(promise.calendar_id for promise in batch)
    warned_at = levels() if batch else ()
    steps = [_look(p, ready[p.calendar_id], hours.get(p.owner_id), warned_at, at) for p in batch]
    context = Context([step.promise for step in steps if step.miss], above)
    bulk.write_back(batch, CHECKED)
    happened = [step for step in steps if step.miss or step.warn]
    _tell(happened, _record(happened, at), context, at)
    show_all(promises=batch)
    return len(batch)


def _look(
    promise: Promise,
    calendar: calendars.Compiled,
    owner_hours: calendars.Compiled | None,
    warned_at: tuple[int, ...],
    at: datetime,
) -> Step:
    """Decide and set the row's columns. A reminder waits until its recipient works again; a miss does not wait.

    At 100% the miss is what is told. After an outage only the highest level is warned of: nobody was told of the lower
    ones, and nothing says they were.
    """
    ticking = clock_of(promise=promise, calendar=calendar)
    levels_passed = clock.passed(ticking, at, warned=promise.warned, levels=warned_at)
    step = Step(promise, max(levels_passed, default=0), miss=promise.missed_at is None and clock.is_late(ticking, at))
    if step.miss:
        step.warn = 0
        promise.missed_at, promise.warned, promise.next_check_at = promise.due_at, 100, None
    elif owner_hours is not None and not owner_hours.is_open(at):
        step.warn = 0
        promise.next_check_at = min(owner_hours.next_open(at), promise.due_at)
    else:
        promise.warned = max(promise.warned, step.warn)
        promise.next_check_at = clock.next_check(ticking, warned=promise.warned, levels=warned_at)
    return step


def _working_hours(batch: list[Promise]) -> dict[int | None, calendars.Compiled]:
    """When each owner works: their own calendar, else the firm's; without either, always."""
    firm = people.firm()
    default = firm.calendar_id if firm is not None else None
    chosen = {p.owner_id: (p.owner.calendar_id or default) for p in batch if p.owner is not None}
    versions = calendars.current_many({calendar for calendar in chosen.values() if calendar is not None})
    ready = calendars.compiled_many(versions.values())
    return {owner: ready[versions[calendar]] for owner, calendar in chosen.items() if calendar is not None}


def _record(steps: list[Step], at: datetime) -> list[Fact]:
    """The warning or the miss of each step, as an event and as a fact, in the same order."""
    events, facts = [], []
    for step in steps:
        promise = step.promise
        name = "missed" if step.miss else "warned"
        data: dict[str, Any] = {"due_at": promise.due_at.isoformat()} if step.miss else {"percent": step.warn}
        events.append(PromiseEvent(promise=promise, name=name, at=at, data=data))
        facts.append(draft(FACTS[name], at=at, client=promise.client_id, **ids(promise=promise), **data))
    bulk.insert(events)
    return record_all(facts)


def _tell(steps: list[Step], facts: list[Fact], context: Context, at: datetime) -> None:
    """Each owner is told, of a miss the supervisor too."""
    tellings: list[Telling] = []
    for step, fact in zip(steps, facts, strict=True):
        tellings += context.tellings(step.promise, fact, percent=100 if step.miss else step.warn, at=at)
    notify_all(tellings=tellings, at=at)
