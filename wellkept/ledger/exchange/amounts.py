"""The strict grammar of amounts: ASCII digits, one kind of grouping, one sign. No float, no Decimal() of text."""

from __future__ import annotations

import re
from fractions import Fraction

from wellkept.core.money import LARGEST, exponent

from .refusals import Unreadable
from .refusals import mark as _

LONGEST = 40
POINT, COMMA = ".", ","
SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "¥": "JPY", "A$": "AUD", "NZ$": "NZD", "US$": "USD", "C$": "CAD"}
DOLLARS = frozenset({"USD", "AUD", "NZD", "CAD", "SGD", "HKD"})
_NUMBERS = {
    POINT: re.compile(r"(?P<whole>[0-9]{1,3}(?:[,' \u00a0\u202f][0-9]{3})+|[0-9]*)(?:\.(?P<part>[0-9]*))?", re.ASCII),
    COMMA: re.compile(r"(?P<whole>[0-9]{1,3}(?:[.' \u00a0\u202f][0-9]{3})+|[0-9]*)(?:,(?P<part>[0-9]*))?", re.ASCII),
}
_NOT_DIGITS = re.compile(r"[^0-9]", re.ASCII)
_MINUS = "-\u2212"
_COMMA_DECIMAL = re.compile(r"[0-9.' ]*,[0-9]{1,2}\)?-?", re.ASCII)


def number(text: str, decimal: str = POINT) -> Fraction:
    """`1,234.50` as it stands, without a sign."""
    found = _NUMBERS[decimal].fullmatch(text) if len(text) <= LONGEST else None
    if found is None or not (found["whole"] or found["part"]):
        raise not_an_amount(text)
    part = found["part"] or ""
    return Fraction(
        int(_NOT_DIGITS.sub("", found["whole"]) or "0") * 10 ** len(part) + int(part or "0"), 10 ** len(part)
    )


def signed(text: str, decimal: str = POINT) -> Fraction:
    """With a sign before or behind, or in brackets for less than nothing."""
    rest = text.strip()
    marks = [rest.startswith("(") and rest.endswith(")"), rest[:1] in {*_MINUS, "+"}, rest[-1:] in set(_MINUS)]
    if sum(marks) > 1:
        raise not_an_amount(text)
    if marks[0]:
        return -number(rest[1:-1].strip(), decimal)
    if marks[2]:
        return -number(rest[:-1].strip(), decimal)
    value = number(rest[1:].strip() if marks[1] else rest, decimal)
    return -value if marks[1] and rest[0] in _MINUS else value


def minor(value: Fraction, currency: str, text: str) -> int:
    """Whole units of the currency, or Unreadable when there is more behind the point than it has."""
    scaled = value * 10 ** exponent(currency)
    if scaled.denominator != 1:
        raise Unreadable(
            _("“%(text)s” has more decimal places than %(currency)s has (%(places)s)."),
            text=text, currency=currency, places=exponent(currency),
        )  # fmt: skip
    if abs(scaled) > LARGEST:
        raise Unreadable(_("“%(text)s” is larger than any amount we keep."), text=text)
    return scaled.numerator


def in_cell(text: str, currency: str, decimal: str) -> int:
    """A cell of a table: empty is nothing; a currency sign before the figures is passed over."""
    rest = text.strip()
    if not rest or rest == "-":
        return 0
    bare = re.sub(r"^([(+\-\u2212]?)\s*(?:[A-Z]{0,3}[$€£¥₹])\s*", r"\1", rest)
    return minor(signed(bare, decimal), currency, text)


def decimal_of(cells: list[str]) -> str:
    """A comma where every amount that shows it has one or two digits behind its last comma, else a point."""
    shown = [cell.strip() for cell in cells if "," in cell or "." in cell]
    return (
        COMMA
        if shown and all(_COMMA_DECIMAL.search(cell) and cell.rfind(",") > cell.rfind(".") for cell in shown)
        else POINT
    )


def currency_named(symbol: str, base: str) -> str:
    """The currency of a sign or code. A plain dollar is the book's own where that is one."""
    plain = symbol.strip().strip('"')
    if plain == "":
        return base
    if plain == "$":
        return base if base in DOLLARS else "USD"
    found = SYMBOLS.get(plain, plain)
    if not re.fullmatch(r"[A-Z]{3}", found, re.ASCII):
        raise Unreadable(
            _("“%(code)s” is not money. Shares, hours and other things are not kept in a book."), code=plain
        )
    return found


def not_an_amount(text: str) -> Unreadable:
    if not text.strip():
        return Unreadable(_("There is no amount."))
    return Unreadable(_("“%(text)s” is not an amount."), text=text)
