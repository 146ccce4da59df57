"""The balance sheet on any day, and where the cash went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Sum

from wellkept.ledger.models import Account, Book, Posting
from wellkept.ledger.queries.profit import ReportRow, Section
from wellkept.ledger.queries.totals import Total, totals
from wellkept.ledger.queries.trial import chart_of, standing
from wellkept.ledger.rules.charts import PROFIT_TYPES, natural

CURRENT_ASSETS, FIXED_ASSETS = "current_assets", "fixed_assets"
CURRENT_LIABILITIES, LONG_LIABILITIES, EQUITY = "current_liabilities", "long_term_liabilities", "equity"
SECTIONS = (CURRENT_ASSETS, FIXED_ASSETS, CURRENT_LIABILITIES, LONG_LIABILITIES, EQUITY)
ASSETS = (CURRENT_ASSETS, FIXED_ASSETS)
LIABILITIES = (CURRENT_LIABILITIES, LONG_LIABILITIES)
CASH = frozenset({"bank", "cash"})
OPERATING, INVESTING, FINANCING = "operating", "investing", "financing"
FLOWS = (OPERATING, INVESTING, FINANCING)


@dataclass(frozen=True, slots=True)
class BalanceSheet:
    """What is owned and owed at the end of the day. The year's profit so far is computed, no entry moved it."""

    book: Book
    on: date
    sections: tuple[Section, ...]
    earnings_minor: int

    @property
    def assets_minor(self) -> int:
        return self._sum(*ASSETS)

    @property
    def liabilities_minor(self) -> int:
        return self._sum(*LIABILITIES)

    @property
    def equity_minor(self) -> int:
        """With the year's profit so far."""
        return self._sum(EQUITY) + self.earnings_minor

    def _sum(self, *names: str) -> int:
        return sum(section.amount_minor for section in self.sections if section.name in names)


@dataclass(frozen=True, slots=True)
class CashRow:
    """What one account, or with `account` empty one of `label`, brought (above zero) or took."""

    account: Account | None
    label: str
    amount_minor: int


@dataclass(frozen=True, slots=True)
class CashSection:
    name: str
    rows: tuple[CashRow, ...]

    @property
    def amount_minor(self) -> int:
        return sum(row.amount_minor for row in self.rows)


@dataclass(frozen=True, slots=True)
class CashFlow:
    """Indirect: from the profit to the change of cash. Opening, sections and exchange differences make the closing."""

    book: Book
    since: date
    until: date
    opening_minor: int
    sections: tuple[CashSection, ...]
    exchange_minor: int
    closing_minor: int


def balance_sheet(book: Book, on: date, before: date | None = None) -> BalanceSheet:
    """At the end of the day `on`, beside the end of `before` where it is given."""
    chart = chart_of(book)
    now = standing(book, on + timedelta(days=1), chart)
    then = {} if before is None else standing(book, before + timedelta(days=1), chart)
    rows: dict[str, list[ReportRow]] = {name: [] for name in SECTIONS}
    earnings = 0
    for pk, account in chart.items():
        amount = natural(account.type, now.get(pk, Total()).amount_minor)
        earlier = natural(account.type, then.get(pk, Total()).amount_minor)
        if account.type in PROFIT_TYPES:
            earnings += amount if account.type == Account.Type.INCOME else -amount
        elif amount or earlier:
            previous = None if before is None else earlier
            rows[section_of(account)].append(ReportRow(account, amount, previous))
    return BalanceSheet(book, on, tuple(Section(name, tuple(rows[name])) for name in SECTIONS), earnings)


def section_of(account: Account) -> str:
    """Where an account of the balance sheet stands."""
    if account.type == Account.Type.ASSET:
        return FIXED_ASSETS if account.purpose == "fixed" else CURRENT_ASSETS
    if account.type == Account.Type.LIABILITY:
        return LONG_LIABILITIES if account.purpose == "loan" else CURRENT_LIABILITIES
    return EQUITY


def cash_flow(book: Book, since: date, until: date) -> CashFlow:
    """Where the cash of a stretch came from and went."""
    chart = chart_of(book)
    moved = {pk: total.amount_minor for pk, total in totals(book, since, until).items()}
    opening = totals(book, None, since)
    cash = {pk for pk, account in chart.items() if account.purpose in CASH}
    at_start = sum(opening[pk].amount_minor for pk in cash & opening.keys())
    exchanged = _exchanged(cash, since, until)
    rows: dict[str, list[CashRow]] = {name: [] for name in FLOWS}
    profit, worn = _results(chart, moved)
    rows[OPERATING] += [
        CashRow(None, label, amount)
        for label, amount in (("profit", profit), ("depreciation", worn), ("exchange", -exchanged))
        if amount
    ]
    for pk, account in chart.items():
        if account.type not in PROFIT_TYPES and pk not in cash and moved.get(pk):
            rows[flow_of(account)].append(CashRow(account, "", -moved[pk]))
    if worn:
        rows[INVESTING].append(CashRow(None, "depreciation", -worn))
    sections = tuple(CashSection(name, tuple(rows[name])) for name in FLOWS)
    at_end = at_start + sum(moved.get(pk, 0) for pk in cash)
    return CashFlow(book, since, until, at_start, sections, exchanged, at_end)


def flow_of(account: Account) -> str:
    """Which activity moves an account of the balance sheet."""
    if account.type == Account.Type.EQUITY or account.purpose == "loan":
        return FINANCING
    return INVESTING if account.purpose == "fixed" else OPERATING


def _results(chart: dict[int, Account], moved: dict[int, int]) -> tuple[int, int]:
    """The profit, and the part of its expenses that took no cash."""
    profit = -sum(amount for pk, amount in moved.items() if chart[pk].type in PROFIT_TYPES)
    worn = sum(amount for pk, amount in moved.items() if chart[pk].purpose == "depreciation")
    return profit, worn


def _exchanged(cash: set[int], since: date, until: date) -> int:
    """How much cash in other currencies became worth: postings that moved no money of their own."""
    rows = Posting.objects.filter(
        account__in=cash, dated_on__gte=since, dated_on__lt=until, foreign_minor=0, account__currency__gt=""
    )
    return rows.order_by().aggregate(sum=Sum("amount_minor"))["sum"] or 0
