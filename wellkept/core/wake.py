"""Wakes the worker the moment work is committed: an event inside the process, NOTIFY to other machines on PostgreSQL."""

from __future__ import annotations

import threading

from django.db import connection

CHANNEL = "wellkept_work"
_event = threading.Event()


def worker() -> None:
    _event.set()
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:
            cursor.execute(f"NOTIFY {CHANNEL}")


def here() -> None:
    """Wake the worker of this process only (the LISTEN thread calls it)."""
    _event.set()


def wait(seconds: float) -> None:
    """Sleep until woken or until `seconds` have passed."""
    _event.wait(seconds)
    _event.clear()
