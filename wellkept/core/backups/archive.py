"""The archive: a plain tar whose last member, manifest.json, names every other with its size and sha256."""

from __future__ import annotations

import hashlib
import io
import json
import re
import tarfile
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import IO, Any

FORMAT = 1
MANIFEST = "manifest.json"
BLOCK = 1024 * 1024
NAME = re.compile(r"(database|keys|anchors|files/[0-9a-f]{2})/[A-Za-z0-9_.-]{1,120}", re.ASCII)
Progress = Callable[[int, int], None]


@dataclass
class Manifest:
    """What an archive holds. `members` maps a name to its size and sha256."""

    format: int
    release: str
    vendor: str
    made_at: str
    migrations: list[list[str]]
    members: dict[str, list[Any]] = field(default_factory=dict)

    def written(self) -> bytes:
        return json.dumps(self.__dict__, indent=1, sort_keys=True).encode()


class Summing:
    """A stream that counts and hashes what is read through it."""

    def __init__(self, source: IO[bytes], told: Callable[[int], None]) -> None:
        self._source = source
        self._told = told
        self._digest = hashlib.sha256()
        self.size = 0

    def read(self, size: int = -1) -> bytes:
        block = self._source.read(size)
        self._digest.update(block)
        self.size += len(block)
        self._told(len(block))
        return block

    @property
    def sha256(self) -> str:
        return self._digest.hexdigest()


class Writer:
    """Adds files to a tar and remembers their sums."""

    def __init__(self, tar: tarfile.TarFile, manifest: Manifest, told: Callable[[int], None]) -> None:
        self._tar = tar
        self._manifest = manifest
        self._told = told

    def add(self, path: Path, name: str) -> None:
        """Add one file as it is now. It may not shrink while it is read; ours never do."""
        with path.open("rb") as source:
            info = tarfile.TarInfo(name)
            info.size, info.mode = path.stat().st_size, 0o600
            summing = Summing(source, self._told)
            self._tar.addfile(info, summing)  # type: ignore[arg-type]
            self._manifest.members[name] = [summing.size, summing.sha256]

    def close(self) -> None:
        raw = self._manifest.written()
        info = tarfile.TarInfo(MANIFEST)
        info.size, info.mode = len(raw), 0o600
        self._tar.addfile(info, io.BytesIO(raw))


def members(tar: tarfile.TarFile) -> Iterator[tuple[str, IO[bytes]]]:
    """Every ordinary member with a name of ours, and its bytes. Anything else is not from us."""
    for info in tar:
        if not info.isreg() or not (info.name == MANIFEST or NAME.fullmatch(info.name)):
            raise tarfile.ReadError(f"unexpected member {info.name!r}")
        stream = tar.extractfile(info)
        if stream is None:
            raise tarfile.ReadError(f"unreadable member {info.name!r}")
        yield info.name, stream


def blocks(stream: IO[bytes] | Summing) -> Iterator[bytes]:
    while block := stream.read(BLOCK):
        yield block
