"""What a report says, apart from how it is shown: columns with kinds, rows with a level, every figure with where it leads."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from enum import StrEnum

Value = str | int | date | None


class Kind(StrEnum):
    """What stands in a column. Amounts count minor units, percents count hundredths of a percent."""

    TEXT = "text"
    AMOUNT = "amount"
    PERCENT = "percent"
    DATE = "date"
    NUMBER = "number"


class Style(StrEnum):
    """How a row stands: a heading opens a part, a total carries one rule above it, a proof a double rule when it holds."""

    HEADING = "heading"
    LINE = "line"
    TOTAL = "total"
    PROOF = "proof"


@dataclass(frozen=True, slots=True)
class Column:
    """`currency` is empty for the document's own; `wide` columns share what width is left on paper."""

    label: str
    kind: Kind = Kind.TEXT
    currency: str = ""
    name: str = ""
    wide: bool = False

    @property
    def is_figure(self) -> bool:
        return self.kind in {Kind.AMOUNT, Kind.PERCENT, Kind.NUMBER}


@dataclass(frozen=True, slots=True)
class Cell:
    """One value, the address it opens to, and whether it moved more than it should."""

    value: Value = None
    link: str = ""
    flagged: bool = False


@dataclass(frozen=True, slots=True)
class Row:
    """As many cells as the document has columns; a heading may have only its words. `key` names the row on the page."""

    cells: tuple[Cell, ...]
    style: Style = Style.LINE
    level: int = 0
    holds: bool = True
    key: str = ""


@dataclass(frozen=True, slots=True)
class Document:
    """A whole report. `sentence` says in words what the rows say; `period` names the time they are about."""

    name: str
    title: str
    client: str
    period: str
    currency: str
    columns: tuple[Column, ...]
    rows: tuple[Row, ...] = field(default=())
    sentence: str = ""
    country: str = ""

    def currency_of(self, column: Column) -> str:
        return column.currency or self.currency

    @property
    def file_name(self) -> str:
        """`harbour-lane-bakery-profit-and-loss`, plain enough for every file system."""
        words = f"{self.client} {self.name}".casefold()
        kept = "".join(letter if letter.isascii() and letter.isalnum() else " " for letter in words)
        return "-".join(kept.split())[:100] or "report"


def heading(text: str, *, level: int = 0) -> Row:
    return Row((Cell(text),), Style.HEADING, level)


def line(*values: Value | Cell, level: int = 0, key: str = "") -> Row:
    return Row(cells(values), Style.LINE, level, key=key)


def total(*values: Value | Cell, level: int = 0) -> Row:
    return Row(cells(values), Style.TOTAL, level)


def proof(*values: Value | Cell, holds: bool) -> Row:
    """A sum that must come out: two figures that agree, or a nought."""
    return Row(cells(values), Style.PROOF, holds=holds)


def cells(values: Sequence[Value | Cell]) -> tuple[Cell, ...]:
    return tuple(value if isinstance(value, Cell) else Cell(value) for value in values)
