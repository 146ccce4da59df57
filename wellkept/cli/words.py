"""How commands speak: plain lines, tables and progress bars; sorrow goes to standard error."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TaskProgressColumn, TextColumn, TimeRemainingColumn

out = Console(highlight=False, soft_wrap=True)
_sorrow = Console(stderr=True, highlight=False, soft_wrap=True)


def say(sentence: str = "", *, style: str | None = None) -> None:
    out.print(sentence, style=style, markup=False)


def sorry(sentence: str) -> None:
    _sorrow.print(sentence, style="bold red", markup=False)


@contextmanager
def progress(what: str) -> Iterator[Callable[[int, int], None]]:
    """A bar fed by `(done, total)`. Without a terminal only the end is told."""
    columns = (
        TextColumn("{task.description}"),
        BarColumn(),
        TaskProgressColumn(),
        MofNCompleteColumn(),
        TimeRemainingColumn(),
    )
    with Progress(*columns, console=out, disable=not out.is_terminal) as bar:
        task = bar.add_task(what, total=None)
        yield lambda done, total: bar.update(task, completed=done, total=total)
