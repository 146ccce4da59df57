"""`wellkept mail take`: a saved letter goes the way of every mail."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Annotated

import typer

from wellkept.cli.words import say
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal


class NoSuchFile(Refusal):
    """There is nothing to read."""


def add_to(root: typer.Typer) -> None:
    nouns = typer.Typer(no_args_is_help=True, help="Mail from files.")
    nouns.command()(take)
    root.add_typer(nouns, name="mail")


def take(
    source: Annotated[
        str, typer.Argument(metavar="FILE|FOLDER|-", help="An .eml file, a Maildir, or - for standard input.")
    ],
) -> None:
    """Take in a letter as if it had just arrived."""
    from wellkept.connectors.email import taking

    for name, raw in _letters(source):
        taken = taking.take_file(raw, at=now())
        say(f"{name}: {taken}")


def _letters(source: str) -> list[tuple[str, bytes]]:
    if source == "-":
        return [("standard input", sys.stdin.buffer.read())]
    path = Path(source)
    if path.is_file():
        return [(path.name, path.read_bytes())]
    raise NoSuchFile(f"There is no file {source}.")
