"""Figures as text: for eyes by the reader's separators, for files always the same. Pure."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from babel import Locale
from babel.numbers import get_decimal_symbol, get_group_symbol

from wellkept.core.money import exponent
from wellkept.web.shell.words import locale_of

NOTHING = "–"


@dataclass(frozen=True, slots=True)
class Separators:
    point: str
    group: str


@cache
def separators_of(language: str) -> Separators:
    """Babel is asked once a language: a report writes hundreds of figures."""
    locale = Locale.parse(locale_of(language))
    return Separators(get_decimal_symbol(locale), get_group_symbol(locale))


def amount(minor: int, currency: str, language: str) -> str:
    """`48,212.40`, with a real minus sign."""
    return _shown(minor, exponent(currency), separators_of(language))


def percent(hundredths: int, language: str) -> str:
    """`12.5%`, one decimal."""
    return _shown(_tenths(hundredths), 1, separators_of(language)) + "%"


def number(value: int, language: str) -> str:
    return _shown(value, 0, separators_of(language))


def plain(minor: int, places: int) -> str:
    """`-1234.50`: what every program reads as a number."""
    digits = f"{abs(minor):0{places + 1}d}"
    text = f"{digits[:-places]}.{digits[-places:]}" if places else digits
    return f"-{text}" if minor < 0 else text


def _shown(value: int, places: int, with_: Separators) -> str:
    digits = f"{abs(value):0{places + 1}d}"
    whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
    grouped = f"{int(whole):,}".replace(",", with_.group)
    return f"{'−' if value < 0 else ''}{grouped}{with_.point + part if part else ''}"


def _tenths(hundredths: int) -> int:
    """Half away from nought, as people round."""
    rounded = (abs(hundredths) + 5) // 10
    return -rounded if hundredths < 0 else rounded
