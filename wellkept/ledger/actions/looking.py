"""What posting must know of a book, asked in plain statements: the ORM would cost more than all the rest of posting."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from datetime import date
from typing import Any, NamedTuple

from django.db import connection

from wellkept.ledger.rules.lines import Place

AT_ONCE = 500


class PeriodState(NamedTuple):
    """How a month stands."""

    soft: bool
    hard: bool


def end_of_chain(*, book: int) -> tuple[int, str]:
    """Hold the book's row until the transaction ends, and tell the last number and hash. The next writer waits here."""
    with connection.cursor() as cursor:
        cursor.execute("UPDATE ledger_book SET last_number = last_number WHERE id = %s", [book])
        cursor.execute("SELECT last_number, last_hash FROM ledger_book WHERE id = %s", [book])
        number, end = cursor.fetchone()
    return number, end


def move_end(*, book: int, before: int, number: int, end: str) -> int:
    """The chain ends elsewhere now; says how many rows that changed."""
    with connection.cursor() as cursor:
        cursor.execute(
            "UPDATE ledger_book SET last_number = %s, last_hash = %s WHERE id = %s AND last_number = %s",
            [number, end, book, before],
        )
        return int(cursor.rowcount)


def known_keys(*, book: int, keys: Sequence[str]) -> list[int]:
    """The ids of the entries that have one of the keys."""
    found: list[int] = []
    for start in range(0, len(keys), AT_ONCE):
        some = keys[start : start + AT_ONCE]
        found += _column(f"SELECT id FROM ledger_entry WHERE book_id = %s AND key IN ({_places(some)})", book, some)  # noqa: S608
    return found


def places(*, book: int, accounts: Collection[int], undoing: bool) -> dict[int, Place]:
    """The accounts of the book. What is taken back goes where it stood, even where nothing else may."""
    found: dict[int, Place] = {}
    wanted = list(accounts)
    for start in range(0, len(wanted), AT_ONCE):
        some = wanted[start : start + AT_ONCE]
        for pk, name, currency, inactive, merged in _rows(
            f"""SELECT id, name, currency, deactivated_at IS NOT NULL, merged_into_id FROM ledger_account
            WHERE book_id = %s AND id IN ({_places(some)})""",  # noqa: S608
            book,
            some,
        ):
            found[pk] = Place(name, currency, merged is None and (undoing or not inactive))
    return found


def period_states(*, book: int, months: Collection[date]) -> dict[date, PeriodState]:
    """The months that are there already."""
    days = [month.isoformat() for month in months]
    rows = _rows(
        f"""SELECT CAST(starts_on AS varchar(10)), soft_closed_at IS NOT NULL, hard_closed_at IS NOT NULL
        FROM ledger_period WHERE book_id = %s AND starts_on IN ({_places(days)})""",  # noqa: S608
        book,
        days,
    )
    return {date.fromisoformat(day): PeriodState(bool(soft), bool(hard)) for day, soft, hard in rows}


def _rows(statement: str, book: int, values: Sequence[Any]) -> list[tuple[Any, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, [book, *values])
        return cursor.fetchall()


def _column(statement: str, book: int, values: Sequence[Any]) -> list[Any]:
    return [row[0] for row in _rows(statement, book, values)]


def _places(values: Sequence[object]) -> str:
    return ", ".join(["%s"] * len(values))
