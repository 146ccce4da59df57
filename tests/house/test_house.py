"""The house cannot rot: what STYLE asks of every module, checked on the source itself."""

from __future__ import annotations

import ast
from collections.abc import Iterator

import pytest

from tests.house.source import Source, modules, rooms

LONGEST_MODULE = 400
LONGEST_FUNCTION = 70
WRITES = {"save", "create", "bulk_create", "update", "bulk_update", "delete", "get_or_create", "update_or_create"}
MANAGERS = {"objects", "filter", "exclude", "all", "select_for_update", "get_queryset"}
SOURCES = list(modules())


def names(sources: list[Source]) -> list[str]:
    return [".".join(source.inside) for source in sources]


def broken(problems: list[str]) -> str:
    return "\n" + "\n".join(problems)


def test_every_room_says_what_it_owns() -> None:
    silent = [str(room) for room in rooms() if not ast.get_docstring(ast.parse((room / "__init__.py").read_text()))]

    assert not silent, broken(silent)


def test_no_room_is_an_empty_shell() -> None:
    empty = [str(room) for room in rooms() if len(list(room.rglob("*.py"))) < 2]

    assert not empty, broken(empty)


@pytest.mark.parametrize("source", SOURCES, ids=names(SOURCES))
def test_module_is_short_enough_to_read(source: Source) -> None:
    lines = source.path.read_text().count("\n")
    long = [
        f"{source.at(node)} {node.name} has {(node.end_lineno or 0) - node.lineno + 1} lines"
        for node in ast.walk(source.tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
        and (node.end_lineno or 0) - node.lineno + 1 > LONGEST_FUNCTION
    ]

    assert lines <= LONGEST_MODULE, f"{source.path} has {lines} lines; split it by noun."
    assert not long, broken(long)


def test_only_actions_write() -> None:
    """Rows are written by `actions` alone; core's mechanisms and the doors' own bookkeeping tables are the named exceptions."""
    wrong = [
        f"{source.at(call)} .{call.func.attr}() outside actions"  # type: ignore[attr-defined]
        for source in SOURCES
        if source.layer != "actions" and source.inside[0] not in {"core", "jobs", "config"}
        for call in row_writes(source.tree)
    ]

    assert not wrong, broken(wrong)


def test_models_and_rules_of_another_room_are_private() -> None:
    wrong = [
        f"{source.at(node)} imports {module}"
        for source in SOURCES
        if not source.is_door and source.room != "insight"
        for node, module in imported(source.tree)
        if is_private_elsewhere(module, source.room)
    ]

    assert not wrong, broken(wrong)


def test_rules_are_pure() -> None:
    impure = [
        f"{source.at(node)} {module}"
        for source in SOURCES
        if source.layer == "rules"
        for node, module in imported(source.tree)
        if module.startswith(("django.db", "django.utils.timezone"))
        or module.endswith((".models", ".queries", ".actions"))
    ]

    assert not impure, broken(impure)


def test_there_is_no_drawer_for_odds_and_ends() -> None:
    drawers = [str(s.path) for s in SOURCES if {"utils", "helpers", "services", "common"} & set(s.inside)]

    assert not drawers, broken(drawers)


def test_actions_take_who_and_when_by_name() -> None:
    """Whoever acts and when is always named, so that a call reads as a sentence."""
    positional = [
        f"{source.at(node)} {node.name} takes positional arguments"
        for source in SOURCES
        if source.layer == "actions" and not source.is_door
        for node in source.tree.body
        if isinstance(node, ast.FunctionDef)
        and not node.name.startswith("_")
        and {"by", "at"} <= {argument.arg for argument in node.args.args}
    ]

    assert not positional, broken(positional)


def row_writes(tree: ast.Module) -> Iterator[ast.Call]:
    for node in ast.walk(tree):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr in WRITES:
            chain = {part.attr for part in ast.walk(node.func.value) if isinstance(part, ast.Attribute)}
            if chain & MANAGERS or (node.func.attr == "save" and not node.args):
                yield node


def imported(tree: ast.Module) -> Iterator[tuple[ast.AST, str]]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module and not typing_only(tree, node):
            yield node, node.module
            for alias in node.names:
                yield node, f"{node.module}.{alias.name}"
        elif isinstance(node, ast.Import):
            for alias in node.names:
                yield node, alias.name


def typing_only(tree: ast.Module, wanted: ast.AST) -> bool:
    """True for imports under `if TYPE_CHECKING:`; a type's name is not a use of the table."""
    return any(
        wanted in ast.walk(node)
        for node in tree.body
        if isinstance(node, ast.If) and isinstance(node.test, ast.Name) and node.test.id == "TYPE_CHECKING"
    )


def is_private_elsewhere(module: str, room: str) -> bool:
    parts = module.split(".")
    if parts[0] != "wellkept" or len(parts) < 3:
        return False
    other = ".".join(parts[1:3]) if parts[1] == "connectors" else parts[1]
    file = parts[3] if parts[1] == "connectors" and len(parts) > 3 else parts[2]
    return other not in {room, "core"} and file in {"models", "rules"}
