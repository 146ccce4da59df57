"""What posting must know of a book, asked in plain statements: the ORM would cost more than all the rest of posting."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from datetime import date
from itertools import chain
from typing import Any, NamedTuple, TypeAlias

from django.db import connection

from wellkept.core import bulk
from wellkept.ledger.rules.lines import Place

AT_ONCE, PARTS = 500, 20  # values in a part, parts in a statement
Question: TypeAlias = "tuple[str, Sequence[Any]]"
HOLD = "UPDATE ledger_book SET last_number = last_number WHERE id = %s RETURNING last_number, last_hash"
MOVE = "UPDATE ledger_book SET last_number = %s, last_hash = %s WHERE id = %s AND last_number = %s RETURNING id"
# Rows of one shape, so that one statement asks for all of them: what, id, words, currency, two answers.
KNOWN = """SELECT 'entry', id, '', '', 1 = 0, 1 = 0 FROM ledger_entry WHERE book_id = %s AND key IN ({})"""
PLACES = """SELECT 'place', id, name, currency, deactivated_at IS NOT NULL, merged_into_id IS NOT NULL
FROM ledger_account WHERE book_id = %s AND id IN ({})"""
MONTHS = """SELECT 'month', id, CAST(starts_on AS varchar(10)), '', soft_closed_at IS NOT NULL,
hard_closed_at IS NOT NULL FROM ledger_period WHERE book_id = %s AND starts_on IN ({})"""


class PeriodState(NamedTuple):
    """How a month stands."""

    soft: bool
    hard: bool


class Seen(NamedTuple):
    """A book that is held: where its chain ends, which entries have a key already, its accounts and its months."""

    end: tuple[int, str]
    known: list[int]
    places: dict[int, Place]
    months: dict[date, PeriodState]


def hold(*, book: int) -> tuple[int, str]:
    """Hold the book's row until the transaction ends, and tell the last number and hash. The next writer waits here."""
    [[(number, end)]] = _answers([(HOLD, [book])])
    return number, end


def look(*, book: int, keys: Sequence[str], accounts: Collection[int], months: Collection[date], undoing: bool) -> Seen:
    """Hold the book and ask all there is to ask. What is taken back goes where it stood, even where nothing else may."""
    days = [month.isoformat() for month in months]
    parts = [*_parts(KNOWN, book, keys), *_parts(PLACES, book, accounts), *_parts(MONTHS, book, days)]
    [[end], *answers] = _answers([(HOLD, [book]), *_joined(parts)])
    seen = Seen(end, [], {}, {})
    for what, pk, words, currency, one, other in chain.from_iterable(answers):
        if what == "entry":
            seen.known.append(pk)
        elif what == "place":
            seen.places[pk] = Place(words, currency, not other and (undoing or not one))
        else:
            seen.months[date.fromisoformat(words)] = PeriodState(bool(one), bool(other))
    return seen


def move_end(*, book: int, before: int, number: int, end: str) -> int:
    """The chain ends elsewhere now; says how many rows that changed."""
    [changed] = _answers([(MOVE, [number, end, book, before])])
    return len(changed)


def _parts(statement: str, book: int, values: Collection[Any]) -> list[Question]:
    """A question about many things, in as many parts as it takes."""
    wanted = list(values)
    parts = (wanted[start : start + AT_ONCE] for start in range(0, len(wanted), AT_ONCE))
    return [(statement.format(", ".join(["%s"] * len(part))), [book, *part]) for part in parts]


def _joined(parts: Sequence[Question]) -> Iterator[Question]:
    """Parts asked in one statement, as many as a database takes."""
    for start in range(0, len(parts), PARTS):
        some = parts[start : start + PARTS]
        yield " UNION ALL ".join(part for part, _values in some), [value for _part, values in some for value in values]


def _answers(questions: Sequence[Question]) -> list[list[tuple[Any, ...]]]:
    """Asked one after another, and answered all at once."""
    with bulk.together():
        cursors = [connection.cursor() for _question in questions]
        for cursor, (statement, values) in zip(cursors, questions, strict=True):
            cursor.execute(statement, values)
        answers = [cursor.fetchall() for cursor in cursors]
        for cursor in cursors:
            cursor.close()
    return answers
