"""The page of an account and the general ledger: postings in order, with the balance after each."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from heapq import merge
from itertools import islice

from django.db.models import Exists, F, OuterRef, QuerySet, Sum
from django.db.models.fields.tuple_lookups import Tuple, TupleGreaterThan
from django.db.models.functions import Coalesce

from wellkept.ledger.models import Account, Balance, Book, Posting, Span
from wellkept.ledger.queries.totals import account_total

PAGE = 50
MOST = 500
MOST_ACCOUNTS = 100
PLACE = Tuple(
    F("dated_on"), F("pk")
)  # compared as a pair, which is one stretch of the index; for SQLite, the day says it again


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page ended: the day and the id of its last posting."""

    dated_on: date
    posting: int

    def __str__(self) -> str:
        return f"{self.dated_on.isoformat()}.{self.posting}"

    @classmethod
    def read(cls, text: str) -> Place | None:
        """The place a link names, or None when it names none."""
        day, _dot, number = text.partition(".")
        try:
            return cls(date.fromisoformat(day), int(number)) if number.isascii() and number.isdigit() else None
        except ValueError:
            return None


@dataclass(frozen=True, slots=True)
class AccountLine:
    """A posting with its entry, and what the account held after it."""

    posting: Posting
    balance_minor: int


@dataclass(frozen=True, slots=True)
class AccountPage:
    """Some postings of an account, what it held before them, and where the next page begins."""

    account: Account
    since: date | None
    until: date
    opening_minor: int
    lines: tuple[AccountLine, ...]
    closing_minor: int
    next_after: Place | None


@dataclass(frozen=True, slots=True)
class LedgerPlace:
    """Where a page of the general ledger ended: the account's code, and the posting within it."""

    code: str
    after: Place | None


@dataclass(frozen=True, slots=True)
class LedgerPage:
    """A page of the general ledger: accounts one after another in the order of codes, each with its postings."""

    pages: tuple[AccountPage, ...]
    next_after: LedgerPlace | None


def account_page(
    account: Account, since: date | None, until: date, after: Place | None = None, limit: int = PAGE
) -> AccountPage:
    """The next postings before `until`. The balance before them comes from the roll-ups and the page's first day."""
    ids = together(account)
    size = min(max(limit, 1), MOST)
    found = _postings(ids, since, until, after, size + 1)
    opening = _opening(ids, since, until, found[0] if found else None)
    lines: list[AccountLine] = []
    balance = opening
    for posting in found[:size]:
        balance += posting.amount_minor
        lines.append(AccountLine(posting, balance))
    last = found[size - 1] if len(found) > size else None
    place = Place(last.dated_on, last.pk) if last else None
    return AccountPage(account, since, until, opening, tuple(lines), balance, place)


def general_ledger(
    book: Book, since: date | None, until: date, after: LedgerPlace | None = None, limit: int = MOST
) -> LedgerPage:
    """The accounts that hold or moved something, from `after` on, until `limit` postings are on the page."""
    moved = Exists(Balance.objects.filter(account=OuterRef("pk"), span=Span.YEAR, starts_on__lt=until))
    shown = Account.objects.filter(moved, book=book).order_by().values(shown=Coalesce("merged_into", "pk"))
    chart = Account.objects.filter(pk__in=shown, code__gte=after.code if after else "").order_by("code")
    pages: list[AccountPage] = []
    left = min(max(limit, 1), MOST)
    for account in chart:
        place = after.after if after is not None and account.code == after.code else None
        if left < 1 or len(pages) >= MOST_ACCOUNTS:
            return LedgerPage(tuple(pages), LedgerPlace(account.code, place))
        page = account_page(account, since, until, place, left)
        if page.lines or page.opening_minor:
            pages.append(page)
            left -= len(page.lines)
        if page.next_after is not None:
            return LedgerPage(tuple(pages), LedgerPlace(account.code, page.next_after))
    return LedgerPage(tuple(pages), None)


def together(account: Account) -> list[int]:
    """The account and all that were merged into it."""
    return [account.pk, *Account.objects.filter(merged_into=account).order_by("pk").values_list("pk", flat=True)]


def _postings(ids: Sequence[int], since: date | None, until: date, after: Place | None, count: int) -> list[Posting]:
    """In order of day and of posting. Each account is read by its own index."""
    found = [list(_of_one(pk, since, until, after)[:count]) for pk in ids]
    return list(islice(merge(*found, key=lambda posting: (posting.dated_on, posting.pk)), count))


def _of_one(account: int, since: date | None, until: date, after: Place | None) -> QuerySet[Posting]:
    rows = Posting.objects.filter(account=account, dated_on__lt=until)
    if after is not None and (since is None or after.dated_on >= since):
        rows = rows.filter(TupleGreaterThan(PLACE, (after.dated_on, after.posting)), dated_on__gte=after.dated_on)
    elif since is not None:
        rows = rows.filter(dated_on__gte=since)
    return rows.select_related("entry", "tax_code").order_by("dated_on", "pk")


def _opening(ids: Sequence[int], since: date | None, until: date, first: Posting | None) -> int:
    """What the account held before its first posting shown; without one, at the end of the stretch."""
    if first is None:
        return account_total(ids, None, until).amount_minor
    opening = account_total(ids, None, first.dated_on).amount_minor
    earlier = Posting.objects.filter(account__in=ids, dated_on=first.dated_on, pk__lt=first.pk).order_by()
    return opening + (earlier.aggregate(sum=Sum("amount_minor"))["sum"] or 0)
