from __future__ import annotations

import resource
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from pathlib import Path

import pytest
from django.test import override_settings

from tests.world import at
from wellkept.core import files, sniffing
from wellkept.core.clock import now
from wellkept.core.models import StoredFile

NOON = at("2026-03-06 12:00")
pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"\x00" * 20


@pytest.fixture(autouse=True)
def folder(tmp_path: Path) -> Iterator[Path]:
    with override_settings(DATA=tmp_path):
        yield tmp_path / "files"


def leftovers(folder: Path) -> list[Path]:
    return list(folder.glob("new-*"))


def test_the_same_bytes_are_kept_once(folder: Path) -> None:
    first = files.store(b"receipt", media_type="text/plain", at=NOON)
    again = files.store(iter([b"rec", b"eipt"]), media_type="text/plain", at=NOON)

    assert first.pk == again.pk
    assert files.read(first) == b"receipt"
    with files.open_file(first) as stream:
        assert stream.read(3) == b"rec"
    assert files.path_of(first.sha256).stat().st_mode & 0o077 == 0
    assert not leftovers(folder)


def test_a_file_over_the_limit_is_refused_and_nothing_stays(folder: Path) -> None:
    endless = (b"x" * 1024 * 1024 for _ in iter(int, 1))
    with pytest.raises(files.FileTooLarge, match="larger than 2 MB"):
        files.store(endless, media_type="text/plain", at=NOON, limit=2 * 1024 * 1024)
    assert not leftovers(folder)
    assert not StoredFile.objects.exists()


@contextmanager
def files_of_at_most(size: int) -> Iterator[None]:
    """The system itself takes no more than `size` bytes a file from us, as a full disk or a quota would."""
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, hard))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))


def test_a_disk_that_takes_no_more_is_a_sentence_and_nothing_stays(folder: Path) -> None:
    with files_of_at_most(100_000), pytest.raises(files.NoSpace, match="disk is full"):
        files.store(b"x" * 5_000_000, media_type="text/plain", at=NOON)
    assert not leftovers(folder)
    assert files.store(b"x" * 5_000_000, media_type="text/plain", at=NOON), "it works again when there is room"


@override_settings(DISK_RESERVE_BYTES=2**62)
def test_the_last_room_on_the_disk_is_left_to_the_database(folder: Path) -> None:
    with pytest.raises(files.NoSpace):
        files.store(b"x", media_type="text/plain", at=NOON)


def test_what_breaks_while_it_is_read_leaves_nothing(folder: Path) -> None:
    def broken() -> Iterator[bytes]:
        yield b"half"
        raise ConnectionResetError

    with pytest.raises(ConnectionResetError):
        files.store(broken(), media_type="text/plain", at=NOON)
    assert not leftovers(folder)


def test_what_a_crash_left_half_written_is_cleaned_after_a_day(folder: Path) -> None:
    folder.mkdir()
    (folder / "new-crashed").write_bytes(b"half")
    assert files.forget_drafts(at=now()) == 0
    assert files.forget_drafts(at=now() + timedelta(days=2)) == 1


@pytest.mark.parametrize(
    ("head", "claimed", "known"),
    [
        (PNG, "text/html", "image/png"),
        (b"%PDF-1.7", "application/octet-stream", "application/pdf"),
        (b"<!DOCTYPE html><script>", "text/html", "text/plain"),
        (b"hello <script>alert(1)</script>", "text/plain", "text/plain"),
        (b"<?xml version='1.0'?><svg xmlns='x'>", "image/svg+xml", "text/plain"),
        (b"<?xml version='1.0'?><Invoice>", "text/xml", "application/xml"),
        (b"a,b\n1,2\n", "text/csv; charset=utf-8", "text/csv"),
        (b"plain words", "image/png", "text/plain"),
        (b"MZ\x90\x00", "application/pdf", "application/vnd.microsoft.portable-executable"),
        (b"PK\x03\x04", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", None),
        (b"PK\x03\x04", "image/png", "application/zip"),
        (b"\x00\x01\x02", "text/plain", "application/octet-stream"),
        (b"", "application/pdf", "application/octet-stream"),
    ],
)
def test_bytes_are_what_they_are(head: bytes, claimed: str, known: str | None) -> None:
    assert sniffing.media_type(head, claimed=claimed) == (known or claimed)


def test_a_file_is_served_to_be_saved_and_never_to_be_run() -> None:
    stored = files.store(b"<script>alert(1)</script>", media_type="text/html", at=NOON)
    headers = files.response_headers(stored, name='../e"vil\r\nSet-Cookie: x=1/Ação.html')

    assert headers["Content-Type"] == "text/plain"
    assert headers["X-Content-Type-Options"] == "nosniff"
    assert headers["Content-Disposition"].startswith('attachment; filename="..evilSet-Cookie: x=1Ao.html"')
    assert "A%C3%A7%C3%A3o.html" in headers["Content-Disposition"]
    assert not any("\r" in value or "\n" in value for value in headers.values())
    assert shutil.disk_usage("/").free > 0
