"""The worker: deliveries, outgoing, schedules and heart-beats as threads of one process, on any number of machines."""

from __future__ import annotations

import os
import socket
import threading
from datetime import UTC, datetime
from itertools import count

import structlog
from django.db import connection

from wellkept.core import deliveries, heartbeats, outbox, wake
from wellkept.core.clock import now
from wellkept.jobs.listening import listen
from wellkept.jobs.loops import Loop, give_back
from wellkept.jobs.scheduler import Scheduler

log = structlog.get_logger("wellkept.jobs")
_numbers = count(1)


class Worker:
    """Starts the threads and stops them cleanly: each finishes the item in its hands and gives the rest back."""

    def __init__(self, *, kind: str = "worker", deliverers: int = 1, senders: int = 2) -> None:
        self.name = f"{socket.gethostname()[:60]}:{os.getpid()}:{next(_numbers)}"
        self.kind = kind
        self.stop = threading.Event()
        self.scheduler = Scheduler(self.stop)
        self.loops = [self._deliverer(number) for number in range(deliverers)]
        self.loops += [Loop(f"send-{number}", _send_one, _until_next_sending, self.stop) for number in range(senders)]
        self.loops.append(Loop("schedules", self.scheduler.turn, self.scheduler.rest, self.stop))
        self.threads: list[threading.Thread] = []

    def start(self) -> None:
        targets = [(loop.name, loop.run) for loop in self.loops] + [("heart", self._beat)]
        if connection.vendor == "postgresql":
            targets.append(("listen", lambda: listen(self.stop)))
        self.threads = [
            threading.Thread(target=target, name=f"wellkept-{name}", daemon=True) for name, target in targets
        ]
        for thread in self.threads:
            thread.start()

    def finish(self, *, seconds: float = 30) -> bool:
        """Ask every thread to stop and wait for the work in hand. True when all ended in time."""
        self.stop.set()
        wake.here()
        until = datetime.now(UTC).timestamp() + seconds
        for thread in self.threads:
            thread.join(max(0.1, until - datetime.now(UTC).timestamp()))
        self.scheduler.finish()
        return not any(thread.is_alive() for thread in self.threads)

    def _deliverer(self, number: int) -> Loop:
        me = f"{self.name}:{number}"
        return Loop(
            f"deliver-{number}",
            lambda: deliver_some(worker=me, stop=self.stop),
            lambda: 5.0 if connection.vendor == "postgresql" else 1.0,
            self.stop,
            after_trouble=lambda: deliveries.release(worker=me),
        )

    def _beat(self) -> None:
        while True:
            try:
                if self.stop.is_set():
                    heartbeats.leave(name=self.name)
                    break
                heartbeats.beat(name=self.name, kind=self.kind, note=self._note(), at=now())
            except Exception as error:  # noqa: BLE001 - a lost database must not stop the heart for good
                log.warning("heartbeat.trouble", error=type(error).__name__)
                connection.close()
                if self.stop.is_set():
                    break
            give_back()
            self.stop.wait(heartbeats.EVERY.total_seconds())
        connection.close()

    def _note(self) -> str:
        slow = [f"{loop.name} {int(loop.stuck_seconds())} s" for loop in self.loops if loop.stuck_seconds() > 60]
        return f"busy: {', '.join(slow)}" if slow else ""


def deliver_some(*, worker: str, stop: threading.Event) -> bool:
    """Claim what is owed and run it, each in its own transaction. False when nothing was owed."""
    claimed = deliveries.claim(worker=worker, at=now())
    for delivery in claimed:
        if stop.is_set():
            deliveries.release(worker=worker)
            break
        try:
            deliveries.run(delivery, at=now())
        except Exception as error:  # noqa: BLE001 - any failure of a reaction becomes a retry and, in the end, a dead letter
            dead = deliveries.fail(delivery, error=error, at=now())
            log.warning(
                "delivery.failed",
                delivery=delivery.pk,
                reaction=delivery.reaction,
                fact=delivery.fact_id,
                error=type(error).__name__,
                dead=dead,
            )
    return bool(claimed)


def _send_one() -> bool:
    row = outbox.claim(at=now())
    if row is None:
        return False
    try:
        state = outbox.send(row, at=now(), clock=now)
        log.info("outgoing.left", outgoing=row.pk, kind=row.kind, state=state, attempts=row.attempts)
    except Exception as error:
        log.error("outgoing.broke", outgoing=row.pk, kind=row.kind, error=type(error).__name__, exc_info=True)
        outbox.broke(row, error=error, at=now())
    return True


def _until_next_sending() -> float:
    longest = 5.0 if connection.vendor == "postgresql" else 1.0
    due_at = outbox.next_due_at()
    return longest if due_at is None else max(0.05, min(longest, (due_at - now()).total_seconds()))
