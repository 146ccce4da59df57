"""Opening hours as a person types them: `9:00–12:30, 13:30–17:00`, one line for each weekday."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellkept.core.refusals import Refusal

WEEKDAYS = {
    "mon": gettext_lazy("Monday"),
    "tue": gettext_lazy("Tuesday"),
    "wed": gettext_lazy("Wednesday"),
    "thu": gettext_lazy("Thursday"),
    "fri": gettext_lazy("Friday"),
    "sat": gettext_lazy("Saturday"),
    "sun": gettext_lazy("Sunday"),
}
DAY = 24 * 60
SPAN = re.compile(
    r"\s*(\d{1,2})(?:[:.h](\d{2}))?\s*(?:-|–|—|−|to|às|at[eé]|a)\s*(\d{1,2})(?:[:.h](\d{2}))?\s*",
    re.ASCII,
)
LONGEST = 200

Hours = Mapping[str, list[list[str]]]


class HoursUnclear(Refusal):
    """The line cannot be read as opening hours."""


@dataclass(frozen=True)
class Bar:
    """A piece of open time on a line of 24 hours, in percent."""

    start: float
    width: float


@dataclass(frozen=True)
class DayField:
    """One weekday of the editor."""

    name: str
    label: str
    text: str
    bars: tuple[Bar, ...]
    brief: str = ""


def days_of(hours: Hours) -> list[DayField]:
    """The editor's lines for a schedule's weekly hours."""
    return [
        DayField(day, str(label), words(line := hours.get(day, [])), bars(line), brief(line))
        for day, label in WEEKDAYS.items()
    ]


def days_typed(posted: Mapping[str, str]) -> list[DayField]:
    """The editor's lines as they were typed, readable or not."""
    return [DayField(day, str(label), posted.get(f"hours_{day}", "")[:LONGEST], ()) for day, label in WEEKDAYS.items()]


def read_hours(posted: Mapping[str, str]) -> dict[str, list[list[str]]]:
    """The weekly hours typed into `hours_mon` to `hours_sun`; days left empty are closed."""
    read = {day: read_line(posted.get(f"hours_{day}", ""), day) for day in WEEKDAYS}
    return {day: line for day, line in read.items() if line}


def read_line(text: str, day: str) -> list[list[str]]:
    """`9-12, 13:30–17` as `[["09:00", "12:00"], ["13:30", "17:00"]]`."""
    line = text.strip()
    if not line or line.casefold() in ("closed", _("closed").casefold(), "-", "–"):
        return []
    parts = [SPAN.fullmatch(part) for part in re.split(r"[,;+]", line[:LONGEST])]
    if not all(parts):
        sentence = _("%(day)s: write the hours like 9:00–12:30, 13:30–17:00, or leave the line empty when closed.")
        raise HoursUnclear(sentence % {"day": WEEKDAYS.get(day, day)}, field=f"hours_{day}")
    return [[_clock(m[1], m[2]), _clock(m[3], m[4])] for m in parts if m]


def words(line: list[list[str]]) -> str:
    return ", ".join(f"{_short(opens)}–{_short(closes)}" for opens, closes in line)


def brief(line: list[list[str]]) -> str:
    """`9–12, 13:30–17`: for where there is little room."""
    return words(line).replace(":00", "")


def bars(line: list[list[str]]) -> tuple[Bar, ...]:
    """Open time of a day's line; what runs past midnight goes on from its left edge."""
    found: list[Bar] = []
    for opens, closes in line:
        start, end = _minutes(opens), _minutes(closes)
        if end > start:
            found.append(_bar(start, end))
        else:
            found += [_bar(start, DAY), *([_bar(0, end)] if end else [])]
    return tuple(found)


def _bar(start: int, end: int) -> Bar:
    return Bar(round(start / DAY * 100, 2), round((end - start) / DAY * 100, 2))


def _minutes(clock: str) -> int:
    return int(clock[:2]) * 60 + int(clock[3:])


def _clock(hour: str, minute: str | None) -> str:
    return f"{int(hour):02d}:{minute or '00'}"


def _short(clock: str) -> str:
    return clock.removeprefix("0")
