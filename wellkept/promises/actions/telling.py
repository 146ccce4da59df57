"""Who is told when time runs out: the owner is reminded; at a miss the supervisor gets the whole story."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from wellkept.people import queries as people
from wellkept.people.actions.notices import Telling
from wellkept.promises.models import Promise
from wellkept.promises.queries.words import Story, escalation, reminder, stories, withdrawal

if TYPE_CHECKING:
    from wellkept.core.models import Fact
    from wellkept.people.models import Staff


class Above:
    """Who is told of a miss, looked up once for each owner: the supervisor; for what nobody owns, the client's bookkeeper."""

    def __init__(self) -> None:
        self._known: dict[int, Staff | None] = {}

    def of(self, promise: Promise) -> Staff | None:
        if promise.owner is None:
            return promise.client.bookkeeper if promise.client is not None else None
        if promise.owner.pk not in self._known:
            self._known[promise.owner.pk] = people.supervisor_of(promise.owner)
        return self._known[promise.owner.pk]


class Context:
    """What a batch of misses needs to be told: read once for all of them."""

    def __init__(self, missed: Sequence[Promise], above: Above) -> None:
        self._stories = stories(missed)
        self._above = above

    def tellings(self, promise: Promise, fact: Fact, *, percent: int, at: datetime) -> list[Telling]:
        told = []
        if promise.owner is not None and promise.owner.is_active:
            kind = "promise.missed" if percent >= 100 else "promise.warned"
            told.append(telling(promise.owner, kind, promise, reminder(promise, percent, promise.owner), fact))
        if percent >= 100 and (above := self._above.of(promise)) is not None:
            told.append(telling(above, "promise.escalated", promise, self.story(promise, above), fact))
        return told

    def story(self, promise: Promise, reader: Staff) -> str:
        return escalation(promise, reader, self._stories.get(promise.pk, Story()))


def of_withdrawal(promise: Promise, reason: str, by: Staff, fact: Fact) -> list[Telling]:
    """Its owner and whoever is above them, but not the one who did it."""
    told = {person.pk: person for person in (promise.owner, Above().of(promise)) if person is not None}
    return [
        telling(person, "promise.withdrawn", promise, withdrawal(promise, reason, by, person), fact)
        for person in told.values()
        if person.is_active and person.pk != by.pk
    ]


def telling(staff: Staff, kind: str, promise: Promise, text: str, fact: Fact) -> Telling:
    return Telling(staff, kind, "promise", promise.pk, promise.client_id, text, fact)
