"""Hears NOTIFY from other machines on PostgreSQL and wakes the workers of this process."""

from __future__ import annotations

import threading

import psycopg
import structlog
from django.db import connection

from wellkept.core import wake

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
    options = {
        key: value
        for key, value in connection.get_connection_params().items()
        if key in {"dbname", "user", "password", "host", "port", "sslmode", "service"}
    }
    with psycopg.connect(**options, autocommit=True) as channel:
        channel.execute(f"LISTEN {wake.CHANNEL}")
        wake.here()
        while not stop.is_set():
            for _ in channel.notifies(timeout=1, stop_after=1):
                wake.here()
