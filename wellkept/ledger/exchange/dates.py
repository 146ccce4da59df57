"""Days as files write them. A day that can be read in two ways is asked for, never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import date

from .refusals import Unreadable
from .refusals import mark as _

DMY, MDY = "dmy", "mdy"
FIRST_YEAR, LAST_YEAR = 1900, 2200
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ISO = re.compile(r"([0-9]{4})[-/.]([0-9]{1,2})[-/.]([0-9]{1,2})(?:[T ].{0,20})?", re.ASCII)
_NUMBERS = re.compile(r"([0-9]{1,2})[-/.]([0-9]{1,2})[-/.]([0-9]{4})", re.ASCII)
_WORDS = re.compile(r"([0-9]{1,2})[ -]([A-Za-z]{3,9})[ -,]+([0-9]{4})", re.ASCII)
_AMERICAN = re.compile(r"([A-Za-z]{3,9}) ([0-9]{1,2}),? ([0-9]{4})", re.ASCII)


def order_of(cells: Iterable[str]) -> str | None:
    """What the days of a column prove: day first, month first, or None when both can be. Empty when nothing asks."""
    asked, day_first, month_first = False, True, True
    for cell in cells:
        found = _NUMBERS.fullmatch(cell.strip())
        if found is not None:
            asked = True
            first, second = int(found[1]), int(found[2])
            day_first, month_first = day_first and second <= 12, month_first and first <= 12
    if not asked:
        return ""
    return None if day_first and month_first else (DMY if day_first else MDY)


def day(text: str, order: str = "") -> date:
    plain = text.strip()
    if found := _ISO.fullmatch(plain):
        return _made(plain, int(found[1]), int(found[2]), int(found[3]))
    if found := _NUMBERS.fullmatch(plain):
        first, second = int(found[1]), int(found[2])
        month, of_month = (first, second) if order == MDY else (second, first)
        return _made(plain, int(found[3]), month, of_month)
    if found := _WORDS.fullmatch(plain):
        return _made(plain, int(found[3]), _month(plain, found[2]), int(found[1]))
    if found := _AMERICAN.fullmatch(plain):
        return _made(plain, int(found[3]), _month(plain, found[1]), int(found[2]))
    raise _not_a_day(plain)


def _month(text: str, word: str) -> int:
    short = word[:3].lower()
    if short not in MONTHS:
        raise _not_a_day(text)
    return MONTHS.index(short) + 1


def _made(text: str, year: int, month: int, of_month: int) -> date:
    try:
        found = date(year, month, of_month)
    except ValueError:
        raise _not_a_day(text) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(_("The book keeps days between 1900 and 2200, not “%(text)s”."), text=text)
    return found


def _not_a_day(text: str) -> Unreadable:
    return Unreadable(_("“%(text)s” is not a day."), text=text)
