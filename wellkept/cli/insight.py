"""`wellkept insight rebuild`: the figures counted anew from the books."""

from __future__ import annotations

import typer
from django.utils.translation import gettext as _

from wellkept.cli.words import progress, say
from wellkept.insight import actions


def add_to(root: typer.Typer) -> None:
    nouns = typer.Typer(no_args_is_help=True, help="Figures and their roll-ups.")
    nouns.command()(rebuild)
    nouns.callback()(_figures)
    root.add_typer(nouns, name="insight")


def _figures() -> None:
    """Figures and their roll-ups."""


def rebuild() -> None:
    """Throw the roll-ups away and count every promise anew. The figures come out the same."""
    with progress(_("Counting promises")) as tell:
        counted = actions.rebuild(progress=tell)
    say(_("%(counted)s promises counted.") % {"counted": f"{counted:,}"})
