"""The roll-ups: counted in with every posting, and rebuilt from the postings when somebody doubts them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import Any, TypeVar

from django.db import connection, transaction

from wellkept.core import bulk
from wellkept.ledger.actions.taking import take
from wellkept.ledger.models import Balance, Book, TagBalance
from wellkept.ledger.queries.sums import balances_from_postings, tag_balances_from_postings
from wellkept.ledger.rules.lines import Line
from wellkept.ledger.rules.months import by_span

Key = TypeVar("Key")
ADD = """INSERT INTO {table} ({names}, debit_minor, credit_minor, foreign_minor) VALUES ({places})
ON CONFLICT ({unique}) DO UPDATE SET debit_minor = {table}.debit_minor + excluded.debit_minor,
credit_minor = {table}.credit_minor + excluded.credit_minor,
foreign_minor = {table}.foreign_minor + excluded.foreign_minor"""
AMOUNTS = ("debit_minor", "credit_minor", "foreign_minor")
OF_ACCOUNT = ("account_id", "span", "starts_on", "currency")
OF_TAG = ("tag_id", "account_id", "span", "starts_on", "currency")
ADD_TO_ACCOUNT = ADD.format(
    table="ledger_balance",
    names=", ".join(OF_ACCOUNT),
    unique=", ".join(OF_ACCOUNT),
    places=", ".join(["%s"] * 7),
)
ADD_TO_TAG = ADD.format(
    table="ledger_tagbalance", names=", ".join(OF_TAG), unique=", ".join(OF_TAG), places=", ".join(["%s"] * 8)
)


def count_in(*, lines: Iterable[tuple[date, Line]]) -> None:
    """Add what has just been posted to every span of every account and tag."""
    by_account: dict[tuple[int, date, str], list[int]] = {}
    by_tag: dict[tuple[tuple[int, int], date, str], list[int]] = {}
    for day, line in lines:
        _add(by_account, (line.account, day, line.currency), line)
        for tag in line.tags:
            _add(by_tag, ((tag, line.account), day, line.currency), line)
    rows: list[tuple[Any, ...]] = [(*when, *sums) for when, sums in by_span(by_account).items()]
    tagged: list[tuple[Any, ...]] = [(*pair, *when, *sums) for (pair, *when), sums in by_span(by_tag).items()]
    with connection.cursor() as cursor:
        cursor.executemany(ADD_TO_ACCOUNT, rows)
        if tagged:
            cursor.executemany(ADD_TO_TAG, tagged)


@transaction.atomic
def rebuild_balances(*, book: Book) -> None:
    """Throw the roll-ups of a book away and count its postings again. The figures are the same, or something was wrong."""
    take(book=book)
    Balance.objects.filter(account__book=book).delete()
    TagBalance.objects.filter(account__book=book).delete()
    rows = [(*key, *sums) for key, sums in balances_from_postings(book).items()]
    bulk.insert_values(Balance, (*OF_ACCOUNT, *AMOUNTS), rows)
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
