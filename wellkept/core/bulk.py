"""Writes many rows at once, where statements the ORM builds row by row would cost more than the work itself."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

from django.db import connection, models

Field: TypeAlias = "models.Field[Any, Any]"


def insert(rows: Sequence[models.Model]) -> None:
    """Add new rows of one table whose ids nobody needs."""
    if not rows:
        return
    model = type(rows[0])
    fields = [field for field in model._meta.concrete_fields if not field.primary_key]
    names, places = ", ".join(map(_quoted, fields)), ", ".join("%s" for _field in fields)
    _run(f"INSERT INTO {_table(model)} ({names}) VALUES ({places})", fields, rows)  # noqa: S608


def write_back(rows: Sequence[models.Model], columns: Sequence[str]) -> None:
    """Write the named fields of rows this transaction holds: locked on PostgreSQL, behind the write lock on SQLite."""
    if not rows:
        return
    model = type(rows[0])
    fields = [cast(Field, model._meta.get_field(column)) for column in columns]
    key = model._meta.pk
    names = ", ".join(f"{_quoted(field)} = %s" for field in fields)
    _run(f"UPDATE {_table(model)} SET {names} WHERE {_quoted(key)} = %s", [*fields, key], rows)  # noqa: S608


def _run(statement: str, fields: Sequence[Field], rows: Sequence[models.Model]) -> None:
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _quoted(field: Field) -> str:
    return connection.ops.quote_name(str(field.get_attname_column()[1]))


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
