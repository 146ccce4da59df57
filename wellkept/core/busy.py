"""Whether something failed because the database could not answer in time: locked by others, or out of reach. It passes."""

from __future__ import annotations

import sqlite3

import psycopg
import psycopg.errors
import psycopg_pool
from django.db import InterfaceError
from django.utils.translation import gettext as _

from wellkept.core.causes import causes

AGAIN_AFTER_SECONDS = "5"
_SQLITE_LOCKED = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}
_PRIMARY = 0xFF  # SQLite's extended codes carry more above their lowest byte
_LOCKED = (
    psycopg.errors.LockNotAvailable,
    psycopg.errors.DeadlockDetected,
    psycopg.errors.SerializationFailure,
    psycopg.errors.QueryCanceled,
    psycopg_pool.PoolTimeout,
    psycopg_pool.TooManyRequests,
    psycopg.errors.TooManyConnections,
    psycopg.errors.CannotConnectNow,
)


def is_locked(error: BaseException | None) -> bool:
    """True when others held the database for too long; nothing was changed then."""
    return any(_says_locked(each) for each in causes(error))


def is_lost(error: BaseException | None) -> bool:
    """True when the database went away, or was not there."""
    return any(_says_lost(each) for each in causes(error))


def sentence(error: BaseException | None) -> str | None:
    """For whoever wanted to see or change something; None where the fault is another."""
    if is_locked(error):
        return _("Others are writing just now, so nothing was changed. Try again in a moment.")
    if is_lost(error):
        return _("The database did not answer. Look whether it was done, then try again in a moment.")
    return None


def _says_locked(error: BaseException) -> bool:
    if isinstance(error, sqlite3.OperationalError):
        return (getattr(error, "sqlite_errorcode", 0) & _PRIMARY) in _SQLITE_LOCKED
    return isinstance(error, _LOCKED)


def _says_lost(error: BaseException) -> bool:
    if isinstance(error, psycopg.Error):
        nameless = isinstance(error, psycopg.OperationalError) and error.sqlstate is None
        shut = (psycopg.errors.ConnectionException, psycopg.errors.AdminShutdown, psycopg.errors.CrashShutdown)
        return nameless or isinstance(error, (*shut, psycopg.InterfaceError))
    return isinstance(error, InterfaceError)
