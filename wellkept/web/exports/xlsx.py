"""A report as a workbook: numbers are numbers, dates are dates, and no text is ever taken for a formula or a link."""

from __future__ import annotations

import io
from datetime import date, datetime
from decimal import Decimal
from typing import Any

import xlsxwriter

from wellkept.core.money import exponent
from wellkept.web.exports.document import Cell, Column, Document, Kind, Row, Style
from wellkept.web.exports.paper import Printed, is_letter

MEDIA_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
HEAD = 4  # title, period, an empty line, the heads
LITERAL = {
    "strings_to_formulas": False,
    "strings_to_urls": False,
    "strings_to_numbers": False,
    "nan_inf_to_errors": False,
    "in_memory": True,
}
LETTER, A4 = 1, 9
WIDEST, NARROWEST = 60, 11


def render(document: Document, printed: Printed) -> bytes:
    target = io.BytesIO()
    book = xlsxwriter.Workbook(target, LITERAL)
    book.set_properties(
        {
            "title": document.title,
            "subject": document.period,
            "company": document.client,
            "created": printed.naive_at,
        }
    )
    sheet = book.add_worksheet(_sheet_name(document.title))
    formats = Formats(book)
    _head(sheet, document, formats)
    for number, row in enumerate(document.rows):
        _row(sheet, HEAD + number, row, document, formats)
    _lay_out(sheet, document, printed)
    book.close()
    return target.getvalue()


class Formats:
    """A workbook's formats, each made once."""

    def __init__(self, book: Any) -> None:
        self.book = book
        self.made: dict[tuple[object, ...], Any] = {}

    def of(self, column: Column, currency: str, style: Style, level: int, holds: bool) -> Any:
        key = (column.kind, currency, style, level, holds)
        if key not in self.made:
            self.made[key] = self.book.add_format(_format(column, currency, style, level, holds))
        return self.made[key]

    def named(self, name: str, **values: object) -> Any:
        if (name,) not in self.made:
            self.made[(name,)] = self.book.add_format(values)
        return self.made[(name,)]


def _format(column: Column, currency: str, style: Style, level: int, holds: bool) -> dict[str, object]:
    """One rule above a total, a double rule under a proof that holds."""
    chosen: dict[str, object] = {"num_format": _pattern(column, currency)}
    if column.kind is Kind.TEXT:
        chosen |= {"indent": level, "num_format": "@"}
    if style is not Style.LINE:
        chosen["bold"] = True
    if style in {Style.TOTAL, Style.PROOF} and column.is_figure:
        chosen["top"] = 1
    if style is Style.PROOF and holds and column.is_figure:
        chosen["bottom"] = 6
    return chosen


def _pattern(column: Column, currency: str) -> str:
    if column.kind is Kind.AMOUNT:
        places = exponent(currency)
        return "#,##0" + ("." + "0" * places if places else "")
    return {Kind.PERCENT: "0.0%", Kind.DATE: "yyyy-mm-dd", Kind.NUMBER: "#,##0"}.get(column.kind, "@")


def _head(sheet: Any, document: Document, formats: Formats) -> None:
    sheet.write_string(0, 0, f"{document.client}: {document.title}", formats.named("title", bold=True, font_size=14))
    sheet.write_string(1, 0, f"{document.period} · {document.currency}", formats.named("period", font_color="#45524b"))
    for place, column in enumerate(document.columns):
        align = "right" if column.is_figure else "left"
        head = formats.named(f"head-{align}", bold=True, bottom=1, align=align, text_wrap=True, valign="bottom")
        words = f"{column.label} ({column.currency})" if column.currency else column.label
        sheet.write_string(HEAD - 1, place, words, head)


def _row(sheet: Any, number: int, row: Row, document: Document, formats: Formats) -> None:
    for place, (cell, column) in enumerate(zip(row.cells, document.columns, strict=False)):
        currency = document.currency_of(column)
        drawn = formats.of(column, currency, row.style, row.level if place == 0 else 0, row.holds)
        _cell(sheet, number, place, cell, column, currency, drawn)


def _cell(sheet: Any, number: int, place: int, cell: Cell, column: Column, currency: str, drawn: Any) -> None:
    value = cell.value
    if value is None:
        sheet.write_blank(number, place, None, drawn)
    elif isinstance(value, date):
        sheet.write_datetime(number, place, datetime(value.year, value.month, value.day), drawn)  # noqa: DTZ001
    elif isinstance(value, int):
        places = {Kind.AMOUNT: exponent(currency), Kind.PERCENT: 4}.get(column.kind, 0)
        sheet.write_number(number, place, Decimal(value).scaleb(-places), drawn)
    else:
        sheet.write_string(number, place, value, drawn)


def _lay_out(sheet: Any, document: Document, printed: Printed) -> None:
    """Heads stay in sight and repeat on paper; one page wide, as long as it needs."""
    for place, column in enumerate(document.columns):
        sheet.set_column(place, place, _width(document, place, column))
    sheet.freeze_panes(HEAD, 1)
    sheet.repeat_rows(HEAD - 1)
    sheet.set_paper(LETTER if is_letter(document.country) else A4)
    if len(document.columns) > 6:
        sheet.set_landscape()
    sheet.fit_to_pages(1, 0)
    sheet.set_footer(f"&L{_escaped(document.client)} · {_escaped(document.period)}&R&P / &N")
    sheet.hide_gridlines(2)


def _width(document: Document, place: int, column: Column) -> int:
    if column.is_figure or column.kind is Kind.DATE:
        return 16 if column.kind is Kind.AMOUNT else NARROWEST
    longest = max(
        (len(str(row.cells[place].value or "")) for row in document.rows if len(row.cells) > place), default=0
    )
    return max(NARROWEST, min(WIDEST, max(longest, len(column.label)) + 2))


def _sheet_name(title: str) -> str:
    """A spreadsheet allows thirty-one letters and none of a few signs."""
    return "".join(letter for letter in title if letter not in "[]:*?/\\'")[:31] or "Report"


def _escaped(text: str) -> str:
    return text.replace("&", "&&")[:100]
