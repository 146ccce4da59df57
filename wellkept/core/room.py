"""Whether something failed because a disk is full: of the database, or of the files. Such a no passes when space returns."""

from __future__ import annotations

import sqlite3

import psycopg.errors
from django.utils.translation import gettext as _

from wellkept.core.causes import causes
from wellkept.core.files import NO_ROOM, NoSpace

_SQLITE_FULL = {
    sqlite3.SQLITE_FULL,
    sqlite3.SQLITE_IOERR_WRITE,  # what SQLite says when a limit on the size of files is reached
    sqlite3.SQLITE_IOERR_SHMSIZE,
}


def is_full(error: BaseException | None) -> bool:
    """True when `error`, or what caused it, says that nothing more can be written."""
    return any(_says_full(each) for each in causes(error))


def sentence() -> str:
    """For whoever wanted to change something."""
    return _(
        "The disk is full, so nothing was changed. Free some space, then try again; everything from before is safe."
    )


def _says_full(error: BaseException) -> bool:
    if isinstance(error, sqlite3.Error):
        return getattr(error, "sqlite_errorcode", None) in _SQLITE_FULL
    if isinstance(error, OSError):
        return error.errno in NO_ROOM
    return isinstance(error, NoSpace | psycopg.errors.DiskFull)
