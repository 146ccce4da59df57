"""Wakes the worker the moment work is committed: inside the process at once, by NOTIFY on other machines (PostgreSQL)."""

from __future__ import annotations

import threading

from django.db import connection, transaction

CHANNEL = "wellkept_work"
_woken = threading.Condition()
_calls = 0


def at_commit() -> None:
    """Wake the workers once when the current transaction commits, however often this is asked."""
    # A call that waits goes with any savepoint still open that is rolled back, and so would a second one.
    if not any(function is worker for _savepoints, function, *_ in connection.run_on_commit):
        transaction.on_commit(worker, robust=True)


def worker() -> None:
    """Wake every worker, here and on other machines."""
    here()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


def here() -> None:
    """Wake the workers of this process only."""
    global _calls
    with _woken:
        _calls += 1
        _woken.notify_all()


class Sleeper:
    """One worker's sleep. A call that came while it worked ends the next sleep at once, so no wake-up is lost."""

    def __init__(self) -> None:
        self._seen = _calls

    def sleep(self, seconds: float) -> None:
        with _woken:
            _woken.wait_for(lambda: _calls != self._seen, timeout=seconds)
            self._seen = _calls
