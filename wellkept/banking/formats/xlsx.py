"""XLSX workbooks: weighed before they are opened, without macros, links or formulas, read as values."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

from .cells import MOST_COLUMNS, MOST_ROWS, Cell, Formula, Number, Row, Table, letters, shown
from .refusals import Unreadable
from .refusals import mark as _
from .text import LONGEST_FIELD

NAME = "xlsx"
MOST_PARTS = 2_000
MOST_BYTES = 96 * 1024 * 1024
MOST_BLOWN_UP = 200
MOST_BLANK_ROWS = 1_000
_FORBIDDEN = re.compile(rb"<!\s*(?:DOCTYPE|ENTITY)", re.IGNORECASE)
_CHUNK = 1 << 20


def cut(data: bytes, sheet: str = "") -> Table:
    """The rows of a sheet; without a name the first one with a table."""
    _weigh(data)
    import openpyxl

    try:
        book = openpyxl.load_workbook(io.BytesIO(data), read_only=True, data_only=False, keep_links=False)
        for name in [sheet] if sheet in book.sheetnames else book.sheetnames:
            rows = tuple(_rows(book[name]))
            if len(rows) > 1 and any(len(row.cells) > 2 for row in rows):
                return Table("utf-8", rows, sheet=name)
    except Unreadable:
        raise
    except Exception as trouble:  # noqa: BLE001 - whatever that library makes of a broken workbook
        raise Unreadable(_("The workbook is broken: %(said)s"), said=f"{type(trouble).__name__}") from None
    raise Unreadable(_("No sheet of this workbook holds a table."))


def _weigh(data: bytes) -> None:
    """Refuses what is not plain before any of it is read as a workbook, by real sizes, not by those it claims."""
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            parts = archive.infolist()
            if len(parts) > MOST_PARTS:
                raise Unreadable(_("The workbook has more parts than any statement needs."))
            _refuse_kinds(parts)
            _measure(archive, parts, len(data))
            _refuse_macros(archive, parts)
    except (zipfile.BadZipFile, NotImplementedError, EOFError, OSError, ValueError, RuntimeError) as trouble:
        raise Unreadable(_("The workbook is broken: %(said)s"), said=f"{type(trouble).__name__}") from None
    except zipfile.zlib.error:  # type: ignore[attr-defined]
        raise Unreadable(_("The workbook is broken: %(said)s"), said="zlib") from None


def _refuse_kinds(parts: list[zipfile.ZipInfo]) -> None:
    names = [part.filename.replace("\\", "/").lower() for part in parts]
    if "xl/workbook.xml" not in names:
        raise Unreadable(_("This archive is no Excel workbook. Take the statement out of it and send that."))
    if any(part.flag_bits & 1 for part in parts):
        raise Unreadable(_("The workbook is locked with a password. Save it without one."))
    if any("vbaproject" in name or name.startswith("xl/macrosheets/") for name in names):
        raise Unreadable(_("The workbook carries macros. Save it as .xlsx without them."))
    if any(name.startswith(("xl/externallinks/", "xl/embeddings/", "xl/activex/")) for name in names):
        raise Unreadable(_("The workbook has links to other files or embedded objects. Save its values only."))
    if len(set(names)) != len(names):
        raise Unreadable(_("The workbook holds two parts of the same name."))


def _measure(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo], size: int) -> None:
    total = 0
    for part in parts:
        with archive.open(part) as stream:
            before = b""
            while chunk := stream.read(_CHUNK):
                total += len(chunk)
                if total > MOST_BYTES or (total > _CHUNK and total > size * MOST_BLOWN_UP):
                    raise Unreadable(_("The workbook unpacks to far more than it says. It is not read."))
                if part.filename.lower().endswith((".xml", ".rels")):
                    _look_for_types(before + chunk, before == b"")
                before = chunk[-16:]


def _refuse_macros(archive: zipfile.ZipFile, parts: list[zipfile.ZipInfo]) -> None:
    """A workbook renamed from .xlsm says so in its list of types."""
    for part in parts:
        if part.filename.lower() == "[content_types].xml" and b"macroEnabled" in archive.read(part):
            raise Unreadable(_("The workbook carries macros. Save it as .xlsx without them."))


def _look_for_types(chunk: bytes, first: bool) -> None:
    if _FORBIDDEN.search(chunk) or (first and (chunk[:2] in {b"\xff\xfe", b"\xfe\xff"} or b"\x00" in chunk[:4])):
        raise Unreadable(_("The file carries a document type, which no statement needs."))


def _rows(sheet: Any) -> Iterator[Row]:
    """Rows with something in them. The size that the sheet claims is not believed."""
    sheet.reset_dimensions()
    blank = 0
    for number, cells in enumerate(sheet.iter_rows(), start=1):
        values = _values(cells, number)
        blank = 0 if values else blank + 1
        if blank > MOST_BLANK_ROWS:
            raise Unreadable(
                _("There are more than %(limit)s empty rows before this one."), row=number, limit=MOST_BLANK_ROWS
            )
        if number > MOST_ROWS:
            raise Unreadable(_("The file has more than %(limit)s rows. Export a shorter period."), limit=MOST_ROWS)
        if values:
            yield Row(number, values, "\t".join(shown(cell) for cell in values))


def _values(cells: Any, number: int) -> tuple[Cell, ...]:
    values = [_value(cell, number, column) for column, cell in enumerate(cells)]
    while values and values[-1] == "":
        values.pop()
    if len(values) > MOST_COLUMNS:
        raise Unreadable(
            _("This row has %(count)s columns; %(limit)s are the most we take."),
            row=number,
            count=len(values),
            limit=MOST_COLUMNS,
        )
    return tuple(values)


def _value(cell: Any, number: int, column: int) -> Cell:
    value = cell.value
    if value is None:
        return ""
    if getattr(cell, "data_type", "") == "f":
        return Formula(value)
    if isinstance(value, datetime):
        return value.date()
    if isinstance(value, date):
        return value
    if isinstance(value, int | float) and not isinstance(value, bool):
        return Number(value if isinstance(value, int) else f"{value:.15g}")  # fifteen digits are what a workbook keeps
    text = str(value)
    if len(text) > LONGEST_FIELD:
        raise Unreadable(
            _("A field here has %(size)s characters; %(limit)s are the most we take."),
            row=number,
            column=letters(column),
            size=len(text),
            limit=LONGEST_FIELD,
        )
    return text
