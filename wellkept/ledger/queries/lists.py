"""Tax by code, and how old what is owed is."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from fractions import Fraction

from django.db.models import Case, F, Q, Sum, When
from django.db.models.functions import Coalesce

from wellkept.ledger.models import Account, Book, Posting, TaxCode
from wellkept.ledger.queries.pages import together
from wellkept.ledger.queries.totals import account_total
from wellkept.ledger.rules.ageing import BORDERS, Moved, OpenItem, bucket, open_items
from wellkept.ledger.rules.charts import natural
from wellkept.ledger.rules.exchange import whole

MOST_WALKED = 20_000
CHUNK = 500


@dataclass(frozen=True, slots=True)
class TaxRow:
    """One code: what it was charged on, the tax posted, and what its rate says. Sales and purchases count upwards."""

    tax_code: TaxCode
    net_minor: int
    tax_minor: int
    expected_minor: int


@dataclass(frozen=True, slots=True)
class TaxSummary:
    book: Book
    since: date
    until: date
    rows: tuple[TaxRow, ...]

    @property
    def owed_minor(self) -> int:
        """Tax on sales less tax on purchases; below zero it comes back."""
        return sum(row.tax_minor * (1 if row.tax_code.kind == TaxCode.Kind.SALES else -1) for row in self.rows)


@dataclass(frozen=True, slots=True)
class AgedRow:
    """What one account holds open, by age: up to 30 days, 60, 90 and older. Above zero is on its natural side."""

    account: Account
    balance_minor: int
    buckets: tuple[int, ...]
    items: tuple[OpenItem, ...]


@dataclass(frozen=True, slots=True)
class AgedList:
    book: Book
    on: date
    rows: tuple[AgedRow, ...]


def tax_summary(book: Book, since: date, until: date) -> TaxSummary:
    """What was posted under each code: on its own account it is tax, elsewhere what the tax was charged on."""
    codes = {code.pk: code for code in TaxCode.objects.filter(book=book).select_related("account").order_by("code")}
    rows = Posting.objects.filter(tax_code__in=codes, dated_on__gte=since, dated_on__lt=until)
    is_tax = Q(account=F("tax_code__account"))
    sums = (
        rows.order_by()
        .values_list("tax_code")
        .annotate(
            net=Coalesce(Sum(Case(When(~is_tax | Q(tax_code__account=None), then="amount_minor"))), 0),
            tax=Coalesce(Sum(Case(When(is_tax, then="amount_minor"))), 0),
        )
    )
    found = {pk: (int(net), int(tax)) for pk, net, tax in sums}
    return TaxSummary(book, since, until, tuple(_tax_row(codes[pk], *found[pk]) for pk in codes if pk in found))


def aged(book: Book, on: date, purpose: str) -> AgedList:
    """Receivables (`receivable`) or payables (`payable`) at the end of the day, the oldest cleared first."""
    accounts = Account.objects.filter(book=book, purpose=purpose, merged_into=None).order_by("code")
    rows = (_aged_row(account, on) for account in accounts)
    return AgedList(book, on, tuple(row for row in rows if row.balance_minor))


def _tax_row(code: TaxCode, net: int, tax: int) -> TaxRow:
    sign = -1 if code.kind == TaxCode.Kind.SALES else 1
    expected = whole(Fraction(sign * net * code.rate_basis_points, 10_000))
    return TaxRow(code, sign * net, sign * tax, expected)


def _aged_row(account: Account, on: date) -> AgedRow:
    ids = together(account)
    until = on + timedelta(days=1)
    balance = natural(account.type, account_total(ids, None, until).amount_minor)
    items = open_items(balance, _newest_first(account, ids, until))
    sums = [0] * (len(BORDERS) + 1)
    for item in items:
        sums[bucket(item.dated_on, on)] += item.open_minor
    return AgedRow(account, balance, tuple(sums), tuple(items))


def _newest_first(account: Account, ids: list[int], until: date) -> Iterator[Moved]:
    rows = Posting.objects.filter(account__in=ids, dated_on__lt=until).order_by("-dated_on", "-pk")
    found = rows.values_list("pk", "dated_on", "amount_minor")[:MOST_WALKED]
    for pk, dated_on, amount in found.iterator(chunk_size=CHUNK):
        yield Moved(pk, dated_on, natural(account.type, amount))
