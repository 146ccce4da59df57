"""The `wellkept` command: reads the environment, then hands over to one module per noun."""

from __future__ import annotations

import os
import sys
from typing import Any

import typer
from django.core.exceptions import ImproperlyConfigured
from django.utils.translation import gettext as _

from wellkept import __version__
from wellkept.cli import speaking
from wellkept.cli.words import sorry
from wellkept.core.refusals import Refusal

MODULES = ("serving", "firm", "checking", "book", "storing", "moving", "mail", "insight", "benching")


def app() -> None:
    """Run one command. Every expected no ends in a sentence and exit code 1."""
    if sys.argv[1:] == ["--version"]:
        print(f"Wellkept {__version__}")
        return
    asked, words = speaking.asked_for(sys.argv[1:])
    try:
        commands(asked)(words, prog_name="wellkept")
    except (Refusal, ImproperlyConfigured) as error:
        sorry(str(error))
        sys.exit(1)
    except Exception as error:
        if not _database_is_away(error):
            raise
        sorry(_why_away(error))
        sys.exit(1)


def commands(language: str = "") -> Any:
    """Every command, once Django knows the rooms and the language to speak."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellkept.config.settings")
    import django

    django.setup()
    _reach_the_database()
    speaking.speak(language)
    from importlib import import_module

    root = typer.Typer(
        no_args_is_help=True,
        add_completion=False,
        pretty_exceptions_enable=False,
        help=_("Wellkept: everything your team owes anybody, as promises with a clock."),
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
        raise ImproperlyConfigured(
            _("The database of WELLKEPT_DATABASE_URL does not answer: %(why)s") % {"why": why}
        ) from error


def _why_away(error: Exception) -> str:
    from wellkept.core import room

    if room.is_full(error):
        return room.sentence()
    why = str(error).strip().splitlines()[0]
    return _("The database does not answer: %(why)s. See WELLKEPT_DATABASE_URL.") % {"why": why}


def _database_is_away(error: Exception) -> bool:
    from django.db import InterfaceError, OperationalError

    return isinstance(error, OperationalError | InterfaceError)


if __name__ == "__main__":
    app()
