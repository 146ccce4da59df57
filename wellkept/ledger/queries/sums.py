"""The roll-ups as they must be: counted from the postings themselves, for whoever rebuilds or doubts them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeAlias

from django.db.models import Q, Sum
from django.db.models.functions import Coalesce

from wellkept.ledger.models import Balance, Book, Posting, PostingTag, TagBalance
from wellkept.ledger.rules.months import by_span

Day: TypeAlias = "tuple[tuple[int, ...], date, str]"
Sums: TypeAlias = "dict[tuple[Any, ...], tuple[int, int, int]]"


def balances_from_postings(book: Book) -> Sums:
    """By account, span, first day and currency."""
    rows = Posting.objects.filter(account__book=book).order_by()
    return _sums(rows, ("account_id",), "")


def tag_balances_from_postings(book: Book) -> Sums:
    """By tag, account, span, first day and currency."""
    rows = PostingTag.objects.filter(posting__account__book=book).order_by()
    return _sums(rows, ("tag_id", "posting__account_id"), "posting__")


def balances_kept(book: Book) -> Sums:
    """As they stand in the roll-up."""
    rows = Balance.objects.filter(book=book).values_list(
        "account_id", "span", "starts_on", "currency", "debit_minor", "credit_minor", "foreign_minor"
    )
    return {row[:4]: row[4:] for row in rows.iterator()}


def tag_balances_kept(book: Book) -> Sums:
    rows = TagBalance.objects.filter(account__book=book).values_list(
        "tag_id", "account_id", "span", "starts_on", "currency", "debit_minor", "credit_minor", "foreign_minor"
    )
    return {row[:5]: row[5:] for row in rows.iterator()}


def balances_are_right(book: Book) -> bool:
    """Whether the roll-ups say what the postings say."""
    return balances_kept(book) == balances_from_postings(book) and tag_balances_kept(
        book
    ) == tag_balances_from_postings(book)


def _sums(rows: Any, keys: tuple[str, ...], prefix: str) -> Sums:
    amount, foreign = f"{prefix}amount_minor", f"{prefix}foreign_minor"
    debit = Coalesce(Sum(amount, filter=Q(**{f"{amount}__gt": 0})), 0)
    credit = Coalesce(Sum(amount, filter=Q(**{f"{amount}__lt": 0})), 0)
    days: Iterable[tuple[Any, ...]] = (
        rows.values_list(*keys, f"{prefix}dated_on", f"{prefix}currency")
        .annotate(debit=debit, credit=credit, foreign=Sum(foreign))
        .iterator()
    )
    count = len(keys)
    by_day = {(row[:count], row[count], row[count + 1]): (int(row[-3]), -int(row[-2]), int(row[-1])) for row in days}
    return {(*key, span, start, currency): sums for (key, span, start, currency), sums in by_span(by_day).items()}
