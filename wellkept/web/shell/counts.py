"""Small counts the frame shows; each is answered by a partial index, and past 99 nobody counts on."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet

from wellkept.banking.models import Undecided
from wellkept.clients import queries as clients
from wellkept.conversations import queries as conversations
from wellkept.core import counting
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.promises.models import OPEN, Promise
from wellkept.web.shell.days import bounds
from wellkept.web.shell.words import Reader

MOST = 99


@dataclass(frozen=True)
class Count:
    """What the person must still do in a room; `state` only when something there is broken."""

    number: int
    state: str = ""

    def __str__(self) -> str:
        return f"{MOST}+" if self.number > MOST else str(self.number)

    def __bool__(self) -> bool:
        return self.number > 0


def of_rooms(staff: Staff, reader: Reader, mine: int | None = None) -> dict[str, Count]:
    """By the name of the room's command; `mine` when the page has counted the inbox already."""
    return of_frame(staff, reader, mine)[0]


def of_frame(staff: Staff, reader: Reader, mine: int | None = None) -> tuple[dict[str, Count], int]:
    """The counts of the rooms and the unread notices, in one statement."""
    owed = _owed_today(staff, reader)
    asked: dict[str, QuerySet[Any]] = {
        "owed": owed,
        "missed": owed.filter(missed_at__isnull=False),
        "unread": people.unread_notices(staff),
        "coding": _to_code(staff),
    }
    if mine is None:
        asked["mine"] = conversations.waiting(staff, "mine")
    found = {"mine": mine or 0} | counting.up_to(MOST + 1, asked)
    today = Count(found["owed"], "broken" if found["missed"] else "")
    rooms = {"today": today, "inbox": Count(found["mine"]), "coding": Count(found["coding"])}
    return rooms, found["unread"]


def _to_code(staff: Staff) -> QuerySet[Undecided]:
    """Bank lines of the person's clients that nobody has put aside; the same as on the page of all clients."""
    return Undecided.objects.filter(client__in=clients.current(staff).order_by().values("pk"), parked_at=None)


def _owed_today(staff: Staff, reader: Reader) -> QuerySet[Promise]:
    """What the person still owes by tonight."""
    _starts, ends = bounds(reader.today, reader.zone)
    return Promise.objects.filter(OPEN, owner=staff, paused_at=None, due_at__lt=ends)
