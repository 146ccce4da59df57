"""`wellkept move`: a firm that has outgrown SQLite goes to PostgreSQL, with every row and every guard."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path
from typing import Annotated

import typer
from django.conf import settings
from django.db import connection, connections
from django.utils.translation import gettext as _

from wellkept.cli import database
from wellkept.cli.words import progress, say
from wellkept.config import environment, safety
from wellkept.core import moving, sealing, verifying
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal


class BookNotWhole(Refusal):
    """The service book was tampered with: a move would only carry that along."""


def add_to(root: typer.Typer) -> None:
    root.command()(move)


def move(
    to: Annotated[str, typer.Option("--to", help="The empty database: postgres://user:password@host:5432/name.")],
) -> None:
    """Move this firm from SQLite to an empty PostgreSQL database. Stop everything first; cut off, it may be begun again."""
    moving.refuse_while_at_work(at=now())
    database.refuse_outdated()
    _refuse_damaged()
    name = moving.make_ready(environment.database(_without_pool(to), data=settings.DATA))
    problems = safety.durability(connections[name])
    if problems:
        raise database.Unsafe(" ".join(problems))
    with progress(_("Moving")) as tell:
        moved = moving.copy(to=name, progress=tell)
    connections[name].close()
    say(_("%(rows)s rows in %(tables)d tables are there.") % {"rows": f"{moved.rows:,}", "tables": moved.tables})
    _verify_there(to)
    kept = _put_aside()
    say(_("The old database is kept as %(path)s and no longer used.") % {"path": kept})
    say(_("Set WELLKEPT_DATABASE_URL to the new address, then run: wellkept check, wellkept serve"))


def _refuse_damaged() -> None:
    sealing.seal(at=now())
    with progress(_("Reading the service book")) as tell:
        report = verifying.examine(progress=tell)
    if report.findings:
        raise BookNotWhole(
            _("The service book is not whole: %(first)s Nothing was moved. See: wellkept verify")
            % {"first": report.findings[0].sentence}
        )


def _verify_there(to: str) -> None:
    """The chain is read at the new place by a process that knows nothing else."""
    there = {**os.environ, "WELLKEPT_DATABASE_URL": to}
    done = subprocess.run([sys.executable, "-m", "wellkept.cli.main", "verify"], env=there, check=False)
    if done.returncode:
        raise BookNotWhole(
            _("The service book at the new place is not whole. This firm stays where it is; empty the new database.")
        )


def _put_aside() -> Path:
    """Whoever still starts on the old place by mistake finds no firm there, instead of writing into a book left behind."""
    path = Path(str(connection.settings_dict["NAME"]))
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()
    aside = path.with_name(f"{path.name}.moved-{now():%Y%m%d-%H%M%S}")
    path.rename(aside)
    for leftover in ("-wal", "-shm"):
        path.with_name(path.name + leftover).unlink(missing_ok=True)
    return aside


def _without_pool(url: str) -> str:
    return f"{url}{'&' if '?' in url else '?'}pool=0"
