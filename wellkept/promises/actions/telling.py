"""Who is told when time runs out: the owner is reminded; at a miss the supervisor gets the whole story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from wellkept.people import queries as people
from wellkept.people.actions.notices import Telling
from wellkept.promises.models import Promise
from wellkept.promises.queries.words import Story, escalation, reminder, stories

if TYPE_CHECKING:
    from wellkept.core.models import Fact
    from wellkept.people.models import Staff


class Context:
    """What a batch of misses needs to be told: read once for all of them."""

    def __init__(self, missed: Sequence[Promise]) -> None:
        self._stories = stories(missed)
        self._above: dict[int, Staff | None] = {}

    def tellings(self, promise: Promise, fact: Fact, *, percent: int, at: datetime) -> list[Telling]:
        told = []
        if promise.owner is not None and promise.owner.is_active:
            kind = "promise.missed" if percent >= 100 else "promise.warned"
            told.append(telling(promise.owner, kind, promise, reminder(promise, percent, promise.owner), fact))
        if percent >= 100 and (above := self.above(promise)) is not None:
            told.append(telling(above, "promise.escalated", promise, self.story(promise, above), fact))
        return told

    def story(self, promise: Promise, reader: Staff) -> str:
        return escalation(promise, reader, self._stories.get(promise.pk, Story()))

    def above(self, promise: Promise) -> Staff | None:
        """The owner's supervisor; for what nobody owns, the bookkeeper of the client."""
        if promise.owner is None:
            return promise.client.bookkeeper if promise.client is not None else None
        if promise.owner.pk not in self._above:
            self._above[promise.owner.pk] = people.supervisor_of(promise.owner)
        return self._above[promise.owner.pk]


def telling(staff: Staff, kind: str, promise: Promise, text: str, fact: Fact) -> Telling:
    return Telling(staff, kind, "promise", promise.pk, promise.client_id, text, fact)
