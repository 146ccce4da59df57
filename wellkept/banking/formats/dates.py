"""Dates as banks write them. An order that cannot be told is never guessed."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from datetime import date
from functools import lru_cache

from .columns import DATE_ORDERS, DMY, MDY, YMD
from .refusals import Unreadable
from .refusals import mark as _

FIRST_YEAR, LAST_YEAR = 1970, 2099
_TIME = r"(?:[ T,]+[0-9]{1,2}[:.hH][0-9]{2}.{0,24})?"
_NUMBERS = re.compile(rf"([0-9]{{1,4}})\s?[-/.'\s]\s?([0-9]{{1,2}})\s?[-/.'\s]\s?([0-9]{{1,4}}){_TIME}", re.ASCII)
_COMPACT = re.compile(rf"([0-9]{{4}})([0-9]{{2}})([0-9]{{2}}){_TIME}", re.ASCII)
_DAY_NAME = re.compile(rf"([0-9]{{1,2}})[-/. ]{{0,2}}([^\W\d_]{{3,10}})\.?[-/., ]{{0,2}}([0-9]{{2,4}}){_TIME}")
_NAME_DAY = re.compile(rf"([^\W\d_]{{3,10}})\.?[-/. ]([0-9]{{1,2}})[-/., ]{{1,2}}([0-9]{{2,4}}){_TIME}")
_MONTHS = (
    ("jan", "ene", "gen"),
    ("feb", "fev", "fév"),
    ("mar", "mär", "mrz", "mrt"),
    ("apr", "avr", "abr"),
    ("may", "mai", "mei", "mag"),
    ("jun", "juin", "giu"),
    ("jul", "juil", "lug"),
    ("aug", "aoû", "ago"),
    ("sep", "set"),
    ("oct", "okt", "out", "ott"),
    ("nov",),
    ("dec", "dez", "déc", "dic"),
)
_MONTH_OF = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names}


@lru_cache(maxsize=4096)
def read_date(text: str, order: str) -> date:
    """The date in `text` under one order of day, month and year; Unreadable when it is none."""
    stripped = text.strip()
    if len(stripped) > 40:
        raise _not_a_date(text)
    parts = _compact(stripped) or _named(stripped) or _numbers(stripped, order)
    if parts is None:
        raise _not_a_date(text)
    return day_of(*parts, text=text)


def day_of(year: int, month: int, day: int, *, text: str) -> date:
    """A date of the calendar within the years we keep."""
    try:
        found = date(year, month, day)
    except ValueError:
        raise Unreadable(_("“%(text)s” is no day of the calendar."), text=text) from None
    if not FIRST_YEAR <= year <= LAST_YEAR:
        raise Unreadable(_("The year of “%(text)s” cannot be right."), text=text)
    return found


def orders_of(texts: Iterable[str]) -> tuple[str, ...]:
    """Every order under which all texts are dates, where the orders differ; one order when all of them agree."""
    distinct = list(dict.fromkeys(texts))
    readings: dict[tuple[date, ...], str] = {}
    for order in DATE_ORDERS:
        try:
            readings.setdefault(tuple(read_date(text, order) for text in distinct), order)
        except Unreadable:
            continue
    return tuple(readings.values()) if distinct else ()


def sorted_orders(texts: Sequence[str], orders: Sequence[str]) -> tuple[str, ...]:
    """Those of the orders under which the dates never turn round, over at least two months: rows in order prove them."""
    kept = []
    for order in orders:
        days = [read_date(text, order) for text in texts]
        if (days == sorted(days) or days == sorted(days, reverse=True)) and days and days[0] != days[-1]:
            kept.append(order)
    return tuple(kept)


def _compact(text: str) -> tuple[int, int, int] | None:
    match = _COMPACT.fullmatch(text)
    return (int(match[1]), int(match[2]), int(match[3])) if match else None


def _named(text: str) -> tuple[int, int, int] | None:
    if match := _DAY_NAME.fullmatch(text):
        day, name, year = match[1], match[2], match[3]
    elif match := _NAME_DAY.fullmatch(text):
        name, day, year = match[1], match[2], match[3]
    else:
        return None
    if not (day.isascii() and year.isascii()) or (month := _month(name)) is None:
        return None
    return _full_year(year), month, int(day)


def _month(name: str) -> int | None:
    low = name.casefold()
    return _MONTH_OF.get(low[:4]) or _MONTH_OF.get(low[:3])


def _numbers(text: str, order: str) -> tuple[int, int, int] | None:
    """Three numbers. A year of two digits stands first only between hyphens, as in 26-03-31."""
    match = _NUMBERS.fullmatch(text)
    if match is None:
        return None
    one, two, three = match[1], match[2], match[3]
    if len(one) == 4 or (order == YMD and len(one) == 2 and "-" in text):
        return (_full_year(one), int(two), int(three)) if len(three) <= 2 else None
    if len(one) > 2 or len(three) not in {2, 4}:
        return None
    return {DMY: (_full_year(three), int(two), int(one)), MDY: (_full_year(three), int(one), int(two))}.get(order)


def _full_year(year: str) -> int:
    number = int(year)
    return number if len(year) > 2 else number + (2000 if number < 70 else 1900)


def _not_a_date(text: str) -> Unreadable:
    if not text.strip():
        return Unreadable(_("There is no date."))
    return Unreadable(_("“%(text)s” is not a date."), text=text)
