"""Small counts the frame shows; each is answered by a partial index and stops at a hundred."""

from __future__ import annotations

from dataclasses import dataclass

from wellkept.conversations import queries as conversations
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.promises.models import OPEN, Promise
from wellkept.web.shell.days import bounds
from wellkept.web.shell.words import Reader

MOST = 100


@dataclass(frozen=True)
class Count:
    """What the person must still do in a room; `state` only when something there is broken."""

    number: int
    state: str = ""

    def __str__(self) -> str:
        return f"{MOST}+" if self.number > MOST else str(self.number)

    def __bool__(self) -> bool:
        return self.number > 0


def unread_notices(staff: Staff) -> int:
    return len(people.unread_notices(staff).values_list("pk")[:MOST])


def of_rooms(staff: Staff, reader: Reader, mine: int | None = None) -> dict[str, Count]:
    """By the name of the room's command; `mine` when the page has counted the inbox already."""
    waiting = conversations.count(staff, "mine") if mine is None else mine
    return {"today": due_today(staff, reader), "inbox": Count(waiting)}


def due_today(staff: Staff, reader: Reader) -> Count:
    """What the person still owes by tonight."""
    _starts, ends = bounds(reader.today, reader.zone)
    owed = Promise.objects.filter(OPEN, owner=staff, paused_at=None, due_at__lt=ends)
    missed = list(owed.values_list("missed_at", flat=True)[: MOST + 1])
    return Count(len(missed), "broken" if any(missed) else "")
