"""Carries the rows over, table by table, through COPY; counts them on both sides before anything is final."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import psycopg
from django.apps import apps
from django.db import connections, models, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from django.utils.translation import gettext as _
from psycopg import sql
from psycopg.types.json import Jsonb

from wellkept.core import guards
from wellkept.core.backups import tables
from wellkept.core.refusals import Refusal

CHUNK = 2000
Progress = Callable[[int, int], None]
Model = type[models.Model]


class RowsDoNotFit(Refusal):
    """The new place would not take a row, or did not have as many afterwards."""


@dataclass(frozen=True)
class Moved:
    """How much was carried over."""

    tables: int
    rows: int


def copy(*, to: str, progress: Progress = lambda done, total: None) -> Moved:
    """Everything, all or nothing. The old place is held against writers meanwhile; the new one was made ready for it."""
    target = connections[to]
    with transaction.atomic(), transaction.atomic(using=to):
        wanted = {model: model._base_manager.count() for model in _models()}
        total = sum(wanted.values())
        _switch_triggers(target, wanted, "DISABLE")
        _empty(target, wanted)
        done = 0
        for model, count in wanted.items():
            _carry(model, target, lambda carried, before=done: progress(before + carried, total))  # type: ignore[misc]
            done += count
        _check(target, wanted)
        _switch_triggers(target, wanted, "ENABLE")
        tables.restart_numbers(target)
        guards.install(target)
    with target.cursor() as cursor:
        cursor.execute("ANALYZE")
    return Moved(tables=len(wanted), rows=total)


def _models() -> list[Model]:
    """Every table of every room and library, once. What has no model is made from them by triggers (the search index)."""
    by_table: dict[str, Model] = {}
    for model in apps.get_models(include_auto_created=True):
        if model._meta.managed and not model._meta.proxy:
            by_table.setdefault(model._meta.db_table, model)
    return [by_table[name] for name in sorted(by_table)]


def _switch_triggers(target: BaseDatabaseWrapper, wanted: dict[Model, int], how: str) -> None:
    """Our own triggers judge changes made one by one, not a whole book put down at once; foreign keys stay in force."""
    with target.cursor() as cursor:
        for model in wanted:
            cursor.execute(
                sql.SQL("ALTER TABLE {} {} TRIGGER USER").format(sql.Identifier(model._meta.db_table), sql.SQL(how))
            )


def _empty(target: BaseDatabaseWrapper, wanted: dict[Model, int]) -> None:
    """What migrations put there has the numbers of the new place; it comes again with those it has here."""
    every = sql.SQL(", ").join(sql.Identifier(model._meta.db_table) for model in wanted)
    with target.cursor() as cursor:
        cursor.execute(sql.SQL("TRUNCATE {}").format(every))


def _carry(model: Model, target: BaseDatabaseWrapper, told: Callable[[int], None]) -> None:
    fields = [field for field in model._meta.concrete_fields if not getattr(field, "generated", False)]
    columns = sql.SQL(", ").join(sql.Identifier(str(field.column)) for field in fields)
    statement = sql.SQL("COPY {} ({}) FROM STDIN").format(sql.Identifier(model._meta.db_table), columns)
    try:
        with target.cursor() as cursor, cursor.copy(statement) as rows:
            for number, row in enumerate(_rows(model, fields, target), start=1):
                rows.write_row(row)
                if number % CHUNK == 0:
                    told(number)
    except (psycopg.DataError, psycopg.IntegrityError) as error:
        why = str(error).strip().splitlines()[0]
        raise RowsDoNotFit(
            _("A row of %(table)s does not fit into the new database: %(why)s. Nothing was moved.")
            % {"table": model._meta.db_table, "why": why}
        ) from error


def _rows(model: Model, fields: list[Any], target: BaseDatabaseWrapper) -> Iterator[list[Any]]:
    names = [field.attname for field in fields]
    for values in model._base_manager.order_by("pk").values_list(*names).iterator(chunk_size=CHUNK):
        yield [_as_kept(field, value, target) for field, value in zip(fields, values, strict=True)]


def _as_kept(field: Any, value: Any, target: BaseDatabaseWrapper) -> Any:
    """The value as the new database keeps it; a JSON null is not the absence of a value."""
    if value is None:
        return Jsonb(None) if isinstance(field, models.JSONField) and not field.null else None
    return field.get_db_prep_save(value, connection=target)


def _check(target: BaseDatabaseWrapper, wanted: dict[Model, int]) -> None:
    """Every reference holds, and every table has as many rows as here."""
    with target.cursor() as cursor:
        cursor.execute("SET CONSTRAINTS ALL IMMEDIATE")
    for model, count in wanted.items():
        there = model._base_manager.using(target.alias).count()
        if there != count:
            raise RowsDoNotFit(
                _("%(table)s has %(there)d rows in the new database and %(here)d here. Nothing was moved.")
                % {"table": model._meta.db_table, "there": there, "here": count}
            )
