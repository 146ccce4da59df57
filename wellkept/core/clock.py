"""The one clock. Doors read it and pass `at` down; nothing below a door does."""

from datetime import UTC, datetime


def now() -> datetime:
    return datetime.now(UTC)
