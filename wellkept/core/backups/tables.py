"""A PostgreSQL database as one file of COPY text per table, read in one snapshot; needs no program beside the server."""

from __future__ import annotations

from pathlib import Path

from django.db import connection, transaction
from django.db.backends.base.base import BaseDatabaseWrapper
from psycopg import sql

from wellkept.core import direct, guards

NOT_COPIED = {"django_migrations"}


def write(folder: Path) -> None:
    """Every table as it is at one moment. Writers go on; they are not in the copy."""
    with direct.connect() as snapshot, snapshot.cursor() as cursor:
        cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")
        for table in _tables():
            with (folder / table).open("wb") as out, cursor.copy(_copy(table, "TO STDOUT")) as rows:
                for block in rows:
                    out.write(block)


@transaction.atomic
def read(folder: Path) -> None:
    """Fill the tables from `folder`, all or nothing. They have just been made by migrations and hold no firm."""
    guards.remove(connection)
    known = [table for table in _tables() if (folder / table).is_file()]
    with connection.cursor() as cursor:
        every = sql.SQL(", ").join(sql.Identifier(table) for table in _tables())
        cursor.execute(sql.SQL("TRUNCATE {}").format(every))
        for table in known:
            with (folder / table).open("rb") as source, cursor.copy(_copy(table, "FROM STDIN")) as rows:
                while block := source.read(1024 * 1024):
                    rows.write(block)
    restart_numbers(connection)
    guards.install(connection)


def restart_numbers(database: BaseDatabaseWrapper) -> None:
    """Let every table give the number after its last one, now that its rows came with theirs."""
    statement = "SELECT setval(pg_get_serial_sequence({}, {}), coalesce(max({}), 1), max({}) IS NOT NULL) FROM {}"
    with database.cursor() as cursor:
        for table, column in _numbered(database):
            name = sql.Identifier(column)
            cursor.execute(
                sql.SQL(statement).format(sql.Literal(table), sql.Literal(column), name, name, sql.Identifier(table))
            )


def _copy(table: str, direction: str) -> sql.Composed:
    columns = sql.SQL(", ").join(sql.Identifier(column) for column in _columns(table))
    return sql.SQL("COPY {} ({}) {}").format(sql.Identifier(table), columns, sql.SQL(direction))


def _tables() -> list[str]:
    return [
        name
        for (name,) in _ask("SELECT tablename FROM pg_tables WHERE schemaname = current_schema() ORDER BY 1")
        if name not in NOT_COPIED
    ]


def _columns(table: str) -> list[str]:
    asked = (
        "SELECT column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND table_name = %s AND is_generated = 'NEVER' ORDER BY ordinal_position"
    )
    return [name for (name,) in _ask(asked, table)]


def _numbered(database: BaseDatabaseWrapper) -> list[tuple[str, str]]:
    asked = (
        "SELECT table_name, column_name FROM information_schema.columns WHERE table_schema = current_schema() "
        "AND (is_identity = 'YES' OR column_default LIKE 'nextval%%') AND table_name <> 'django_migrations'"
    )
    with database.cursor() as cursor:
        cursor.execute(asked.replace("%%", "%"))
        return [(table, column) for table, column in cursor.fetchall()]


def _ask(statement: str, *values: str) -> list[tuple[str, ...]]:
    with connection.cursor() as cursor:
        cursor.execute(statement, values or None) if values else cursor.execute(statement.replace("%%", "%"))
        return list(cursor.fetchall())
