"""What runs by the clock. A row per schedule is the lock between machines; a missed run is made up once, not once each."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cronsim import CronSim
from django.db.models import Q

from wellkept.core.models import ScheduledRun

Run = Callable[[datetime], object]
NextAt = Callable[[datetime], datetime | None]


@dataclass(frozen=True)
class Schedule:
    """`next_at` says when there is work next (None: nothing to do), so that an idle firm writes nothing."""

    name: str
    run: Run
    seconds: float
    cron: str
    next_at: NextAt | None
    limit: timedelta

    def after(self, at: datetime) -> datetime:
        return next(CronSim(self.cron, at)) if self.cron else at + timedelta(seconds=self.seconds)


_schedules: dict[str, Schedule] = {}


def every(
    *,
    name: str,
    seconds: float = 0,
    cron: str = "",
    next_at: NextAt | None = None,
    limit: timedelta = timedelta(minutes=10),
) -> Callable[[Run], Run]:
    """Register a function of `at`, run by one machine at a time, every so many seconds or by a cron line in UTC."""
    if bool(seconds) == bool(cron):
        raise ValueError(f"The schedule {name} needs either seconds or a cron line.")

    def register(function: Run) -> Run:
        _schedules[name] = Schedule(name, function, seconds, cron, next_at, limit)
        return function

    return register


def registered() -> list[Schedule]:
    return list(_schedules.values())


def due_times(*, at: datetime) -> dict[str, datetime]:
    """When each schedule may run again. A schedule never seen before gets its row here."""
    rows = {row.name: row for row in ScheduledRun.objects.all()}
    times = {}
    for schedule in registered():
        row = rows.get(schedule.name)
        if row is None:
            first = schedule.after(at) if schedule.cron else at
            row, _ = ScheduledRun.objects.get_or_create(name=schedule.name, defaults={"due_at": first})
        times[schedule.name] = _not_from_the_future(schedule, row.due_at, at)
    return times


def take(schedule: Schedule, *, at: datetime) -> bool:
    """Claim the run for this machine. False when another has it, or had it."""
    latest = _longest_wait(schedule, at)
    free = Q(claimed_until=None) | Q(claimed_until__lt=at) | Q(claimed_until__gt=at + schedule.limit * 2)
    due = Q(due_at__lte=at) | Q(due_at__gt=latest)
    return ScheduledRun.objects.filter(free, due, name=schedule.name).update(claimed_until=at + schedule.limit) == 1


def finish(schedule: Schedule, *, began_at: datetime, at: datetime, error: str = "") -> None:
    """Give the run back and say when the next one is due."""
    ScheduledRun.objects.filter(name=schedule.name).update(
        due_at=schedule.after(at if schedule.cron else began_at),
        claimed_until=None,
        finished_at=at,
        took_ms=max(0, min(int((at - began_at).total_seconds() * 1000), 2**31 - 1)),
        error=error[:1000],
    )


def _not_from_the_future(schedule: Schedule, due_at: datetime, at: datetime) -> datetime:
    """After the clock was set back a run may lie further ahead than one period: it is due now."""
    return at if due_at > _longest_wait(schedule, at) else due_at


def _longest_wait(schedule: Schedule, at: datetime) -> datetime:
    return schedule.after(at) + timedelta(seconds=1)
