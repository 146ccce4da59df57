"""What accounts add up to within a stretch of days, from the roll-ups alone."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
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
    return _by_account(_added("b.book_id = %s", [book.pk], cover(since, until), types=types))


def totals_around(book: Book, day: date, until: date) -> tuple[dict[int, Total], dict[int, Total]]:
    """By account: what was posted before a day, and from that day to before `until`."""
    found = _added("b.book_id = %s", [book.pk], [*cover(None, day), *cover(day, until)], day)
    before = {account: total for (account, later), total in found.items() if not later}
    return before, {account: total for (account, later), total in found.items() if later}


def tag_totals(book: Book, tags: Sequence[int], since: date | None, until: date) -> dict[int, Total]:
    """The same for the postings that carry one of these tags, all of one dimension, so that none is counted twice."""
    mine = f"b.tag_id IN ({_places(tags)}) AND b.account_id IN (SELECT id FROM ledger_account WHERE book_id = %s)"  # noqa: S608 - places, bound values
    return _by_account(_added(mine, [*tags, book.pk], cover(since, until), table="ledger_tagbalance"))


def account_total(accounts: Sequence[int], since: date | None, until: date) -> Total:
    """What some accounts together add up to."""
    return sum(_added(f"b.account_id IN ({_places(accounts)})", accounts, cover(since, until)).values(), NOTHING)


def _by_account(found: Mapping[tuple[int, bool], Total]) -> dict[int, Total]:
    return {account: total for (account, _later), total in found.items()}


def _added(
    where: str,
    values: Sequence[Any],
    stretches: Sequence[Stretch],
    day: date | None = None,
    types: Sequence[str] = (),
    table: str = "ledger_balance",
) -> dict[tuple[int, bool], Total]:
    """By account, and by whether it was from `day` on: a few rows of each account, side by side in an index."""
    if not stretches:
        return {}
    part = f"""SELECT b.account_id, b.starts_on >= %s AS later, b.currency, b.debit_minor - b.credit_minor AS amount,
        b.foreign_minor FROM {table} b WHERE {where} AND b.span = %s AND b.starts_on >= %s AND b.starts_on < %s"""  # noqa: S608
    statement = f"""SELECT coalesce(a.merged_into_id, a.id), b.later, b.amount,
        CASE WHEN b.currency <> '' AND b.currency = a.currency THEN b.abroad ELSE 0 END
        FROM (SELECT account_id, later, currency, sum(amount) AS amount, sum(foreign_minor) AS abroad
              FROM ({" UNION ALL ".join([part] * len(stretches))}) c GROUP BY account_id, later, currency) b
        JOIN ledger_account a ON a.id = b.account_id
        {f"WHERE a.type IN ({_places(types)})" if types else ""}"""  # noqa: S608 - constant words, bound values
    bound: list[Any] = []
    for stretch in stretches:
        begins = (day or stretches[0].since).isoformat()
        bound += [begins, *values, stretch.span, stretch.since.isoformat(), stretch.until.isoformat()]
    found: dict[tuple[int, bool], Total] = {}
    with connection.cursor() as cursor:
        cursor.execute(statement, [*bound, *types])
        for account, later, amount, foreign in cursor.fetchall():
            place = account, bool(later)
            if amount or foreign or place in found:
                found[place] = found.get(place, NOTHING) + Total(int(amount), int(foreign))
    return found


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
