"""The chain of a book: every entry carries a hash over the one before and all it says.

The canonical text of an entry is a JSON list without spaces: book id, number, day, moment in UTC with microseconds,
who posted, source, key, narration, the id of the entry it reverses, override reason, and its lines in order; each line
is a list of account id, amount, currency, foreign amount, text, tax code id, and sorted tag ids. The hash is SHA-256
over the hash before, a line feed and that text. The first entry follows the hash of the book's own beginning.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

from wellkept.ledger.rules.lines import Line

_write = json.JSONEncoder(separators=(",", ":"), ensure_ascii=False).encode


@dataclass(frozen=True, slots=True)
class Said:
    """All that an entry says."""

    book: int
    number: int
    dated_on: date
    posted_at: datetime
    posted_by: int | None
    source: str
    key: str
    narration: str
    reverses: int | None
    override_reason: str
    lines: Sequence[Line]


def start(book: int) -> str:
    """What the first entry of a book follows."""
    return hashlib.sha256(f"wellkept book {book}".encode()).hexdigest()


def link(before: str, said: Said) -> str:
    return hashlib.sha256(f"{before}\n{canonical(said)}".encode()).hexdigest()


def canonical(said: Said) -> str:
    """The entry as text that is the same on every database and machine."""
    return _write(
        [
            said.book,
            said.number,
            said.dated_on.isoformat(),
            said.posted_at.astimezone(UTC).isoformat(timespec="microseconds"),
            said.posted_by,
            said.source,
            said.key,
            said.narration,
            said.reverses,
            said.override_reason,
            said.lines,
        ]
    )
