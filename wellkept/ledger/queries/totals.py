"""What accounts add up to within a stretch of days, from the roll-ups alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db import connection

from wellkept.ledger.models import Book
from wellkept.ledger.rules.months import Stretch, cover


@dataclass(frozen=True, slots=True)
class Total:
    """Debits less credits, and the amount in the account's own currency where it has one."""

    amount_minor: int = 0
    foreign_minor: int = 0

    def __add__(self, other: Total) -> Total:
        return Total(self.amount_minor + other.amount_minor, self.foreign_minor + other.foreign_minor)


NOTHING = Total()


def totals(book: Book, since: date | None, until: date, types: Sequence[str] = ()) -> dict[int, Total]:
    """By account, merged ones counted where they were merged into. `until` no longer belongs to the stretch."""
    narrowed = f"AND a.type IN ({_places(types)})" if types else ""
    return _totals(f"a.book_id = %s {narrowed}", [book.pk, *types], "ledger_balance", "", [], cover(since, until))


def tag_totals(book: Book, tag: int, since: date | None, until: date) -> dict[int, Total]:
    """The same for the postings that carry a tag."""
    return _totals("a.book_id = %s", [book.pk], "ledger_tagbalance", "b.tag_id = %s AND", [tag], cover(since, until))


def account_total(accounts: Sequence[int], since: date | None, until: date) -> Total:
    """What some accounts together add up to."""
    where = f"a.id IN ({_places(accounts)})"
    found = _totals(where, list(accounts), "ledger_balance", "", [], cover(since, until))
    return sum(found.values(), NOTHING)


def _totals(
    where: str, values: list[Any], table: str, narrowed: str, narrowing: list[Any], stretches: Sequence[Stretch]
) -> dict[int, Total]:
    """One look into the roll-up for every account and stretch: a few rows beside each other, nothing to sort."""
    if not stretches:
        return {}
    each: list[Any] = []
    for stretch in stretches:
        each += [*narrowing, stretch.span, stretch.since.isoformat(), stretch.until.isoformat()]
    amount = _sum("b.debit_minor - b.credit_minor", table, narrowed, len(stretches))
    foreign = _sum("b.foreign_minor", table, f"b.currency = a.currency AND {narrowed}", len(stretches))
    statement = f"""SELECT coalesce(a.merged_into_id, a.id), {amount}, CASE WHEN a.currency = '' THEN 0 ELSE {foreign} END
        FROM ledger_account a WHERE {where}"""  # noqa: S608 - constant words, bound values
    found: dict[int, Total] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, [*each, *each, *values])
        for account, amount_minor, foreign_minor in cursor.fetchall():
            if amount_minor or foreign_minor or account in found:
                found[account] = found.get(account, NOTHING) + Total(int(amount_minor), int(foreign_minor))
    return found


def _sum(column: str, table: str, narrowed: str, stretches: int) -> str:
    look = (
        f"coalesce((SELECT sum({column}) FROM {table} b WHERE {narrowed} b.account_id = a.id"  # noqa: S608
        " AND b.span = %s AND b.starts_on >= %s AND b.starts_on < %s), 0)"
    )
    return " + ".join([look] * stretches)


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
