"""Reads of books, charts and periods."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from wellkept.clients import queries as clients
from wellkept.core import once
from wellkept.ledger.models import Account, AccountChange, Book, Dimension, Period, PeriodChange, Tag, TaxCode
from wellkept.ledger.rules.charts import TEMPLATES
from wellkept.ledger.rules.months import month_of

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff


def books_for(by: Staff) -> QuerySet[Book]:
    """The books of the clients a person may see, by client."""
    return Book.objects.filter(clients.scope(by).q("client")).select_related("client").order_by("client__name")


def book_of(client: Client | int) -> Book | None:
    """The client's book, if it has one. The caller has the client from its own scope."""
    return Book.objects.filter(client=client).select_related("client").first()


def template_names() -> tuple[str, ...]:
    """The charts a book can begin with."""
    return TEMPLATES


def accounts_for(by: Staff) -> QuerySet[Account]:
    """The accounts of every book a person may see."""
    return Account.objects.filter(clients.scope(by).q("book__client")).select_related("book__client").order_by("code")


def accounts(book: Book) -> QuerySet[Account]:
    """Every account of a book, merged and inactive ones included, by code."""
    return Account.objects.filter(book=book).select_related("tax_code", "parent").order_by("code")


def accounts_in_use(book: Book) -> QuerySet[Account]:
    """Those that something new may be posted to."""
    return accounts(book).filter(deactivated_at=None, merged_into=None)


@once.read("account")
def chart_in_use(book: int) -> Mapping[int, Account]:
    """The accounts in use of a book by their ids, in the order of their codes; asked for once in a request."""
    return {account.pk: account for account in accounts_in_use(Book(pk=book))}


@once.read("tax_code")
def taxes_in_use(book: int) -> Mapping[int, TaxCode]:
    """The tax codes in use of a book by their ids; asked for once in a request."""
    return {code.pk: code for code in tax_codes(Book(pk=book))}


def account_by_code(book: Book, code: str) -> Account | None:
    return Account.objects.filter(book=book, code=code).first()


def account_for(book: Book, purpose: str) -> Account | None:
    """The first account in use for a purpose, by code."""
    return accounts_in_use(book).filter(purpose=purpose).first()


def changes_of(account: Account) -> QuerySet[AccountChange]:
    """What was changed about an account, newest first."""
    return account.changes.order_by("-id")


def tax_codes(book: Book) -> QuerySet[TaxCode]:
    """The tax codes in use, by code."""
    return TaxCode.objects.filter(book=book, retired_at=None).select_related("account").order_by("code")


def tax_code_by_code(book: Book, code: str) -> TaxCode | None:
    return TaxCode.objects.filter(book=book, code=code).select_related("account").first()


def dimensions(book: Book) -> QuerySet[Dimension]:
    """How this client's figures can be cut, with the tags."""
    return Dimension.objects.filter(book=book).prefetch_related("tags").order_by("name")


def tags(book: Book) -> QuerySet[Tag]:
    """The tags in use of every dimension."""
    return (
        Tag.objects.filter(dimension__book=book, retired_at=None)
        .select_related("dimension")
        .order_by("dimension__name", "name")
    )


def periods_for(by: Staff) -> QuerySet[Period]:
    """The periods of every book a person may see."""
    return Period.objects.filter(clients.scope(by).q("book__client")).select_related("book__client")


def periods(book: Book) -> QuerySet[Period]:
    """The months that hold something or were closed, newest first."""
    return Period.objects.filter(book=book).order_by("-starts_on")


def period_of(book: Book, on: date) -> Period | None:
    """The period that holds the day, if anything was posted into it or it was closed."""
    return Period.objects.filter(book=book, starts_on=month_of(on)).first()


def is_open(book: Book, on: date) -> bool:
    """Whether anybody who keeps the book may post on that day."""
    period = period_of(book, on)
    return on >= book.opened_on and (period is None or period.state == "open")


def changes_of_period(period: Period) -> QuerySet[PeriodChange]:
    """When it was closed and opened, oldest first."""
    return period.changes.order_by("id")
