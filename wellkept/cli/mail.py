"""`wellkept mail take`: a saved letter goes the way of every mail."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from wellkept.cli.words import say
from wellkept.connectors.email import taking
from wellkept.core.clock import now


def add_to(root: typer.Typer) -> None:
    nouns = typer.Typer(no_args_is_help=True, help="Mail from files.")
    nouns.command()(take)
    root.add_typer(nouns, name="mail")


def take(
    source: Annotated[
        str, typer.Argument(metavar="FILE|FOLDER|-", help="A letter, an mbox, a Maildir, a folder of letters, or -.")
    ],
) -> None:
    """Take in letters as if they had just arrived."""
    letters = [("standard input", sys.stdin.buffer.read())] if source == "-" else taking.letters(Path(source))
    for name, raw in letters:
        say(f"{name}: {taking.take_file(raw, at=now())}")
