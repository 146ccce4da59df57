"""Writes many rows at once, where statements the ORM builds row by row would cost more than the work itself."""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from functools import cache
from typing import Any, TypeAlias, cast

from django.db import connection, models

FEW = 20
PLAIN = frozenset((int, str, bool, type(None)))
Field: TypeAlias = "models.Field[Any, Any]"


def insert(rows: Sequence[models.Model]) -> None:
    """Add new rows of one table whose ids nobody needs."""
    if not rows:
        return
    fields, statement, _key = _insertion(type(rows[0]), connection.vendor)
    _run(statement, fields, rows)


def insert_numbered(rows: Sequence[models.Model]) -> None:
    """Add new rows of one table and give them their ids. On SQLite the caller has written in this transaction already."""
    if not rows:
        return
    model = type(rows[0])
    for row, number in zip(rows, take_numbers(model, len(rows)), strict=True):
        row.pk = number
    insert_keyed(rows)


def insert_keyed(rows: Sequence[models.Model]) -> None:
    """Add new rows of one table whose ids are set: another row's, or numbers taken for them."""
    if not rows:
        return
    model = type(rows[0])
    every = [model._meta.pk, *_insertion(model, connection.vendor)[0]]
    insert_values(model, [str(field.column) for field in every], [_values(row, every) for row in rows])
    for row in rows:
        row._state.adding, row._state.db = False, connection.alias


def insert_one(row: models.Model) -> None:
    """Add one new row and give it its id: what `save` does, without asking what kind of row it is."""
    _insert_one(row, "")


def insert_once(row: models.Model) -> bool:
    """Add the row and give it its id, unless a rule that only one may exist says no; one statement, nothing to undo."""
    return _insert_one(row, " ON CONFLICT DO NOTHING")


def _insert_one(row: models.Model, unless: str) -> bool:
    fields, statement, key = _insertion(type(row), connection.vendor)
    values = _values(row, fields)
    with connection.cursor() as cursor:
        cursor.execute(f"{statement}{unless} RETURNING {key}", values)
        written = cursor.fetchone()
    if written is None:
        return False
    row.pk = written[0]
    row._state.adding, row._state.db = False, connection.alias
    return True


@cache
def _insertion(model: type[models.Model], vendor: str) -> tuple[list[Field], str, str]:
    """The columns of a new row, its statement, and the name of its key."""
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    columns = tuple(_column(field) for field in fields)
    return fields, _beginning(model, columns) + _places([columns]), _quoted(model._meta.pk)


def insert_values(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """Add rows given as values the database takes as they are, in the order of `columns`: the quickest way in."""
    if connection.vendor == "postgresql" and len(rows) > FEW and not _travelling_together():
        with connection.cursor() as cursor, cursor.copy(f"COPY {_table(model)} ({_names(columns)}) FROM STDIN") as copy:
            for row in rows:
                copy.write_row(row)
    elif rows:
        _insert_values(model, tuple(columns), rows)


def add_up(
    model: type[models.Model],
    columns: Sequence[str],
    unique: Sequence[str],
    amounts: Sequence[str],
    rows: Sequence[Sequence[Any]],
) -> None:
    """Add rows of values (`columns`, then `amounts`), or their amounts to the row that has the same `unique` ones."""
    if not rows:
        return
    names, end = (*columns, *amounts), _adding(model, tuple(unique), tuple(amounts))
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":  # one value for all rows: each of its own costs more than its row
            told = json.dumps([dict(zip(names, row, strict=True)) for row in rows], default=str)
            cursor.execute(_from_json(model, names) + end, [told])
        else:
            cursor.executemany(_beginning(model, names) + _places([names]) + end, rows)


@cache
def _adding(model: type[models.Model], unique: tuple[str, ...], amounts: tuple[str, ...]) -> str:
    more = ", ".join(f"{name} = {_table(model)}.{name} + excluded.{name}" for name in amounts)
    return f" ON CONFLICT ({_names(unique)}) DO UPDATE SET {more}"


def _insert_values(model: type[models.Model], columns: tuple[str, ...], rows: Sequence[Sequence[Any]]) -> None:
    """PostgreSQL takes a few rows in one statement, SQLite any number one by one."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(_beginning(model, columns) + _places(rows), [value for row in rows for value in row])
        else:
            cursor.executemany(_beginning(model, columns) + _places([columns]), rows)


@cache
def _beginning(model: type[models.Model], columns: tuple[str, ...]) -> str:
    return f"INSERT INTO {_table(model)} ({_names(columns)}) VALUES "  # noqa: S608


def _places(rows: Sequence[Sequence[Any]]) -> str:
    one = f"({', '.join(['%s'] * len(rows[0]))})"
    return ", ".join([one] * len(rows))


@cache
def _from_json(model: type[models.Model], columns: tuple[str, ...]) -> str:
    """Rows told as a list of objects, on PostgreSQL."""
    types = {str(field.column): field.rel_db_type(connection) for field in model._meta.concrete_fields}
    told = ", ".join(f"{connection.ops.quote_name(name)} {types[name]}" for name in columns)
    return f"INSERT INTO {_table(model)} ({_names(columns)}) SELECT * FROM json_to_recordset(%s::json) AS told ({told})"  # noqa: S608


@contextmanager
def together(most: int = 0) -> Iterator[None]:
    """Statements of at most so many rows that need no answer travel to PostgreSQL as one; who asks for one waits for all."""
    if connection.vendor != "postgresql" or most > FEW:  # more are better copied, which travels alone
        yield
        return
    connection.ensure_connection()
    with connection.wrap_database_errors, connection.connection.pipeline():
        yield


def _travelling_together() -> bool:
    return connection.connection is not None and bool(connection.connection.pgconn.pipeline_status)


def take_numbers(model: type[models.Model], count: int) -> Sequence[int]:
    """Ids for new rows that nobody else will be given. On SQLite the caller has written already and is the only writer."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            sequence = f"{model._meta.db_table}_id_seq"
            cursor.execute("SELECT nextval(%s) FROM generate_series(1, %s)", [sequence, count])
            return [number for (number,) in cursor.fetchall()]
        cursor.execute("SELECT seq FROM sqlite_sequence WHERE name = %s", [model._meta.db_table])
        [last] = cursor.fetchone() or [0]
        return range(last + 1, last + 1 + count)


def write_back(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Write the named fields of rows this transaction holds: locked on PostgreSQL, behind the write lock on SQLite."""
    if not rows:
        return
    model = type(rows[0])
    fields = [cast(Field, model._meta.get_field(column)) for column in columns]
    _run(_update(model, [_column(field) for field in fields]), [*fields, model._meta.pk], rows)


def write_values(model: type[models.Model], columns: Sequence[str], rows: Sequence[Sequence[Any]]) -> None:
    """The same for rows given as values the database takes as they are, in the order of `columns`, the key last."""
    if rows:
        with connection.cursor() as cursor:
            cursor.executemany(_update(model, columns), rows)


def _update(model: type[models.Model], columns: Sequence[str]) -> str:
    names = ", ".join(f"{connection.ops.quote_name(column)} = %s" for column in columns)
    return f"UPDATE {_table(model)} SET {names} WHERE {_quoted(model._meta.pk)} = %s"  # noqa: S608


def _run(statement: str, fields: Sequence[Field], rows: Sequence[models.Model]) -> None:
    values = [_values(row, fields) for row in rows]
    with connection.cursor() as cursor:
        if len(values) == 1:
            cursor.execute(statement, values[0])
        else:
            cursor.executemany(statement, values)


def _values(row: models.Model, fields: Sequence[Field]) -> list[Any]:
    """As the database takes them: most of what rows hold already is."""
    held = row.__dict__
    values = []
    for field in fields:
        value = held[field.attname] if field.attname in held else getattr(row, field.attname)
        if type(value) not in PLAIN or isinstance(field, models.JSONField):
            value = field.get_db_prep_save(value, connection)
        values.append(value)
    return values


def _names(columns: Sequence[str]) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)


def _quoted(field: Field) -> str:
    return connection.ops.quote_name(_column(field))


def _column(field: Field) -> str:
    return str(field.get_attname_column()[1])


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
