"""The switchboard behind `live`: the open streams of this process, fed directly or, where several serve, by Redis."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from dataclasses import dataclass, field

from django.conf import settings

from wellkept.core.carrying import Carrier

Message = dict[str, object]
LONGEST_QUEUE = 200
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
    """To the subscribers of this process, once each."""
    with _lock:
        members = set().union(*(_groups.get(group, set()) for group in groups)) if groups else set()
    for member in members:
        member.put(message)


def reload_all() -> None:
    """Something may have been missed: every open page reads itself anew."""
    with _lock:
        members = set().union(*_groups.values()) if _groups else set()
    for member in members:
        member.put(RELOAD)


def _carrier_of_this_process() -> Carrier | None:
    global _carrier
    if not settings.REDIS_URL:
        return None
    with _lock:
        if _carrier is None or _carrier.url != settings.REDIS_URL:
            _carrier = Carrier(settings.REDIS_URL, heard=hand_out, missed=reload_all)
        return _carrier
