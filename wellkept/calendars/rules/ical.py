"""The events of an iCalendar file, as plain rows. Runs in a process that can be killed; says nothing in any language."""

from __future__ import annotations

import json
from datetime import date, datetime
from typing import Any, NamedTuple

import icalendar

EVENTS = 2_000
NAME_LENGTH = 200


class Event(NamedTuple):
    """What a file says of one event. `starts_on` is None when it is no all-day event; `ends_on` is the day after its last."""

    name: str
    starts_on: date | None
    ends_on: date | None
    cancelled: bool
    repeats: bool


def answer(raw: bytes, how: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """The events for the wire; `null` when the bytes are no calendar."""
    try:
        events = icalendar.Calendar.from_ical(raw).walk("VEVENT")[:EVENTS]
        rows = [_row(event) for event in events]
    except (ValueError, IndexError, KeyError, TypeError, AttributeError, RecursionError):
        return b"null", ()
    return json.dumps(rows).encode(), ()


def from_wire(head: bytes, blob: bytes) -> list[Event] | None:
    """The inverse of `answer`."""
    rows = json.loads(head)
    return None if rows is None else [Event(row[0], _date(row[1]), _date(row[2]), row[3], row[4]) for row in rows]


def _row(event: Any) -> list[Any]:
    starts_on, ends_on = _day(event, "DTSTART"), _day(event, "DTEND")
    return [
        str(event.get("SUMMARY") or "")[:NAME_LENGTH],
        starts_on and starts_on.isoformat(),
        ends_on and ends_on.isoformat(),
        str(event.get("STATUS") or "").upper() == "CANCELLED",
        bool(event.get("RRULE") or event.get("RDATE")),
    ]


def _day(event: Any, name: str) -> date | None:
    """A plain date; a date with a time, or one that is none, is nothing."""
    try:
        value = getattr(event.get(name), "dt", None)
    except ValueError:
        return None
    return value if isinstance(value, date) and not isinstance(value, datetime) else None


def _date(value: str | None) -> date | None:
    return None if value is None else date.fromisoformat(value)
