"""The `wellkept` command: reads the environment, then hands over to one module per noun."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer
from django.core.exceptions import ImproperlyConfigured

from wellkept import __version__
from wellkept.cli.words import sorry
from wellkept.core.refusals import Refusal

MODULES = ("serving", "firm", "checking", "book", "storing", "mail", "insight", "benching")


def app() -> None:
    """Run one command. Every expected no ends in a sentence and exit code 1."""
    if sys.argv[1:] == ["--version"]:
        print(f"Wellkept {__version__}")
        return
    try:
        commands()(prog_name="wellkept")
    except (Refusal, ImproperlyConfigured) as error:
        sorry(str(error))
        sys.exit(1)
    except Exception as error:
        if not _database_is_away(error):
            raise
        sorry(f"The database does not answer: {str(error).strip().splitlines()[0]}. See WELLKEPT_DATABASE_URL.")
        sys.exit(1)


def commands() -> Any:
    """Every command, once Django knows the rooms."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellkept.config.settings")
    import django

    django.setup()
    _reach_the_database()
    from importlib import import_module

    root = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help="Wellkept: everything your team owes anybody, as promises with a clock.",
    )
    for name in MODULES:
        import_module(f"wellkept.cli.{name}").add_to(root)
    return typer.main.get_command(root)


def _reach_the_database() -> None:
    """One quick try, so that a wrong address is a sentence at once and not after the pool's patience."""
    import psycopg
    from django.db import connection

    from wellkept.core import direct

    if connection.vendor != "postgresql":
        return
    try:
        direct.connect(connect_timeout=5).close()
    except psycopg.Error as error:
        why = str(error).strip().splitlines()[0]
        raise ImproperlyConfigured(f"The database of WELLKEPT_DATABASE_URL does not answer: {why}") from error


def _database_is_away(error: Exception) -> bool:
    from django.db import InterfaceError, OperationalError

    return isinstance(error, OperationalError | InterfaceError)


if __name__ == "__main__":
    app()
