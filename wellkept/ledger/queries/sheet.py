"""The balance sheet on any day, and where the cash went."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from django.db.models import Q, Sum

from wellkept.ledger.models import Account, Book, Entry, Posting
from wellkept.ledger.queries.profit import NOW_IN, ReportRow, Section, closed
from wellkept.ledger.queries.totals import NOTHING, Total, totals
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
    """Where the cash of a stretch came from and went. Opening, flows and exchange differences are the closing.

    Entries that close a year are no flow, as they are no loss. What an opening entry of the stretch brings was there
    before; only what it says of the year's profit so far is in the profit, and taken out again below it.
    """
    chart = chart_of(book)
    cash = {pk for pk, account in chart.items() if account.purpose in CASH}
    before, ended, began = totals(book, None, since), closed(book, since, until), _began(book, since, until)
    found = totals(book, since, until)  # an account that came to nothing is not in it
    moved = {pk: found.get(pk, NOTHING).amount_minor - ended.get(pk, 0) - began.get(pk, 0) for pk in chart}
    at_start = sum(before[pk].amount_minor for pk in cash & before.keys()) + _sum(began, cash)
    exchanged = _exchanged(cash, since, until)
    sections = _flows(chart, cash, moved, _sum(began, _profitable(chart)), _sum(ended, cash), exchanged)
    at_end = at_start + _sum(moved, cash) + _sum(ended, cash)
    return CashFlow(book, since, until, at_start, sections, exchanged, at_end)


def _flows(
    chart: dict[int, Account], cash: set[int], moved: dict[int, int], earlier: int, closing: int, exchanged: int
) -> tuple[CashSection, ...]:
    """The sections. `earlier` is what an opening entry says of the profit, `closing` cash that a closing entry moved."""
    rows: dict[str, list[CashRow]] = {name: [] for name in FLOWS}
    profit = -_sum(moved, _profitable(chart)) - earlier
    worn = sum(amount for pk, amount in moved.items() if chart[pk].purpose == "depreciation")
    told = (("profit", profit), ("opening", earlier), ("depreciation", worn), ("exchange", -exchanged))
    rows[OPERATING] += [CashRow(None, label, amount) for label, amount in told if amount]
    for pk, account in chart.items():
        if account.type not in PROFIT_TYPES and pk not in cash and moved.get(pk):
            rows[flow_of(account)].append(CashRow(account, "", -moved[pk]))
    if worn:
        rows[INVESTING].append(CashRow(None, "depreciation", -worn))
    if closing:
        rows[FINANCING].append(CashRow(None, "closing", closing))
    return tuple(CashSection(name, tuple(rows[name])) for name in FLOWS)


def flow_of(account: Account) -> str:
    """Which activity moves an account of the balance sheet."""
    if account.type == Account.Type.EQUITY or account.purpose == "loan":
        return FINANCING
    return INVESTING if account.purpose == "fixed" else OPERATING


def _began(book: Book, since: date, until: date) -> dict[int, int]:
    """What opening entries of the stretch brought, and what was taken back of any; by account, as `closed`."""
    opening = Entry.objects.filter(book=book, source="opening").order_by()
    openings = opening.filter(dated_on__gte=since, dated_on__lt=until).values("pk")
    undone = opening.filter(reversed_by__dated_on__gte=since, reversed_by__dated_on__lt=until).values("reversed_by")
    rows = Posting.objects.filter(Q(entry__in=openings) | Q(entry__in=undone)).order_by()
    return dict(rows.values_list(NOW_IN).annotate(sum=Sum("amount_minor")))


def _profitable(chart: dict[int, Account]) -> set[int]:
    return {pk for pk, account in chart.items() if account.type in PROFIT_TYPES}


def _sum(amounts: dict[int, int], accounts: set[int]) -> int:
    return sum(amount for pk, amount in amounts.items() if pk in accounts)


def _exchanged(cash: set[int], since: date, until: date) -> int:
    """How much cash in other currencies became worth: postings that moved no money of their own."""
    rows = Posting.objects.filter(
        Q(account__in=cash) | Q(account__merged_into__in=cash),
        dated_on__gte=since, dated_on__lt=until, foreign_minor=0, account__currency__gt="",
    ).exclude(entry__source="opening")  # fmt: skip
    return rows.order_by().aggregate(sum=Sum("amount_minor"))["sum"] or 0
