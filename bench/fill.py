"""Fills a database by the million, past the actions: rows as the actions would leave them, written in bulk."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from itertools import chain, islice
from typing import Any

from django.db import connection, models, transaction

CHUNK = 20_000
Row = dict[str, Any]


def insert(model: type[models.Model], rows: Iterable[Row]) -> int:
    """Write the rows (by column name, defaults filled in) and return their number."""
    stream = iter(rows)
    first = next(stream, None)
    if first is None:
        return 0
    columns, template, json_columns = _shape(model, first)
    written = 0
    with transaction.atomic():
        for chunk in _chunks(_tuples(first, stream, columns, template, json_columns)):
            _write(model._meta.db_table, columns, chunk)
            written += len(chunk)
    return written


def settle() -> None:
    """Leave the database as a well-kept one: statistics fresh, the log folded in, sequences past the ids written."""
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
        if connection.vendor == "sqlite":
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            return
    from django.apps import apps
    from django.core.management.color import no_style

    with connection.cursor() as cursor:
        for statement in connection.ops.sequence_reset_sql(no_style(), list(apps.get_models())):
            cursor.execute(statement)


def _shape(model: type[models.Model], first: Row) -> tuple[list[str], Row, set[str]]:
    fields = [f for f in model._meta.concrete_fields if not isinstance(f, models.GeneratedField)]
    template = {f.column: _default(f) for f in fields if f.column in first or not f.primary_key}
    unknown = set(first) - set(template)
    if unknown:
        raise KeyError(f"{model.__name__} has no column {', '.join(sorted(unknown))}.")
    return list(template), template, {f.column for f in fields if isinstance(f, models.JSONField)}


def _default(field: models.Field) -> Any:
    if field.has_default():
        return field.get_default()
    return None if field.null else "" if isinstance(field, models.CharField | models.TextField) else None


def _tuples(
    first: Row, rest: Iterator[Row], columns: Sequence[str], template: Row, json_columns: set[str]
) -> Iterator[tuple[Any, ...]]:
    plain = connection.vendor == "sqlite"
    template = {column: json.dumps(value) if column in json_columns else value for column, value in template.items()}
    for row in chain([first], rest):
        yield _tuple(row, columns, template, json_columns, plain)


def _tuple(row: Row, columns: Sequence[str], template: Row, json_columns: set[str], plain: bool) -> tuple[Any, ...]:
    values = []
    for column in columns:
        value = row.get(column, template[column])
        if column in json_columns and column in row:
            value = json.dumps(value)
        elif plain and isinstance(value, datetime):
            value = value.strftime("%Y-%m-%d %H:%M:%S")
        values.append(value)
    return tuple(values)


def _chunks(rows: Iterator[tuple[Any, ...]]) -> Iterator[list[tuple[Any, ...]]]:
    while chunk := list(islice(rows, CHUNK)):
        yield chunk


def _write(table: str, columns: Sequence[str], chunk: list[tuple[Any, ...]]) -> None:
    names = ", ".join(f'"{column}"' for column in columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f'COPY "{table}" ({names}) FROM STDIN') as copy:
                for row in chunk:
                    copy.write_row(row)
        else:
            marks = ", ".join(["%s"] * len(columns))
            cursor.executemany(f'INSERT INTO "{table}" ({names}) VALUES ({marks})', chunk)
