"""MT940 and MT942 as banks write them: statements, pages of statements and pieces of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, timedelta

from stdnum import iban

from .amounts import Grammar
from .dates import day_of
from .details import told_in
from .refusals import Remark, Unreadable
from .refusals import mark as _
from .result import CURRENCY, ReadFile, ReadLine, ReadStatement
from .text import clean, decode, joined, masked, stretches

NAME = "mt940"
MOST_LINES = 100_000
TAG = re.compile(r"^:(13D?|20|21|25P?|28C?|34F|60[FM]|61|62[FM]|64|65|86|90[CD]|NS):", re.MULTILINE)
_BALANCE = re.compile(r"([CD])([0-9]{6})([A-Z]{3})?\s?([0-9]*[,.]?[0-9]*)\s*", re.ASCII)
_LINE = re.compile(
    r"(?P<value>[0-9]{6})(?P<entry>[0-9]{4})?(?P<mark>[RE]?[CD])(?P<funds>[A-Z])?(?P<amount>[0-9]+[,.]?[0-9]*)"
    r"(?P<kind>[A-Z][A-Z0-9]{3})(?P<own>.*?)(?://(?P<bank>.*?))?\s*",
    re.ASCII | re.IGNORECASE,
)
_INWARDS = {"C": True, "D": False, "RC": False, "RD": True, "EC": True, "ED": False}
_BLOCKS = re.compile(r"^(?:\{[1-35]:.*?\}+)?\{4:[ \t]*$|^-\}.*$|^-[ \t\x01-\x08]*$", re.MULTILINE)
NO_REFERENCE = {"NONREF", "N", ""}


@dataclass(frozen=True, slots=True)
class Balance:
    """What a balance field says. `currency` is empty where the bank left it out."""

    amount: str
    debit: bool
    currency: str
    on: date
    row: int

    def minor(self, currency: str) -> int:
        minor = _amount(self.amount, currency, self.row, "60/62")
        return -minor if self.debit else minor


@dataclass(slots=True)
class Message:
    """One statement, page or piece, cut but not yet in minor units. `balances` keeps the last of each field."""

    row: int
    account: str = ""
    number: str = ""
    currency: str = ""
    balances: dict[str, Balance] = field(default_factory=dict)
    lines: list[Movement] = field(default_factory=list)
    warnings: list[Remark] = field(default_factory=list)

    @property
    def empty(self) -> bool:
        return not (self.account or self.number or self.balances or self.lines)


@dataclass(slots=True)
class Movement:
    """A :61: with the fields that explain it."""

    row: int
    dated_on: date
    valued_on: date
    amount: str
    inwards: bool
    own: str
    bank: str
    extra: str
    raw: str
    details: str = ""


def read(data: bytes, *, currency: str = "") -> ReadFile:
    """Every statement of the file; `currency` stands in where a statement tells none."""
    text, charset = decode(data)
    messages = list(cut(text))
    if not messages:
        raise Unreadable(_("This MT940 file holds no statement."))
    statements = []
    for message in messages:
        told = message.currency or currency
        if not told:
            return ReadFile(NAME, charset, (), needs=CURRENCY)
        statements.append(_statement(message, told))
    return ReadFile(NAME, charset, tuple(statements))


def cut(text: str) -> Iterator[Message]:
    """The messages of a text in order. A :20: begins one, and so does a second opening balance."""
    message = Message(1)
    count = 0
    for tag, value, row in _fields(text):
        if tag == "20" or (tag[:2] == "60" and any(kind[:2] == "60" for kind in message.balances)):
            if not message.empty:
                yield message
            message = Message(row, account=message.account if tag != "20" else "", currency="")
        count += tag == "61"
        if count > MOST_LINES:
            raise Unreadable(_("The file has more than %(limit)s lines. Export a shorter period."), limit=MOST_LINES)
        _put(message, tag, value, row)
    if not message.empty:
        yield message


def _fields(text: str) -> Iterator[tuple[str, str, int]]:
    """Tag, value and row. A line that begins like a tag nobody knows belongs to the value before it."""
    text = _BLOCKS.sub("", text.replace("\r\n", "\n").replace("\r", "\n"))
    row, at = 1, 0
    for mark, end in stretches(list(TAG.finditer(text)), len(text)):
        row += text.count("\n", at, mark.start())
        at = mark.start()
        yield mark[1], text[mark.end() : end].rstrip("\n"), row


def _put(message: Message, tag: str, value: str, row: int) -> None:
    if tag == "61":
        message.lines.append(_movement(value, row, message))
    elif tag[:2] in {"60", "62", "64", "65"}:
        _put_balance(message, tag, value, row)
    elif tag in {"86", "NS"} or (tag[:2] == "25" and message.lines):
        _explain(message, tag, value)
    elif tag[:2] == "25":
        message.account = clean(value)
    elif tag[:2] == "28":
        message.number = clean(value)
    elif tag == "34F" and not message.currency:
        message.currency = value[:3] if re.fullmatch(r"[A-Z]{3}", value[:3]) else ""


def _explain(message: Message, tag: str, value: str) -> None:
    """Adds to the movement it follows; before the first movement and after the closing balance it is about the statement."""
    closed = any(kind[:2] == "62" for kind in message.balances)
    if message.lines and not closed:
        movement = message.lines[-1]
        movement.details = f"{movement.details}\n{value}" if movement.details else value
        movement.raw = f"{movement.raw}\n:{tag}:{value}"


def _put_balance(message: Message, tag: str, value: str, row: int) -> None:
    match = _BALANCE.fullmatch(value)
    if match is None:
        raise Unreadable(_("“%(text)s” is not a balance."), row=row, column=tag, text=value)
    told = match[3] or ""
    if told and message.currency and told != message.currency:
        text = _("This balance is in %(told)s; the account is kept in %(currency)s.")
        raise Unreadable(text, row=row, column=tag, told=told, currency=message.currency)
    message.currency = message.currency or told
    on, odd = _day(match[2], row, tag)
    message.warnings += odd
    message.balances[tag] = Balance(match[4], match[1] == "D", told, on, row)


def _movement(value: str, row: int, message: Message) -> Movement:
    first, _newline, extra = value.partition("\n")
    match = _LINE.fullmatch(first)
    if match is None:
        raise Unreadable(_("“%(text)s” is not a movement."), row=row, column="61", text=first)
    valued_on, odd = _day(match["value"], row, "61")
    message.warnings += odd
    return Movement(
        row=row,
        dated_on=_entry_day(match["entry"], valued_on, row) if match["entry"] else valued_on,
        valued_on=valued_on,
        amount=match["amount"],
        inwards=_INWARDS[match["mark"].upper()],
        own=match["own"].strip(),
        bank=(match["bank"] or "").strip(),
        extra=extra.strip("\n"),
        raw=f":61:{value}",
    )


def _day(text: str, row: int, column: str) -> tuple[date, list[Remark]]:
    """YYMMDD. Banks that count every month as thirty days write 30 February; that is the last day of the month."""
    year, month, day = int(text[:2]), int(text[2:4]), int(text[4:])
    year += 2000 if year < 70 else 1900
    try:
        if month == 2 and day in {29, 30}:
            found = date(year, 3, 1) - timedelta(1)
            odd = _("“%(text)s” is no day of the calendar; the last day of February is meant.")
            return found, [Remark(odd, row, column, {"text": text})] if found.day != day else []
        return day_of(year, month, day, text=text), []
    except Unreadable as refusal:
        raise refusal.at(row, column) from None


def _entry_day(text: str, valued_on: date, row: int) -> date:
    """MMDD in the year that brings it nearest to the value date: statements cross New Year."""
    found = []
    for year in (valued_on.year - 1, valued_on.year, valued_on.year + 1):
        try:
            found.append(day_of(year, int(text[:2]), int(text[2:]), text=text))
        except Unreadable as refusal:
            problem = refusal
    if not found:
        raise problem.at(row, "61") from None
    return min(found, key=lambda day: abs(day - valued_on))


def _statement(message: Message, currency: str) -> ReadStatement:
    bank_id, identifier = account_of(message.account)
    opening = message.balances.get("60F") or message.balances.get("60M")
    closing = message.balances.get("62F") or message.balances.get("62M")
    return ReadStatement(
        identifier=masked(identifier),
        bank_id=bank_id,
        currency=currency,
        number=message.number,
        starts_on=opening.on if opening else None,
        ends_on=closing.on if closing else None,
        opening_minor=opening.minor(currency) if opening else None,
        closing_minor=closing.minor(currency) if closing else None,
        lines=tuple(_line(movement, number, currency) for number, movement in enumerate(message.lines, start=1)),
        warnings=tuple(message.warnings),
    )


def account_of(told: str) -> tuple[str, str]:
    """Bank and account of a field :25:. `12345678/1020304050` names both; an IBAN may carry its currency behind it."""
    bank_id, slash, identifier = told.rpartition("/")
    if not slash:
        bank_id, identifier = "", told
    if iban.is_valid(identifier[:-3]) and identifier[-3:].isalpha():
        identifier = identifier[:-3]
    return bank_id, identifier.strip()


def _line(movement: Movement, position: int, currency: str) -> ReadLine:
    amount = _amount(movement.amount, currency, movement.row, "61")
    try:
        told = told_in(movement.details)
        extra = clean(movement.extra)
    except Unreadable as refusal:
        raise refusal.at(movement.row, "86") from None
    return ReadLine(
        position=position,
        row=movement.row,
        dated_on=movement.dated_on,
        valued_on=movement.valued_on,
        amount_minor=amount if movement.inwards else -amount,
        currency=currency,
        payee=told.payee,
        counterparty=masked(told.counterparty),
        description=joined(told.description, extra if extra not in told.description else ""),
        reference=told.reference or ("" if movement.own in NO_REFERENCE else clean(movement.own)),
        bank_id=clean(movement.bank),
        balance_minor=None,
        raw=movement.raw,
    )


def _amount(text: str, currency: str, row: int, column: str) -> int:
    try:
        return Grammar.of(currency, "." if "." in text else ",").read(text)
    except Unreadable as refusal:
        raise refusal.at(row, column) from None
