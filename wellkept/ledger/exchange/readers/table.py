"""Tables: general journals as CSV, the journals of QuickBooks and Xero, and trial balances."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from .. import amounts, dates, text
from ..how import OPENING, How
from ..refusals import Remark, Unreadable
from ..refusals import mark as _
from ..result import COLUMNS, DATE_ORDER, DAY, ReadAccount, ReadBook, ReadEntry
from . import headings
from .grouping import Cell, grouped

MOST_ROWS, MOST_COLUMNS, PREAMBLE = 500_000, 200, 30
DELIMITERS = (",", ";", "\t", "|")
SAMPLE = 12
H = headings
Row = tuple[int, list[str]]


def read(data: str, how: How) -> ReadBook:
    """Every entry of the table, or what a person must say before it can be read."""
    rows = _rows(data)
    start, heading = _heading(rows)
    columns = dict(how.columns) if how.columns else H.roles(heading)
    name = H.program(heading)
    if not H.enough(columns):
        return ReadBook(name, (), (), needs=COLUMNS, headings=tuple(heading), sample=_sample(rows))
    body = [(number, cells) for number, cells in rows if number > start]
    order = how.order or (dates.order_of(_column(body, columns, H.DATE)) if H.DATE in columns else "")
    if order is None:
        return ReadBook(name, (), (), needs=DATE_ORDER, headings=tuple(heading), sample=_sample(rows))
    if H.DATE not in columns and how.day is None:
        return ReadBook(name, (), (), needs=DAY, headings=tuple(heading), sample=_sample(rows))
    decimal = amounts.decimal_of(
        [cell for role in (H.DEBIT, H.CREDIT, H.AMOUNT) for cell in _column(body, columns, role)]
    )
    table = Table(tuple(heading), columns, order, decimal, how)
    if how.kind == OPENING:
        return _opening(table, body, name)
    warnings: list[Remark] = []
    entries = tuple(grouped(list(table.cells(body, warnings)), sections=table.in_sections))
    return ReadBook(name, _accounts(entries), entries, tuple(warnings), headings=tuple(heading), sample=_sample(rows))


@dataclass(frozen=True, slots=True)
class Table:
    """How the rows of one table are read."""

    heading: tuple[str, ...]
    columns: Mapping[str, int]
    order: str
    decimal: str
    how: How

    @property
    def in_sections(self) -> bool:
        """Whether accounts stand above their rows, not in them."""
        return H.ACCOUNT not in self.columns and H.CODE not in self.columns

    def cells(self, body: Sequence[Row], warnings: list[Remark]) -> Iterator[Cell]:
        """Each row that moves something."""
        section = ""
        for row, cells in body:
            if self.in_sections and _alone(cells):
                section = text.clean(cells[0]) if not _is_total(cells) else section
                continue
            if _is_total(cells) or not self._moves(cells):
                continue
            if _is_balance(cells):
                warnings.append(Remark(_("An opening or closing balance is passed over."), row=row))
                continue
            account = section if self.in_sections else self._account(cells)
            if not account:
                continue  # the sum below each entry that some programs write
            yield self._cell(row, cells, account)

    def _cell(self, row: int, cells: list[str], account: str) -> Cell:
        currency = self._at(cells, H.CURRENCY).upper()
        if currency:
            currency = self._read(row, H.CURRENCY, lambda: amounts.currency_named(currency, self.how.base))
        foreign = "" if currency == self.how.base else currency
        amount, units = self._amounts(row, cells, foreign)
        return Cell(
            row=row,
            day=self._day(row, cells),
            number=self._at(cells, H.NUMBER),
            reference=self._at(cells, H.REFERENCE),
            kind=self._at(cells, H.KIND),
            name=self._at(cells, H.NAME),
            narration=self._at(cells, H.NARRATION),
            text=self._at(cells, H.TEXT),
            account=account,
            tax=self._at(cells, H.TAX),
            amount_minor=amount,
            currency=foreign,
            foreign_minor=units,
        )

    def _amounts(self, row: int, cells: list[str], foreign: str) -> tuple[int | None, int]:
        """The book's amount, and the foreign one. Without a column for the foreign one, the amounts themselves are it."""
        if not foreign:
            return self._amount(row, cells, self.how.base), 0
        if H.FOREIGN not in self.columns:
            return None, self._amount(row, cells, foreign)
        amount = self._amount(row, cells, self.how.base)
        units = self._money(row, cells, H.FOREIGN, foreign)
        one_sign = units if H.AMOUNT in self.columns or not amount else abs(units) * (1 if amount > 0 else -1)
        return amount, one_sign

    def _amount(self, row: int, cells: list[str], currency: str) -> int:
        if H.DEBIT not in self.columns or H.CREDIT not in self.columns:
            return self._money(row, cells, H.AMOUNT, currency)
        debit, credit = self._money(row, cells, H.DEBIT, currency), self._money(row, cells, H.CREDIT, currency)
        if debit and credit:
            raise Unreadable(_("An amount stands on both sides."), row=row, column=self._named(H.CREDIT))
        return debit - credit

    def _money(self, row: int, cells: list[str], role: str, currency: str) -> int:
        return self._read(
            row, role, lambda: amounts.in_cell(_cell_at(cells, self.columns[role]), currency, self.decimal)
        )

    def _moves(self, cells: list[str]) -> bool:
        """Whether a row has an amount other than nothing; what cannot be read counts, and is refused later."""
        some = [
            _cell_at(cells, self.columns[role])
            for role in (H.DEBIT, H.CREDIT, H.AMOUNT, H.FOREIGN)
            if role in self.columns
        ]
        return any(cell.strip("0.,- \u00a0$€£") for cell in some)

    def _day(self, row: int, cells: list[str]) -> date | None:
        """Empty where the row goes on with the entry above."""
        if H.DATE not in self.columns:
            return self.how.day
        said = self._at(cells, H.DATE)
        return self._read(row, H.DATE, lambda: dates.day(said, self.order)) if said else None

    def _account(self, cells: list[str]) -> str:
        code, name = self._at(cells, H.CODE), self._at(cells, H.ACCOUNT)
        return " ".join(part for part in (code, name) if part)

    def _at(self, cells: list[str], role: str) -> str:
        return text.clean(_cell_at(cells, self.columns[role])) if role in self.columns else ""

    def _named(self, role: str) -> str:
        return _cell_at(list(self.heading), self.columns[role]).strip() or role

    def _read(self, row: int, role: str, reading):  # type: ignore[no-untyped-def]
        try:
            return reading()
        except Unreadable as refusal:
            raise refusal.at(row, self._named(role)) from None


def _opening(table: Table, body: Sequence[Row], name: str) -> ReadBook:
    """A trial balance: one entry of the day it speaks of."""
    cells = list(table.cells(body, []))
    days = {cell.day for cell in cells if cell.day is not None}
    if not cells:
        raise Unreadable(_("The file holds no balances."))
    if len(days) != 1:
        raise Unreadable(_("A trial balance is of one day; this one names %(count)s."), count=len(days))
    entry = ReadEntry(cells[0].row, "", days.pop(), "", tuple(cell.line for cell in cells), "opening")
    return ReadBook(name, _accounts([entry]), (entry,), headings=table.heading)


def _accounts(entries: Sequence[ReadEntry]) -> tuple[ReadAccount, ...]:
    """As the lines call them: a code in front is taken for one."""
    first: dict[str, int] = {}
    for entry in entries:
        for line in entry.lines:
            first.setdefault(line.account, line.row)
    return tuple(ReadAccount(key, *split_code(key), row=row) for key, row in first.items())


def split_code(said: str) -> tuple[str, str]:
    """`1000 · Bank`, `1000 Bank`, `Bank (1000)`: code and name."""
    head, _sep, rest = said.partition(" ")
    if (
        any(c.isdigit() for c in head)
        and len(head) <= 20
        and head.isascii()
        and head.strip(":").replace("-", "").isalnum()
    ):
        return head.strip(":-"), rest.strip(" ·-:")
    if said.endswith(")") and " (" in said:
        name, _sep, code = said[:-1].rpartition(" (")
        if code.isascii() and code.replace("-", "").isalnum() and any(c.isdigit() for c in code):
            return code, name.strip()
    return "", said


def _rows(data: str) -> list[Row]:
    """Rows by their number in the file. Every delimiter is tried on the first lines; the one that names columns counts."""
    head = "\n".join(data.split("\n", PREAMBLE)[:PREAMBLE])
    delimiter = max(DELIMITERS, key=lambda each: (_names(head, each), head.count(each)))
    rows: list[Row] = []
    reader = csv.reader(io.StringIO(data, newline=""), delimiter=delimiter, strict=True)
    try:
        for cells in reader:
            if len(cells) > MOST_COLUMNS or len(rows) > MOST_ROWS:
                raise Unreadable(_("The table is larger than any we take."), row=reader.line_num)
            if any(cell.strip() for cell in cells):
                rows.append((reader.line_num, cells))
    except csv.Error:
        raise Unreadable(
            _("A quotation mark is not closed here, or stands in the wrong place."), row=reader.line_num
        ) from None
    return rows


def _names(head: str, delimiter: str) -> int:
    return max((len(H.roles(line.replace('"', "").split(delimiter))) for line in head.split("\n")), default=0)


def _heading(rows: Sequence[Row]) -> Row:
    """The first row that names columns; else the first row there is."""
    for row, cells in rows[:PREAMBLE]:
        if H.is_heading(cells):
            return row, cells
    return rows[0]


def _column(body: Sequence[Row], columns: Mapping[str, int], role: str) -> list[str]:
    return [_cell_at(cells, columns[role]) for _row, cells in body] if role in columns else []


def _sample(rows: Sequence[Row]) -> tuple[tuple[str, ...], ...]:
    return tuple(tuple(cell[:40] for cell in cells[:20]) for _row, cells in rows[:SAMPLE])


def _cell_at(cells: Sequence[str], index: int) -> str:
    return cells[index] if index < len(cells) else ""


def _alone(cells: Sequence[str]) -> bool:
    return bool(cells[0].strip()) and not any(cell.strip() for cell in cells[1:])


def _is_total(cells: Sequence[str]) -> bool:
    first = next((cell.strip().lower() for cell in cells if cell.strip()), "")
    return first == "total" or first.startswith(("total ", "totals", "grand total", "net movement"))


def _is_balance(cells: Sequence[str]) -> bool:
    return any(
        cell.strip().lower() in {"opening balance", "closing balance", "beginning balance"} for cell in cells[:3]
    )
