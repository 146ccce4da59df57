"""`python -m bench`: every measure on every database at hand, as a table and as bench/results/latest.json."""

from __future__ import annotations

import argparse
import contextlib
import importlib
import json
import os
import pkgutil
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from types import ModuleType
from typing import Any

HERE = Path(__file__).parent
TOOLS = {"__main__", "figures", "fill", "firm", "pace"}
LOCAL_POSTGRESQL = "postgres://postgres@127.0.0.1:5432/postgres"


def main() -> int:
    asked = _arguments()
    if asked.into:
        return _measure_here(asked)
    figures: list[dict[str, Any]] = []
    for name, url in _databases(asked.database):
        figures += _measure_on(name, url, asked)
    figures.sort(key=lambda figure: (figure["name"], figure["database"], figure["size"]))
    _write(figures, whole=not (asked.only or asked.size or asked.database), to=Path(asked.results))
    _table(figures)
    return 1 if asked.strict and any(figure["kept"] is False for figure in figures) else 0


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m bench", description=__doc__)
    parser.add_argument("--only", action="append", default=[], metavar="MEASURE", help=f"one of: {', '.join(_names())}")
    parser.add_argument(
        "--size",
        action="append",
        type=int,
        default=[],
        metavar="N",
        help="conversations in the filled database (100000 and 1000000)",
    )
    parser.add_argument("--database", action="append", default=[], choices=["sqlite", "postgresql"])
    parser.add_argument("--results", default=str(HERE / "results" / "latest.json"))
    parser.add_argument("--strict", action="store_true", help="fail when a bar is missed")
    parser.add_argument("--into", help=argparse.SUPPRESS)
    return parser.parse_args()


def _names() -> list[str]:
    return [module.name for module in pkgutil.iter_modules([str(HERE)]) if module.name not in TOOLS]


def _databases(asked: list[str]) -> Iterator[tuple[str, str]]:
    if not asked or "sqlite" in asked:
        yield "sqlite", ""
    if not asked or "postgresql" in asked:
        if url := _postgresql():
            yield "postgresql", url
        elif asked:
            sys.exit("No PostgreSQL answers. Set WELLKEPT_TEST_DATABASE_URL to one where databases may be created.")
        else:
            print("No PostgreSQL answers; measured on SQLite only.", file=sys.stderr)


def _postgresql() -> str:
    import psycopg

    for url in filter(None, [os.environ.get("WELLKEPT_TEST_DATABASE_URL"), LOCAL_POSTGRESQL]):
        with contextlib.suppress(psycopg.OperationalError), psycopg.connect(_server(url), connect_timeout=2):
            return _server(url)
    return ""


def _server(url: str) -> str:
    return url.partition("?")[0].rsplit("/", 1)[0] + "/postgres"


def _measure_on(name: str, url: str, asked: argparse.Namespace) -> list[dict[str, Any]]:
    """Run the measures in a process of their own, in a data folder and a database of their own."""
    with tempfile.TemporaryDirectory(prefix="wellkept-bench-") as folder, _database(url) as own:
        results = Path(folder) / "figures.json"
        ran = subprocess.run(
            [sys.executable, "-m", "bench", "--into", str(results), *_passed_on(asked)],
            cwd=HERE.parent,
            env={
                **os.environ,
                "WELLKEPT_DATA": folder,
                "WELLKEPT_DATABASE_URL": own,
                "WELLKEPT_DEMO": "",
                "WELLKEPT_DEBUG": "",
            },
            check=False,
        )
        if ran.returncode or not results.exists():
            sys.exit(f"The measures on {name} stopped; what they said stands above.")
        return json.loads(results.read_text())


def _passed_on(asked: argparse.Namespace) -> list[str]:
    return [f"--only={name}" for name in asked.only] + [f"--size={size}" for size in asked.size]


@contextlib.contextmanager
def _database(server: str) -> Iterator[str]:
    if not server:
        yield ""
        return
    import psycopg

    name = f"wellkept_bench_{os.getpid()}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')  # type: ignore[arg-type]
        try:
            yield f"{server.rsplit('/', 1)[0]}/{name}?pool=0"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')  # type: ignore[arg-type]


def _measure_here(asked: argparse.Namespace) -> int:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellkept.config.settings")
    import django

    django.setup()
    from django.conf import settings
    from django.core.management import call_command
    from django.db import connection

    from bench import firm
    from bench.figures import Context, Figure

    Path(settings.STATIC_ROOT).mkdir()
    call_command("migrate", verbosity=0)
    context = Context(
        database=connection.vendor, say=lambda text: print(f"{connection.vendor}: {text}", file=sys.stderr)
    )
    modules = [importlib.import_module(f"bench.{name}") for name in _names() if not asked.only or name in asked.only]
    figures: list[Figure] = []
    firm.set_up(context)
    for module in [module for module in modules if not getattr(module, "SIZED", False)]:
        figures += _run(module, context)
    sized = [module for module in modules if getattr(module, "SIZED", False)]
    for size in sorted(asked.size or [100_000, 1_000_000]) if sized else []:
        firm.fill(context, size)
        for module in sized:
            figures += _run(module, context)
    Path(asked.into).write_text(json.dumps([figure.row() for figure in figures]))
    return 0


def _run(module: ModuleType, context: Any) -> list[Any]:
    """One measure's figures. A measure that breaks says so and does not take the others with it."""
    name = module.__name__.removeprefix("bench.")
    context.say(f"measuring {name}" + (f" at {context.size:,} conversations" if context.size else ""))
    try:
        return list(module.run(context))
    except Exception as error:  # noqa: BLE001
        import traceback

        traceback.print_exc(limit=-4, chain=False)
        return [context.figure(name, 0, "", note=f"did not run: {type(error).__name__}: {error}")]


def _write(figures: list[dict[str, Any]], *, whole: bool, to: Path) -> None:
    """A partial run replaces only the figures it measured."""
    to.parent.mkdir(parents=True, exist_ok=True)
    if not whole and to.exists():
        new = {_key(figure) for figure in figures}
        figures = [old for old in json.loads(to.read_text())["figures"] if _key(old) not in new] + figures
    machine = {"python": platform.python_version(), "system": platform.system(), "processors": os.cpu_count()}
    at = datetime.now(UTC).isoformat(timespec="seconds")
    to.write_text(json.dumps({"at": at, "machine": machine, "figures": figures}, indent=1) + "\n")


def _key(figure: dict[str, Any]) -> tuple[object, ...]:
    return figure["name"], figure["database"], figure["size"]


def _table(figures: list[dict[str, Any]]) -> None:
    from rich.console import Console
    from rich.table import Table

    table = Table(title="What was measured, beside its floor and its bar")
    for column, side in [("Measure", "left"), ("Database", "left"), ("Size", "right"), ("Figure", "right"), ("Unit", "left"), ("Floor", "right"), ("Ratio", "right"), ("Bar", "right"), ("", "left"), ("Pace", "right"), ("Note", "left")]:  # fmt: skip
        table.add_column(column, justify=side, overflow="fold")  # type: ignore[arg-type]
    for f in figures:
        word = {True: "[green]kept", False: "[red]missed", None: ""}[f["kept"]]
        bar = "" if f["bar"] is None else f"{'≥' if f['at_least'] else '≤'} {f['bar']:,g}"
        table.add_row(
            f["name"],
            f["database"],
            _number(f["size"]),
            _number(f["value"]),
            f["unit"],
            _number(f["floor"]),
            _number(f["ratio"]),
            bar,
            word,
            _number(f.get("pace")),
            f["note"],
        )
    Console(width=None if sys.stdout.isatty() else 190).print(table)


def _number(value: float | None) -> str:
    return "" if not value else f"{value:,.0f}" if value >= 1000 else f"{value:,.3g}"


if __name__ == "__main__":
    sys.exit(main())
