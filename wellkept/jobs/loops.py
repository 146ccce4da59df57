"""A thread that works while there is work and sleeps until woken. Trouble makes it wait and go on; only a stop ends it."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field

import structlog
from django.db import connection

from wellkept.core import wake

LONGEST_PAUSE = 30.0
log = structlog.get_logger("wellkept.jobs")


def give_back() -> None:
    """A sleeping thread leaves its connection to others where a pool keeps it open; elsewhere opening one is dear."""
    if connection.settings_dict["OPTIONS"].get("pool"):
        connection.close()


@dataclass
class Loop:
    """`turn` does some work and says whether to go on at once; `rest` says how long to sleep when there was none."""

    name: str
    turn: Callable[[], bool]
    rest: Callable[[], float]
    stop: threading.Event
    after_trouble: Callable[[], object] = field(default=lambda: None)
    moved_at: float = field(default_factory=time.monotonic)
    trouble: int = 0

    def run(self) -> None:
        sleeper = wake.Sleeper()
        while not self.stop.is_set():
            if not self._one(sleeper):
                self.stop.wait(min(LONGEST_PAUSE, 0.5 * 2 ** min(self.trouble, 8)))
        connection.close()

    def stuck_seconds(self) -> float:
        """How long the loop has been inside one turn."""
        return time.monotonic() - self.moved_at

    def _one(self, sleeper: wake.Sleeper) -> bool:
        """One turn and the rest after it. False when something went wrong: the connection is made anew next time."""
        self.moved_at = time.monotonic()
        try:
            if self.trouble:
                self.after_trouble()
            busy = self.turn()
            self.trouble = 0
            if not busy and not self.stop.is_set():
                rest = self.rest()
                self.moved_at = time.monotonic()
                give_back()
                sleeper.sleep(rest)
        except Exception as error:  # noqa: BLE001 - a worker outlives a locked or lost database, whatever it raises
            self.trouble += 1
            log.warning("loop.trouble", loop=self.name, error=type(error).__name__, times=self.trouble)
            connection.close()
            return False
        return True
