"""A report as CSV: dates as 2026-03-31, figures with a point and no separators, text that no spreadsheet runs."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date

from wellkept.clients.sheet import safe
from wellkept.core.money import exponent
from wellkept.web.exports.document import Cell, Column, Document, Kind
from wellkept.web.exports.figures import plain

MEDIA_TYPE = "text/csv; charset=utf-8"


def render(document: Document) -> bytes:
    return b"".join(lines(document))


def lines(document: Document) -> Iterator[bytes]:
    yield b"\xef\xbb\xbf"
    yield _record([safe(_headed(column, document)) for column in document.columns])
    for row in document.rows:
        cells = (*row.cells, *[Cell()] * (len(document.columns) - len(row.cells)))
        yield _record(_written(cell, column, document) for cell, column in zip(cells, document.columns, strict=True))


def _headed(column: Column, document: Document) -> str:
    """The currency stands in the head, once."""
    return f"{column.label} ({document.currency_of(column)})" if column.kind is Kind.AMOUNT else column.label


def _written(cell: Cell, column: Column, document: Document) -> str:
    """A minus sign before figures of our own making is a minus sign; before somebody's words it is a formula."""
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, int):
        places = {Kind.AMOUNT: exponent(document.currency_of(column)), Kind.PERCENT: 2}.get(column.kind, 0)
        return plain(value, places)
    return safe(value)


def _record(cells: Iterable[str]) -> bytes:
    line = io.StringIO()
    csv.writer(line, lineterminator="\r\n").writerow(list(cells))
    return line.getvalue().encode()
