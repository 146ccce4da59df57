"""`wellkept check`: is this installation fit for a real firm?"""

from __future__ import annotations

import typer
from django.utils.translation import gettext as _

from wellkept.cli.words import say, sorry
from wellkept.config import safety


def add_to(root: typer.Typer) -> None:
    root.command()(check)


def check() -> None:
    """Name every setting that is not safe for production, with the reason and the remedy. Exit code 1 if there is one."""
    problems = safety.problems()
    for problem in problems:
        sorry(f"✗ {problem}")
    for advice in safety.advice():
        say(f"· {advice}")
    if problems:
        raise typer.Exit(1)
    say(_("Nothing stands against using this installation for a real firm."))
