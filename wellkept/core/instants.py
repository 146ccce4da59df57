"""Instants as whole microseconds since 1970-01-01T00:00Z: exactly what a datetime holds, and quick to count with."""

from datetime import UTC, datetime, timedelta

EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


def micros(at: datetime) -> int:
    since = at - EPOCH
    return (since.days * 86_400 + since.seconds) * 1_000_000 + since.microseconds


def instant(micros: int) -> datetime:
    return EPOCH + timedelta(microseconds=micros)
