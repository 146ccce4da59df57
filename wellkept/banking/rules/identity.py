"""When is a line the line we already have? Banks re-use ids, renumber downloads, and shift running balances.

A line is told apart by its day, its amount and its words, and, among lines that read exactly alike on one day of one
account, by its number: two equal coffees are both kept, and any overlap, order or repetition of downloads adds nothing
twice. The bank's own id and the running balance are left out: both change from one download to the next.
"""

from __future__ import annotations

import hashlib
import re
from collections import Counter
from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Protocol


class Told(Protocol):
    """What a bank told of one movement."""

    @property
    def dated_on(self) -> date: ...
    @property
    def amount_minor(self) -> int: ...
    @property
    def payee(self) -> str: ...
    @property
    def counterparty(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def reference(self) -> str: ...


@dataclass(frozen=True, slots=True)
class Numbered:
    """`occurrence` counts from one the lines of the day that read so; `identity` is 64 hexadecimal digits."""

    position: int
    occurrence: int
    identity: str


def number(lines: Sequence[Told]) -> list[Numbered]:
    """Give every line its identity within its account; lines that read alike are numbered in the order they stand."""
    seen: Counter[Hashable] = Counter()
    numbered = []
    for position, line in enumerate(lines):
        words = _reads(line)
        seen[words] += 1
        numbered.append(Numbered(position, seen[words], _digest(words, seen[words])))
    return numbered


def told_differently(new: Iterable[tuple[int, date, int]], unclaimed: Iterable[tuple[date, int]]) -> set[int]:
    """Positions of lines that another kind of file has told already in other words.

    `new` are (position, day, amount) of lines nobody knows; `unclaimed` are (day, amount) of lines kept from files of
    another format that none of this file's lines was recognised as. They are paired off, one to one.
    """
    left = Counter(unclaimed)
    found = set()
    for position, day, amount in new:
        if left[day, amount] > 0:
            left[day, amount] -= 1
            found.add(position)
    return found


def _reads(line: Told) -> tuple[str, ...]:
    words = (line.payee, line.counterparty, line.description, line.reference)
    return (line.dated_on.isoformat(), str(line.amount_minor), *(re.sub(r"\s+", " ", word).strip() for word in words))


def _digest(words: tuple[str, ...], occurrence: int) -> str:
    return hashlib.sha256("\x1f".join((*words, str(occurrence))).encode("utf-8", "surrogatepass")).hexdigest()
