"""The switchboard behind `live`: the open streams of this process, fed directly or, where several serve, by Redis."""

from __future__ import annotations

import asyncio
import threading
import time
from collections import defaultdict, deque
from dataclasses import dataclass, field

from django.conf import settings

from wellkept.core.carrying import Carrier

Message = dict[str, object]
LONGEST_QUEUE = 200
LONGEST_MEMORY = 500
RELOAD: Message = {"reload": True}


@dataclass(eq=False)
class Subscriber:
    """One open stream. When it reads too slowly the queue is replaced by one message: reload."""

    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Message] = field(default_factory=lambda: asyncio.Queue(LONGEST_QUEUE))

    def put(self, message: Message) -> None:
        if not self.loop.is_closed():
            self.loop.call_soon_threadsafe(self._put, message)

    def _put(self, message: Message) -> None:
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            message = RELOAD
        self.queue.put_nowait(message)


_groups: dict[str, set[Subscriber]] = defaultdict(set)
_told: deque[tuple[float, frozenset[str], Message]] = deque(maxlen=LONGEST_MEMORY)
_remembers_since = time.monotonic()
_lock = threading.Lock()
_carrier: Carrier | None = None


def join(groups: list[str]) -> Subscriber:
    """Open a subscription to `groups` on the running event loop."""
    subscriber = Subscriber(asyncio.get_running_loop())
    with _lock:
        for group in groups:
            _groups[group].add(subscriber)
    carrier = _carrier_of_this_process()
    if carrier is not None:
        carrier.listen()
    return subscriber


def told(groups: list[str], *, seconds: float) -> Message:
    """What `groups` were told in the last `seconds`, as one message; RELOAD where the memory does not reach back so far.

    A page is made before its stream is open. Whoever joins first and then asks misses nothing in between.
    """
    since, wanted = time.monotonic() - seconds, set(groups)
    with _lock:
        begins = _told[0][0] if len(_told) == LONGEST_MEMORY else _remembers_since
        found = [message for at, named, message in _told if at >= since and named & wanted]
    if since < begins or RELOAD in found:
        return RELOAD
    return {"ids": sorted({str(name) for message in found for name in _ids_of(message)})}


def leave(subscriber: Subscriber) -> None:
    with _lock:
        for group in [name for name, members in _groups.items() if subscriber in members]:
            _groups[group].discard(subscriber)
            if not _groups[group]:
                del _groups[group]


def publish(groups: list[str], message: Message) -> None:
    """Hand `message` to every subscriber of any of `groups`, in this process and, through Redis, in every other."""
    carrier = _carrier_of_this_process()
    if carrier is None or not carrier.carry(groups, message):
        hand_out(groups, message)


def hand_out(groups: list[str], message: Message) -> None:
    """To the subscribers of this process, once each, and into memory for those who are about to join."""
    with _lock:
        _told.append((time.monotonic(), frozenset(groups), message))
        members = set().union(*(_groups.get(group, set()) for group in groups)) if groups else set()
    for member in members:
        member.put(message)


def reload_all() -> None:
    """Something may have been missed: every open page reads itself anew, and so does one that was made before now."""
    global _remembers_since
    with _lock:
        _told.clear()
        _remembers_since = time.monotonic()
        members = set().union(*_groups.values()) if _groups else set()
    for member in members:
        member.put(RELOAD)


def _ids_of(message: Message) -> list[str]:
    ids = message.get("ids")
    return ids if isinstance(ids, list) else []


def _carrier_of_this_process() -> Carrier | None:
    global _carrier
    if not settings.REDIS_URL:
        return None
    with _lock:
        if _carrier is None or _carrier.url != settings.REDIS_URL:
            _carrier = Carrier(settings.REDIS_URL, heard=hand_out, missed=reload_all)
        return _carrier
