"""The database at start: safe settings, the right release, the demo firm when asked."""

from __future__ import annotations

import io

from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from wellkept.cli.words import out, say
from wellkept.config import safety
from wellkept.core import guards
from wellkept.core.refusals import Refusal


class Unsafe(Refusal):
    """The database would lose committed work."""


class Outdated(Refusal):
    """The database belongs to another release."""


def refuse_unsafe() -> None:
    """A commit must survive a power cut, or we do not start."""
    problems = safety.durability(connection)
    if problems:
        raise Unsafe(" ".join(problems))


def refuse_outdated() -> None:
    if pending():
        raise Outdated(_("The database belongs to an older release. Run: wellkept migrate"))


def pending() -> int:
    """How many migrations wait."""
    executor = MigrationExecutor(connection)
    return len(executor.migration_plan(executor.loader.graph.leaf_nodes()))


def bring_up_to_date(*, without_asking: bool) -> None:
    waiting = pending()
    if not waiting:
        return
    if not without_asking and not _agreed(waiting):
        raise Outdated(_("The database belongs to an older release. Make a backup, then run: wellkept migrate"))
    with out.status(_("Preparing the database (%(waiting)s steps)…") % {"waiting": waiting}):
        call_command("migrate", interactive=False, verbosity=0, stdout=io.StringIO())
    say(_("The database is ready."))


def put_guards_back() -> None:
    guards.install(connection)


def _agreed(waiting: int) -> bool:
    if not out.is_terminal:
        return False
    return out.input(
        _("The database needs %(waiting)s steps to match this release. Do them now? \\[y/N] ") % {"waiting": waiting}
    ).strip().lower() in {"y", "yes"}
