"""The switchboard behind `live`: queues of this process, fed directly or by Redis when several processes serve."""

from __future__ import annotations

import asyncio
import threading
from collections import defaultdict
from dataclasses import dataclass, field

Message = dict[str, object]
LONGEST_QUEUE = 200


@dataclass(eq=False)
class Subscriber:
    """One open stream. When it reads too slowly the queue is replaced by one message: reload."""

    loop: asyncio.AbstractEventLoop
    queue: asyncio.Queue[Message] = field(default_factory=lambda: asyncio.Queue(LONGEST_QUEUE))

    def put(self, message: Message) -> None:
        self.loop.call_soon_threadsafe(self._put, message)

    def _put(self, message: Message) -> None:
        if self.queue.full():
            while not self.queue.empty():
                self.queue.get_nowait()
            message = {"reload": True}
        self.queue.put_nowait(message)


_groups: dict[str, set[Subscriber]] = defaultdict(set)
_lock = threading.Lock()


def join(groups: list[str]) -> Subscriber:
    """Open a subscription to `groups` on the running event loop."""
    subscriber = Subscriber(asyncio.get_running_loop())
    with _lock:
        for group in groups:
            _groups[group].add(subscriber)
    return subscriber


def leave(subscriber: Subscriber) -> None:
    with _lock:
        for group in [name for name, members in _groups.items() if subscriber in members]:
            _groups[group].discard(subscriber)
            if not _groups[group]:
                del _groups[group]


def publish(groups: list[str], message: Message) -> None:
    """Hand `message` to every subscriber of any of `groups`, once each."""
    with _lock:
        members = set().union(*(_groups.get(group, set()) for group in groups)) if groups else set()
    for member in members:
        member.put(message)
