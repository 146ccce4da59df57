from __future__ import annotations

import sqlite3
import tarfile
from contextlib import closing
from pathlib import Path

import psycopg
import pytest

from wellkept.cli.tests.firms import FirmInAFolder

LETTER = b"From: Mina Okafor <mina@harbourlane.example>\r\nTo: desk@lantern.example\r\nSubject: GST on the oven\r\nMessage-ID: <%s@x.example>\r\n\r\nCan we claim it?\r\n"

pytestmark = pytest.mark.process


@pytest.fixture(scope="module")
def archive(firm: FirmInAFolder) -> Path:
    firm.must("mail", "take", "-", stdin=LETTER % b"1")
    told = firm.must("backup")
    return Path(told.split(" (")[0].strip())


def lines(firm: FirmInAFolder) -> list[tuple[object, ...]]:
    """The service book as the database has it."""
    asked = "SELECT seq, name, by, client FROM core_fact ORDER BY seq"
    if firm.database_url:
        with psycopg.connect(firm.database_url) as database:
            return [tuple(row) for row in database.execute(asked).fetchall()]
    with closing(sqlite3.connect(firm.data / "wellkept.sqlite3")) as database:
        return [tuple(row) for row in database.execute(asked)]


def test_a_firm_comes_back_as_it_was(firm: FirmInAFolder, archive: Path, elsewhere: FirmInAFolder) -> None:
    told = elsewhere.must("restore", str(archive))

    assert "The firm is back" in told
    assert lines(elsewhere) == lines(firm)
    assert (elsewhere.data / "keys" / "signing").read_bytes() == (firm.data / "keys" / "signing").read_bytes()
    [raw] = (elsewhere.data / "files").glob("??/*")
    assert raw.read_bytes() == LETTER % b"1"
    assert "is whole" in elsewhere.must("verify")
    assert "taken in:" in elsewhere.must("mail", "take", "-", stdin=LETTER % b"2"), "numbers go on where they stopped"
    assert "is whole" in elsewhere.must("verify")


def test_the_archive_is_for_its_owner_only(archive: Path) -> None:
    assert archive.stat().st_mode & 0o077 == 0


def test_a_place_in_use_is_refused_and_untouched(firm: FirmInAFolder, archive: Path) -> None:
    before = lines(firm)

    assert "nothing was changed" in firm.refused("restore", str(archive))
    assert lines(firm) == before


def test_one_changed_byte_is_refused_before_anything_is_written(
    archive: Path, elsewhere: FirmInAFolder, tmp_path: Path
) -> None:
    raw = bytearray(archive.read_bytes())
    with tarfile.open(archive) as tar:
        place = tar.getmember("keys/signing").offset_data
    raw[place] ^= 1
    damaged = tmp_path / "damaged.tar"
    damaged.write_bytes(raw)

    assert "keys/signing is not what was written" in elsewhere.refused("restore", str(damaged))
    assert not (elsewhere.data / "files").exists()


def test_a_torn_archive_is_refused(archive: Path, elsewhere: FirmInAFolder, tmp_path: Path) -> None:
    torn = tmp_path / "torn.tar"
    torn.write_bytes(archive.read_bytes()[: archive.stat().st_size // 2])

    assert "Try an older one" in elsewhere.refused("restore", str(torn))
    assert "Try an older one" in elsewhere.refused("restore", str(tmp_path / "absent.tar"))


def test_an_archive_that_reaches_outside_is_refused(elsewhere: FirmInAFolder, tmp_path: Path) -> None:
    evil = tmp_path / "evil.tar"
    with tarfile.open(evil, "w") as tar:
        tar.addfile(tarfile.TarInfo("files/../../outside"))

    assert "unexpected member" in elsewhere.refused("restore", str(evil))


def test_a_backup_is_one_moment_while_others_write(firm: FirmInAFolder) -> None:
    """Somebody is in the middle of a change: the backup neither waits for it nor holds half of it."""
    change = "INSERT INTO core_heartbeat (name, kind, started_at, beat_at, note) VALUES ('x', 'x', '2026-01-01', '2026-01-01', '')"
    if firm.database_url:
        with psycopg.connect(firm.database_url) as database:
            database.execute(change)
            told = firm.must("backup")
            database.rollback()
    else:
        with closing(sqlite3.connect(firm.data / "wellkept.sqlite3", isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute(change)
            told = firm.must("backup")
            database.execute("ROLLBACK")
    with tarfile.open(told.split(" (")[0].strip()) as tar:
        names = tar.getnames()
    assert names[-1] == "manifest.json"


def test_older_archives_are_removed_only_when_asked_and_only_ours(firm: FirmInAFolder, tmp_path: Path) -> None:
    for name in ("wellkept-20260101-000000.tar", "wellkept-20260102-000000.tar", "other.tar"):
        (tmp_path / name).write_bytes(b"")

    told = firm.must("backup", str(tmp_path), "--keep", "2")

    assert "Removed wellkept-20260101-000000.tar" in told
    assert {path.name for path in tmp_path.iterdir()} >= {"wellkept-20260102-000000.tar", "other.tar"}
    assert len(list(tmp_path.iterdir())) == 3
