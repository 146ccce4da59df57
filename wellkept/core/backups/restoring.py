"""Brings a firm back from a backup: reads it whole and checks it, then writes, then moves it to this release."""

from __future__ import annotations

import json
import os
import tarfile
import tempfile
from pathlib import Path
from typing import IO

from django.conf import settings
from django.core.management import call_command
from django.db import connection
from django.db.migrations.executor import MigrationExecutor
from django.utils.translation import gettext as _

from wellkept.core.backups import tables
from wellkept.core.backups.archive import FORMAT, MANIFEST, Manifest, Progress, Summing, blocks, members
from wellkept.core.refusals import Refusal


class AlreadyInUse(Refusal):
    """There is a firm where the backup would go."""


class BackupDamaged(Refusal):
    """The archive is not what was written."""


class BackupFromElsewhere(Refusal):
    """The archive is whole but not for this database or release."""


def restore(*, archive: Path, progress: Progress = lambda done, total: None) -> Manifest:
    """Bring the firm in `archive` back into an empty place."""
    refuse_if_in_use()
    manifest = check(archive, progress=progress)
    _refuse_foreign(manifest)
    data = Path(settings.DATA)
    with tempfile.TemporaryDirectory(dir=data, prefix=".restoring-") as work:
        _unpack(archive, Path(work), data)
        _fill(Path(work) / "database", manifest)
    call_command("migrate", interactive=False, verbosity=0)
    return manifest


def refuse_if_in_use() -> None:
    """Is there anything here that a restore would cover?"""
    data = Path(settings.DATA)
    if any((data / "files").glob("[0-9a-f][0-9a-f]/*")) or any((data / "anchors").glob("*.jsonl")):
        raise AlreadyInUse(
            _("%(data)s is in use. Set WELLKEPT_DATA to an empty folder; nothing was changed.") % {"data": data}
        )
    names = connection.introspection.table_names()
    for table in ("core_fact", "people_firm", "people_staff"):
        if table in names and _has_rows(table):
            raise AlreadyInUse(
                _("The database holds a firm. Set WELLKEPT_DATABASE_URL to an empty one; nothing was changed.")
            )
    connection.close()


def check(archive: Path, *, progress: Progress = lambda done, total: None) -> Manifest:
    """Read the archive to its end and compare every sum."""
    total, done = archive.stat().st_size if archive.is_file() else 0, 0
    found: dict[str, list[object]] = {}
    manifest: Manifest | None = None

    def told(size: int) -> None:
        nonlocal done
        done += size
        progress(done, total)

    try:
        with tarfile.open(archive, "r:") as tar:
            for name, stream in members(tar):
                if name == MANIFEST:
                    manifest = Manifest(**json.loads(stream.read()))
                    continue
                summing = Summing(stream, told)
                for _block in blocks(summing):
                    pass
                found[name] = [summing.size, summing.sha256]
    except (OSError, tarfile.TarError, ValueError, TypeError, EOFError) as error:
        raise BackupDamaged(
            _("%(archive)s is not a whole backup (%(error)s). Try an older one.") % {"archive": archive, "error": error}
        ) from error
    if manifest is None:
        raise BackupDamaged(_("%(archive)s ends too early. Try an older one.") % {"archive": archive})
    wrong = sorted(
        name for name in manifest.members.keys() | found.keys() if manifest.members.get(name) != found.get(name)
    )
    if wrong:
        raise BackupDamaged(
            _("%(archive)s is damaged: %(member)s is not what was written. Try an older one.")
            % {"archive": archive, "member": wrong[0]}
        )
    return manifest


def _refuse_foreign(manifest: Manifest) -> None:
    if manifest.format != FORMAT:
        raise BackupFromElsewhere(
            _("This backup was made by release %(release)s, which this one cannot read.")
            % {"release": manifest.release}
        )
    if manifest.vendor != connection.vendor:
        raise BackupFromElsewhere(
            _("This backup is of %(there)s; WELLKEPT_DATABASE_URL names %(here)s.")
            % {"there": _called(manifest.vendor), "here": _called(connection.vendor)}
        )
    known = MigrationExecutor(connection).loader.disk_migrations
    newer = [name for app, name in manifest.migrations if (app, name) not in known]
    connection.close()
    if newer:
        raise BackupFromElsewhere(
            _("This backup was made by a newer release (%(release)s). Install that one first.")
            % {"release": manifest.release}
        )


def _unpack(archive: Path, work: Path, data: Path) -> None:
    """Database members into the work folder; files, keys and anchors where they belong."""
    with tarfile.open(archive, "r:") as tar:
        for name, stream in members(tar):
            if name != MANIFEST:
                _write(work / name if name.startswith("database/") else data / name, stream)


def _write(path: Path, stream: IO[bytes]) -> None:
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = path.with_name(f".{path.name}.new")
    descriptor = os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600)
    with os.fdopen(descriptor, "wb") as out:
        for block in blocks(stream):
            out.write(block)
        out.flush()
        os.fsync(out.fileno())
    os.replace(draft, path)


def _fill(folder: Path, manifest: Manifest) -> None:
    if connection.vendor == "postgresql":
        _migrate_as_it_was(manifest)
        tables.read(folder)
        return
    connection.close()
    target = Path(str(settings.DATABASES["default"]["NAME"]))
    for leftover in ("", "-wal", "-shm"):
        target.with_name(target.name + leftover).unlink(missing_ok=True)
    target.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(folder / "wellkept.sqlite3", target)


def _migrate_as_it_was(manifest: Manifest) -> None:
    """Make the tables of the release that made the backup: to the last migration it had of each app."""
    had = {(app, name) for app, name in manifest.migrations}
    executor = MigrationExecutor(connection)
    nodes = executor.loader.graph.node_map
    followed = {(parent.key) for key in had for parent in nodes[key].parents if parent.key[0] == key[0]}
    executor.migrate(sorted(had - followed))


def _has_rows(table: str) -> bool:
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT 1 FROM {connection.ops.quote_name(table)} LIMIT 1")  # noqa: S608 - our own table names
        return cursor.fetchone() is not None


def _called(vendor: str) -> str:
    return "PostgreSQL" if vendor == "postgresql" else "SQLite"
