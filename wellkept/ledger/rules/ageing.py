"""How old what is owed is: payments clear the oldest amounts first."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date

BORDERS = (30, 60, 90)


@dataclass(frozen=True, slots=True)
class Moved:
    """A posting that raised (above zero) or lowered what is owed."""

    posting: int
    dated_on: date
    amount_minor: int


@dataclass(frozen=True, slots=True)
class OpenItem:
    """What is left of a posting."""

    posting: int
    dated_on: date
    open_minor: int


def open_items(balance_minor: int, newest_first: Iterable[Moved]) -> list[OpenItem]:
    """The newest postings on the side of the balance that make it up, oldest first; the last one in part."""
    left = balance_minor
    items: list[OpenItem] = []
    for moved in newest_first:
        if not left:
            break
        if (moved.amount_minor > 0) != (left > 0):
            continue
        part = min(abs(moved.amount_minor), abs(left)) * (1 if left > 0 else -1)
        items.append(OpenItem(moved.posting, moved.dated_on, part))
        left -= part
    return items[::-1]


def bucket(dated_on: date, on: date) -> int:
    """0 for up to 30 days, 1 up to 60, 2 up to 90, 3 for older."""
    days = (on - dated_on).days
    return next((number for number, border in enumerate(BORDERS) if days <= border), len(BORDERS))
