"""Rows of a table into entries: by number, by the rows that leave the day empty, or until both sides are equal."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date

from ..refusals import Unreadable
from ..refusals import mark as _
from ..result import ReadEntry, ReadLine


@dataclass(frozen=True, slots=True)
class Cell:
    """One row that moves something."""

    row: int
    day: date | None
    number: str
    reference: str
    kind: str
    name: str
    narration: str
    text: str
    account: str
    tax: str
    amount_minor: int | None
    currency: str
    foreign_minor: int

    @property
    def line(self) -> ReadLine:
        return ReadLine(
            self.row, self.account, self.amount_minor, self.currency, self.foreign_minor, self.text, self.tax
        )


def grouped(cells: Sequence[Cell], *, sections: bool) -> Iterator[ReadEntry]:
    """The entries in the order in which they begin."""
    if not cells:
        raise Unreadable(_("The file holds no entries."))
    if cells[0].day is None:
        raise Unreadable(_("The first row of an entry names its day."), row=cells[0].row)
    if any(cell.number for cell in cells):
        groups = _by_number(cells)
    elif any(cell.day is None for cell in cells):
        groups = _by_first_rows(cells)
    elif sections or any(cell.kind and cell.reference for cell in cells):
        groups = _by_day_and_reference(cells)
    else:
        groups = _until_equal(cells)
    for group in groups:
        yield _entry(group)


def _by_number(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Rows without a number go on with the entry above; a number used on two days is two entries."""
    found: dict[tuple[str, date], list[Cell]] = {}
    number, day = "", cells[0].day
    for cell in cells:
        number = cell.number or number
        day = cell.day or day
        assert day is not None  # the first row has one
        found.setdefault((number, day), []).append(replace(cell, number=number, day=day))
    return list(found.values())


def _by_first_rows(cells: Sequence[Cell]) -> list[list[Cell]]:
    found: list[list[Cell]] = []
    for cell in cells:
        if cell.day is not None:
            found.append([])
        found[-1].append(cell)
    return found


def _by_day_and_reference(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Where each account tells its own side: what names the same document on a day is one entry.

    Documents whose sides do not meet under one name are one entry for that day, for the day itself is equal.
    """
    found: dict[tuple[date | None, str, str], list[Cell]] = {}
    for cell in cells:
        found.setdefault((cell.day, cell.kind, cell.reference), []).append(cell)
    equal: list[list[Cell]] = []
    apart: dict[date | None, list[Cell]] = {}
    for (day, _kind, _reference), group in found.items():
        if _is_equal(group):
            equal.append(group)
        else:
            apart.setdefault(day, []).extend(group)
    return sorted([*equal, *apart.values()], key=lambda group: group[0].row)


def _until_equal(cells: Sequence[Cell]) -> list[list[Cell]]:
    """Rows that follow each other are one entry until both sides are equal or another day begins."""
    found: list[list[Cell]] = []
    for cell in cells:
        if not found or found[-1][0].day != cell.day or _is_equal(found[-1]):
            found.append([])
        found[-1].append(cell)
    return found


def _is_equal(group: Sequence[Cell]) -> bool:
    sums: dict[str, int] = {}
    for cell in group:
        currency, minor = (
            ("", cell.amount_minor) if cell.amount_minor is not None else (cell.currency, cell.foreign_minor)
        )
        sums[currency] = sums.get(currency, 0) + minor
    return not any(sums.values())


def _entry(group: Sequence[Cell]) -> ReadEntry:
    first = group[0]
    assert first.day is not None  # every way of grouping begins with one
    label = " ".join(part for part in (first.kind, first.reference) if part)
    words = first.narration or " · ".join(part for part in (label, first.name) if part) or first.text
    return ReadEntry(first.row, first.number, first.day, words, tuple(cell.line for cell in group))
