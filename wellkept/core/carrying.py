"""Carries messages between the processes of a firm through Redis. Redis away means: this process only, and try again."""

from __future__ import annotations

import json
import threading
import time
from collections.abc import Callable

import redis
import structlog

CHANNEL = "wellkept:live"
AWAY_SECONDS = 5.0
log = structlog.get_logger("wellkept.live")


class Carrier:
    """One connection to send and one thread to listen, made when first needed."""

    def __init__(
        self, url: str, *, heard: Callable[[list[str], dict[str, object]], None], missed: Callable[[], None]
    ) -> None:
        self.url = url
        self._heard = heard
        self._missed = missed
        self._sender = redis.Redis.from_url(url, socket_timeout=1, socket_connect_timeout=0.5)
        self._away_until = 0.0
        self._listens = threading.Event()
        self._closed = threading.Event()
        self._thread: threading.Thread | None = None
        self._lock = threading.Lock()

    def carry(self, groups: list[str], message: dict[str, object]) -> bool:
        """Send to every process. True when our own listener will bring it back to this one."""
        if time.monotonic() < self._away_until:
            return False
        try:
            self._sender.publish(CHANNEL, json.dumps([groups, message]))
        except redis.RedisError as error:
            self._away_until = time.monotonic() + AWAY_SECONDS
            log.warning("live.redis_away", error=type(error).__name__)
            return False
        return self._listens.is_set()

    def listen(self) -> None:
        """Start listening, once."""
        with self._lock:
            if self._thread is None:
                self._thread = threading.Thread(target=self._run, name="wellkept-live", daemon=True)
                self._thread.start()

    def close(self) -> None:
        """Stop listening and sending."""
        self._closed.set()
        self._sender.close()

    def _run(self) -> None:
        tries = 0
        while not self._closed.is_set():
            try:
                self._listen_once()
            except (redis.RedisError, OSError) as error:
                tries = 1 if self._listens.is_set() else tries + 1
                if tries == 1:
                    log.warning("live.redis_lost", error=type(error).__name__)
            finally:
                self._listens.clear()
            self._closed.wait(min(10, tries))

    def _listen_once(self) -> None:
        connection = redis.Redis.from_url(self.url, socket_connect_timeout=2, health_check_interval=15)
        with connection.pubsub(ignore_subscribe_messages=False) as channel:
            channel.subscribe(CHANNEL)
            while not self._closed.is_set():
                message = channel.get_message(timeout=2)
                if message is None:
                    continue
                if message["type"] == "subscribe":
                    self._listens.set()
                    self._missed()  # also the first time: what others told while we subscribed reached nobody here
                elif message["type"] == "message":
                    groups, told = json.loads(message["data"])
                    self._heard(groups, told)
