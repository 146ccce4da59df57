"""Runs what is due by the clock, each run in a thread of its own, so that a slow poll never delays a promise."""

from __future__ import annotations

import threading
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import datetime, timedelta

import structlog
from django.db import connection

from wellkept.core import schedules
from wellkept.core.clock import now
from wellkept.core.schedules import Schedule

log = structlog.get_logger("wellkept.jobs")
LONGEST_REST = 1.0


class Scheduler:
    """One per process; the row of a schedule decides which process runs it."""

    def __init__(self, stop: threading.Event) -> None:
        self._stop = stop
        self._pool = ThreadPoolExecutor(max_workers=6, thread_name_prefix="wellkept-schedule")
        self._running: dict[str, Future[None]] = {}
        self._next: datetime | None = None

    def turn(self) -> bool:
        """Start what is due. Always rests afterwards."""
        at = now()
        self._running = {name: future for name, future in self._running.items() if not future.done()}
        waits = []
        due_times = schedules.due_times(at=at)
        for schedule in schedules.registered():
            if schedule.name in self._running:
                continue
            ready_at = _ready_at(schedule, due_times[schedule.name], at)
            if ready_at is None:
                continue
            if ready_at <= at and not self._stop.is_set():
                self._running[schedule.name] = self._pool.submit(run, schedule)
            else:
                waits.append(ready_at)
        self._next = min(waits, default=None)
        return False

    def rest(self) -> float:
        """Until the next run is due, at most a second, so that new work is seen."""
        if self._next is None:
            return LONGEST_REST
        return max(0.02, min(LONGEST_REST, (self._next - now()).total_seconds()))

    def finish(self) -> None:
        self._pool.shutdown(wait=True, cancel_futures=True)


def run(schedule: Schedule) -> None:
    """Take the run, do it, and note how it ended. Whatever goes wrong is told and tried again at the next due time."""
    try:
        began_at = now()
        if not schedules.take(schedule, at=began_at):
            return
        error = ""
        try:
            schedule.run(began_at)
        except Exception as trouble:
            error = f"{type(trouble).__name__}: {trouble}"
            log.error("schedule.failed", schedule=schedule.name, error=type(trouble).__name__, exc_info=True)
            connection.close()
        schedules.finish(schedule, began_at=began_at, at=now(), error=error)
    except Exception as trouble:  # noqa: BLE001 - the database is away; the claim runs out and another turn takes it
        log.warning("schedule.trouble", schedule=schedule.name, error=type(trouble).__name__)
    finally:
        connection.close()


def _ready_at(schedule: Schedule, due_at: datetime, at: datetime) -> datetime | None:
    if schedule.next_at is None or due_at > at + timedelta(seconds=1):
        return due_at
    work_at = schedule.next_at(at)
    return None if work_at is None else max(due_at, work_at)
