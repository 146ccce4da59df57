"""A calendar's month as a picture: which hours of which day count, and why a day does not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from wellkept.calendars.rules import Compiled
from wellkept.calendars.rules.compiled import Day
from wellkept.web.settings.hours import Bar
from wellkept.web.shell.words import Reader, names_of
from wellkept.web.shell.words import month as month_words

MINUTES = 24 * 60
FIRST, LAST = date(1971, 1, 1), date(2149, 12, 1)


@dataclass(frozen=True)
class Cell:
    """One day of the picture. `outside` belongs to the month before or after."""

    on: date
    hours: str
    bars: tuple[Bar, ...]
    reason: str  # open, closed, holiday, exception
    note: str
    today: bool
    outside: bool


@dataclass(frozen=True)
class Month:
    name: str
    weekdays: tuple[str, ...]
    weeks: tuple[tuple[Cell, ...], ...]
    before: str
    after: str
    open_hours: str


def month_of(text: str, today: date) -> date:
    """The first of the month named like `2026-03`; this month for anything else."""
    try:
        asked = date.fromisoformat(f"{text}-01") if len(text) == 7 else today.replace(day=1)
    except ValueError:
        asked = today.replace(day=1)
    return min(max(asked, FIRST), LAST)


def picture(compiled: Compiled, first: date, reader: Reader) -> Month:
    """Whole weeks from Monday to Sunday that hold the month."""
    after = (first + timedelta(days=32)).replace(day=1)
    start = first - timedelta(days=first.weekday())
    end = after + timedelta(days=(7 - after.weekday()) % 7)
    days = compiled.days(start, end)
    cells = [_cell(day, first, reader) for day in days]
    minutes = sum(closes - opens for day in days if day.on.month == first.month for opens, closes in day.hours)
    names = names_of(reader.language).days
    return Month(
        name=month_words(first, reader),
        weekdays=tuple(names[place] for place in range(7)),
        weeks=tuple(tuple(cells[place : place + 7]) for place in range(0, len(cells), 7)),
        before=f"{first - timedelta(days=1):%Y-%m}",
        after=f"{after:%Y-%m}",
        open_hours=f"{minutes / 60:g}",
    )


def _cell(day: Day, first: date, reader: Reader) -> Cell:
    return Cell(
        on=day.on,
        hours=", ".join(f"{_clock(opens)}–{_clock(closes)}" for opens, closes in day.hours),
        bars=tuple(Bar(opens / MINUTES * 100, (closes - opens) / MINUTES * 100) for opens, closes in day.hours),
        reason=str(day.reason),
        note=day.note,
        today=day.on == reader.today,
        outside=day.on.month != first.month,
    )


def _clock(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    return f"{hours}:{rest:02d}" if rest else str(hours)
