"""What would make an installation lose work or leak it: each problem is one sentence that says what to do."""

from __future__ import annotations

from django.db.backends.base.base import BaseDatabaseWrapper

MUST_BE_ON = ("fsync", "full_page_writes", "synchronous_commit")


def durability(connection: BaseDatabaseWrapper) -> list[str]:
    """PostgreSQL settings under which a commit does not survive a power cut. SQLite is set by ourselves."""
    if connection.vendor != "postgresql":
        return []
    with connection.cursor() as cursor:
        cursor.execute("SELECT name, setting FROM pg_settings WHERE name = ANY(%s)", [list(MUST_BE_ON)])
        values = dict(cursor.fetchall())
    return [
        f"PostgreSQL has {name} off: a commit could be lost. Set {name} = on in postgresql.conf and restart it."
        for name in MUST_BE_ON
        if values.get(name) == "off"
    ]
