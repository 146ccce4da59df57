"""OFX and QFX, 1.x and 2.x: bank, card and investment statements."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from .amounts import read_either
from .dates import day_of
from .refusals import Remark, Unreadable
from .refusals import mark as _
from .result import CURRENCY, ReadFile, ReadLine, ReadStatement
from .tags import Node, tree
from .text import clean, decode, hidden, joined, masked, refuse_types, row_at

NAME = "ofx"
STATEMENTS = {"STMTRS": "bank", "CCSTMTRS": "card", "INVSTMTRS": "investment"}
CASH_TRADES = ("INCOME", "INVEXPENSE", "RETOFCAP", "MARGININTEREST", "INVBUY", "INVSELL")
OTHER_TRADES = ("REINVEST", "TRANSFER", "JRNLSEC", "SPLIT", "CLOSUREOPT", "JRNLFUND")
_CHARSET = re.compile(rb"(?:CHARSET|ENCODING)\s*[:=]\s*\"?\s*([A-Za-z0-9_-]+)", re.IGNORECASE)
_DATE = re.compile(r"(\d{4})-?(\d\d)-?(\d\d)[0-9.:+\-\[\]A-Za-z ]{0,40}", re.ASCII)
_BEGIN = re.compile(r"<OFX\b[^<>]*>", re.IGNORECASE)


@dataclass(slots=True)
class _Book:
    """The text with where we are in it, so that rows are counted once."""

    text: str
    at: int = 0
    row: int = 1

    def row_of(self, position: int) -> int:
        if position < self.at:
            return row_at(self.text, position)
        self.row += self.text.count("\n", self.at, position)
        self.at = position
        return self.row


def read(data: bytes, *, currency: str = "") -> ReadFile:
    """Every statement of the file; `currency` stands in where the file names none."""
    text, charset = decode(data, _told_charset(data))
    refuse_types(text)
    begin = _BEGIN.search(text)
    if begin is None:
        raise Unreadable(_("There is no OFX in this file: the tag <OFX> is missing."))
    root = tree(text, begin.start())
    book = _Book(text)
    found = list(root.walk(*STATEMENTS))
    if not found:
        raise _without_statement(root)
    statements = []
    for node in found:
        told = _currency(node, book) or currency
        if not told:
            return ReadFile(NAME, charset, (), needs=CURRENCY)
        statements.append(_statement(node, told, book))
    return ReadFile(NAME, charset, tuple(statements))


def _told_charset(data: bytes) -> str:
    named = [name.decode() for name in _CHARSET.findall(data[:2000])]
    return next((name for name in named if name.upper() not in {"USASCII", "UNICODE", "NONE"}), "")


def _without_statement(root: Node) -> Unreadable:
    for status in root.walk("STATUS"):
        if status.value("SEVERITY").upper() == "ERROR":
            return Unreadable(
                _("The bank answered with an error instead of a statement: %(said)s"),
                said=status.value("MESSAGE") or status.value("CODE"),
            )
    if next(root.walk("ACCTINFO"), None):
        return Unreadable(_("This OFX file lists accounts but holds no statement. Download the movements."))
    return Unreadable(_("This OFX file holds no statement. Download the movements."))


def _currency(node: Node, book: _Book) -> str:
    """What the statement says; where it says nothing, what all its lines say at a rate of one."""
    told = node.value("CURDEF").upper()
    if not told:
        of_lines = {line.value("CURSYM").upper() for line in node.walk("CURRENCY")} - {""}
        told = of_lines.pop() if len(of_lines) == 1 else ""
    if told and not re.fullmatch(r"[A-Z]{3}", told):
        raise Unreadable(_("“%(text)s” is not a currency."), row=book.row_of(node.start), column="CURDEF", text=told)
    return told


def _statement(node: Node, currency: str, book: _Book) -> ReadStatement:
    kind = STATEMENTS[node.tag]
    account = next(node.walk("BANKACCTFROM", "CCACCTFROM", "INVACCTFROM"), None)
    movements = node.child("INVTRANLIST" if kind == "investment" else "BANKTRANLIST")
    warnings: list[Remark] = []
    lines = tuple(_lines(movements, currency, book, warnings)) if movements else ()
    warnings += _reused_ids(lines)
    identifier = clean(account.value("ACCTID")) if account else ""
    closing = _closing(node, kind, currency, book)
    return ReadStatement(
        identifier=hidden(identifier) if kind == "card" else identifier,
        bank_id=clean(account.value("BANKID") or account.value("BROKERID")) if account else "",
        currency=currency,
        number="",
        starts_on=_day(movements, "DTSTART", book) if movements else None,
        ends_on=_day(movements, "DTEND", book) if movements else None,
        opening_minor=None,
        closing_minor=closing,
        lines=lines,
        warnings=tuple(warnings),
        kind=kind,
    )


def _closing(node: Node, kind: str, currency: str, book: _Book) -> int | None:
    path = ("INVBAL", "AVAILCASH") if kind == "investment" else ("LEDGERBAL", "BALAMT")
    return _amount(node, path, currency, book) if node.value(*path) else None


def _lines(movements: Node, currency: str, book: _Book, warnings: list[Remark]) -> Iterator[ReadLine]:
    position, without_cash = 0, 0
    for node in movements.walk("STMTTRN", *CASH_TRADES, *OTHER_TRADES):
        if node.tag in OTHER_TRADES or (node.tag != "STMTTRN" and not _moves_cash(node)):
            without_cash += 1
            continue
        position += 1
        reader = _movement if node.tag == "STMTTRN" else _trade
        yield reader(node, position, currency, book)
    if without_cash:
        text = _("%(count)s movements of securities moved no cash of this account and are not lines.")
        warnings.append(Remark(text, values={"count": without_cash}))


def _moves_cash(node: Node) -> bool:
    return node.value("SUBACCTFUND").upper() in {"", "CASH"} and bool(node.value("TOTAL"))


def _movement(node: Node, position: int, currency: str, book: _Book) -> ReadLine:
    row = book.row_of(node.start)
    _same_currency(node, currency, row)
    name = clean(node.value("NAME") or node.value("PAYEE", "NAME") or node.value("EXTDNAME"))
    memo = clean(node.value("MEMO"))
    dated_on = _day(node, "DTPOSTED", book)
    if dated_on is None:
        raise Unreadable(_("There is no date."), row=row, column="DTPOSTED")
    reference = clean(node.value("CHECKNUM") or node.value("REFNUM"))
    return ReadLine(
        position=position,
        row=row,
        dated_on=dated_on,
        valued_on=_day(node, "DTAVAIL", book),
        amount_minor=_amount(node, ("TRNAMT",), currency, book),
        currency=currency,
        payee=name,
        counterparty=_counterparty(node),
        description=memo if memo != name else "",
        reference="" if reference.strip("0") == "" else reference,
        bank_id=clean(node.value("FITID")),
        balance_minor=None,
        raw=book.text[node.start : node.end].strip(),
    )


def _counterparty(node: Node) -> str:
    to = node.child("BANKACCTTO") or node.child("CCACCTTO")
    return masked(clean(to.value("ACCTID"))) if to else ""


def _trade(node: Node, position: int, currency: str, book: _Book) -> ReadLine:
    """The cash side of a purchase, a sale, a dividend or a fee."""
    row = book.row_of(node.start)
    _same_currency(node, currency, row)
    trade = node.child("INVTRAN") or node
    dated_on = _day(trade, "DTTRADE", book)
    if dated_on is None:
        raise Unreadable(_("There is no date."), row=row, column="DTTRADE")
    return ReadLine(
        position=position,
        row=row,
        dated_on=dated_on,
        valued_on=_day(trade, "DTSETTLE", book),
        amount_minor=_amount(node, ("TOTAL",), currency, book),
        currency=currency,
        payee="",
        counterparty="",
        description=clean(joined(trade.value("MEMO"), node.tag, node.value("SECID", "UNIQUEID"))),
        reference="",
        bank_id=clean(trade.value("FITID")),
        balance_minor=None,
        raw=book.text[node.start : node.end].strip(),
    )


def _same_currency(node: Node, currency: str, row: int) -> None:
    told = node.value("CURRENCY", "CURSYM").upper()
    if told and told != currency:
        text = _("This line is in %(told)s; the account is kept in %(currency)s.")
        raise Unreadable(text, row=row, column="CURSYM", told=told, currency=currency)


def _amount(node: Node, path: tuple[str, ...], currency: str, book: _Book) -> int:
    try:
        return read_either(node.value(*path), currency)
    except Unreadable as refusal:
        place = node.child(*path) or node
        raise refusal.at(book.row_of(place.start), path[-1]) from None


def _day(node: Node, tag: str, book: _Book) -> date | None:
    """The day as the bank wrote it, in the bank's own time zone. Empty and 00000000 are no date."""
    text = node.value(tag)
    if not text.strip("0"):
        return None
    try:
        match = _DATE.fullmatch(text)
        if match is None:
            raise Unreadable(_("“%(text)s” is not a date."), text=text)
        return day_of(int(match[1]), int(match[2]), int(match[3]), text=text)
    except Unreadable as refusal:
        raise refusal.at(book.row_of((node.child(tag) or node).start), tag) from None


def _reused_ids(lines: tuple[ReadLine, ...]) -> Iterator[Remark]:
    """An id the bank gave to lines that differ proves nothing about either."""
    given: Counter[str] = Counter(line.bank_id for line in lines if line.bank_id)
    if not given or given.most_common(1)[0][1] == 1:
        return
    first: dict[str, ReadLine] = {}
    for line in lines:
        other = first.setdefault(line.bank_id, line)
        if line.bank_id and (other.amount_minor, other.dated_on) != (line.amount_minor, line.dated_on):
            text = _("The bank gave the id %(id)s to this line and to row %(other)s, which differ. Both are read.")
            yield Remark(text, line.row, values={"id": line.bank_id, "other": other.row})
