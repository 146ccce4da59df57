"""How the demo's month passes: one event after another in the order of their times, with the worker's part in between."""

from __future__ import annotations

import heapq
import itertools
import random
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime, timedelta

from wellkept.calendars import queries as calendars
from wellkept.calendars.queries import Compiled
from wellkept.connectors.email import actions as mail
from wellkept.connectors.email import queries as mail_known
from wellkept.connectors.email import transports
from wellkept.connectors.email.composing import Look, compose
from wellkept.connectors.email.identity import loop_id
from wellkept.conversations import actions as conversations
from wellkept.conversations import queries as threads
from wellkept.conversations.models import Message
from wellkept.core import deliveries, outbox
from wellkept.core.models import Outgoing
from wellkept.demo.cast import Cast
from wellkept.promises import actions as promises
from wellkept.promises import queries as owed

Act = Callable[[datetime], None]
WORKER = "demo"
JUST_AFTER = timedelta(milliseconds=1)
WORK_EVERY = timedelta(hours=1)  # the worker of a real firm follows at once; here it takes an hour of work together

BYTES_KEPT = timedelta(days=3)


class Life:
    """A queue of things that will happen. Whatever lies after `until` never does."""

    def __init__(self, cast: Cast, *, seed: int, until: datetime) -> None:
        self.cast = cast
        self.draw = random.Random(seed)  # noqa: S311 - a story, not a secret
        self.until = until
        self._queue: list[tuple[datetime, int, Act]] = []
        self._count = itertools.count(1)
        self._hours: dict[int, Compiled] = {}
        self._worked_at: datetime | None = None

    def later(self, at: datetime, act: Act) -> None:
        """Let `act` happen at `at`, unless the month is over by then."""
        if at <= self.until:
            heapq.heappush(self._queue, (at, next(self._count), act))

    def number(self) -> str:
        """A number no other letter has."""
        return f"letter-{next(self._count):05}.{self.draw.randrange(10**9):09}"

    def hours(self, calendar: int) -> Compiled:
        if calendar not in self._hours:
            self._hours[calendar] = calendars.compiled(calendars.current(calendar).pk)
        return self._hours[calendar]

    def run(self, *, progress: Callable[[int, int], None], since: datetime) -> None:
        """Live through everything in order. `progress` hears of minutes passed."""
        whole = int((self.until - since).total_seconds() // 60)
        while self._queue:
            at, _, act = heapq.heappop(self._queue)
            self._time_passes(at)
            act(at)
            progress(max(0, min(whole, int((at - since).total_seconds() // 60))), whole)
        self._time_passes(self.until)
        progress(whole, whole)

    def _time_passes(self, at: datetime) -> None:
        """Warnings and misses happen at their own moments, not when something else does."""
        while (due := owed.next_check_at(at)) is not None and due < at:
            promises.sweep(at=due + JUST_AFTER)
        if self._worked_at is None or at - self._worked_at > WORK_EVERY or at >= self.until:
            self._worked_at = at
            conversations.wake_due(at=at)
            conversations.look_again(at=at)
            self._react(at)
            self._post(at)

    def _react(self, at: datetime) -> None:
        while waiting := deliveries.claim(worker=WORKER, at=at):
            for delivery in waiting:
                deliveries.run(delivery, at=at)

    def _post(self, at: datetime) -> None:
        while (row := outbox.claim(at=at)) is not None:
            outbox.send(row, at=at, clock=lambda: at)


@contextmanager
def pretend_post(*, until: datetime) -> Iterator[None]:
    """Letters of the demo count as sent, but no mail server ever sees them. Those of the last days are kept to the byte."""

    @outbox.sends("email")
    def write_only(row: Outgoing, at: datetime) -> None:
        if until - at < BYTES_KEPT:
            _write(row, at)

    try:
        yield
    finally:
        outbox.sends("email")(transports.send_letter)


def _write(row: Outgoing, at: datetime) -> None:
    message = Message.objects.get(pk=int(str(row.payload["message"])))
    letter = threads.mail_of(message.pk)
    index = mail_known.last_thread_index(letter.conversation)
    mail.keep_bytes(
        outgoing=row, content=compose(letter, loop_id=loop_id(), thread_index=index, look=Look(), at=at), at=at
    )
