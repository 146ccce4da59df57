"""A database with every table and not one row of a firm, made by the real migrations and copied from then on.

The migrations cost some ten seconds of every test process that runs them. Nothing but the migrations, the guards they
install and Django can change what they make, so its name says which of these it was made from.
"""

from __future__ import annotations

import fcntl
import hashlib
import os
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib import metadata
from pathlib import Path

import psycopg

ROOT = Path(__file__).parents[1]
MADE_FROM = ("wellkept/*/migrations/*.py", "wellkept/*/guards*.py")
LIBRARIES = ("django", "django-allauth")


def sqlite() -> Path:
    """The file to copy."""
    with _alone() as folder:
        made = folder / f"{_key()}.sqlite3"
        if not made.exists():
            unfinished = made.with_suffix(f".{os.getpid()}")
            _migrate(f"sqlite:///{unfinished}")
            unfinished.rename(made)
        return made


def postgresql(server: str) -> str:
    """The name of the database to copy, on the server of the address."""
    name = f"wellkept_migrated_{_key()}"
    address = server.partition("?")[0].rpartition("/")[0]
    with _alone(), psycopg.connect(f"{address}/postgres", autocommit=True) as connection:
        if connection.execute("SELECT 1 FROM pg_database WHERE datname = %s", [name]).fetchone():
            return name
        unfinished = f"{name}_{os.getpid()}"
        connection.execute(f'CREATE DATABASE "{unfinished}"')  # type: ignore[call-overload]
        _migrate(f"{address}/{unfinished}?pool=0")
        connection.execute(f'ALTER DATABASE "{unfinished}" RENAME TO "{name}"')  # type: ignore[call-overload]
    return name


def _key() -> str:
    made_from = hashlib.sha256()
    for file in sorted(path for pattern in MADE_FROM for path in ROOT.glob(pattern)):
        made_from.update(f"{file.relative_to(ROOT)}\n".encode() + file.read_bytes())
    for library in LIBRARIES:
        made_from.update(f"{library} {metadata.version(library)}".encode())
    return made_from.hexdigest()[:16]


def _migrate(address: str) -> None:
    with tempfile.TemporaryDirectory(prefix="wellkept-template-") as folder:
        subprocess.run(
            [sys.executable, "-m", "django", "migrate", "--verbosity", "0", "--no-input"],
            cwd=ROOT,
            env={
                **os.environ,
                "DJANGO_SETTINGS_MODULE": "wellkept.config.settings",
                "WELLKEPT_DATA": folder,
                "WELLKEPT_DATABASE_URL": address,
            },
            check=True,
        )


@contextmanager
def _alone() -> Iterator[Path]:
    """Where the files are kept, beside the libraries they were made with; one process at a time."""
    folder = Path(sys.prefix) / "wellkept-migrated"
    if not os.access(sys.prefix, os.W_OK):
        folder = Path(tempfile.gettempdir()) / f"wellkept-migrated-{os.getuid()}"
    folder.mkdir(mode=0o700, exist_ok=True)
    with (folder / "lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield folder
