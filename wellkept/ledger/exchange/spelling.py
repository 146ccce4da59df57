"""How amounts and words are spelt in the files of other programs."""

from __future__ import annotations

import re
from fractions import Fraction

from wellkept.core.money import exponent

RATE_PLACES = 12
_ESCAPED = re.compile(r"%([0-9A-F]{2})")
_LOOKS_ESCAPED = re.compile(r"%(?=[0-9A-F]{2})")
_CONTROL = re.compile(r"[\x00-\x1f\x7f]")
_NOT_IN_A_TAG = re.compile(r"[\x00-\x1f\x7f:,;\[\]]")


def amount(minor: int, currency: str) -> str:
    """`-1234.50`: a point, no grouping, all the places of the currency."""
    places = exponent(currency)
    digits = f"{abs(minor):0{places + 1}d}"
    sign = "-" if minor < 0 else ""
    return f"{sign}{digits[:-places]}.{digits[-places:]}" if places else f"{sign}{digits}"


def rate(value: Fraction) -> str:
    """A rate with up to twelve places, the last one rounded."""
    scaled = round(value * 10**RATE_PLACES)
    whole, part = divmod(scaled, 10**RATE_PLACES)
    digits = f"{part:0{RATE_PLACES}d}".rstrip("0")
    return f"{whole}.{digits}" if digits else f"{whole}"


def quoted(text: str) -> str:
    """A beancount string."""
    safe = text.replace("\\", "\\\\").replace('"', '\\"').replace("\r", " ").replace("\n", "\\n").replace("\t", "\\t")
    return f'"{_CONTROL.sub(" ", safe)}"'


def for_line(text: str) -> str:
    """Words after a date in hledger: a semicolon would begin a comment. What is escaped can be read back."""
    return _escaped(text, re.compile(r"[\x00-\x1f\x7f;]")).strip()


def for_tag(text: str) -> str:
    """The value of a hledger tag, which ends at a comma, and in which `date:` and [2026-01-01] would mean something."""
    return _escaped(text, _NOT_IN_A_TAG).strip()


def unescaped(text: str) -> str:
    return _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)


def _escaped(text: str, what: re.Pattern[str]) -> str:
    return what.sub(lambda found: f"%{ord(found[0]):02X}", _LOOKS_ESCAPED.sub("%25", text))
