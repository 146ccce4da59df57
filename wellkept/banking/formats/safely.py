"""Reading a client's file in a process that can be killed: 10 s of CPU, 512 MB, at most 32 MB of file."""

from __future__ import annotations

from pathlib import Path

from wellkept.core.killable import PARSER_ERROR, TOO_LARGE, Failed, Killable

from .columns import ColumnMap
from .proposals import Proposal
from .refusals import Unreadable
from .refusals import mark as _
from .result import ReadFile
from .wire import PROPOSE, READ, Answer, from_wire, how

LONGEST_FILE = 32 * 1024 * 1024
_box: Killable[Answer] = Killable(
    "wellkept.banking.formats.wire:answer", from_wire, longest=LONGEST_FILE, tasks_per_process=100
)


def read_safely(source: Path | bytes, *, map: ColumnMap | None = None, currency: str = "") -> ReadFile:
    """The whole file, or Unreadable. A file that is too large is refused by its size, before a byte of it is read."""
    answer = _run(source, how(READ, map=map, currency=currency))
    if not isinstance(answer, ReadFile):
        raise _worn_out()
    return answer


def propose_safely(source: Path | bytes) -> list[Proposal]:
    """The likeliest maps of a table, best first; or Unreadable."""
    answer = _run(source, how(PROPOSE))
    if not isinstance(answer, list):
        raise _worn_out()
    return answer


def close() -> None:
    """Ends the idle processes."""
    _box.close()


def _run(source: Path | bytes, how: bytes) -> Answer:
    try:
        answer = _box.run(_bytes(source), how)
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
    return Unreadable(_("The file is larger than %(limit)s MB. Export a shorter period."), limit=LONGEST_FILE >> 20)


def _worn_out() -> Unreadable:
    return Unreadable(
        _("Reading this file takes too much time or memory. Export a shorter period, or in another format.")
    )
