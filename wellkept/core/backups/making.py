"""Makes a backup while the firm works: first the database at one moment, then the files, which are only ever added."""

from __future__ import annotations

import os
import sqlite3
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import closing
from datetime import datetime
from pathlib import Path

from django.conf import settings
from django.db import connection
from django.db.migrations.recorder import MigrationRecorder

from wellkept import __version__
from wellkept.core.backups import tables
from wellkept.core.backups.archive import FORMAT, Manifest, Progress, Writer


def make(*, folder: Path, at: datetime, progress: Progress = lambda done, total: None) -> Path:
    """Write `wellkept-<moment>.tar` into `folder` and return its path. It holds the keys: keep it as safe as them."""
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    target = folder / f"wellkept-{at:%Y%m%d-%H%M%S}.tar"
    with tempfile.TemporaryDirectory(dir=folder, prefix=".new-") as work:
        snapshot = Path(work)
        tables.write(snapshot) if connection.vendor == "postgresql" else _copy_sqlite(snapshot / "wellkept.sqlite3")
        draft = snapshot / "archive"
        _write(draft, snapshot, at, progress)
        os.replace(draft, target)
    return target


def forget_older(*, folder: Path, keep: int) -> list[Path]:
    """Remove all but the newest `keep` archives of ours in `folder`; returns what was removed."""
    ours = sorted(folder.glob("wellkept-????????-??????.tar"))
    older = ours[:-keep] if keep else []
    for path in older:
        path.unlink()
    return older


def _copy_sqlite(to: Path) -> None:
    """SQLite's own online backup, in one step: one moment, while others go on writing."""
    source = f"file:{settings.DATABASES['default']['NAME']}?mode=ro"
    with closing(sqlite3.connect(source, uri=True, timeout=60)) as live, closing(sqlite3.connect(to)) as copy:
        live.backup(copy)
        copy.execute("PRAGMA journal_mode=DELETE")
        [verdict] = copy.execute("PRAGMA integrity_check(1)").fetchone()
        if verdict != "ok":
            raise RuntimeError(f"The copy of the database is damaged: {verdict}")


def _write(draft: Path, snapshot: Path, at: datetime, progress: Progress) -> None:
    manifest = Manifest(FORMAT, __version__, connection.vendor, at.isoformat(), _migrations())
    wanted = list(_wanted(snapshot))
    total, done = sum(path.stat().st_size for path, _ in wanted), 0

    def told(size: int) -> None:
        nonlocal done
        done += size
        progress(done, max(done, total))

    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        with tarfile.open(fileobj=out, mode="w", format=tarfile.PAX_FORMAT) as tar:
            writer = Writer(tar, manifest, told)
            for path, name in wanted:
                writer.add(path, name)
            writer.close()
        out.flush()
        os.fsync(out.fileno())


def _wanted(snapshot: Path) -> Iterator[tuple[Path, str]]:
    data = Path(settings.DATA)
    for path in sorted(snapshot.iterdir()):
        if path.name != "archive":
            yield path, f"database/{path.name}"
    for room in ("keys", "anchors"):
        for path in sorted((data / room).glob("*")):
            if path.is_file() and path.suffix != ".new":
                yield path, f"{room}/{path.name}"
    for path in sorted((data / "files").glob("[0-9a-f][0-9a-f]/*")):
        yield path, f"files/{path.parent.name}/{path.name}"


def _migrations() -> list[list[str]]:
    return sorted([app, name] for app, name in MigrationRecorder(connection).applied_migrations())
