"""What was approved under each key, kept as rows that a database can hold one by one."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from heapq import nlargest
from typing import Protocol

EPOCH = date(2000, 1, 1).toordinal()
HALF_LIFE_DAYS = 60
MOST_OFFERED = 24  # codes by one key
MOST_DOUBLINGS = 900  # a float holds 1,023; leaves room for the sum of many


@dataclass(frozen=True, slots=True)
class Tally:
    """How often one code was approved under one key.

    `weight` is a sum of `weight_of(on)`: later days weigh more, so nothing has to be decayed at rest, and what was added
    can be taken away again in any order.
    """

    hits: int
    weight: float
    last_on: date


class Tallies(dict[str, Tally]):
    """What was approved under one key: a tally for each code. A broad key is asked about by every line, so it is added up once."""

    @cached_property
    def hits(self) -> int:
        return sum(tally.hits for tally in self.values())

    @cached_property
    def weight(self) -> float:
        return sum(tally.weight for tally in self.values())

    @cached_property
    def last_on(self) -> date:
        return max(tally.last_on for tally in self.values())

    @cached_property
    def heaviest(self) -> list[str]:
        """The codes that weigh most, first the heaviest."""
        return nlargest(MOST_OFFERED, self, key=lambda code: (self[code].weight, code))

    def add_up_again(self) -> None:
        """After a change."""
        self.__dict__.clear()


class Counts(Protocol):
    """Rows (key, code, hits, weight, last_on), unique by key and code."""

    def get(self, keys: Sequence[int]) -> Mapping[int, Tallies]:
        """The rows of these keys; a key without rows may be left out."""

    def add(self, keys: Sequence[int], code: str, weight: float, on: date) -> None:
        """One hit more and `weight` more under each key; `last_on` becomes the later of both days."""

    def take(self, keys: Sequence[int], code: str, weight: float) -> None:
        """One hit less and `weight` less under each key; a row without hits goes. `last_on` stays as it is."""


def weight_of(on: date) -> float:
    """Doubles every half-life. Only the ratio of two weights means anything."""
    doublings = (on.toordinal() - EPOCH) / HALF_LIFE_DAYS
    return 2.0 ** max(-MOST_DOUBLINGS, min(MOST_DOUBLINGS, doublings))


class CountsInMemory:
    """For tests, benches and short imports; the rows live as long as the object."""

    def __init__(self) -> None:
        self.rows: dict[int, Tallies] = {}

    def get(self, keys: Sequence[int]) -> Mapping[int, Tallies]:
        return {key: self.rows[key] for key in keys if key in self.rows}

    def add(self, keys: Sequence[int], code: str, weight: float, on: date) -> None:
        for key in keys:
            row = self.rows.setdefault(key, Tallies())
            row[code] = added(row[code], weight, on) if code in row else Tally(1, weight, on)
            row.add_up_again()

    def take(self, keys: Sequence[int], code: str, weight: float) -> None:
        for key in keys:
            row = self.rows.get(key, Tallies())
            row.add_up_again()
            if code in row and (left := taken(row[code], weight)):
                row[code] = left
            else:
                row.pop(code, None)
            if not row:
                self.rows.pop(key, None)


def added(tally: Tally, weight: float, on: date) -> Tally:
    return Tally(tally.hits + 1, tally.weight + weight, max(tally.last_on, on))


def taken(tally: Tally, weight: float) -> Tally | None:
    """None when nothing is left. Rounding may not leave a weight below zero."""
    return Tally(tally.hits - 1, max(0.0, tally.weight - weight), tally.last_on) if tally.hits > 1 else None
