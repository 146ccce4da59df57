"""A calendar's schedule with one thing changed: the week, one date, one holiday. Plain data in, plain data out."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from wellkept.clients.fields import a_date
from wellkept.web.settings.hours import read_line, words

Schedule = Mapping[str, Any]


@dataclass(frozen=True)
class Dated:
    """One special date as the page lists it."""

    on: date
    hours: str
    note: str


def with_week(schedule: Schedule, weekly: dict[str, list[list[str]]], time_zone: str) -> dict[str, Any]:
    return {**schedule, "weekly": weekly, "tz": time_zone}


def with_exception(schedule: Schedule, on: str, hours: str, note: str) -> dict[str, Any]:
    """Other hours on one date; an empty line closes it."""
    day = a_date(on, field="on").isoformat()
    said = {"intervals": read_line(hours, "date"), "note": note}
    return {**schedule, "exceptions": {**schedule.get("exceptions", {}), day: said}}


def with_holiday(schedule: Schedule, on: str, name: str) -> dict[str, Any]:
    day = a_date(on, field="on").isoformat()
    return {**schedule, "holidays": {**schedule.get("holidays", {}), day: name}}


def without(schedule: Schedule, part: str, on: str) -> dict[str, Any]:
    """The same without one date of `holidays` or `exceptions`."""
    return {**schedule, part: {day: said for day, said in schedule.get(part, {}).items() if day != on}}


def exceptions(schedule: Schedule, since: date) -> list[Dated]:
    """Special dates from `since` on, soonest first."""
    found = [
        Dated(date.fromisoformat(day), words(said.get("intervals", [])), said.get("note", ""))
        for day, said in schedule.get("exceptions", {}).items()
    ]
    return sorted((each for each in found if each.on >= since), key=lambda each: each.on)


def holidays(schedule: Schedule, since: date) -> list[Dated]:
    found = [Dated(date.fromisoformat(day), "", name) for day, name in schedule.get("holidays", {}).items()]
    return sorted((each for each in found if each.on >= since), key=lambda each: each.on)
