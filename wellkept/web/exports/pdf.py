"""A report as PDF: heads on every sheet, a foot that says whose, of when, who printed it and which page of how many.

Laid out by hand in two passes: rows are broken over sheets first, so that every foot knows the number of the last one.
"""

from __future__ import annotations

import io
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cache
from pathlib import Path

from django.utils.translation import gettext as _
from reportlab.lib.pagesizes import A4, LETTER, landscape
from reportlab.lib.utils import simpleSplit
from reportlab.pdfbase.pdfmetrics import registerFont, stringWidth
from reportlab.pdfbase.ttfonts import TTFont
from reportlab.pdfgen.canvas import Canvas

from wellkept.web.exports import figures
from wellkept.web.exports.document import Cell, Column, Document, Kind, Row, Style
from wellkept.web.exports.paper import Printed, is_letter
from wellkept.web.shell.words import Reader, day

MEDIA_TYPE = "application/pdf"
FONTS = Path(__file__).parent / "fonts"
PLAIN, BOLD = "WellkeptPlain", "WellkeptBold"
SIZE, LEADING, FOOT_SIZE, TITLE_SIZE = 8.5, 12.0, 7.0, 15.0
MARGIN, TOP, BOTTOM, GAP, INDENT = 40.0, 44.0, 46.0, 10.0, 10.0
HEAD_SPACE = 5.0
LINES_MOST = 4
LANDSCAPE_FROM = 7
WIDE_SHARE = 0.5
INK, FAINT = (0.09, 0.13, 0.11), (0.38, 0.43, 0.4)


@dataclass(frozen=True, slots=True)
class Drawn:
    """One row as it is drawn: the lines of every cell, and its height."""

    row: Row
    cells: tuple[tuple[str, ...], ...]
    height: float


@dataclass(frozen=True, slots=True)
class Sheet:
    """The size of the paper and where each column stands on it."""

    width: float
    height: float
    lefts: tuple[float, ...]
    widths: tuple[float, ...]

    def right(self, place: int) -> float:
        return self.lefts[place] + self.widths[place]


def render(document: Document, printed: Printed, reader: Reader) -> bytes:
    _fonts()
    sheet = _sheet(document, reader)
    drawn = [_drawn(row, document, sheet, reader) for row in document.rows]
    heads = _heads(document, sheet)
    pages = list(_pages(drawn, sheet, heads.height, _title_height(document, sheet)))
    canvas = Canvas(
        io.BytesIO(), pagesize=(sheet.width, sheet.height), invariant=1, pageCompression=1, lang=printed.language
    )
    canvas.setTitle(f"{document.client}: {document.title}")
    canvas.setSubject(document.period)
    canvas.setAuthor(printed.by)
    canvas.setCreator("Wellkept")
    for number, rows in enumerate(pages, start=1):
        top = sheet.height - TOP
        if number == 1:
            top = _title(canvas, document, sheet, top)
        top = _draw_heads(canvas, document, heads, sheet, top)
        for each in rows:
            top = _draw(canvas, document, each, sheet, top)
        _foot(canvas, document, printed, sheet, number, len(pages))
        canvas.showPage()
    data: bytes = canvas.getpdfdata()
    return data


@cache
def _fonts() -> None:
    registerFont(TTFont(PLAIN, str(FONTS / "DejaVuSansCondensed.ttf")))
    registerFont(TTFont(BOLD, str(FONTS / "DejaVuSansCondensed-Bold.ttf")))


def _sheet(document: Document, reader: Reader) -> Sheet:
    """Figures get the width they need; text shares the rest."""
    size = LETTER if is_letter(document.country) else A4
    width, height = landscape(size) if len(document.columns) >= LANDSCAPE_FROM else size
    wanted = [_wanted(document, place, column, reader) for place, column in enumerate(document.columns)]
    room = width - 2 * MARGIN - GAP * (len(wanted) - 1)
    widths = _fitted(document, wanted, room)
    lefts, left = [], MARGIN
    for each in widths:
        lefts.append(left)
        left += each + GAP
    return Sheet(width, height, tuple(lefts), tuple(widths))


def _wanted(document: Document, place: int, column: Column, reader: Reader) -> float:
    widest = _head_width(_head_words(column).split())
    for row in document.rows:
        if len(row.cells) <= place or (row.style is Style.HEADING and len(row.cells) == 1):
            continue
        indent = row.level * INDENT if place == 0 else 0
        font = PLAIN if row.style is Style.LINE else BOLD
        widest = max(widest, indent + stringWidth(_text(row.cells[place], column, document, reader), font, SIZE))
    return widest


def _head_width(words: list[str]) -> float:
    """The least width in which the head of a column stands in two lines."""
    halves = [(" ".join(words[:place]), " ".join(words[place:])) for place in range(1, len(words))] or [
        (" ".join(words), "")
    ]
    return min(max(stringWidth(part, BOLD, SIZE) for part in half) for half in halves)


def _fitted(document: Document, wanted: list[float], room: float) -> list[float]:
    """What is left over goes to the first column; what is missing is taken from text, never from figures."""
    spare = room - sum(wanted)
    if spare >= 0:
        return [wanted[0] + spare, *wanted[1:]]
    texts = [place for place, column in enumerate(document.columns) if column.kind is Kind.TEXT]
    asked = sum(wanted[place] for place in texts) or 1.0
    left = max(room - sum(each for place, each in enumerate(wanted) if place not in texts), 30.0 * len(texts))
    return [left * each / asked if place in texts else each for place, each in enumerate(wanted)]


def _drawn(row: Row, document: Document, sheet: Sheet, reader: Reader) -> Drawn:
    font = PLAIN if row.style is Style.LINE else BOLD
    if row.style is Style.HEADING and len(row.cells) == 1:
        words = (str(row.cells[0].value or ""),)
        return Drawn(row, (words,), LEADING + HEAD_SPACE)
    cells = []
    for place, (cell, column) in enumerate(zip(row.cells, document.columns, strict=False)):
        text = _text(cell, column, document, reader)
        indent = row.level * INDENT if place == 0 else 0
        cells.append((text,) if column.is_figure else _broken(text, font, sheet.widths[place] - indent))
    tallest = max((len(lines) for lines in cells), default=1)
    return Drawn(row, tuple(cells), LEADING * tallest + (3.0 if row.style is Style.PROOF else 0.0))


def _broken(text: str, font: str, width: float) -> tuple[str, ...]:
    """Text in lines of the width; a word longer than the column is cut into pieces, and a novel after four lines."""
    lines = [piece for part in simpleSplit(text, font, SIZE, width) for piece in _pieces(part, font, width)]
    if len(lines) > LINES_MOST:
        lines = [*lines[: LINES_MOST - 1], lines[LINES_MOST - 1].rstrip() + " …"]
    return tuple(lines) or ("",)


def _pieces(text: str, font: str, width: float) -> Iterator[str]:
    while stringWidth(text, font, SIZE) > width and len(text) > 1:
        fits = len(text) - 1
        while fits > 1 and stringWidth(text[:fits], font, SIZE) > width:
            fits = fits * 3 // 4 or 1
        yield text[:fits]
        text = text[fits:]
    yield text


def _heads(document: Document, sheet: Sheet) -> Drawn:
    cells = tuple(
        tuple(simpleSplit(_head_words(column), BOLD, SIZE, sheet.widths[place] + 0.5)) or ("",)
        for place, column in enumerate(document.columns)
    )
    return Drawn(Row(()), cells, LEADING * max(len(lines) for lines in cells) + 6.0)


def _head_words(column: Column) -> str:
    return f"{column.label} {column.currency}".strip()


def _title_height(document: Document, sheet: Sheet) -> float:
    return 50.0 + LEADING * len(_sentence(document, sheet))


def _sentence(document: Document, sheet: Sheet) -> list[str]:
    return list(simpleSplit(document.sentence, PLAIN, SIZE, sheet.width - 2 * MARGIN)) if document.sentence else []


def _pages(drawn: Sequence[Drawn], sheet: Sheet, heads: float, title: float) -> Iterator[list[Drawn]]:
    """Rows a sheet at a time. A heading never ends a sheet; a total never begins one alone."""
    whole = sheet.height - TOP - BOTTOM - heads
    page: list[Drawn] = []
    left = whole - title
    for place, each in enumerate(drawn):
        if page and each.height + _bound(drawn, place) > left:
            moved = _kept_together(page, each)
            yield page[: len(page) - len(moved)]
            page = moved
            left = whole - sum(row.height for row in page)
        page.append(each)
        left -= each.height
    yield page


def _bound(drawn: Sequence[Drawn], place: int) -> float:
    """Height of what must stand on the same sheet as this row."""
    if drawn[place].row.style is Style.HEADING and place + 1 < len(drawn):
        return drawn[place + 1].height
    return 0.0


def _kept_together(page: list[Drawn], following: Drawn) -> list[Drawn]:
    """The line above a total goes along with it."""
    if following.row.style in {Style.TOTAL, Style.PROOF} and len(page) > 2 and page[-1].row.style is Style.LINE:
        return [page[-1]]
    return []


def _title(canvas: Canvas, document: Document, sheet: Sheet, top: float) -> float:
    canvas.setFillColorRGB(*INK)
    canvas.setFont(BOLD, TITLE_SIZE)
    canvas.drawString(MARGIN, top - TITLE_SIZE, document.title)
    canvas.setFont(PLAIN, SIZE + 1)
    canvas.setFillColorRGB(*FAINT)
    canvas.drawString(MARGIN, top - TITLE_SIZE - 16, f"{document.client} · {document.period} · {document.currency}")
    canvas.setFont(PLAIN, SIZE)
    down = top - TITLE_SIZE - 16
    for text in _sentence(document, sheet):
        down -= LEADING
        canvas.drawString(MARGIN, down, text)
    return top - _title_height(document, sheet)


def _draw_heads(canvas: Canvas, document: Document, heads: Drawn, sheet: Sheet, top: float) -> float:
    canvas.setFillColorRGB(*FAINT)
    canvas.setFont(BOLD, SIZE)
    bottom = top - heads.height + 6.0
    for place, (lines, column) in enumerate(zip(heads.cells, document.columns, strict=True)):
        for up, text in enumerate(reversed(lines)):
            _put(canvas, text, sheet, place, bottom + up * LEADING, right=column.is_figure)
    canvas.setStrokeColorRGB(*INK)
    canvas.setLineWidth(0.6)
    canvas.line(MARGIN, bottom - 4.0, sheet.width - MARGIN, bottom - 4.0)
    canvas.setFillColorRGB(*INK)
    return top - heads.height


def _draw(canvas: Canvas, document: Document, each: Drawn, sheet: Sheet, top: float) -> float:
    row = each.row
    canvas.setFont(PLAIN if row.style is Style.LINE else BOLD, SIZE)
    first = top - LEADING + 2.0 - (HEAD_SPACE if row.style is Style.HEADING else 0.0)
    for place, (lines, column) in enumerate(zip(each.cells, document.columns, strict=False)):
        for down, text in enumerate(lines):
            _put(
                canvas,
                text,
                sheet,
                place,
                first - down * LEADING,
                right=column.is_figure,
                indent=row.level * INDENT if place == 0 else 0.0,
            )
        if column.is_figure and row.style in {Style.TOTAL, Style.PROOF} and lines[0]:
            _rules(canvas, sheet, place, first, double=row.style is Style.PROOF and row.holds)
    return top - each.height


def _rules(canvas: Canvas, sheet: Sheet, place: int, base: float, *, double: bool) -> None:
    """One rule above a total; a double rule under a proof that holds."""
    left, right = sheet.lefts[place], sheet.right(place)
    canvas.setLineWidth(0.5)
    canvas.line(left, base + SIZE + 0.5, right, base + SIZE + 0.5)
    if double:
        canvas.line(left, base - 2.5, right, base - 2.5)
        canvas.line(left, base - 4.0, right, base - 4.0)


def _put(canvas: Canvas, text: str, sheet: Sheet, place: int, base: float, *, right: bool, indent: float = 0.0) -> None:
    if right:
        canvas.drawRightString(sheet.right(place), base, text)
    else:
        canvas.drawString(sheet.lefts[place] + indent, base, text)


def _foot(canvas: Canvas, document: Document, printed: Printed, sheet: Sheet, number: int, count: int) -> None:
    canvas.setStrokeColorRGB(*FAINT)
    canvas.setLineWidth(0.3)
    canvas.line(MARGIN, BOTTOM - 12, sheet.width - MARGIN, BOTTOM - 12)
    canvas.setFillColorRGB(*FAINT)
    canvas.setFont(PLAIN, FOOT_SIZE)
    by = _("Printed by %(name)s, %(when)s") % {"name": printed.by, "when": printed.when}
    canvas.drawString(MARGIN, BOTTOM - 23, f"{document.client} · {document.period} · {by}")
    page = _("Page %(n)s of %(all)s") % {"n": number, "all": count}
    canvas.drawRightString(sheet.width - MARGIN, BOTTOM - 23, page)


def _text(cell: Cell, column: Column, document: Document, reader: Reader) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, date):
        return day(value, reader)
    if isinstance(value, int):
        if column.kind is Kind.AMOUNT:
            return figures.amount(value, document.currency_of(column), reader.language)
        return (figures.percent if column.kind is Kind.PERCENT else figures.number)(value, reader.language)
    return value
