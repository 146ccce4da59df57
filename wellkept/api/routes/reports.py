"""The reports of a client's book: amounts in minor units of its currency, on the natural side of each account."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any, Literal

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from wellkept.api.fields import Day, Id
from wellkept.api.routes.door import reads, staff_of
from wellkept.clients import queries as clients
from wellkept.core.money import exponent
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Book

router = Router(tags=["reports"])
Name = Literal["profit-and-loss", "balance-sheet", "cash-flow", "trial-balance"]


class Days(Schema):
    """Days from `since` up to, not including, `until`. What stands on a day (balance sheet, trial balance) needs only `until`."""

    since: Day | None = None
    until: Day


class Line(Schema):
    """`code` and `name` are empty where the line is no account; `label` says what it is then."""

    account: int | None
    code: str
    name: str
    label: str
    amount_minor: int


class Section(Schema):
    name: str
    amount_minor: int
    lines: list[Line]


class Report(Schema):
    """`proof_minor` must be nought: what both sides of the report are apart."""

    name: str
    client: int
    currency: str
    exponent: int
    since: date | None
    until: date
    sections: list[Section]
    result_minor: int
    proof_minor: int


@router.get("/clients/{id}/reports/{name}", response=reads(Report), summary="A report of a client's book")
def one_report(request: HttpRequest, id: Id, name: Name, days: Query[Days]) -> dict[str, Any]:
    client = clients.for_staff(staff_of(request)).get(pk=id)
    book = ledger.book_of(client)
    if book is None:
        raise HttpError(404, "This client has no book yet.")
    sections, result, proof = READS[name](book, days)
    return {
        "name": name,
        "client": client.pk,
        "currency": book.base_currency,
        "exponent": exponent(book.base_currency),
        "since": days.since,
        "until": days.until,
        "sections": sections,
        "result_minor": result,
        "proof_minor": proof,
    }


Read = tuple[list[dict[str, Any]], int, int]


def _profit(book: Book, days: Days) -> Read:
    """The result is the profit. A profit stands alone: there is nothing to prove it against here."""
    found = ledger.profit_and_loss(book, *_stretch(days))
    return [_section(section) for section in found.sections], found.profit.net_minor, 0


def _balance(book: Book, days: Days) -> Read:
    found = ledger.balance_sheet(book, days.until - timedelta(days=1))
    sections = [_section(section) for section in found.sections]
    sections.append(_named("earnings", [_line(None, "profit of the year so far", found.earnings_minor)]))
    apart = found.assets_minor - found.liabilities_minor - found.equity_minor
    return sections, found.equity_minor, apart


def _cash(book: Book, days: Days) -> Read:
    found = ledger.cash_flow(book, *_stretch(days))
    sections = [
        _named(section.name, [_line(row.account, row.label, row.amount_minor) for row in section.rows])
        for section in found.sections
    ]
    sections.append(_named("exchange", [_line(None, "exchange", found.exchange_minor)] if found.exchange_minor else []))
    moved = sum(section["amount_minor"] for section in sections)
    return sections, moved, found.closing_minor - found.opening_minor - moved


def _trial(book: Book, days: Days) -> Read:
    """Debits above nought, credits below."""
    found = ledger.trial_balance(book, days.until)
    lines = [_line(row.account, "", row.amount_minor) for row in found.rows]
    return [_named("accounts", lines)], found.debit_minor, found.debit_minor - found.credit_minor


READS = {"profit-and-loss": _profit, "balance-sheet": _balance, "cash-flow": _cash, "trial-balance": _trial}


def _stretch(days: Days) -> tuple[date, date]:
    if days.since is None or days.since >= days.until:
        raise HttpError(422, "Give “since”, a day before “until”.")
    return days.since, days.until


def _section(section: ledger.Section) -> dict[str, Any]:
    return _named(section.name, [_line(row.account, "", row.amount_minor) for row in section.rows])


def _named(name: str, lines: list[dict[str, Any]]) -> dict[str, Any]:
    return {"name": name, "amount_minor": sum(line["amount_minor"] for line in lines), "lines": lines}


def _line(account: Any, label: str, minor: int) -> dict[str, Any]:
    return {
        "account": account.pk if account is not None else None,
        "code": account.code if account is not None else "",
        "name": account.name if account is not None else "",
        "label": label,
        "amount_minor": minor,
    }
