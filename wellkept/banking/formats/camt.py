"""CAMT.052, 053 and 054 of every version: reports, statements and notifications, with batches opened where their sum proves them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date

from lxml import etree

from .amounts import Grammar
from .dates import day_of
from .refusals import Remark, Unreadable
from .refusals import mark as _
from .result import CURRENCY, ReadFile, ReadLine, ReadStatement
from .text import clean, joined, masked
from .xml import Part, elements, part, safe_text

NAME = "camt"
STATEMENTS = ("Stmt", "Rpt", "Ntfctn")
OPENING, CLOSING = ("OPBD", "PRCD"), ("CLBD",)
INTERIM = "ITBD"
LONGEST_RAW = 1_000_000
MOST_LINES = 100_000
_CURRENCY = re.compile(r"[A-Z]{3}")
_DAY = re.compile(r"(\d{4})-(\d\d)-(\d\d)(?:[TZ+-].{0,40})?", re.ASCII)
_SPACE_OF_NAMES = re.compile(r' xmlns(?::\w+)?="[^"]*"')


@dataclass(slots=True)
class _Open:
    """One statement while its entries pass by. `currency` is settled by the account, the first entry, or the caller."""

    currency: str = ""
    lines: list[ReadLine] = field(default_factory=list)
    pending: int = 0


class _NoCurrency(Exception):
    """Neither the statement nor the caller names one."""


def read(data: bytes, *, currency: str = "") -> ReadFile:
    """Every statement of the file; `currency` stands in where the account names none."""
    text, charset = safe_text(data)
    try:
        statements = tuple(_statements(text, currency))
    except _NoCurrency:
        return ReadFile(NAME, charset, (), needs=CURRENCY)
    if not statements:
        raise Unreadable(_("This XML file holds no bank statement (camt.052, 053 or 054)."))
    return ReadFile(NAME, charset, statements)


def _statements(text: str, currency: str) -> Iterator[ReadStatement]:
    current: _Open | None = None
    for event, node in elements(text, (*STATEMENTS, "Ntry")):
        is_entry = node.tag.rpartition("}")[2] == "Ntry"
        if event == "start" and not is_entry:
            current = _Open()
        elif event == "end" and current is not None:
            if is_entry:
                _take(part(node), node.getparent(), current, currency)
            else:
                yield _closed(part(node), current, currency)
                current = None
            node.clear(keep_tail=True)


def _take(entry: Part, statement: etree._Element, current: _Open, currency: str) -> None:
    """Adds the lines of a booked entry; a pending one is only counted."""
    status = entry.value("Sts", "Cd") or entry.value("Sts")
    if status and status != "BOOK":
        current.pending += 1
        return
    if not current.currency:
        account = next((part(child) for child in statement if child.tag.endswith("}Acct")), None)
        current.currency = _settled(account, entry.part("Amt"), currency)
    current.lines.extend(_lines(entry, current.currency, len(current.lines)))
    if len(current.lines) > MOST_LINES:
        raise Unreadable(_("The file has more than %(limit)s lines. Export a shorter period."), limit=MOST_LINES)


def _settled(account: Part | None, amount: Part | None, currency: str) -> str:
    told = (account.value("Ccy") if account else "") or (amount.currency if amount else "") or currency
    if not told:
        raise _NoCurrency
    if not _CURRENCY.fullmatch(told):
        place = amount or account
        raise Unreadable(_("“%(text)s” is not a currency."), row=place.row if place else None, text=told)
    return told


def _closed(statement: Part, current: _Open, currency: str) -> ReadStatement:
    account = statement.part("Acct")
    told = current.currency or _settled(account, statement.part("Bal", "Amt"), currency)
    warnings: tuple[Remark, ...] = ()
    if current.pending:
        text = _("%(count)s entries are not booked yet and are not read.")
        warnings = (Remark(text, values={"count": current.pending}),)
    return ReadStatement(
        identifier=masked(clean(_first(account, ("Id", "IBAN"), ("Id", "Othr", "Id"), ("Id", "PrtryAcct", "Id")))),
        bank_id=clean(_first(account, ("Svcr", "FinInstnId", "BICFI"), ("Svcr", "FinInstnId", "BIC"))),
        currency=told,
        number=clean(_first(statement, ("LglSeqNb",), ("ElctrncSeqNb",), ("Id",))),
        starts_on=_day(statement.part("FrToDt", "FrDtTm")),
        ends_on=_day(statement.part("FrToDt", "ToDtTm")),
        opening_minor=_balance(statement, OPENING, told, -2),
        closing_minor=_balance(statement, CLOSING, told, -1),
        lines=tuple(current.lines),
        warnings=warnings,
    )


def _first(within: Part | None, *paths: tuple[str, ...]) -> str:
    """The text at the first of some paths that has any."""
    return next((value for path in paths if within and (value := within.value(*path))), "")


def _balance(statement: Part, kinds: tuple[str, ...], currency: str, place: int) -> int | None:
    """The booked balance of the first of these kinds. A page of several may carry two interim ones instead, in order."""
    told: dict[str, Part] = {}
    interim: list[Part] = []
    for balance in statement.all("Bal"):
        kind = balance.value("Tp", "CdOrPrtry", "Cd")
        told.setdefault(kind, balance)
        interim += [balance] if kind == INTERIM else []
    found = next((told[kind] for kind in kinds if kind in told), None)
    if found is None and len(interim) == 2:
        found = interim[place]
    elif found is None and len(interim) == 1 and told.keys() & {*OPENING, *CLOSING}:
        found = interim[0]
    return None if found is None else _amount(found, currency, "Bal/Amt")


def _lines(entry: Part, currency: str, before: int) -> Iterator[ReadLine]:
    amount = _amount(entry, currency, "Ntry/Amt")
    details = [detail for batch in entry.all("NtryDtls") for detail in batch.all("TxDtls")]
    shares = _shares(details, amount, currency) if len(details) > 1 else None
    if shares is None:
        yield _line(entry, details[0] if len(details) == 1 else None, amount, currency, before + 1, _raw(entry))
        return
    own = "".join(_raw(one) for one in entry.parts if one.tag != "NtryDtls")
    for number, (detail, share) in enumerate(zip(details, shares, strict=True), start=1):
        yield _line(entry, detail, share, currency, before + number, f"{own}\n{_raw(detail)}")


def _shares(details: list[Part], amount: int, currency: str) -> list[int] | None:
    """What each payment of a batch moved, when every one says so and together they are the entry."""
    shares: list[int] = []
    for detail in details:
        told = (detail.part("AmtDtls", "TxAmt", "Amt"), detail.part("Amt"))
        money = next((one for one in told if one is not None and one.currency == currency), None)
        if money is None:
            return None
        try:
            share = Grammar.of(currency).read(money.text)
        except Unreadable:
            return None
        mark = detail.value("CdtDbtInd")
        shares.append(-share if (mark == "DBIT" if mark else amount < 0) else share)
    return shares if sum(shares) == amount else None


def _line(entry: Part, detail: Part | None, amount: int, currency: str, position: int, raw: str) -> ReadLine:
    other = (
        "Dbtr" if (amount >= 0) != (entry.value("RvslInd") in {"true", "1"}) else "Cdtr"
    )  # what came back keeps its parties
    parties = detail.part("RltdPties") if detail else None
    booked_on, valued_on = _day(entry.part("BookgDt")), _day(entry.part("ValDt"))
    dated_on = booked_on or valued_on
    if dated_on is None:
        raise Unreadable(_("There is no date."), row=entry.row, column="Ntry/BookgDt")
    account = f"{other}Acct"
    try:
        return ReadLine(
            position=position,
            row=(detail or entry).row,
            dated_on=dated_on,
            valued_on=valued_on,
            amount_minor=amount,
            currency=currency,
            payee=clean(_first(parties, (other, "Nm"), (other, "Pty", "Nm"), (f"Ultmt{other}", "Nm"))),
            counterparty=masked(clean(_first(parties, (account, "Id", "IBAN"), (account, "Id", "Othr", "Id")))),
            description=_description(entry, detail),
            reference=_reference(detail),
            bank_id=clean(_first(detail, ("Refs", "AcctSvcrRef")) or _first(entry, ("AcctSvcrRef",), ("NtryRef",))),
            balance_minor=None,
            raw=raw,
        )
    except Unreadable as refusal:
        raise refusal.at(entry.row, "Ntry") from None


def _description(entry: Part, detail: Part | None) -> str:
    remittance = detail.part("RmtInf") if detail else None
    told = [clean(one.text) for one in remittance.all("Ustrd")] if remittance else []
    return joined(*told, clean(_first(detail, ("AddtlTxInf",))), clean(entry.value("AddtlNtryInf")))


def _reference(detail: Part | None) -> str:
    end_to_end = _first(detail, ("Refs", "EndToEndId"))
    return clean(
        _first(detail, ("RmtInf", "Strd", "CdtrRefInf", "Ref"))
        or ("" if end_to_end == "NOTPROVIDED" else end_to_end)
        or _first(detail, ("Refs", "TxId"))
    )


def _amount(part: Part, currency: str, column: str) -> int:
    """Signed by the mark beside it. A reversal carries the mark of what it does itself, so nothing is turned round."""
    money = part.part("Amt")
    if money is None:
        raise Unreadable(_("There is no amount."), row=part.row, column=column)
    told = money.currency or currency
    if told != currency:
        text = _("This line is in %(told)s; the account is kept in %(currency)s.")
        raise Unreadable(text, row=money.row, column=column, told=told, currency=currency)
    try:
        amount = Grammar.of(currency).read(money.text)
    except Unreadable as refusal:
        raise refusal.at(money.row, column) from None
    mark = part.value("CdtDbtInd")
    if mark not in {"CRDT", "DBIT"}:
        raise Unreadable(_("Nothing says whether this is money in or out."), row=part.row, column="CdtDbtInd")
    return -amount if mark == "DBIT" else amount


def _day(part: Part | None) -> date | None:
    """The date in Dt, in DtTm, or in the element itself, as the bank wrote it."""
    if part is None:
        return None
    text = part.value("Dt") or part.value("DtTm") or part.text
    match = _DAY.fullmatch(text)
    try:
        if match is None:
            raise Unreadable(_("“%(text)s” is not a date."), text=text)
        return day_of(int(match[1]), int(match[2]), int(match[3]), text=text)
    except Unreadable as refusal:
        raise refusal.at(part.row, part.tag) from None


def _raw(part: Part) -> str:
    """The element as it stands in the file, less the names of schemas that only the whole file needs."""
    raw = _SPACE_OF_NAMES.sub("", etree.tostring(part.node, encoding="unicode", with_tail=False))
    if len(raw) > LONGEST_RAW:
        raise Unreadable(_("This entry is too long to keep."), row=part.row, column=part.tag)
    return raw
