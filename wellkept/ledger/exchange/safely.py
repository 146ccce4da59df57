"""Reading a file in a process that can be killed: 20 s of CPU, 1 GB, at most 32 MB of file."""

from __future__ import annotations

import json
from pathlib import Path

from wellkept.core.killable import PARSER_ERROR, TOO_LARGE, Failed, Killable

from .how import How
from .refusals import Unreadable
from .refusals import mark as _
from .result import ReadBook
from .wire import Answer, from_wire

LONGEST_FILE = 32 * 1024 * 1024
_box: Killable[Answer] = Killable(
    "wellkept.ledger.exchange.wire:answer",
    from_wire,
    processes=1,
    longest=LONGEST_FILE,
    cpu_seconds=20,  # a history of years is longer than a mail or a statement
    memory_bytes=1024 * 1024 * 1024,
    tasks_per_process=20,
)


def read_safely(source: Path | bytes, how: How) -> ReadBook:
    """The whole file, or Unreadable. A file that is too large is refused by its size, before a byte of it is read."""
    try:
        answer = _box.run(_bytes(source), json.dumps(how.to_json()).encode())
    except Failed as failed:
        raise refused(failed) from failed
    if isinstance(answer, Unreadable):
        raise answer
    return answer


def _bytes(source: Path | bytes) -> bytes:
    if isinstance(source, bytes):
        return source
    if source.stat().st_size > LONGEST_FILE:
        raise _too_large()
    with source.open("rb") as file:
        return file.read(LONGEST_FILE + 1)


def refused(failed: Failed) -> Unreadable:
    """What a person is told: a fault of ours is never called a fault of the file."""
    if failed.code == TOO_LARGE:
        return _too_large()
    if failed.code == PARSER_ERROR:
        return Unreadable(
            _(
                "Reading this file failed through an error of ours, not of the file. It is kept; tell whoever runs Wellkept."
            )
        )
    return _worn_out()


def _too_large() -> Unreadable:
    return Unreadable(_("The file is larger than %(limit)s MB. Export shorter periods."), limit=LONGEST_FILE >> 20)


def _worn_out() -> Unreadable:
    return Unreadable(_("Reading this file takes too much time or memory. Export shorter periods."))
