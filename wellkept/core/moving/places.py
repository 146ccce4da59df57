"""What must be so before a move: the old place at rest and of this release, the new one reachable, empty and made alike."""

from __future__ import annotations

import io
from datetime import datetime
from typing import Any

from django.apps import apps
from django.core.management import call_command
from django.db import DatabaseError, connection, connections
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.migrations.recorder import MigrationRecorder
from django.utils.translation import gettext as _

from wellkept.core import queries
from wellkept.core.heartbeats import SILENT_AFTER
from wellkept.core.refusals import Refusal

MADE_BY_MIGRATIONS = {"django_content_type", "auth_permission"}
TARGET = "moving_to"


class WrongPlace(Refusal):
    """The old place is not SQLite, or the new one is not PostgreSQL or cannot be reached."""


class PlaceNotEmpty(Refusal):
    """The new place holds something."""


class NotTheSameRelease(Refusal):
    """The tables here and there are not made alike."""


class StillAtWork(Refusal):
    """Something runs on the old place."""


def refuse_while_at_work(*, at: datetime) -> None:
    """Whoever works for the firm says so every few seconds; a clean stop takes it back."""
    if connection.vendor != "sqlite":
        raise WrongPlace(
            _("This firm is not on SQLite: WELLKEPT_DATABASE_URL names another database. Nothing was moved.")
        )
    age = queries.worker_age(at=at)
    if age is not None and age <= SILENT_AFTER:
        raise StillAtWork(
            _(
                "Something still works for this firm (heard %(seconds)d s ago). Stop wellkept serve and wellkept work first."
            )
            % {"seconds": max(0, int(age.total_seconds()))}
        )


def make_ready(database: dict[str, Any]) -> str:
    """Make the tables of this release at the new place and return the name it is known by. Refuses a place in use."""
    known = connections.configure_settings({"default": connection.settings_dict, TARGET: database})
    connections.settings[TARGET] = known[TARGET]
    target = connections[TARGET]
    if target.vendor != "postgresql":
        raise WrongPlace(_("A firm moves to PostgreSQL. Write postgres://user:password@host:5432/name."))
    try:
        target.ensure_connection()
    except DatabaseError as error:
        why = str(error).strip().splitlines()[0]
        raise WrongPlace(_("The new database does not answer: %(why)s") % {"why": why}) from error
    _refuse_rows(target)
    call_command("migrate", database=TARGET, interactive=False, verbosity=0, stdout=io.StringIO())
    _refuse_rows(target)
    _refuse_other_tables(target)
    return TARGET


def _refuse_rows(target: BaseDatabaseWrapper) -> None:
    """Tables without rows are what a move leaves that was cut off."""
    ours = {model._meta.db_table for model in apps.get_models(include_auto_created=True)} - MADE_BY_MIGRATIONS
    there = set(target.introspection.table_names())
    strange = sorted(there - ours - MADE_BY_MIGRATIONS - {"django_migrations"})
    full = strange[:1] or [name for name in sorted(there & ours) if _has_rows(target, name)][:1]
    if full:
        raise PlaceNotEmpty(
            _("The new database holds something already (%(table)s). Name an empty one; nothing was changed.")
            % {"table": full[0]}
        )


def _refuse_other_tables(target: BaseDatabaseWrapper) -> None:
    here, there = (set(MigrationRecorder(each).applied_migrations()) for each in (connection, target))
    if here != there:
        raise NotTheSameRelease(
            _("The tables of this firm are of another release (%(name)s). Run: wellkept migrate, then move again.")
            % {"name": "/".join(sorted(here ^ there)[0])}
        )


def _has_rows(database: BaseDatabaseWrapper, table: str) -> bool:
    with database.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {database.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - our own table names
        return cursor.fetchone() is not None
