"""The chain over the service book: every number of the book gets one link, in order, none left out.

Writers never wait for it: a schedule seals what is committed. On PostgreSQL a lower number may commit after a higher
one, so the chain stops before a missing number until every transaction that could still bring it has ended; only then
is the number sealed as void. A line put there later, by whatever means, is therefore found. After each batch the last
link is written to an anchor file outside the database; a book that was changed and sealed anew cannot match it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.db import connection, transaction
from django.db.models import Max

from wellkept.core.models import Fact, Seal

START = hashlib.sha256(b"wellkept").hexdigest()
FIELDS = ("seq", "name", "at", "by", "on_behalf_of", "client", "data")
BATCH = 2000
FARTHEST = 100_000
Line = tuple[int, str, datetime, int | None, int | None, int | None, dict[str, object]]


_doubtful: dict[int, frozenset[str]] = {}  # missing numbers, and who was writing when each was first missed


class BookJumps(RuntimeError):
    """A line with a number that no sequence gave."""


@dataclass(frozen=True)
class Anchor:
    """A link of the chain as it was when written outside the database."""

    seq: int
    hash: str
    file: str


def link(before: str, seq: int, line: Line | None) -> str:
    """The hash of one link: over the one before and the whole line, or over the void when there is none."""
    return hashlib.sha256(f"{before}\n{seq}\n{canonical(line) if line else 'void'}".encode()).hexdigest()


def canonical(line: Line) -> str:
    """The line as text that is the same on every database and machine. Its number is not part of it."""
    _, name, at, by, on_behalf_of, client, data = line
    moment = at.astimezone(UTC).isoformat(timespec="microseconds")
    return json.dumps(
        [name, moment, by, on_behalf_of, client, data], sort_keys=True, separators=(",", ":"), ensure_ascii=False
    )


def pending(at: datetime) -> datetime | None:
    """`at` when there is something to seal, for the scheduler."""
    last_fact = Fact.objects.aggregate(last=Max("seq"))["last"] or 0
    last_seal = Seal.objects.aggregate(last=Max("seq"))["last"] or 0
    return at if last_fact > last_seal else None


def seal(*, at: datetime, limit: int = 50_000) -> int:
    """Seal what is committed and beyond doubt, in batches. Returns how many links were added."""
    added = 0
    while added < limit:
        links = _seal_batch()
        if not links:
            break
        added += len(links)
        _write_anchor(links[-1], at)
    return added


@transaction.atomic
def _seal_batch() -> list[Seal]:
    last = Seal.objects.order_by("-seq").values_list("seq", "hash").first() or (0, START)
    links: list[Seal] = []
    seq, before = last
    for expected, line in _numbered(_settled(seq), seq):
        before = link(before, expected, line)
        links.append(Seal(seq=expected, void=line is None, hash=before))
    Seal.objects.bulk_create(links)
    return links


def _settled(after: int) -> list[Line]:
    """The next lines, up to the first missing number that a running transaction could still bring.

    Whoever took a number below one that is visible took it, and the lock on the table, before that one was read. When
    all who held the lock at that moment have ended, reading once more shows every line there will ever be.
    """
    lines = _lines(after)
    missing = _missing(lines, after)
    if not missing:
        _doubtful.clear()
        return lines
    writers = _writers_at_work()
    doubtful = {number: _doubtful.get(number, writers) for number in missing}
    _doubtful.clear()
    _doubtful.update(doubtful)
    open_number = next((number for number in missing if doubtful[number] & writers), None)
    until = lines[-1][0] if open_number is None else open_number - 1
    return _lines(after, until=until)


def _missing(lines: list[Line], after: int) -> list[int]:
    if lines and lines[-1][0] - after > FARTHEST:
        raise BookJumps(
            f"Line {lines[-1][0]} stands far beyond line {after}, the last one sealed. Somebody has written it by hand."
        )
    there = {line[0] for line in lines}
    return [number for number in range(after + 1, lines[-1][0]) if number not in there] if lines else []


def _writers_at_work() -> frozenset[str]:
    """The other transactions that hold the lock which writing a fact takes. On SQLite writers are alone by nature."""
    if connection.vendor != "postgresql":
        return frozenset()
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT virtualtransaction FROM pg_locks WHERE relation = 'core_fact'::regclass "
            "AND database = (SELECT oid FROM pg_database WHERE datname = current_database()) "
            "AND mode = 'RowExclusiveLock' AND granted AND pid IS DISTINCT FROM pg_backend_pid()"
        )
        return frozenset(virtual for (virtual,) in cursor.fetchall())


def _lines(after: int, until: int | None = None) -> list[Line]:
    rows = Fact.objects.filter(seq__gt=after).order_by("seq").values_list(*FIELDS)
    if until is not None:
        return list(rows.filter(seq__lte=until))
    return list(rows[:BATCH])


def _numbered(lines: list[Line], after: int) -> Iterator[tuple[int, Line | None]]:
    """Every number from just after `after`, with its line, or None where there is none."""
    expected = after + 1
    for line in lines:
        while expected < line[0]:
            yield expected, None
            expected += 1
        yield expected, line
        expected += 1


def anchors_folder() -> Path:
    return Path(settings.DATA) / "anchors"


def anchors() -> Iterator[Anchor]:
    """Every anchor on this machine, oldest first. A torn last line of a crash is passed over."""
    for path in sorted(anchors_folder().glob("*.jsonl")):
        for raw in path.read_text().splitlines():
            try:
                found = json.loads(raw)
                yield Anchor(int(found["seq"]), str(found["hash"]), path.name)
            except (ValueError, KeyError, TypeError):
                continue


def _write_anchor(last: Seal, at: datetime) -> None:
    """One whole line in one write at the end of the month's file, on disk before we go on."""
    folder = anchors_folder()
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    line = json.dumps({"seq": last.seq, "hash": last.hash, "at": at.isoformat()}) + "\n"
    descriptor = os.open(folder / f"{at:%Y-%m}.jsonl", os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o600)
    try:
        os.write(descriptor, line.encode())
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
