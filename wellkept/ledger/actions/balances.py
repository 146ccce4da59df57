"""The roll-ups: counted in with every posting, and rebuilt from the postings when somebody doubts them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TypeVar

from django.db import transaction

from wellkept.core import bulk
from wellkept.ledger.actions.taking import take
from wellkept.ledger.models import Balance, Book, TagBalance
from wellkept.ledger.queries.sums import balances_from_postings, tag_balances_from_postings
from wellkept.ledger.rules.lines import Line
from wellkept.ledger.rules.months import by_span

Key = TypeVar("Key")
AMOUNTS = ("debit_minor", "credit_minor", "foreign_minor")
OF_ACCOUNT = ("account_id", "span", "starts_on", "currency")
OF_TAG = ("tag_id", "account_id", "span", "starts_on", "currency")


def count_in(*, book: int, lines: Iterable[tuple[date, Line]]) -> None:
    """Add what has just been posted to every span of every account and tag."""
    by_account: dict[tuple[int, date, str], list[int]] = {}
    by_tag: dict[tuple[tuple[int, int], date, str], list[int]] = {}
    for day, line in lines:
        _add(by_account, (line.account, day, line.currency), line)
        for tag in line.tags:
            _add(by_tag, ((tag, line.account), day, line.currency), line)
    rows = [(book, *when, *sums) for when, sums in by_span(by_account).items()]
    bulk.add_up(Balance, ("book_id", *OF_ACCOUNT), OF_ACCOUNT, AMOUNTS, rows)
    tagged = [(*pair, *when, *sums) for (pair, *when), sums in by_span(by_tag).items()]
    bulk.add_up(TagBalance, OF_TAG, OF_TAG, AMOUNTS, tagged)


@transaction.atomic
def rebuild_balances(*, book: Book) -> None:
    """Throw the roll-ups of a book away and count its postings again. The figures are the same, or something was wrong."""
    take(book=book)
    Balance.objects.filter(book=book).delete()
    TagBalance.objects.filter(account__book=book).delete()
    rows = [(book.pk, *key, *sums) for key, sums in balances_from_postings(book).items()]
    bulk.insert_values(Balance, ("book_id", *OF_ACCOUNT, *AMOUNTS), rows)
    rows_of_tags = [(*key, *sums) for key, sums in tag_balances_from_postings(book).items()]
    bulk.insert_values(TagBalance, (*OF_TAG, *AMOUNTS), rows_of_tags)


def _add(sums: dict[Key, list[int]], key: Key, line: Line) -> None:
    total = sums.get(key)
    if total is None:
        total = sums[key] = [0, 0, 0]
    if line.amount_minor > 0:
        total[0] += line.amount_minor
    else:
        total[1] -= line.amount_minor
    total[2] += line.foreign_minor
