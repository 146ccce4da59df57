"""A client's months side by side: income and expenses, cash at the end, what was spent on what."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import F, Sum

from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Balance, Book, Span
from wellkept.ledger.rules.charts import natural
from wellkept.web.desk.books.times import months_later, months_of

CASH = ("bank", "cash")
SHOWN = 12


@dataclass(frozen=True)
class MonthSum:
    """What came in and what went out in one month; `address` opens its report."""

    month: date
    income: int
    expense: int
    address: str = ""

    @property
    def net(self) -> int:
        return self.income - self.expense


@dataclass(frozen=True)
class CashAt:
    """What bank and cash accounts held at the end of a month."""

    month: date
    amount: int
    address: str = ""


def income_and_expense(book: Book, first: date, until: date) -> list[MonthSum]:
    """Every month from `first` to before `until`, empty ones too."""
    rows = (
        Balance.objects.filter(book=book, span=Span.MONTH, starts_on__gte=first, starts_on__lt=until)
        .filter(account__type__in=("income", "expense"))
        .values_list("starts_on", "account__type")
        .annotate(amount=Sum(F("debit_minor") - F("credit_minor")))
        .order_by()
    )
    found = {(month, kind): natural(kind, int(amount)) for month, kind, amount in rows}
    return [
        MonthSum(month, found.get((month, "income"), 0), found.get((month, "expense"), 0))
        for month in months_of(first, until)
    ]


def cash(book: Book, first: date, until: date) -> list[CashAt]:
    """What stood on bank and cash accounts at each month's end."""
    ids = list(ledger.accounts(book).filter(purpose__in=CASH).values_list("pk", flat=True))
    held = ledger.account_total(ids, None, first).amount_minor if ids else 0
    rows = (
        Balance.objects.filter(account__in=ids, span=Span.MONTH, starts_on__gte=first, starts_on__lt=until)
        .values_list("starts_on")
        .annotate(amount=Sum(F("debit_minor") - F("credit_minor")))
        .order_by()
    )
    moved = {month: int(amount) for month, amount in rows}
    found = []
    for month in months_of(first, until):
        held += moved.get(month, 0)
        found.append(CashAt(month, held))
    return found


def spent(book: Book, since: date, until: date) -> list[tuple[str, int, int]]:
    """Expenses by account: name, amount, id; nothing that came to nought or back."""
    sums = ledger.totals(book, since, until, types=("expense",))
    names = {account.pk: account.name for account in ledger.accounts(book).filter(pk__in=list(sums))}
    return [(names[pk], sums[pk].amount_minor, pk) for pk in names if sums[pk].amount_minor > 0]


def latest(book: Book, today: date) -> date:
    """The last month that holds something, no later than this one; this one for an empty book."""
    this = today.replace(day=1)
    period = ledger.periods(book).filter(starts_on__lte=this).first()
    return period.starts_on if period is not None else this


def year_back(month: date) -> date:
    """The first of the twelve months that end with this one."""
    return months_later(month, 1 - SHOWN)
