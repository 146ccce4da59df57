"""In whose hands a promise is: who may keep it, give it a new time, withdraw it or hand it over. Pure."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Place:
    """Where a promise stands among people: who owes it (None: nobody who is here), to whom, whose client it is."""

    owner: int | None
    to_staff: int | None
    bookkeeper: int | None
    team: int | None


def near(person: int, place: Place) -> bool:
    """Who needs no look at the firm's lines: the owner, whoever asked for it, the client's bookkeeper; anybody where nobody owes it."""
    return place.owner is None or person in (place.owner, place.to_staff, place.bookkeeper)


def above(reports: frozenset[int], leads: frozenset[int], place: Place) -> bool:
    """Who supervises the owner or the client's bookkeeper, or leads a team of theirs or the client's."""
    return place.team in leads or not reports.isdisjoint({place.owner, place.bookkeeper})
