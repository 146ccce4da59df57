"""How a read book crosses from the reading process: JSON rows, never objects."""

from __future__ import annotations

import gc
import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from .how import How
from .reading import read
from .refusals import Remark, Unreadable
from .result import ReadAccount, ReadBook, ReadEntry, ReadLine

Answer = ReadBook | Unreadable


def answer(raw: bytes, how: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """What the reading process does with a file."""
    gc.disable()  # one file makes a million small objects that live to its end, and no rings
    try:
        told: dict[str, Any] = {"book": _book(read(raw, How.from_json(json.loads(how))))}
    except Unreadable as refusal:
        told = {"refused": refusal.remark.to_wire()}
    finally:
        gc.enable()
    return json.dumps(told, ensure_ascii=False, separators=(",", ":")).encode("utf-8", "replace"), ()


def from_wire(head: bytes, blob: bytes) -> Answer:
    """The inverse of `answer`; any nonsense raises ValueError, TypeError, KeyError or IndexError and nothing else."""
    told = json.loads(head)
    if "refused" in told:
        return Unreadable.of(Remark.from_wire(told["refused"]))
    format, accounts, entries, warnings, needs, headings, sample = told["book"]
    return ReadBook(
        format,
        tuple(ReadAccount(*row) for row in accounts),
        tuple(_read_entry(row) for row in entries),
        tuple(Remark.from_wire(row) for row in warnings),
        needs,
        tuple(headings),
        tuple(tuple(cells) for cells in sample),
    )


def _book(book: ReadBook) -> list[Any]:
    entries = [
        [entry.row, entry.number, entry.dated_on.isoformat(), entry.narration, entry.lines, entry.source]
        for entry in book.entries
    ]
    warnings = [warning.to_wire() for warning in book.warnings]
    return [book.format, book.accounts, entries, warnings, book.needs, book.headings, book.sample]


def _read_entry(row: Sequence[Any]) -> ReadEntry:
    number, said, on, narration, lines, source = row
    return ReadEntry(number, said, date.fromisoformat(on), narration, tuple(_read_line(line) for line in lines), source)


def _read_line(row: Sequence[Any]) -> ReadLine:
    number, account, amount, currency, foreign, text, tax, tags = row
    if not (amount is None or type(amount) is int) or type(foreign) is not int:
        raise TypeError("an amount that is no whole number")
    return ReadLine(number, account, amount, currency, foreign, text, tax, tuple((key, value) for key, value in tags))
