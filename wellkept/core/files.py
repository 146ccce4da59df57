"""The content-addressed store: bytes on disk under their sha256, outside the web root, written whole or not at all."""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

from wellkept.core.models import StoredFile
from wellkept.core.refusals import Refusal


class FileTooLarge(Refusal):
    """More bytes than the place allows."""


class NoSpace(Refusal):
    """The disk took no more; nothing was stored."""


def store(chunks: bytes | Iterable[bytes], *, media_type: str, at: datetime, limit: int | None = None) -> StoredFile:
    """Keep the bytes and return their row; the same bytes are kept once."""
    digest, size, draft = _write([chunks] if isinstance(chunks, bytes) else chunks, limit or settings.ATTACHMENT_MAX_BYTES)
    path = path_of(digest)
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    os.replace(draft, path)
    stored, _ = StoredFile.objects.get_or_create(
        sha256=digest, defaults={"size": size, "media_type": media_type, "stored_at": at}
    )
    return stored


def path_of(sha256: str) -> Path:
    return Path(settings.DATA) / "files" / sha256[:2] / sha256


def open_file(stored: StoredFile) -> BinaryIO:
    return path_of(stored.sha256).open("rb")


def read(stored: StoredFile) -> bytes:
    return path_of(stored.sha256).read_bytes()


def _write(chunks: Iterable[bytes], limit: int) -> tuple[str, int, Path]:
    folder = Path(settings.DATA) / "files"
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    digest, size = hashlib.sha256(), 0
    descriptor, name = tempfile.mkstemp(dir=folder, prefix="new-")
    try:
        with os.fdopen(descriptor, "wb") as out:
            for chunk in chunks:
                size += len(chunk)
                if size > limit:
                    raise FileTooLarge(f"The file is larger than {limit // 1024 // 1024} MB. Send a smaller one, or split it.")
                digest.update(chunk)
                out.write(chunk)
            out.flush()
            os.fsync(out.fileno())
    except OSError as error:
        os.unlink(name)
        raise NoSpace("The file could not be stored because the disk is full. Free some space and try again; nothing was lost.") from error
    except BaseException:
        os.unlink(name)
        raise
    return digest.hexdigest(), size, Path(name)
