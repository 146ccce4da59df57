"""Numbers, dates and durations as people read them, by language. Pure: the reader and the instant come in."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from decimal import Decimal
from functools import cache
from zoneinfo import ZoneInfo

from babel import Locale
from babel.dates import get_day_names, get_month_names
from babel.numbers import format_decimal, format_percent
from django.utils.translation import gettext as _

LOCALES = {"en": "en_GB", "pt-br": "pt_BR"}  # English as most of our readers write it: day before month, 24 hours
NAMED_DAYS = 7
TICKS_BELOW = 120  # seconds are shown, and tick, below two minutes


@dataclass(frozen=True)
class Reader:
    """Whose eyes: language, zone and the one instant this answer is about."""

    language: str
    zone: ZoneInfo
    now: datetime

    @property
    def today(self) -> date:
        return self.now.astimezone(self.zone).date()


@dataclass(frozen=True)
class Names:
    days: dict[int, str]
    long_days: dict[int, str]
    months: dict[int, str]
    long_months: dict[int, str]


def locale_of(language: str) -> str:
    return LOCALES.get(language.lower(), "en_GB")


@cache
def names_of(language: str) -> Names:
    locale = Locale.parse(locale_of(language))
    return Names(
        days=dict(get_day_names("abbreviated", locale=locale)),
        long_days=dict(get_day_names("wide", locale=locale)),
        months=dict(get_month_names("abbreviated", locale=locale)),
        long_months=dict(get_month_names("wide", locale=locale)),
    )


def clock(at: datetime, reader: Reader) -> str:
    """`9:42`, in the reader's zone."""
    there = at.astimezone(reader.zone)
    return f"{there.hour}:{there.minute:02d}"


def when(at: datetime, reader: Reader) -> str:
    """Today `11:30`; yesterday by name; within a week `Fri 13 Nov 10:00`; else `3 Dec 2026`."""
    there = at.astimezone(reader.zone)
    distance = (there.date() - reader.today).days
    if distance == 0:
        return clock(at, reader)
    if distance == -1:
        return _("Yesterday %(time)s") % {"time": clock(at, reader)}
    if abs(distance) < NAMED_DAYS:
        return f"{short_day(there.date(), reader)} {clock(at, reader)}"
    return day(there.date(), reader)


def full(at: datetime, reader: Reader) -> str:
    """`Fri 13 Nov 2026 15:00`: nothing left to guess."""
    there = at.astimezone(reader.zone)
    return f"{short_day(there.date(), reader)} {there.year} {clock(at, reader)}"


def short_day(on: date, reader: Reader) -> str:
    """`Fri 13 Nov`."""
    names = names_of(reader.language)
    of = " de" if reader.language == "pt-br" else ""
    return f"{names.days[on.weekday()]} {on.day}{of} {names.months[on.month]}"


def long_day(on: date, reader: Reader) -> str:
    """`Thursday 12 November`, the title of a day."""
    names = names_of(reader.language)
    if reader.language == "pt-br":
        return f"{names.long_days[on.weekday()].capitalize()}, {on.day} de {names.long_months[on.month]}"
    return f"{names.long_days[on.weekday()]} {on.day} {names.long_months[on.month]}"


def day(on: date, reader: Reader) -> str:
    """`3 Dec 2026`."""
    of = " de" if reader.language == "pt-br" else ""
    return f"{on.day}{of} {names_of(reader.language).months[on.month]}{of} {on.year}"


def month(on: date, reader: Reader) -> str:
    """`November 2026`."""
    of = " de" if reader.language == "pt-br" else ""
    return f"{names_of(reader.language).long_months[on.month]}{of} {on.year}"


def duration(seconds: float, *, day_hours: float = 24) -> str:
    """`18 s`, `48 min`, `1 h 18`, `1 d 6 h`; `day_hours` is the length of a working day for business time."""
    whole = max(0, round(seconds))
    if whole < TICKS_BELOW:
        return f"{whole} s"
    minutes = whole // 60
    if minutes < 60:
        return f"{minutes} min"
    hours, rest = divmod(minutes, 60)
    if hours < 24:
        return f"{hours} h {rest:02d}" if rest else f"{hours} h"
    days, over = divmod(hours, max(1, round(day_hours)))
    return f"{days} d {over} h" if over else f"{days} d"


def exact(seconds: int, *, day_hours: int = 0) -> str:
    """`20 s`, `2 min 30 s`, `1 h 30 min`, `5 d`: a length that was agreed, nothing rounded away; whole days where they have a length."""
    if seconds < TICKS_BELOW:
        return f"{seconds} s"
    minutes, rest = divmod(seconds, 60)
    hours, left = divmod(minutes, 60)
    days, over = divmod(hours, day_hours) if day_hours and hours >= 24 else (0, hours)
    parts = ((days, "d"), (over, "h"), (left, "min"), (rest, "s"))
    return " ".join(f"{count} {unit}" for count, unit in parts if count)


def number(value: float | Decimal, reader: Reader, places: int | None = None) -> str:
    """`48,212.40` by the reader's separators, with a real minus sign."""
    pattern = "#,##0" + ("." + "0" * places if places else "") if places is not None else None
    return format_decimal(value, pattern, locale=locale_of(reader.language)).replace("-", "−")


def percent(share: float | Decimal, reader: Reader) -> str:
    """One decimal: `96.4%`; a whole hundred stays `100%`."""
    pattern = "#,##0%" if share in (0, 1) else "#,##0.0%"
    return format_percent(share, pattern, locale=locale_of(reader.language)).replace("-", "−")


def ago(at: datetime, reader: Reader) -> str:
    """How long since, for beside an absolute time."""
    gone = reader.now - at
    if gone < timedelta(seconds=60):
        return _("just now")
    return _("%(duration)s ago") % {"duration": duration(gone.total_seconds())}
