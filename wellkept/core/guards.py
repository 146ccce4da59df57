"""What the database itself refuses: changing or deleting a line of the service book or a link of its chain."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

TABLES = ("core_fact", "core_seal")
SENTENCE = "The service book is append-only."

_FUNCTION = f"""
CREATE OR REPLACE FUNCTION wellkept_append_only() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN RAISE EXCEPTION '{SENTENCE}'; END $$
"""


def install(connection: BaseDatabaseWrapper) -> None:
    """Put the triggers on both tables. Installing twice changes nothing."""
    remove(connection)
    with connection.cursor() as cursor:
        for statement in _postgresql() if connection.vendor == "postgresql" else _sqlite():
            cursor.execute(statement)


def remove(connection: BaseDatabaseWrapper) -> None:
    """Take the triggers off: to migrate the tables themselves, and for tests that empty the database."""
    with connection.cursor() as cursor:
        for table in TABLES:
            for event in ("update", "delete", "change", "truncate"):
                where = f" ON {table}" if connection.vendor == "postgresql" else ""
                cursor.execute(f"DROP TRIGGER IF EXISTS {table}_no_{event}{where}")


def present(connection: BaseDatabaseWrapper) -> bool:
    """Are the triggers where they belong? Part of the readiness and set-up checks."""
    if connection.vendor == "postgresql":
        question = "SELECT count(*) FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'D' AND tgname LIKE 'core_%%_no_%%'"
    else:
        question = "SELECT count(*) FROM sqlite_master WHERE type = 'trigger' AND name LIKE 'core_%%_no_%%'"
    with connection.cursor() as cursor:
        cursor.execute(question)
        [count] = cursor.fetchone()
    return bool(count == 2 * len(TABLES))


def _postgresql() -> list[str]:
    statements = [_FUNCTION]
    for table in TABLES:
        statements += [
            f"CREATE TRIGGER {table}_no_change BEFORE UPDATE OR DELETE ON {table} FOR EACH ROW EXECUTE FUNCTION wellkept_append_only()",
            f"CREATE TRIGGER {table}_no_truncate BEFORE TRUNCATE ON {table} FOR EACH STATEMENT EXECUTE FUNCTION wellkept_append_only()",
        ]
    return statements


def _sqlite() -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{event.lower()} BEFORE {event} ON {table} BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
        for table in TABLES
        for event in ("UPDATE", "DELETE")
    ]
