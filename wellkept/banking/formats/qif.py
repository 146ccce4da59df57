"""QIF, which knows no currency, no account number and no date order: what it leaves open is asked for or proved."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .amounts import Grammar, read_either
from .columns import ColumnMap
from .dates import orders_of, read_date
from .refusals import Remark, Unreadable
from .refusals import mark as _
from .result import CURRENCY, DATE_ORDER, ReadFile, ReadLine, ReadStatement
from .text import clean, decode, hidden

NAME = "qif"
MOST_LINES = 100_000
KINDS = {"bank": "bank", "cash": "cash", "ccard": "card", "oth a": "bank", "oth l": "bank"}
HEAD = re.compile(r"^!(?:Type:|Account|Option:|Clear:)", re.MULTILINE | re.IGNORECASE)
_SPLITS = "SE$%"


@dataclass(slots=True)
class _Record:
    """One record up to its `^`: what each letter says first, the split amounts, and where it stands."""

    row: int
    raw: str
    values: dict[str, str] = field(default_factory=dict)
    shares: list[str] = field(default_factory=list)


@dataclass(slots=True)
class _Account:
    """The records of one account. `opening` is the record that carries its first balance."""

    kind: str
    name: str = ""
    opening: _Record | None = None
    records: list[_Record] = field(default_factory=list)


def read(data: bytes, *, map: ColumnMap | None = None, currency: str = "") -> ReadFile:
    """Every account of the file. Asks for the currency, and for the date order where the dates do not tell it."""
    text, charset = decode(data)
    accounts, passed_over = _accounts(text)
    records = [
        record for account in accounts for record in (*account.records, *([account.opening] if account.opening else []))
    ]
    if not records:
        raise _nothing(passed_over)
    told = (map.currency if map else "") or currency
    if not told:
        return ReadFile(NAME, charset, (), needs=CURRENCY)
    dates = [record.values.get("D", "") for record in records]
    order = (map.date_order if map else "") or _order(records)
    if not order:
        return ReadFile(NAME, charset, (), needs=DATE_ORDER, sample=tuple((date,) for date in dates[:20]))
    statements = tuple(_statement(account, told, order, map) for account in accounts)
    warnings: tuple[Remark, ...] = ()
    if passed_over:
        text = _("%(count)s entries of investments, lists or memorised payments are not bank lines and are not read.")
        warnings = (Remark(text, values={"count": passed_over}),)
    return ReadFile(NAME, charset, statements, warnings=warnings)


def _accounts(text: str) -> tuple[list[_Account], int]:
    """Accounts with at least one record, and how many records of other kinds were passed over."""
    accounts: list[_Account] = []
    section, name, passed_over, count = "", "", 0, 0
    for head, record in _records(text):
        if head is not None:
            section = head
            if section in KINDS:
                accounts.append(_Account(KINDS[section], name))
        elif record is None or not record.values:
            continue
        elif section == "!account":
            name = record.values.get("N", "")
        elif section in KINDS:
            count += 1
            _put(accounts[-1], record)
        else:
            passed_over += 1
        if count > MOST_LINES:
            raise Unreadable(_("The file has more than %(limit)s lines. Export a shorter period."), limit=MOST_LINES)
    return [account for account in accounts if account.records or account.opening], passed_over


def _put(account: _Account, record: _Record) -> None:
    """A first record that says “Opening Balance” names the account and its balance, and is no movement."""
    if not account.records and record.values.get("P", "").strip().casefold() == "opening balance":
        account.opening = record
        account.name = account.name or record.values.get("L", "").strip("[] ")
    else:
        account.records.append(record)


def _records(text: str) -> Iterator[tuple[str | None, _Record | None]]:
    """Heads in lower case (`bank`, `!account`), and records."""
    record = _Record(1, "")
    lines: list[str] = []
    for row, line in enumerate(text.replace("\r\n", "\n").replace("\r", "\n").split("\n"), start=1):
        if line.startswith("!") and not lines:
            yield _head(line), None
        elif line.startswith("^"):
            record.raw = "\n".join(lines)
            yield None, record
            record, lines = _Record(row + 1, ""), []
        elif line.strip() and not (line.startswith("#") and not lines):
            if not lines:
                record.row = row
            lines.append(line)
            _add(record, line)
    if lines:
        _refuse_unfinished(record)
        record.raw = "\n".join(lines)
        yield None, record


def _refuse_unfinished(record: _Record) -> None:
    if "D" in record.values and not {"T", "U"} & record.values.keys():
        raise Unreadable(_("The file breaks off in this entry. Export it again."), row=record.row)


def _head(line: str) -> str:
    head = line.strip().casefold()
    return head[6:].strip() if head.startswith("!type:") else head


def _add(record: _Record, line: str) -> None:
    letter, value = line[0].upper(), line[1:].strip()
    if letter == "$":
        record.shares.append(value)
    elif letter not in _SPLITS:
        record.values.setdefault(letter, value)


def _nothing(passed_over: int) -> Unreadable:
    if passed_over:
        return Unreadable(
            _("This QIF file holds lists or investments (%(count)s entries) but no bank line."), count=passed_over
        )
    return Unreadable(_("This QIF file holds no bank line."))


def _order(records: list[_Record]) -> str:
    """The one order under which every date is a date; empty when two orders give different days."""
    texts = []
    for record in records:
        if "D" not in record.values:
            raise Unreadable(_("There is no date."), row=record.row, column="D")
        texts.append(record.values["D"])
    orders = orders_of(texts)
    if not orders:
        raise _no_order(records)
    return orders[0] if len(orders) == 1 else ""


def _no_order(records: list[_Record]) -> Unreadable:
    """Names the first date that is none under any order, or the first that contradicts those before it."""
    before: list[str] = []
    for record in records:
        before.append(record.values["D"])
        if not orders_of(before[-1:]):
            return Unreadable(_("“%(text)s” is not a date."), row=record.row, column="D", text=before[-1])
        if not orders_of(before):
            text = _("“%(text)s” is written in another order than the dates before it.")
            return Unreadable(text, row=record.row, column="D", text=before[-1])
    return Unreadable(_("There is no date."))


def _statement(account: _Account, currency: str, order: str, map: ColumnMap | None) -> ReadStatement:
    decimal = map.decimal if map else ""
    lines = tuple(
        _line(record, number, currency, order, decimal) for number, record in enumerate(account.records, start=1)
    )
    opening = account.opening
    identifier = clean(account.name)
    return ReadStatement(
        identifier=hidden(identifier) if account.kind == "card" and identifier.isdigit() else identifier,
        bank_id="",
        currency=currency,
        number="",
        starts_on=min((line.dated_on for line in lines), default=None),
        ends_on=max((line.dated_on for line in lines), default=None),
        opening_minor=None if opening is None else _amount(_told_amount(opening), opening.row, currency, decimal),
        closing_minor=None,
        lines=lines,
        warnings=tuple(_torn(account.records, currency, decimal)),
        kind=account.kind,
    )


def _line(record: _Record, position: int, currency: str, order: str, decimal: str) -> ReadLine:
    values = record.values
    try:
        dated_on = read_date(values.get("D", ""), order)
    except Unreadable as refusal:
        raise refusal.at(record.row, "D") from None
    return ReadLine(
        position=position,
        row=record.row,
        dated_on=dated_on,
        valued_on=None,
        amount_minor=_amount(_told_amount(record), record.row, currency, decimal),
        currency=currency,
        payee=clean(values.get("P", "")),
        counterparty="",
        description=clean(values.get("M", "")),
        reference=clean(values.get("N", "")),
        bank_id="",
        balance_minor=None,
        raw=record.raw,
    )


def _told_amount(record: _Record) -> str:
    return record.values.get("T") or record.values.get("U") or ""


def _amount(text: str, row: int, currency: str, decimal: str) -> int:
    try:
        return Grammar.of(currency, decimal).read(text) if decimal else read_either(text, currency)
    except Unreadable as refusal:
        raise refusal.at(row, "T") from None


def _torn(records: list[_Record], currency: str, decimal: str) -> Iterator[Remark]:
    """Shares of a split that do not make the whole: the line counts, and the reader is told."""
    for record in records:
        if record.shares:
            whole = _amount(_told_amount(record), record.row, currency, decimal)
            if sum(_amount(share, record.row, currency, decimal) for share in record.shares if share) != whole:
                yield Remark(_("The shares of this split do not make its amount; the amount is taken."), record.row)
