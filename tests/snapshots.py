"""What was built through actions once is put back as rows for every later test of the process.

Building the world takes two hundred statements, putting its rows back two dozen. The rows are the very ones the actions
wrote, ids and seals included; a test is rolled back after it, so nothing of one test reaches the next.
"""

from __future__ import annotations

import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any, TypeVar

from django.apps import apps
from django.db import connection, models, transaction

Built = TypeVar("Built")
LAST = {"ledger_entry"}  # its own row closes what was written for it


@dataclass(frozen=True)
class Rows:
    """The rows of one table as its database gives them."""

    table: str
    columns: tuple[str, ...]
    rows: Any


@dataclass(frozen=True)
class Snapshot:
    built: bytes
    tables: tuple[Rows, ...]


_snapshots: dict[str, Snapshot] = {}


def restored(name: str, build: Callable[[], Built]) -> Built:
    """What `build` makes in a database without anything of its kind. Its result and its rows are kept under `name`."""
    if name not in _snapshots:
        before = {model._meta.db_table: model._base_manager.count() for model in _kept()}
        built = build()
        _snapshots[name] = Snapshot(pickle.dumps(built), tuple(_grown(before)))
        return built
    found = _snapshots[name]
    with transaction.atomic():  # references are looked at when all of them are there
        for rows in found.tables:
            _put_back(rows)
    return pickle.loads(found.built)  # type: ignore[no-any-return]


def _kept() -> Iterator[type[models.Model]]:
    models = [model for model in apps.get_models(include_auto_created=True) if model._meta.managed]
    yield from sorted(models, key=lambda model: model._meta.db_table in LAST)


def _grown(before: dict[str, int]) -> Iterator[Rows]:
    """Tables in which something was written; each of them was empty, or its rows could not be told apart."""
    for model in _kept():
        table = model._meta.db_table
        if (count := model._base_manager.count()) == before[table]:
            continue
        if before[table]:
            raise AssertionError(f"{table} held {before[table]} rows before and {count} after")
        yield _taken(model)


def _taken(model: type[models.Model]) -> Rows:
    table, columns = model._meta.db_table, tuple(field.column for field in model._meta.concrete_fields)
    names, key = _quoted(columns), connection.ops.quote_name(model._meta.pk.column)
    question = f"SELECT {names} FROM {table} ORDER BY {key}"
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY ({question}) TO STDOUT") as copy:
                return Rows(table, columns, b"".join(bytes(part) for part in copy))
        with connection.cursor() as plain:
            return Rows(table, columns, plain.connection.execute(question).fetchall())


def _put_back(kept: Rows) -> None:
    names = _quoted(kept.columns)
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            with cursor.copy(f"COPY {kept.table} ({names}) FROM STDIN") as copy:
                copy.write(kept.rows)
            return
        places = ", ".join("?" for _column in kept.columns)
        cursor.connection.executemany(f"INSERT INTO {kept.table} ({names}) VALUES ({places})", kept.rows)


def _quoted(columns: tuple[str, ...]) -> str:
    return ", ".join(connection.ops.quote_name(column) for column in columns)
