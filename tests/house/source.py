"""The project's own source, read as syntax trees for the house tests."""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
PACKAGE = ROOT / "wellkept"
DOORS = {"web", "api", "cli", "jobs", "demo", "mcp", "config"}


@dataclass(frozen=True)
class Source:
    """One module: its path, its room (`connectors.email` for connectors) and the name of its layer file."""

    path: Path
    tree: ast.Module

    @property
    def inside(self) -> tuple[str, ...]:
        return self.path.relative_to(PACKAGE).with_suffix("").parts

    @property
    def room(self) -> str:
        parts = self.inside
        return ".".join(parts[:2]) if parts[0] == "connectors" and len(parts) > 2 else parts[0]

    @property
    def layer(self) -> str:
        """`actions` for actions.py and for anything under actions/."""
        parts = self.inside
        depth = 2 if parts[0] == "connectors" else 1
        return parts[depth] if len(parts) > depth else parts[-1]

    @property
    def is_door(self) -> bool:
        return self.inside[0] in DOORS

    def at(self, node: ast.AST) -> str:
        return f"{self.path.relative_to(ROOT)}:{getattr(node, 'lineno', 1)}"


def modules() -> Iterator[Source]:
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE).parts
        if not {"migrations", "tests", "vendor"} & set(parts):
            yield Source(path, ast.parse(path.read_text()))


def rooms() -> list[Path]:
    """Every folder that is a room or a door."""
    folders = [p for p in PACKAGE.iterdir() if (p / "__init__.py").exists()]
    connectors = [p for p in (PACKAGE / "connectors").iterdir() if (p / "__init__.py").exists()]
    return sorted([*folders, *connectors])
