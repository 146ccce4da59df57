"""What the database itself refuses, whatever door is used: triggers that rooms register and that can be put back.

The service book's own are here; a room with a book of its own registers its triggers in a module `guards`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("core_fact", "core_seal")
SENTENCE = "The service book is append-only."


@dataclass(frozen=True)
class Trigger:
    """A trigger of one table and what follows CREATE TRIGGER <name> on each database; empty where it needs none."""

    name: str
    table: str
    sqlite: str = ""
    postgresql: str = ""

    def body(self, vendor: str) -> str:
        return self.postgresql if vendor == "postgresql" else self.sqlite


_FUNCTIONS: list[str] = [
    f"""
CREATE OR REPLACE FUNCTION wellkept_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$
"""
]
_TRIGGERS: dict[str, Trigger] = {}


def register(triggers: Iterable[Trigger], functions: Iterable[str] = ()) -> None:
    """Guard more tables. `functions` are PostgreSQL's, written so that making them twice changes nothing."""
    _FUNCTIONS.extend(function for function in functions if function not in _FUNCTIONS)
    _TRIGGERS.update({trigger.name: trigger for trigger in triggers})


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on every table that is there. Installing twice changes nothing."""
    remove(connection)
    postgresql = connection.vendor == "postgresql"
    with connection.cursor() as cursor:
        for statement in _FUNCTIONS if postgresql else ():
            cursor.execute(statement)
        for trigger in _here(connection):
            kind = "CONSTRAINT TRIGGER" if "DEFERRABLE" in trigger.body(connection.vendor) else "TRIGGER"
            cursor.execute(f"CREATE {kind} {trigger.name} {trigger.body(connection.vendor)}")


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers off: to migrate the tables themselves, and for tests that empty the database."""
    with connection.cursor() as cursor:
        for trigger in _here(connection):
            where = f" ON {trigger.table}" if connection.vendor == "postgresql" else ""
            cursor.execute(f"DROP TRIGGER IF EXISTS {trigger.name}{where}")


def present(connection: BaseDatabaseWrapper) -> bool:
    """Are the triggers where they belong? Part of the readiness and set-up checks."""
    if connection.vendor == "postgresql":
        question = "SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D'"
    else:
        question = "SELECT name FROM sqlite_master WHERE type = 'trigger'"
    with connection.cursor() as cursor:
        cursor.execute(question)
        there = {name for (name,) in cursor.fetchall()}
    return all(trigger.name in there for trigger in _TRIGGERS.values() if trigger.body(connection.vendor))


def append_only(table: str, *, sentence: str, function: str) -> Iterator[Trigger]:
    """The triggers that refuse every change and removal of a table's rows; `function` is PostgreSQL's and only raises."""
    for event in ("UPDATE", "DELETE"):
        body = f"BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{sentence}'); END"
        yield Trigger(f"{table}_no_{event.lower()}", table, sqlite=body)
    each = f"BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION {function}()"
    whole = f"BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION {function}()"
    yield Trigger(f"{table}_no_change", table, postgresql=each)
    yield Trigger(f"{table}_no_truncate", table, postgresql=whole)


def _here(connection: BaseDatabaseWrapper) -> list[Trigger]:
    """The registered triggers whose table exists: migrations put guards on while other rooms' tables are still to come."""
    tables = set(connection.introspection.table_names())
    return [trigger for trigger in _TRIGGERS.values() if trigger.table in tables and trigger.body(connection.vendor)]


for _table in TABLES:
    register(append_only(_table, sentence=SENTENCE, function="wellkept_append_only"))
