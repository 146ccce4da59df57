"""What passes by itself is told from what is broken."""

from __future__ import annotations

import sqlite3

import psycopg
import psycopg_pool
import pytest
from django.db import OperationalError

from wellkept.core import busy


def sqlite_error(code: int) -> sqlite3.OperationalError:
    error = sqlite3.OperationalError("no")
    error.sqlite_errorcode = code
    return error


def wrapped(cause: BaseException) -> OperationalError:
    """As Django hands it on."""
    try:
        raise OperationalError("no") from cause
    except OperationalError as error:
        return error


@pytest.mark.parametrize(
    "cause",
    [
        sqlite_error(sqlite3.SQLITE_BUSY),
        sqlite_error(sqlite3.SQLITE_BUSY_SNAPSHOT),
        sqlite_error(sqlite3.SQLITE_LOCKED),
        psycopg.errors.LockNotAvailable("canceling statement due to lock timeout"),
        psycopg.errors.DeadlockDetected("deadlock detected"),
        psycopg.errors.SerializationFailure("could not serialize access"),
        psycopg_pool.PoolTimeout("couldn't get a connection after 30.00 sec"),
    ],
    ids=lambda cause: f"{type(cause).__name__} {getattr(cause, 'sqlite_errorcode', '')}",
)
def test_others_hold_it(cause: BaseException) -> None:
    assert busy.is_locked(wrapped(cause))
    assert "nothing was changed" in str(busy.sentence(wrapped(cause)))


@pytest.mark.parametrize(
    "cause",
    [
        psycopg.OperationalError("server closed the connection unexpectedly"),
        psycopg.errors.AdminShutdown("terminating connection due to administrator command"),
        psycopg.InterfaceError("the connection is closed"),
    ],
    ids=lambda cause: type(cause).__name__,
)
def test_it_went_away(cause: BaseException) -> None:
    assert not busy.is_locked(wrapped(cause)) and busy.is_lost(wrapped(cause))
    assert "Look whether it was done" in str(busy.sentence(wrapped(cause)))


@pytest.mark.parametrize(
    "error",
    [None, ValueError("x"), wrapped(sqlite_error(sqlite3.SQLITE_ERROR)), wrapped(psycopg.errors.UndefinedTable("x"))],
    ids=str,
)
def test_what_is_broken_is_broken(error: BaseException | None) -> None:
    assert busy.sentence(error) is None
