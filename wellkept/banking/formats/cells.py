"""Tables as rows of cells: what CSV and XLSX have in common before anybody knows what a column means."""

from __future__ import annotations

import csv
import io
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .columns import DELIMITERS
from .refusals import Unreadable
from .refusals import mark as _
from .text import LONGEST_FIELD

MOST_ROWS = 100_000
MOST_COLUMNS = 200
LONGEST_LINE = 100_000
SAMPLE_ROWS = 20


class Number(str):
    """A number cell of a workbook, written with a decimal point whatever the country."""

    __slots__ = ()


class Formula(str):
    """A cell that computes. Never read as an amount, a date or a name."""

    __slots__ = ()


Cell = str | date


@dataclass(frozen=True, slots=True)
class Row:
    """One row of the file: where it stands, its cells, and how it is written there."""

    number: int
    cells: tuple[Cell, ...]
    raw: str

    @property
    def blank(self) -> bool:
        return not any(isinstance(cell, date) or cell.strip() for cell in self.cells)


@dataclass(frozen=True, slots=True)
class Table:
    """A whole table. `delimiter` is empty for a workbook, `sheet` for a text."""

    charset: str
    rows: tuple[Row, ...]
    delimiter: str = ""
    sheet: str = ""

    def sample(self) -> tuple[tuple[str, ...], ...]:
        return tuple(tuple(shown(cell)[:200] for cell in row.cells) for row in self.rows[:SAMPLE_ROWS])


def shown(cell: Cell) -> str:
    return cell.isoformat() if isinstance(cell, date) else str(cell)


def cut(text: str, charset: str, delimiter: str = "") -> Table:
    """The rows of a text; without a delimiter the one that cuts the first rows most evenly is taken."""
    _refuse_long_lines(text)
    chosen = delimiter or best_delimiter(text)
    return Table(charset, tuple(_rows(text, chosen)), delimiter=chosen)


def _refuse_long_lines(text: str) -> None:
    start = 0
    row = 1
    while start < len(text):
        end = text.find("\n", start)
        end = len(text) if end < 0 else end
        if end - start > LONGEST_LINE:
            raise Unreadable(
                _("This row has %(size)s characters; %(limit)s are the most we take."),
                row=row,
                size=end - start,
                limit=LONGEST_LINE,
            )
        start, row = end + 1, row + 1


class _Kept:
    """Lines for the reader of rows, remembering those of the row being read."""

    def __init__(self, text: str) -> None:
        self._lines = iter(io.StringIO(text, newline=""))
        self.raw: list[str] = []

    def __iter__(self) -> _Kept:
        return self

    def __next__(self) -> str:
        line = next(self._lines)
        self.raw.append(line)
        return line


def _rows(text: str, delimiter: str) -> Iterator[Row]:
    lines = _Kept(text)
    reader = csv.reader(lines, delimiter=delimiter, strict=True)
    number = 1
    try:
        for cells in reader:
            yield _row(number, cells, lines.raw)
            number = reader.line_num + 1
            lines.raw = []
            if number > MOST_ROWS:
                raise Unreadable(_("The file has more than %(limit)s rows. Export a shorter period."), limit=MOST_ROWS)
    except csv.Error:
        raise Unreadable(_("A quotation mark here is not closed, or text stands behind one."), row=number) from None


def _row(number: int, cells: list[str], raw: list[str]) -> Row:
    if len(cells) > MOST_COLUMNS:
        raise Unreadable(
            _("This row has %(count)s columns; %(limit)s are the most we take."),
            row=number,
            count=len(cells),
            limit=MOST_COLUMNS,
        )
    if len(raw) > 1 or len(raw[0]) > LONGEST_FIELD:
        _refuse_long_fields(number, cells)
    return Row(number, tuple(cells), ("".join(raw) if len(raw) > 1 else raw[0]).rstrip("\r\n"))


def _refuse_long_fields(number: int, cells: list[str]) -> None:
    for column, cell in enumerate(cells):
        if len(cell) > LONGEST_FIELD:
            raise Unreadable(
                _("A field here has %(size)s characters; %(limit)s are the most we take."),
                row=number,
                column=letters(column),
                size=len(cell),
                limit=LONGEST_FIELD,
            )


def letters(column: int) -> str:
    """The name a spreadsheet gives to a column counted from zero: A, B, … Z, AA."""
    name = ""
    column += 1
    while column:
        column, rest = divmod(column - 1, 26)
        name = chr(65 + rest) + name
    return name


def best_delimiter(text: str) -> str:
    """The one under which most of the first rows have the same number of columns, more than one."""
    head = "".join(line for line, _number in zip(io.StringIO(text[:65536], newline=""), range(60), strict=False))
    best, best_score = "", (0, 0)
    for delimiter in DELIMITERS:
        score = _evenness(head, delimiter)
        if score > best_score:
            best, best_score = delimiter, score
    if not best:
        raise Unreadable(_("This is no table: no comma, semicolon, tab or stroke cuts its rows into equal columns."))
    return best


def _evenness(head: str, delimiter: str) -> tuple[int, int]:
    try:
        widths = Counter(
            len(cells) for cells in csv.reader(io.StringIO(head, newline=""), delimiter=delimiter) if cells
        )
    except csv.Error:
        return 0, 0
    wide = [(count, width) for width, count in widths.items() if width > 2]
    return max(wide, default=(0, 0))
