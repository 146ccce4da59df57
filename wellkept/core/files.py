"""The content-addressed store: bytes on disk under their sha256, outside the web root, written whole or not at all."""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterable
from datetime import datetime, timedelta
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.utils.translation import gettext as _

from wellkept.core import bulk, sniffing
from wellkept.core.models import StoredFile
from wellkept.core.refusals import Refusal

NO_ROOM = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}
DRAFT = "new-"


class FileTooLarge(Refusal):
    """More bytes than the place allows."""


class NoSpace(Refusal):
    """The disk took no more; nothing was stored."""


def store(chunks: bytes | Iterable[bytes], *, media_type: str, at: datetime, limit: int | None = None) -> StoredFile:
    """Keep the bytes and return their row; the same bytes are kept once. Their type is what they are, not what is claimed."""
    draft = _write([chunks] if isinstance(chunks, bytes) else chunks, limit or settings.ATTACHMENT_MAX_BYTES)
    try:
        path = path_of(draft.sha256)
        path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        os.replace(draft.path, path)
        _sync(path.parent)
    except BaseException:
        draft.path.unlink(missing_ok=True)
        raise
    known = sniffing.media_type(draft.head, claimed=media_type)
    stored = StoredFile(sha256=draft.sha256, size=draft.size, media_type=known, stored_at=at)
    return stored if bulk.insert_once(stored) else StoredFile.objects.get(sha256=draft.sha256)


def path_of(sha256: str) -> Path:
    return _folder() / sha256[:2] / sha256


def open_file(stored: StoredFile) -> BinaryIO:
    return path_of(stored.sha256).open("rb")


def read(stored: StoredFile) -> bytes:
    return path_of(stored.sha256).read_bytes()


def response_headers(stored: StoredFile, *, name: str) -> dict[str, str]:
    """How a door serves the bytes: always saved, never shown, never guessed at, never run."""
    clean = "".join(c for c in name if c.isprintable() and c not in '/\\"').strip()[:150] or "file"
    plain = clean.encode("ascii", "ignore").decode().strip() or "file"
    return {
        "Content-Type": stored.media_type,
        "Content-Length": str(stored.size),
        "Content-Disposition": f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(clean, safe='')}",
        "X-Content-Type-Options": "nosniff",
        "Content-Security-Policy": "default-src 'none'; sandbox",
        "Cache-Control": "private, max-age=31536000, immutable",
        "ETag": f'"{stored.sha256}"',
    }


def free_bytes() -> int:
    """Room left on the disk that keeps the files."""
    return shutil.disk_usage(settings.DATA).free


def forget_drafts(*, at: datetime) -> int:
    """Remove what a crash left half-written more than a day ago."""
    before = (at - timedelta(days=1)).timestamp()
    old = [path for path in _folder().glob(f"{DRAFT}*") if path.stat().st_mtime < before] if _folder().exists() else []
    for path in old:
        path.unlink(missing_ok=True)
    return len(old)


class _Draft:
    """Bytes on their way in, hashed and counted while they are written."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self.size = 0
        self.head = b""
        self._digest = hashlib.sha256()

    def take(self, chunk: bytes, limit: int) -> None:
        self.size += len(chunk)
        if self.size > limit:
            sentence = _("The file is larger than %(megabytes)d MB. Send a smaller one, or split it.")
            raise FileTooLarge(sentence % {"megabytes": max(1, limit // 1024 // 1024)})
        self._digest.update(chunk)
        if len(self.head) < sniffing.ENOUGH:
            self.head += chunk[: sniffing.ENOUGH - len(self.head)]

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


def _write(chunks: Iterable[bytes], limit: int) -> _Draft:
    folder = _folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    if free_bytes() < settings.DISK_RESERVE_BYTES:
        raise NoSpace(_no_room())
    draft: _Draft | None = None
    try:
        descriptor, name = tempfile.mkstemp(dir=folder, prefix=DRAFT)
        draft = _Draft(Path(name))
        with os.fdopen(descriptor, "wb") as out:
            for chunk in chunks:
                draft.take(chunk, limit)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    except BaseException as error:
        if draft is not None:
            draft.path.unlink(missing_ok=True)
        if isinstance(error, OSError) and error.errno in NO_ROOM:
            raise NoSpace(_no_room()) from error
        raise
    return draft


def _no_room() -> str:
    return _("The file could not be stored because the disk is full. Free some space and try again; nothing was lost.")


def _sync(folder: Path) -> None:
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _folder() -> Path:
    return Path(settings.DATA) / "files"
