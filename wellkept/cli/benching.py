"""`wellkept bench`: the bars, measured. Needs the source tree, where the benchmarks live."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import typer
from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal


class NoBenchmarks(Refusal):
    """An installed wheel has no benchmarks."""


def add_to(root: typer.Typer) -> None:
    root.command(context_settings={"allow_extra_args": True, "ignore_unknown_options": True})(bench)


def bench(context: typer.Context) -> None:
    """Measure every bar beside its floor and print the table. Passes its arguments on."""
    tree = Path(__file__).resolve().parents[2]
    if not (tree / "bench" / "__main__.py").is_file():
        raise NoBenchmarks(_("The benchmarks are part of the source tree. Clone it and run: make bench"))
    done = subprocess.run([sys.executable, "-m", "bench", *context.args], cwd=tree, check=False)  # noqa: S603 - our own program
    raise typer.Exit(done.returncode)
