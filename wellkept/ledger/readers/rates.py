"""Rates from a file: `date, base, currency, rate` as CSV, or the European Central Bank's reference rates (XML, CSV)."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from itertools import islice

from django.utils.translation import gettext as _
from lxml import etree

from wellkept.core.refusals import Refusal

LARGEST_FILE = 16 * 1024 * 1024
MOST_RATES = 500_000
NUMBER = re.compile(r"\d{1,12}(?:\.\d{1,12})?", re.ASCII)
CODE = re.compile(r"[A-Z]{3}")
MONTHS = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
]
WRITTEN = re.compile(r"(\d{1,2}) ([A-Z][a-z]+) (\d{4})", re.ASCII)  # the daily CSV: 02 January 2026
EURO = "EUR"
OWN = ["date", "base", "currency", "rate"]


class RatesUnreadable(Refusal):
    """The file holds no rates that can be read beyond doubt."""


@dataclass(frozen=True, slots=True)
class RateDraft:
    """One unit of `currency` costs `value` of `base`."""

    base: str
    currency: str
    on: date
    value: Fraction


def read_rates(data: bytes) -> list[RateDraft]:
    """Every rate of the file, or a refusal that names the row. A document type or an entity is always refused."""
    if len(data) > LARGEST_FILE:
        raise RatesUnreadable(_("The file is larger than 16 MB."))
    reader = _xml(data) if data.lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<") else _csv(data)
    found = list(islice(reader, MOST_RATES + 1))
    if len(found) > MOST_RATES:
        raise RatesUnreadable(_("The file holds more than %(limit)d rates.") % {"limit": MOST_RATES})
    if not found:
        raise RatesUnreadable(_("The file holds no rates."))
    return found


def _xml(data: bytes) -> Iterator[RateDraft]:
    """Nested cubes: one with a day around those with a currency and how many units a euro buys."""
    if b"<!" in data.replace(b"<!--", b""):
        raise RatesUnreadable(_("A file with a document type is not read."))
    parser = etree.XMLParser(
        resolve_entities=False, no_network=True, load_dtd=False, dtd_validation=False, huge_tree=False
    )
    try:
        root = etree.fromstring(data, parser)
    except etree.XMLSyntaxError as problem:
        raise RatesUnreadable(_("The file is not well-formed XML.")) from problem
    for cube in root.iter("{*}Cube"):
        if "currency" in cube.attrib:
            above = cube.getparent()
            day = above.get("time", "") if above is not None else ""
            yield _euro(day, cube.get("currency", ""), cube.get("rate", ""), cube.sourceline or 0)


def _csv(data: bytes) -> Iterator[RateDraft]:
    try:
        text = data.decode("utf-8-sig")
        rows = csv.reader(io.StringIO(text, newline=""), strict=True, skipinitialspace=True)
        heading = [cell.strip() for cell in next(rows, [])]
        yield from _own(rows) if [cell.lower() for cell in heading] == OWN else _ecb(heading, rows)
    except (UnicodeDecodeError, csv.Error) as problem:
        raise RatesUnreadable(_("The file is not CSV in UTF-8.")) from problem


def _own(rows: Iterator[list[str]]) -> Iterator[RateDraft]:
    for number, row in enumerate(rows, start=2):
        if not row:
            continue
        if len(row) != len(OWN) or not (CODE.fullmatch(row[1].strip()) and CODE.fullmatch(row[2].strip())):
            raise RatesUnreadable(_("Row %(row)d: write date, base, currency and rate.") % {"row": number})
        yield RateDraft(row[1].strip(), row[2].strip(), _day(row[0], number), _value(row[3], number))


def _ecb(heading: list[str], rows: Iterator[list[str]]) -> Iterator[RateDraft]:
    """A column for each currency; N/A where there was none."""
    if heading[:1] != ["Date"] or not all(CODE.fullmatch(code) for code in heading[1:] if code):
        raise RatesUnreadable(_("The first row must be: date, base, currency, rate."))
    for number, row in enumerate(rows, start=2):
        for code, cell in zip(heading[1:], row[1:], strict=False):
            if code and cell.strip() not in {"", "N/A"}:
                yield _euro(row[0], code, cell, number)


def _euro(day: str, currency: str, units: str, row: int) -> RateDraft:
    """The Bank says what a euro buys: a euro in terms of the other currency."""
    if not CODE.fullmatch(currency) or currency == EURO:
        raise RatesUnreadable(_("Row %(row)d: “%(code)s” is not a currency.") % {"row": row, "code": currency[:10]})
    return RateDraft(currency, EURO, _day(day, row), _value(units, row))


def _day(text: str, row: int) -> date:
    plain = text.strip()
    try:
        written = WRITTEN.fullmatch(plain)
        if written is not None:
            return date(int(written[3]), MONTHS.index(written[2]) + 1, int(written[1]))
        if len(plain) == 10 and plain.isascii():
            return date.fromisoformat(plain)
        raise ValueError(plain)
    except ValueError:
        raise RatesUnreadable(_("Row %(row)d: “%(text)s” is not a date.") % {"row": row, "text": plain[:20]}) from None


def _value(text: str, row: int) -> Fraction:
    plain = text.strip()
    value = Fraction(plain) if NUMBER.fullmatch(plain) else Fraction(0)
    if not value:
        raise RatesUnreadable(_("Row %(row)d: “%(text)s” is not a rate.") % {"row": row, "text": plain[:20]})
    return value
