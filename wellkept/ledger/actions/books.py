"""How a book begins."""

from __future__ import annotations

from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.clients.actions.checks import allow_work_for
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.ledger.actions.taking import allow, take
from wellkept.ledger.models import Account, AccountChange, Book, TaxCode
from wellkept.ledger.rules import chain
from wellkept.ledger.rules.charts import TEMPLATES, Template, template
from wellkept.ledger.rules.lines import CODE, DateOutOfRange
from wellkept.ledger.rules.months import FIRST, LAST, year_start

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff


class BookIsOpen(Refusal):
    """A client has one book."""


class UnknownTemplate(Refusal):
    """There is no such chart."""


class UnknownCurrency(Refusal):
    """The text is not a currency code."""


class UnknownMonth(Refusal):
    """A year begins in one of twelve months."""


class NotEarlier(Refusal):
    """The book begins there or earlier already."""


@transaction.atomic
def open_book(
    *,
    client: Client,
    template: str,
    base_currency: str = "",
    fiscal_month: int | None = None,
    opened_on: date | None = None,
    by: Staff | None,
    at: datetime,
) -> Book:
    """Begin a client's book with a chart. What is not said comes from the template.

    Without `opened_on` it begins with the fiscal year before the one that `at` falls in.
    """
    allow_work_for(client, by)
    chart = _chart(template)
    if Book.objects.filter(client=client).exists():
        raise BookIsOpen(_("%(client)s has a book already.") % {"client": client.name})
    month = _month(fiscal_month if fiscal_month is not None else chart.fiscal_month)
    book = Book(
        client=client,
        base_currency=_currency(base_currency or chart.base_currency),
        fiscal_month=month,
        template=chart.name,
        opened_on=_day(opened_on or year_start(at.date().replace(year=at.year - 1), month)),
        opened_at=at,
        opened_by=None if by is None else by.pk,
    )
    book.save(force_insert=True)
    _fill(book, chart, by, at)
    record("ledger.opened", at=at, by=by, client=client, book=book, template=chart.name)
    return book


@transaction.atomic
def begin_earlier(*, book: Book, opened_on: date, by: Staff | None, at: datetime) -> Book:
    """Let the book begin earlier, so that its history can be brought in."""
    allow(book=book, by=by)
    take(book=book)
    if Book.objects.filter(pk=book.pk, opened_on__gt=opened_on).update(opened_on=_day(opened_on)) != 1:
        raise NotEarlier(_("The book begins on that day or earlier already."), field="opened_on")
    book.opened_on = opened_on
    record("ledger.begins_earlier", at=at, by=by, client=book.client_id, book=book, opened_on=opened_on.isoformat())
    return book


def _fill(book: Book, chart: Template, by: Staff | None, at: datetime) -> None:
    """The accounts and tax codes of the chart, and the accounts the book itself posts to."""
    accounts = {
        row.code: Account(book=book, code=row.code, name=row.name, type=row.type, purpose=row.purpose)
        for row in chart.accounts
    }
    Account.objects.bulk_create(accounts.values())
    taxes = {
        row.code: TaxCode(
            book=book, code=row.code, name=row.name, rate_basis_points=row.rate_basis_points, kind=row.kind,
            account=accounts.get(row.account),
        )
        for row in chart.taxes
    }  # fmt: skip
    TaxCode.objects.bulk_create(taxes.values())
    for row in chart.accounts:
        accounts[row.code].tax_code = taxes.get(row.tax)
        accounts[row.code].parent = accounts.get(row.parent)
    Account.objects.bulk_update(accounts.values(), ["tax_code", "parent"])
    who = None if by is None else by.pk
    AccountChange.objects.bulk_create(
        AccountChange(account=account, what=AccountChange.What.ADDED, after=account.code, at=at, by=who)
        for account in accounts.values()
    )
    by_purpose = {row.purpose: accounts[row.code] for row in chart.accounts}
    book.rounding_account, book.suspense_account = by_purpose["rounding"], by_purpose["suspense"]
    book.last_hash = chain.start(book.pk)
    book.save(update_fields=["rounding_account", "suspense_account", "last_hash"])


def _chart(name: str) -> Template:
    if name not in TEMPLATES:
        raise UnknownTemplate(
            _("There is no chart of accounts called “%(name)s”.") % {"name": name[:40]}, field="template"
        )
    return template(name)


def _currency(code: str) -> str:
    if not CODE.fullmatch(code):
        raise UnknownCurrency(_("Write the currency as three letters, such as NZD."), field="base_currency")
    return code


def _month(month: int) -> int:
    if not 1 <= month <= 12:
        raise UnknownMonth(_("Choose the month the client's year begins with."), field="fiscal_month")
    return month


def _day(on: date) -> date:
    if not FIRST <= on <= LAST:
        raise DateOutOfRange(_("Choose a date between 1900 and 2200."), field="opened_on")
    return on
