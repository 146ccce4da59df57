"""A book as it is told to another program: plain rows, no models."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import NamedTuple


@dataclass(frozen=True, slots=True)
class ToldAccount:
    """One account. `path` is its place in the other program, such as Assets:1000-Bank."""

    path: str
    code: str
    name: str
    type: str
    purpose: str = ""
    currency: str = ""
    tax: str = ""
    in_use: bool = True


class ToldLine(NamedTuple):
    """One posting. `currency` is empty where it is the book's own; `posted_to` names an account merged away since."""

    account: str  # a path
    amount_minor: int
    currency: str = ""
    foreign_minor: int = 0
    text: str = ""
    tax: str = ""
    tags: tuple[tuple[str, str], ...] = ()  # (key, value)
    posted_to: str = ""


class ToldEntry(NamedTuple):
    number: int
    dated_on: date
    narration: str
    source: str
    lines: tuple[ToldLine, ...]
    reverses: int | None = None
    is_reversed: bool = False


@dataclass(frozen=True, slots=True)
class ToldRate:
    """One unit of `currency` was worth `value` of `base`."""

    on: date
    currency: str
    base: str
    value: Fraction


@dataclass(frozen=True, slots=True)
class ToldBook:
    """Everything that stands before the first entry."""

    title: str
    base: str
    opened_on: date
    accounts: tuple[ToldAccount, ...]
    currencies: tuple[str, ...]  # all that occur, the book's own first
    rates: tuple[ToldRate, ...] = ()


class Sums:
    """What every account comes to while its postings go by: in each currency, and in the book's own altogether."""

    def __init__(self, base: str) -> None:
        self.base = base
        self.held: dict[tuple[str, str], int] = {}
        self.last_on: date | None = None

    def count(self, entry: ToldEntry) -> None:
        self.last_on = entry.dated_on if self.last_on is None else max(self.last_on, entry.dated_on)
        for line in entry.lines:
            for currency, minor, _worth in amounts_of(line, self.base):
                key = line.account, currency
                self.held[key] = self.held.get(key, 0) + minor

    def with_those_below(self) -> Mapping[tuple[str, str], int]:
        """By account and currency, counting what stands on the accounts below it too."""
        found: dict[tuple[str, str], int] = {}
        for (path, currency), minor in self.held.items():
            parts = path.split(":")
            for depth in range(2, len(parts) + 1):
                key = ":".join(parts[:depth]), currency
                found[key] = found.get(key, 0) + minor
        return {key: found[key] for key in sorted(self.held)}


def amounts_of(line: ToldLine, base: str) -> list[tuple[str, int, int | None]]:
    """A posting as one or two amounts: currency, units, and for foreign ones what they are worth in the book's own.

    Both programs know a price only with the sign of its units. Where the book's amount stands on the other side of the
    foreign one, or alone (a revaluation), it is an amount of its own.
    """
    if not line.currency:
        return [(base, line.amount_minor, None)]
    if not line.foreign_minor:
        return [(base, line.amount_minor, None)]
    if line.amount_minor and (line.amount_minor > 0) != (line.foreign_minor > 0):
        return [(line.currency, line.foreign_minor, 0), (base, line.amount_minor, None)]
    return [(line.currency, line.foreign_minor, abs(line.amount_minor))]
