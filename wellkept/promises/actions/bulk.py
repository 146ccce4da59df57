"""Writes many rows at once. Statements the ORM builds row by row cost more than the engine's arithmetic."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, TypeAlias, cast

from django.db import connection, models

from wellkept.promises.models import Promise, PromiseEvent

Field: TypeAlias = "models.Field[Any, Any]"


def write_back(*, promises: Sequence[Promise], columns: Sequence[str]) -> None:
    """Write the named columns of rows this transaction holds: locked on PostgreSQL, behind the write lock on SQLite."""
    fields = [_field(Promise, column.removesuffix("_id")) for column in columns]
    names = ", ".join(f"{_quoted(field)} = %s" for field in fields)
    _run(f"UPDATE {_table(Promise)} SET {names} WHERE id = %s", [*fields, _field(Promise, "id")], promises)  # noqa: S608


def insert_events(*, events: Sequence[PromiseEvent]) -> None:
    """Add events nobody needs the ids of."""
    fields = [_field(PromiseEvent, name) for name in ("promise", "name", "at", "by", "reason", "data")]
    names, places = ", ".join(map(_quoted, fields)), ", ".join("%s" for _field in fields)
    _run(f"INSERT INTO {_table(PromiseEvent)} ({names}) VALUES ({places})", fields, events)  # noqa: S608


def _run(statement: str, fields: Sequence[Field], rows: Sequence[models.Model]) -> None:
    if not rows:
        return
    values = [[field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields] for row in rows]
    with connection.cursor() as cursor:
        cursor.executemany(statement, values)


def _field(model: type[models.Model], name: str) -> Field:
    return cast(Field, model._meta.get_field(name))


def _quoted(field: Field) -> str:
    return connection.ops.quote_name(str(field.get_attname_column()[1]))


def _table(model: type[models.Model]) -> str:
    return connection.ops.quote_name(model._meta.db_table)
