"""Hears NOTIFY from other machines on PostgreSQL and wakes the workers of this process."""

from __future__ import annotations

import threading

import psycopg
import structlog

from wellkept.core import direct, wake

log = structlog.get_logger("wellkept.jobs")


def listen(stop: threading.Event) -> None:
    """Listen until stopped. A lost connection is made again; work committed meanwhile is found by the wake-up after it."""
    while not stop.is_set():
        try:
            _listen_once(stop)
        except psycopg.Error as error:
            log.warning("listen.trouble", error=type(error).__name__)
            stop.wait(2)


def _listen_once(stop: threading.Event) -> None:
    with direct.connect(autocommit=True) as channel:
        channel.execute(f"LISTEN {wake.CHANNEL}")
        wake.here()
        while not stop.is_set():
            for _ in channel.notifies(timeout=1, stop_after=1):
                wake.here()
