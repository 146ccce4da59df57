"""A report as a table of the page: figures end under each other, and each opens to what it was counted from.

Written in one pass without templates: a general ledger has a thousand cells, and a page may cost 20 ms.
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

from wellkept.web.exports import figures
from wellkept.web.exports.document import Cell, Column, Document, Kind, Row, Style
from wellkept.web.shell.words import Reader, day

CLASSES = {Style.HEADING: "heading", Style.LINE: "", Style.TOTAL: "sum", Style.PROOF: "sum proof"}
DOUBLE = '<span class="double">{}</span>'


def render(document: Document, reader: Reader) -> SafeString:
    """The table alone; the page puts it into a card."""
    return mark_safe("".join(_parts(document, reader)))  # every value below is escaped


def _parts(document: Document, reader: Reader) -> Iterator[str]:
    yield '<div class="scroll" tabindex="0" role="region" aria-label="' + str(escape(document.title)) + '">'
    yield f'<table class="t ledger" id="report"><caption class="vh">{escape(document.title)}, {escape(document.period)}'
    yield "</caption><thead><tr>"
    for column in document.columns:
        yield _head(column)
    yield "</tr></thead><tbody>"
    words = _moved()
    for row in document.rows:
        yield from _row(row, document, reader, words)
    yield "</tbody></table></div>"


def _head(column: Column) -> str:
    css = ' class="num"' if column.is_figure else ""
    currency = f' <span class="faint">{escape(column.currency)}</span>' if column.currency else ""
    return f'<th scope="col"{css}>{escape(column.label)}{currency}</th>'


def _row(row: Row, document: Document, reader: Reader, flag: str) -> Iterator[str]:
    css = " ".join(filter(None, (CLASSES[row.style], f"lv{row.level}" if row.level else "")))
    named = f' id="{escape(row.key)}"' if row.key else ""
    opens = " data-row" if row.style is Style.LINE and any(cell.link for cell in row.cells) else ""
    yield f'<tr{named}{opens} class="{css}">' if css else f"<tr{named}{opens}>"
    if row.style is Style.HEADING and len(row.cells) == 1:
        yield f'<th scope="rowgroup" colspan="{len(document.columns)}">{escape(row.cells[0].value)}</th></tr>'
        return
    for place, (cell, column) in enumerate(zip(row.cells, document.columns, strict=False)):
        text = _linked(cell, _text(cell, column, document, reader, row))
        if cell.flagged:
            text = flag + text
        if place == 0:
            yield f'<th scope="row">{text}</th>'
        else:
            yield f'<td class="num">{text}</td>' if column.is_figure else f"<td>{text}</td>"
    yield "</tr>"


def _text(cell: Cell, column: Column, document: Document, reader: Reader, row: Row) -> str:
    value = cell.value
    if value is None:
        return ""
    if isinstance(value, date):
        return f'<time datetime="{value.isoformat()}">{escape(day(value, reader))}</time>'
    if isinstance(value, int):
        shown = _figure(value, column, document, reader)
        return DOUBLE.format(shown) if row.style is Style.PROOF and row.holds and column.is_figure else shown
    return str(escape(value))


def _figure(value: int, column: Column, document: Document, reader: Reader) -> str:
    if column.kind is Kind.AMOUNT:
        return figures.amount(value, document.currency_of(column), reader.language)
    if column.kind is Kind.PERCENT:
        return figures.percent(value, reader.language)
    return figures.number(value, reader.language)


def _linked(cell: Cell, text: str) -> str:
    return f'<a href="{escape(cell.link)}">{text}</a>' if cell.link and text else text


def _moved() -> str:
    label = escape(_("Moved more than the limit"))
    return f'<svg class="i moved" role="img" aria-label="{label}"><use href="#i-flag"/></svg>'
