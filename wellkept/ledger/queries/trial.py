"""The trial balance: every account on a day, and proof that debits equal credits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from wellkept.ledger.models import Account, Book
from wellkept.ledger.queries.totals import NOTHING, Total, totals_around
from wellkept.ledger.rules.charts import PROFIT_TYPES
from wellkept.ledger.rules.months import year_start


@dataclass(frozen=True, slots=True)
class TrialRow:
    """One account: its balance as a debit or a credit. Income and expenses count from the start of the fiscal year."""

    account: Account
    amount_minor: int
    foreign_minor: int = 0

    @property
    def debit_minor(self) -> int:
        return max(self.amount_minor, 0)

    @property
    def credit_minor(self) -> int:
        return max(-self.amount_minor, 0)


@dataclass(frozen=True, slots=True)
class TrialBalance:
    """Balances before `until`. Earlier years' profit stands in retained earnings, though no entry moved it there."""

    book: Book
    until: date
    rows: tuple[TrialRow, ...]

    @property
    def debit_minor(self) -> int:
        return sum(row.debit_minor for row in self.rows)

    @property
    def credit_minor(self) -> int:
        return sum(row.credit_minor for row in self.rows)


def trial_balance(book: Book, until: date) -> TrialBalance:
    """Every account that holds something, by code, counting the days before `until`."""
    chart = chart_of(book)
    amounts = standing(book, until, chart)
    rows = [
        TrialRow(account, amounts[pk].amount_minor, amounts[pk].foreign_minor)
        for pk, account in chart.items()
        if pk in amounts
    ]
    return TrialBalance(book, until, tuple(row for row in rows if row.amount_minor or row.foreign_minor))


def standing(book: Book, until: date, chart: dict[int, Account]) -> dict[int, Total]:
    """What each account holds: income and expenses of the fiscal year, the profit of earlier ones in retained earnings."""
    begin = year_start(until - timedelta(days=1), book.fiscal_month)  # the last day of a year still belongs to it
    before, held = totals_around(book, begin, until)
    past = 0
    for pk, total in before.items():
        if chart[pk].type in PROFIT_TYPES:
            past += total.amount_minor
        else:
            held[pk] = held.get(pk, NOTHING) + total
    kept = next((pk for pk, account in chart.items() if account.purpose == "retained_earnings"), None)
    if kept is not None and past:
        held[kept] = held.get(kept, NOTHING) + Total(past)
    return held


def chart_of(book: Book) -> dict[int, Account]:
    """Every account by id, in the order of codes."""
    return {account.pk: account for account in Account.objects.filter(book=book).order_by("code")}
