"""When a desk is open, as people write it down.

A `Schedule` is always valid: `read` either returns one or raises `ScheduleUnclear` with a sentence that says what
to change. Times are local wall-clock minutes since midnight; what a daylight-saving night makes of them is decided
when the schedule is compiled.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from wellkept.calendars.rules.refusals import NeverOpen, ScheduleUnclear

WEEKDAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
DAY_MINUTES = 24 * 60
INTERVALS_A_DAY = 12
SPECIAL_DATES = 4000
NOTE_LENGTH = 200
CLOCK = re.compile(r"([01][0-9]|2[0-4]):([0-5][0-9])", re.ASCII)

Minutes = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Special:
    """The hours of one date, in place of its weekday's; no hours means closed all day."""

    hours: tuple[Minutes, ...] = ()
    note: str = ""


@dataclass(frozen=True)
class Schedule:
    tz: ZoneInfo
    weekly: tuple[tuple[Minutes, ...], ...]
    holidays: Mapping[date, str] = field(default_factory=dict)
    exceptions: Mapping[date, Special] = field(default_factory=dict)

    def special(self, day: date) -> Special | None:
        """An exception wins over a holiday: somebody wrote it for that very date."""
        if (exception := self.exceptions.get(day)) is not None:
            return exception
        return None if (name := self.holidays.get(day)) is None else Special(note=name)


def read(data: Mapping[str, Any]) -> Schedule:
    """`{"tz", "weekly": {"mon": [["09:00", "17:00"]]}, "holidays", "exceptions"}` as a schedule with open hours."""
    schedule = Schedule(
        tz=_zone(data.get("tz")),
        weekly=_weekly(data.get("weekly")),
        holidays=_holidays(data.get("holidays") or {}),
        exceptions=_exceptions(data.get("exceptions") or {}),
    )
    if not any(schedule.weekly):
        raise NeverOpen(_("This calendar is never open. Give at least one weekday its hours."))
    return schedule


def write(schedule: Schedule) -> dict[str, Any]:
    """The same schedule as plain data; `read(write(schedule)) == schedule`."""
    return {
        "tz": schedule.tz.key,
        "weekly": {name: _written(hours) for name, hours in zip(WEEKDAYS, schedule.weekly, strict=True) if hours},
        "holidays": {day.isoformat(): name for day, name in sorted(schedule.holidays.items())},
        "exceptions": {
            day.isoformat(): {"intervals": _written(special.hours), "note": special.note}
            for day, special in sorted(schedule.exceptions.items())
        },
    }


def clock(minutes: int) -> str:
    return f"{minutes // 60:02d}:{minutes % 60:02d}"


def _written(hours: Iterable[Minutes]) -> list[list[str]]:
    return [[clock(opens), clock(closes)] for opens, closes in hours]


def _zone(name: object) -> ZoneInfo:
    try:
        if not isinstance(name, str) or not name or len(name) > 64:
            raise ValueError
        return ZoneInfo(name)
    except (ValueError, OSError, LookupError):
        sentence = _("“%(zone)s” is not a time zone. Choose one such as Pacific/Auckland.")
        raise ScheduleUnclear(sentence % {"zone": name or ""}) from None


def _weekly(data: object) -> tuple[tuple[Minutes, ...], ...]:
    if not isinstance(data, Mapping):
        raise NeverOpen(_("This calendar is never open. Give at least one weekday its hours."))
    if strange := [str(name) for name in data if name not in WEEKDAYS]:
        sentence = _("“%(day)s” is not a day of the week. Write mon, tue, wed, thu, fri, sat or sun.")
        raise ScheduleUnclear(sentence % {"day": strange[0]})
    return tuple(_hours(data.get(name) or (), where=name) for name in WEEKDAYS)


def _hours(pairs: object, *, where: str) -> tuple[Minutes, ...]:
    if not isinstance(pairs, list | tuple) or not all(isinstance(pair, list | tuple) for pair in pairs):
        sentence = _("Write the hours of %(day)s as pairs of opening and closing time, such as 09:00 to 17:00.")
        raise ScheduleUnclear(sentence % {"day": where})
    if len(pairs) > INTERVALS_A_DAY:
        sentence = _("%(day)s has more than %(limit)s openings. Join some of them.")
        raise ScheduleUnclear(sentence % {"day": where, "limit": INTERVALS_A_DAY})
    return tuple(_interval(pair, where=where) for pair in pairs)


def _interval(pair: list[object] | tuple[object, ...], *, where: str) -> Minutes:
    if len(pair) != 2:
        sentence = _("Each opening of %(day)s needs an opening and a closing time.")
        raise ScheduleUnclear(sentence % {"day": where})
    opens, closes = (_minutes(time, where=where) for time in pair)
    if opens == DAY_MINUTES:
        sentence = _("%(day)s cannot open at 24:00. Write 00:00 on the day after.")
        raise ScheduleUnclear(sentence % {"day": where})
    return opens, closes


def _minutes(time: object, *, where: str) -> int:
    found = CLOCK.fullmatch(time) if isinstance(time, str) else None
    minutes = int(found[1]) * 60 + int(found[2]) if found else DAY_MINUTES + 1
    if minutes > DAY_MINUTES:
        sentence = _("“%(time)s” on %(day)s is not a time of day. Write it from 00:00 to 24:00, such as 08:30.")
        raise ScheduleUnclear(sentence % {"time": time, "day": where})
    return minutes


def _day(value: object) -> date:
    try:
        return value if isinstance(value, date) else date.fromisoformat(str(value))
    except ValueError:
        sentence = _("“%(date)s” is not a date. Write it as 2026-12-25.")
        raise ScheduleUnclear(sentence % {"date": value}) from None


def _note(value: object, *, day: date) -> str:
    if len(note := str(value or "").strip()) > NOTE_LENGTH:
        sentence = _("The note on %(day)s is longer than %(limit)s characters. Shorten it.")
        raise ScheduleUnclear(sentence % {"day": day.isoformat(), "limit": NOTE_LENGTH})
    return note


def _limited(data: Any) -> Any:
    if not isinstance(data, Mapping | list | tuple):
        raise ScheduleUnclear(_("Holidays and exceptions are given date by date."))
    if len(data) > SPECIAL_DATES:
        sentence = _("A calendar holds at most %(limit)s special dates. Remove the past ones.")
        raise ScheduleUnclear(sentence % {"limit": SPECIAL_DATES})
    return data


def _holidays(data: object) -> dict[date, str]:
    """Named dates as a mapping, or bare dates as a list."""
    given = _limited(data)
    named = given if isinstance(given, Mapping) else dict.fromkeys(given, "")
    return {(day := _day(key)): _note(name, day=day) for key, name in named.items()}


def _exceptions(data: object) -> dict[date, Special]:
    """Each date with its hours, or with `{"intervals", "note"}`."""
    given = _limited(data)
    if not isinstance(given, Mapping):
        raise ScheduleUnclear(_("Holidays and exceptions are given date by date."))
    return {(day := _day(key)): _special(value, day=day) for key, value in given.items()}


def _special(value: object, *, day: date) -> Special:
    if isinstance(value, Mapping):
        hours, note = value.get("intervals") or (), value.get("note")
    else:
        hours, note = value or (), ""
    return Special(hours=_hours(hours, where=day.isoformat()), note=_note(note, day=day))
