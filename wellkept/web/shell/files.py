"""Scripts and styles as a browser gets them: compressed once, kept for a year, asked for again when their content changed."""

from __future__ import annotations

import gzip
import hashlib
import os
import tempfile
from functools import cache
from pathlib import Path

from django.conf import settings
from django.contrib.staticfiles import finders
from django.contrib.staticfiles.storage import StaticFilesStorage
from django.http import HttpRequest, HttpResponse
from whitenoise.middleware import WhiteNoiseMiddleware  # type: ignore[import-untyped]
from whitenoise.responders import StaticFile  # type: ignore[import-untyped]

COMPRESSED = {".css", ".js", ".svg", ".json", ".txt", ".html"}


class VersionedFiles(StaticFilesStorage):
    """Addresses carry a piece of the content's digest, so that a kept copy is never a stale one."""

    def url(self, name: str | None) -> str:
        address = super().url(name)
        version = version_of(name) if name and not settings.DEBUG else ""
        return f"{address}?v={version}" if version else address


@cache
def version_of(name: str) -> str:
    found = finders.find(name)
    return hashlib.sha256(Path(found).read_bytes()).hexdigest()[:10] if isinstance(found, str) else ""


class StaticDoor(WhiteNoiseMiddleware):  # type: ignore[misc]
    """Serves what `gather` laid out; no separate step is needed before a start."""

    def __init__(self, *arguments: object, **named: object) -> None:
        gather(Path(settings.STATIC_ROOT))
        super().__init__(*arguments, **named)

    @staticmethod
    def serve(static_file: StaticFile, request: HttpRequest) -> HttpResponse:
        """All our files are small: one piece, which an ASGI server need not stream from a thread."""
        found = static_file.get_response(request.method, request.META)
        response = HttpResponse(found.file.read() if found.file else b"", status=int(found.status))
        del response["Content-Type"]
        for name, value in found.headers:
            response[name] = value
        return response


@cache
def gather(root: Path) -> None:
    """Every static file of every app under `root`, with a compressed one beside it. What is there already is left."""
    seen: set[str] = set()
    for finder in finders.get_finders():
        for name, storage in finder.list([]):
            if name in seen:
                continue
            seen.add(name)
            lay(root / name, Path(storage.path(name)).read_bytes())


def lay(target: Path, content: bytes) -> None:
    if target.exists() and target.read_bytes() == content:
        return
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.suffix in COMPRESSED:
        put(target.with_name(f"{target.name}.gz"), gzip.compress(content, 9, mtime=0))
    put(target, content)


def put(target: Path, content: bytes) -> None:
    """Whole or not at all: another process may be reading."""
    number, part = tempfile.mkstemp(dir=target.parent)
    with os.fdopen(number, "wb") as file:
        file.write(content)
    Path(part).replace(target)
