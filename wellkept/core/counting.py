"""Counts for the edges of a page: several in one statement, and none of them counts on past what it shows."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.core.exceptions import EmptyResultSet
from django.db import connection
from django.db.models import QuerySet


def up_to(most: int, found: Mapping[str, QuerySet[Any]]) -> dict[str, int]:
    """How many rows each of `found` has, under its name; counting stops at `most`."""
    statements = {name: sql for name, rows in found.items() if (sql := _statement(rows, most)) is not None}
    return dict.fromkeys(found, 0) | _counted(statements)


def _statement(rows: QuerySet[Any], most: int) -> tuple[str, tuple[Any, ...]] | None:
    """None when the rows can be known to be none without asking."""
    try:
        return rows.order_by().values("pk")[:most].query.sql_with_params()
    except EmptyResultSet:
        return None


def _counted(statements: Mapping[str, tuple[str, tuple[Any, ...]]]) -> dict[str, int]:
    if not statements:
        return {}
    asked = ", ".join(f"(SELECT COUNT(*) FROM ({sql}) AS found)" for sql, _values in statements.values())  # noqa: S608
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT {asked}", [value for _sql, values in statements.values() for value in values])
        return dict(zip(statements, cursor.fetchone(), strict=True))
