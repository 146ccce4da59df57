"""`wellkept backup` and `wellkept restore`."""

from __future__ import annotations

import typer


def add_to(root: typer.Typer) -> None:
    """Filled below."""
