"""What a file says of a book, whatever program wrote it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import NamedTuple

from .refusals import Remark


class ReadLine(NamedTuple):
    """One posting: debit above zero. `amount_minor` is in the book's currency, None where the file does not say it."""

    row: int
    account: str  # a key of `ReadBook.accounts`
    amount_minor: int | None
    currency: str = ""  # empty: the book's own
    foreign_minor: int = 0
    text: str = ""
    tax: str = ""
    tags: tuple[tuple[str, str], ...] = ()  # (dimension, tag)


class ReadEntry(NamedTuple):
    row: int
    number: str  # as the file numbers it; may be empty
    dated_on: date
    narration: str
    lines: tuple[ReadLine, ...]
    source: str = ""  # only where the file is our own: opening, closing, exchange


class ReadAccount(NamedTuple):
    """An account the file names. What it does not say is empty."""

    key: str  # as the file's lines call it
    code: str
    name: str
    type: str = ""
    purpose: str = ""
    currency: str = ""
    row: int = 0


@dataclass(frozen=True, slots=True)
class ReadBook:
    """Everything of one file, in its order. Entries may still lack the worth of foreign amounts."""

    format: str
    accounts: tuple[ReadAccount, ...]
    entries: tuple[ReadEntry, ...]
    warnings: tuple[Remark, ...] = ()
    needs: str = ""  # DATE_ORDER, COLUMNS or DAY when a person must say something first
    headings: tuple[str, ...] = ()
    sample: tuple[tuple[str, ...], ...] = ()


DATE_ORDER, COLUMNS, DAY = "date_order", "columns", "day"
