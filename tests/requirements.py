"""Which rows of the mission are proven, and by which tests. `python -m tests.requirements` writes docs/requirements.md.

A row that was proven once stays in `tests/proven.txt`; `--check` fails when such a row has lost its test.
"""

from __future__ import annotations

import ast
import sys
from collections import defaultdict
from pathlib import Path

from tests.rows import ROWS

ROOT = Path(__file__).resolve().parents[1]
PAGE = ROOT / "docs" / "requirements.md"
PROVEN = ROOT / "tests" / "proven.txt"


def proofs() -> dict[str, list[str]]:
    """Row id -> `path::test` of every test marked with it."""
    found: dict[str, list[str]] = defaultdict(list)
    for folder in ("wellkept", "tests"):
        for path in sorted((ROOT / folder).rglob("test_*.py")):
            tree = ast.parse(path.read_text())
            whole = marks([node.value for node in tree.body if is_pytestmark(node)])  # type: ignore[attr-defined]
            for node in ast.walk(tree):
                if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith("test"):
                    for row in {*whole, *marks(node.decorator_list)}:
                        found[row].append(f"{path.relative_to(ROOT)}::{node.name}")
    return found


def is_pytestmark(node: ast.stmt) -> bool:
    return isinstance(node, ast.Assign) and any(isinstance(t, ast.Name) and t.id == "pytestmark" for t in node.targets)


def marks(nodes: list[ast.expr]) -> list[str]:
    return [
        argument.value
        for outer in nodes
        for node in ast.walk(outer)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "req"
        for argument in node.args
        if isinstance(argument, ast.Constant) and isinstance(argument.value, str)
    ]


def page(found: dict[str, list[str]]) -> str:
    done = sum(1 for row in ROWS if found.get(row))
    lines = [
        "# What is asked, and what proves it",
        "",
        "Made by `python -m tests.requirements` from the `@pytest.mark.req(...)` marks. “First part” of a row may be what is",
        "proven so far; the changelog says what each release added.",
        "",
        f"**{done} of {len(ROWS)} rows have tests.**",
        "",
        "| row | asked | tests |",
        "|---|---|---|",
    ]
    for row, asked in ROWS.items():
        tests = "<br>".join(f"`{name}`" for name in sorted(set(found.get(row, [])))) or "–"
        lines.append(f"| {row} | {asked} | {tests} |")
    return "\n".join(lines) + "\n"


def check(found: dict[str, list[str]]) -> list[str]:
    problems = [
        f"Row {row} was proven and has lost its tests." for row in PROVEN.read_text().split() if not found.get(row)
    ]
    problems += [f"A test proves {row}, which is not a row of the mission." for row in sorted(set(found) - set(ROWS))]
    if not PAGE.exists() or PAGE.read_text() != page(found):
        problems.append("docs/requirements.md is not up to date: run python -m tests.requirements.")
    return problems


def main() -> int:
    found = proofs()
    if "--check" in sys.argv:
        for problem in (problems := check(found)):
            print(problem)
        print(f"{sum(1 for row in ROWS if found.get(row))} of {len(ROWS)} rows of the mission have tests.")
        return 1 if problems else 0
    PAGE.write_text(page(found))
    known = set(PROVEN.read_text().split()) if PROVEN.exists() else set()
    PROVEN.write_text("".join(f"{row}\n" for row in ROWS if row in known or found.get(row)))
    return 0


if __name__ == "__main__":
    sys.exit(main())
