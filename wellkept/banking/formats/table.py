"""From rows of cells to lines, by a map of columns. The same for CSV and XLSX."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise
from typing import TypeVar

from .amounts import Grammar
from .cells import Cell, Formula, Number, Row, Table, letters
from .columns import ColumnMap, fingerprint
from .dates import FIRST_YEAR, LAST_YEAR, orders_of, read_date
from .refusals import Remark, Unreadable
from .refusals import mark as _
from .result import COLUMNS, CURRENCY, DATE_ORDER, ReadFile, ReadLine, ReadStatement
from .text import clean, joined, masked

SEARCHED_FOR_HEADERS = 50
WARNINGS = 5
OUT_WORDS = {
    "d",
    "dr",
    "dt",
    "db",
    "debit",
    "debet",
    "débit",
    "débito",
    "debito",
    "s",
    "soll",
    "af",
    "out",
    "-",
    "saída",
    "cargo",
    "withdrawal",
}
IN_WORDS = {
    "c",
    "cr",
    "ct",
    "credit",
    "crédit",
    "crédito",
    "credito",
    "h",
    "haben",
    "bij",
    "in",
    "+",
    "entrada",
    "abono",
    "deposit",
}
_DIGIT = re.compile(r"\d")
_CURRENCY = re.compile(r"[A-Z]{3}")
Value = TypeVar("Value")
Way = TypeVar("Way")


@dataclass(frozen=True, slots=True)
class _Reader:
    """A map with what the file had to settle: the order of its dates and the columns' names for people."""

    map: ColumnMap
    order: str
    currency: str
    negative_debits: bool

    def column(self, index: int) -> str:
        headers = self.map.headers
        return headers[index].strip() if index < len(headers) and headers[index].strip() else letters(index)


def read(table: Table, format: str, map: ColumnMap | None, currency: str) -> ReadFile:
    """The lines under a map; without one, or where its headers are not here, the columns are asked for."""
    body = body_of(table, map) if map else None
    if map is None or body is None:
        return ReadFile(format, table.charset, (), needs=COLUMNS, sample=table.sample())
    told = map.currency or currency
    if map.currency_column is None and not told:
        return ReadFile(format, table.charset, (), needs=CURRENCY, sample=table.sample())
    end = _end_of_movements(body, map)
    order = map.date_order or _order(body[:end], map)
    if not order:
        return ReadFile(format, table.charset, (), needs=DATE_ORDER, sample=table.sample())
    reader = _Reader(map, order, told, _debits_are_negative(body, map))
    lines: dict[tuple[str, str], list[ReadLine]] = {}
    passed_over = list(body[end:])
    for row in body[:end]:
        if _says_nothing(row, map):
            passed_over.append(row)
            continue
        group = lines.setdefault((_words(row, reader, map.account), _currency(row, reader)), [])
        group.append(_line(row, reader, len(group) + 1))
    if not lines:
        raise Unreadable(_("No row of this table holds a movement."))
    statements = tuple(_statement(account, told, group) for (account, told), group in lines.items())
    return ReadFile(format, table.charset, statements, warnings=tuple(_passed(passed_over)))


def body_of(table: Table, map: ColumnMap) -> tuple[Row, ...] | None:
    """The rows below the headers; None when the headers of the map are not in this table."""
    rows = tuple(row for row in table.rows if not row.blank)
    if not map.headers:
        return tuple(row for row in rows if row.number > map.header_row)
    for index, row in enumerate(rows[:SEARCHED_FOR_HEADERS]):
        if fingerprint(tuple(str(cell) for cell in row.cells)) == map.fingerprint:
            return rows[index + 1 :]
    return None


def _end_of_movements(body: Sequence[Row], map: ColumnMap) -> int:
    """Sums at the end have a word, or nothing, where the date would be."""
    end = len(body)
    while end and isinstance(cell := _cell(body[end - 1], map.date), str) and not _DIGIT.search(cell):
        end -= 1
    return end


def _order(body: Sequence[Row], map: ColumnMap) -> str:
    texts = [
        cell
        for row in body
        if isinstance(cell := _cell(row, map.date), str) and cell.strip() and not _says_nothing(row, map)
    ]
    if not texts:
        return "ymd"
    orders = orders_of(texts)
    return orders[0] if len(orders) == 1 else _refuse_no_date(body, map) if not orders else ""


def _refuse_no_date(body: Sequence[Row], map: ColumnMap) -> str:
    """Names the first row whose date is none, or is none together with those before it."""
    before: list[str] = []
    for row in body:
        cell = _cell(row, map.date)
        if isinstance(cell, date) or _says_nothing(row, map):
            continue
        before.append(cell)
        if not orders_of(before[-1:]):
            raise Unreadable(_("“%(text)s” is not a date."), row=row.number, column=letters(map.date), text=cell)
        if not orders_of(before):
            text = _("“%(text)s” is written in another order than the dates before it.")
            raise Unreadable(text, row=row.number, column=letters(map.date), text=cell)
    return ""


def _debits_are_negative(body: Sequence[Row], map: ColumnMap) -> bool:
    """Some banks write money out with a sign in its own column. One file does one or the other."""
    if map.debit is None:
        return False
    for row in body:
        text = str(_cell(row, map.debit)).strip()
        if text and any(character in "123456789" for character in text):
            return text[0] in "-\u2212\u2013(" or text[-1] in "-\u2212\u2013)"
    return False


def _says_nothing(row: Row, map: ColumnMap) -> bool:
    """A heading, a sum or a note: no amount, and no date or only a balance beside it."""
    money = [index for index in (map.amount, map.debit, map.credit) if index is not None]
    if any(_filled(row, index) for index in money):
        return False
    if map.balance is not None and _filled(row, map.balance):
        return True
    cell = _cell(row, map.date)
    return not isinstance(cell, date) and not orders_of([cell])


def _filled(row: Row, index: int) -> bool:
    cell = _cell(row, index)
    return isinstance(cell, date) or bool(cell.strip())


def _cell(row: Row, index: int) -> Cell:
    return row.cells[index] if index < len(row.cells) else ""


def _line(row: Row, reader: _Reader, position: int) -> ReadLine:
    map = reader.map
    currency = _currency(row, reader)
    grammar = Grammar.of(currency, map.decimal)
    return ReadLine(
        position=position,
        row=row.number,
        dated_on=_read(row, reader, map.date, _date, reader.order),
        valued_on=_told(row, reader, map.valued, _date, reader.order),
        amount_minor=_amount(row, reader, grammar),
        currency=currency,
        payee=_words(row, reader, map.payee),
        counterparty=masked(_words(row, reader, map.counterparty)),
        description=joined(*(_words(row, reader, index) for index in map.description)),
        reference=_words(row, reader, map.reference),
        bank_id=_words(row, reader, map.bank_id),
        balance_minor=_told(row, reader, map.balance, _minor, grammar),
        raw=row.raw,
    )


def _told(row: Row, reader: _Reader, index: int | None, by: Callable[[Cell, Way], Value], way: Way) -> Value | None:
    """A cell that may be left empty."""
    return None if index is None or not _filled(row, index) else _read(row, reader, index, by, way)


def _read(row: Row, reader: _Reader, index: int, by: Callable[[Cell, Way], Value], way: Way) -> Value:
    """One cell by its reader; what cannot be read is placed in row and column."""
    try:
        cell = _cell(row, index)
        if type(cell) is Formula:
            raise Unreadable(_("The cell computes “%(text)s”. A statement of a bank holds values only."), text=cell)
        return by(cell, way)
    except Unreadable as refusal:
        raise refusal.at(row.number, reader.column(index)) from None


def _date(cell: Cell, order: str) -> date:
    if isinstance(cell, date):
        if not FIRST_YEAR <= cell.year <= LAST_YEAR:
            raise Unreadable(_("The year of “%(text)s” cannot be right."), text=cell.isoformat())
        return cell
    if isinstance(cell, Number):
        raise Unreadable(_("“%(text)s” is a number. Give the column the format of a date and save again."), text=cell)
    return read_date(cell, order)


def _minor(cell: Cell, grammar: Grammar) -> int:
    if isinstance(cell, date):
        raise Unreadable(_("“%(text)s” is not an amount."), text=cell.isoformat())
    if isinstance(cell, Number):
        return Grammar.of(grammar.currency).read(cell)
    return grammar.read(cell)


def _amount(row: Row, reader: _Reader, grammar: Grammar) -> int:
    map = reader.map
    if map.amount is None:
        return _of_two(row, reader, grammar)
    amount = _read(row, reader, map.amount, _minor, grammar)
    if map.mark is not None:
        amount = _marked(row, reader, map.mark, amount)
    return -amount if map.outwards else amount


def _marked(row: Row, reader: _Reader, index: int, amount: int) -> int:
    word = _words(row, reader, index).casefold()
    if word not in OUT_WORDS | IN_WORDS:
        raise Unreadable(
            _("“%(text)s” says neither debit nor credit."), row=row.number, column=reader.column(index), text=word
        )
    if amount < 0:
        text = _("The amount has a sign although another column says debit or credit.")
        raise Unreadable(text, row=row.number, column=reader.column(index))
    return -amount if word in OUT_WORDS else amount


def _of_two(row: Row, reader: _Reader, grammar: Grammar) -> int:
    debit, credit = (_told(row, reader, index, _minor, grammar) or 0 for index in (reader.map.debit, reader.map.credit))
    debit = -debit if reader.negative_debits else debit
    place = reader.column(reader.map.debit if reader.map.debit is not None else reader.map.credit or 0)
    if debit and credit:
        raise Unreadable(_("The row has both a debit and a credit."), row=row.number, column=place)
    if debit < 0 or credit < 0:
        raise Unreadable(_("The sign here is not the one of the other rows."), row=row.number, column=place)
    if not any(index is not None and _filled(row, index) for index in (reader.map.debit, reader.map.credit)):
        raise Unreadable(_("There is no amount."), row=row.number, column=place)
    return credit - debit


def _currency(row: Row, reader: _Reader) -> str:
    index = reader.map.currency_column
    if index is None:
        return reader.currency
    told = _words(row, reader, index).upper()
    if told and not _CURRENCY.fullmatch(told):
        raise Unreadable(_("“%(text)s” is not a currency."), row=row.number, column=reader.column(index), text=told)
    if not (told or reader.currency):
        raise Unreadable(_("There is no currency."), row=row.number, column=reader.column(index))
    return told or reader.currency


def _words(row: Row, reader: _Reader, index: int | None) -> str:
    return "" if index is None else _read(row, reader, index, _text, None)


def _text(cell: Cell, way: None) -> str:
    return clean(cell.isoformat() if isinstance(cell, date) else cell)


def _statement(account: str, currency: str, lines: list[ReadLine]) -> ReadStatement:
    newest_first, broken = followed(lines)
    known = all(line.balance_minor is not None for line in lines)
    first, last = (lines[-1], lines[0]) if newest_first else (lines[0], lines[-1])
    return ReadStatement(
        identifier=masked(account),
        bank_id="",
        currency=currency,
        number="",
        starts_on=min(line.dated_on for line in lines),
        ends_on=max(line.dated_on for line in lines),
        opening_minor=first.balance_minor - first.amount_minor if known and first.balance_minor is not None else None,
        closing_minor=last.balance_minor if known else None,
        lines=tuple(lines),
        warnings=tuple(
            Remark(_("The balance here does not follow from the balance before it and this amount."), row)
            for row in broken[:WARNINGS]
        ),
    )


def followed(lines: Sequence[ReadLine]) -> tuple[bool, list[int]]:
    """Whether the newest line stands first, and the rows whose balance does not follow."""
    down = [new.row for old, new in pairwise(lines) if not _follows(old, new)]
    up = [new.row for new, old in pairwise(lines) if not _follows(old, new)]
    if len(up) == len(down):
        newest_first = bool(lines) and lines[0].dated_on > lines[-1].dated_on
        return newest_first, up if newest_first else down
    return (True, up) if len(up) < len(down) else (False, down)


def _follows(old: ReadLine, new: ReadLine) -> bool:
    if old.balance_minor is None or new.balance_minor is None:
        return True
    return old.balance_minor + new.amount_minor == new.balance_minor


def _passed(rows: Sequence[Row]) -> Iterator[Remark]:
    if rows:
        text = _("%(count)s rows without an amount, such as headings and sums, are not lines.")
        yield Remark(text, rows[0].number, values={"count": len(rows)})
