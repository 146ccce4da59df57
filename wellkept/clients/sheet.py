"""A table somebody sends us as a file: which letters, which separator, which columns. Pure; nothing is believed."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterator
from dataclasses import dataclass

from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal

LARGEST_BYTES = 2 * 1024 * 1024
MOST_ROWS = 2000
MOST_COLUMNS = 60
LONGEST_CELL = 2000
SEPARATORS = (",", ";", "\t", "|")
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠")
MARKS = ((b"\xef\xbb\xbf", "utf-8-sig"), (b"\xff\xfe", "utf-16"), (b"\xfe\xff", "utf-16"))
OTHER_PROGRAMS = (b"PK\x03\x04", b"\xd0\xcf\x11\xe0", b"%PDF", b"{\\rtf")


class SheetUnreadable(Refusal):
    """The file as a whole cannot be used."""


@dataclass(frozen=True)
class SheetRow:
    """One record; `number` is the row a spreadsheet shows beside it. `extra` cells stand right of the last column."""

    number: int
    cells: dict[str, str]
    extra: int = 0


@dataclass(frozen=True)
class Sheet:
    charset: str
    separator: str
    columns: tuple[str, ...]
    unread: tuple[str, ...]
    rows: tuple[SheetRow, ...]


def read(data: bytes, columns: dict[str, str], required: tuple[str, ...]) -> Sheet:
    """The table in `data`. `columns` maps a tidied heading to the column it means; other headings are left unread."""
    if len(data) > LARGEST_BYTES:
        raise SheetUnreadable(
            _("The file is larger than %(limit)s MB. Split it.") % {"limit": LARGEST_BYTES // 1024**2}
        )
    charset, text = _decode(data)
    separator, text = _separator(text)
    records = _records(text, separator)
    header = next(records, (0, []))[1]
    names = _names(header, columns, required)
    rows = tuple(_rows(records, names))
    if not rows:
        raise SheetUnreadable(_("The file has headings but no rows below them."))
    unread = tuple(heading for heading, name in zip(header, names, strict=True) if name is None and heading.strip())
    return Sheet(charset, separator, tuple(name for name in names if name), unread, rows)


def tidy(heading: str) -> str:
    """`Time_Zone ` and `time zone` are one heading."""
    return " ".join(heading.replace("_", " ").replace("-", " ").split()).casefold()


def safe(cell: str) -> str:
    """The cell as a spreadsheet will show it, never run it."""
    return f"'{cell}" if cell.startswith(FORMULA_STARTS) else cell


def plain(cell: str) -> str:
    """What somebody wrote: takes back the mark `safe` put before a formula's first sign."""
    text = cell.strip()
    return text[1:] if text.startswith("'") and text[1:].startswith(FORMULA_STARTS) else text


def write(rows: Iterator[list[str]]) -> Iterator[bytes]:
    """CSV that every spreadsheet opens in the right letters and runs nothing of."""
    yield b"\xef\xbb\xbf"
    for row in rows:
        line = io.StringIO()
        csv.writer(line, lineterminator="\r\n").writerow([safe(cell) for cell in row])
        yield line.getvalue().encode()


def _decode(data: bytes) -> tuple[str, str]:
    if not data.strip():
        raise SheetUnreadable(_("The file is empty."))
    if data.startswith(OTHER_PROGRAMS):
        raise SheetUnreadable(_("This is not a CSV file. In your spreadsheet choose “Save as”, then CSV."))
    named = next((charset for mark, charset in MARKS if data.startswith(mark)), None)
    for charset in (named,) if named else ("utf-8", "cp1252"):
        try:
            text = data.decode(charset)
        except UnicodeDecodeError:
            continue
        if "\0" not in text:
            return charset, text
    raise SheetUnreadable(_("The letters of this file cannot be read. Save it as CSV in UTF-8."))


def _separator(text: str) -> tuple[str, str]:
    """What parts the cells: as a `sep=` line says, else whatever parts the headings most often."""
    first, _end, rest = text.lstrip("\r\n").partition("\n")
    if first.strip().lower().startswith("sep=") and len(first.strip()) == 5 and first.strip()[4] in SEPARATORS:
        return first.strip()[4], rest
    outside = "".join(part for turn, part in enumerate(first.split('"')) if turn % 2 == 0)
    return max(SEPARATORS, key=outside.count), text


def _records(text: str, separator: str) -> Iterator[tuple[int, list[str]]]:
    """Every record with its number; empty ones are counted and skipped, as a spreadsheet shows them."""
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True)
    number = 0
    while True:
        number += 1
        try:
            record = next(reader)
        except StopIteration:
            return
        except csv.Error as problem:
            sentence = _(
                "Row %(row)s: a quotation mark is opened and not closed or stands inside a cell, or a cell is far too long. Correct it."
            )
            raise SheetUnreadable(sentence % {"row": number}) from problem
        if any(cell.strip() for cell in record):
            yield number, record


def _names(header: list[str], columns: dict[str, str], required: tuple[str, ...]) -> list[str | None]:
    if len(header) > MOST_COLUMNS:
        raise SheetUnreadable(_("The file has more than %(limit)s columns.") % {"limit": MOST_COLUMNS})
    names = [columns.get(tidy(plain(heading))) for heading in header]
    for name in names:
        if name is not None and names.count(name) > 1:
            sentence = _("Two columns are headed “%(column)s”. Keep one of them.")
            raise SheetUnreadable(sentence % {"column": name})
    for name in required:
        if name not in names:
            sentence = _("No column is headed “%(column)s”. The first row must hold the headings.")
            raise SheetUnreadable(sentence % {"column": name})
    return names


def _rows(records: Iterator[tuple[int, list[str]]], names: list[str | None]) -> Iterator[SheetRow]:
    for count, (number, record) in enumerate(records, start=1):
        if count > MOST_ROWS:
            raise SheetUnreadable(_("The file has more than %(limit)s rows. Split it.") % {"limit": MOST_ROWS})
        cells = {name: plain(cell) for name, cell in zip(names, record, strict=False) if name is not None}
        extra = sum(1 for cell in record[len(names) :] if cell.strip())
        yield SheetRow(number, cells, extra)
