"""A day as a line: its working hours, the promises that fall due on it, and where now is."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from wellkept.calendars import queries as calendars
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.web.shell.promises import Row
from wellkept.web.shell.words import Reader, clock

WORST_FIRST = ("broken", "risk", "wait", "open", "kept")
WIDE, NARROW = 2.7, 7.5  # how near, in percent of the line, two marks of 24 px may stand on a desk and on a phone
AROUND = timedelta(minutes=30)


@dataclass(frozen=True)
class Mark:
    """One or several promises at one place of the line."""

    at: float
    state: str
    rows: tuple[Row, ...]

    @property
    def row(self) -> Row:
        return self.rows[0]

    @property
    def count(self) -> int:
        return len(self.rows)


@dataclass(frozen=True)
class Hour:
    at: float
    text: str
    near: bool = False  # under the label of now where the line is narrow


@dataclass(frozen=True)
class Block:
    """An open stretch of the day, as distances from both ends."""

    start: float
    end: float
    text: str


@dataclass(frozen=True)
class Line:
    starts_at: datetime
    ends_at: datetime
    now: float
    now_text: str
    blocks: list[Block]
    hours: list[Hour]
    wide: list[Mark]
    narrow: list[Mark]
    is_open_day: bool


def bounds(on: date, zone: ZoneInfo) -> tuple[datetime, datetime]:
    """The day as a half-open period in `zone`."""
    start = datetime.combine(on, time(0), zone)
    return start, datetime.combine(on + timedelta(days=1), time(0), zone)


def line(rows: Sequence[Row], *, by: Staff, reader: Reader) -> Line:
    """From a little before the first opening (or due time) to a little after the last."""
    day_starts, day_ends = bounds(reader.today, reader.zone)
    spans = _open_spans(by, day_starts, day_ends)
    due = [row.due_at for row in rows if day_starts <= row.due_at < day_ends]
    first = min([*(span[0] for span in spans), *due], default=day_starts + timedelta(hours=8)) - AROUND
    last = max([*(span[1] for span in spans), *due], default=day_starts + timedelta(hours=18)) + AROUND
    first, last = max(first, day_starts), min(last, day_ends)
    today = [row for row in rows if day_starts <= row.due_at < day_ends]
    return Line(
        starts_at=first,
        ends_at=last,
        now=_at(reader.now, first, last),
        now_text=clock(reader.now, reader),
        blocks=[
            Block(_at(a, first, last), 100 - _at(b, first, last), f"{clock(a, reader)}–{clock(b, reader)}")
            for a, b in spans
        ],
        hours=_hours(first, last, reader),
        wide=_merged(today, first, last, WIDE),
        narrow=_merged(today, first, last, NARROW),
        is_open_day=bool(spans),
    )


def _open_spans(by: Staff, starts: datetime, ends: datetime) -> list[tuple[datetime, datetime]]:
    """The working hours of the person, or the firm's."""
    firm = people.firm()
    calendar = by.calendar or (firm.calendar if firm else None)
    if calendar is None:
        return []
    compiled = calendars.compiled(calendars.current(calendar).pk)
    closed = compiled.cuts(starts, ends)
    spans, at = [], starts
    for closed_from, closed_to in closed:
        if closed_from > at:
            spans.append((at, closed_from))
        at = closed_to
    return [*spans, (at, ends)] if at < ends else spans


def _at(moment: datetime, first: datetime, last: datetime) -> float:
    return round((moment - first).total_seconds() / max(1.0, (last - first).total_seconds()) * 100, 2)


def _hours(first: datetime, last: datetime, reader: Reader) -> list[Hour]:
    """Full hours, without those the label of now would cover."""
    here, found = _at(reader.now, first, last), []
    moment = first.replace(minute=0, second=0, microsecond=0) + timedelta(hours=1)
    while moment < last:
        found.append((_at(moment, first, last), str(moment.astimezone(reader.zone).hour)))
        moment += timedelta(hours=1)
    step = 1 if len(found) <= 14 else 2 if len(found) <= 24 else 3
    return [Hour(at, text, abs(at - here) < NARROW + 1) for at, text in found[::step] if abs(at - here) > WIDE]


def _merged(rows: Sequence[Row], first: datetime, last: datetime, near: float) -> list[Mark]:
    """Marks nearer than `near` become one, in the worst of their states."""
    marks: list[Mark] = []
    for row in sorted(rows, key=lambda row: row.due_at):
        at = _at(row.due_at, first, last)
        if marks and at - marks[-1].at < near:
            both = (*marks[-1].rows, row)
            marks[-1] = Mark(marks[-1].at, min((r.state for r in both), key=WORST_FIRST.index), both)
        else:
            marks.append(Mark(at, row.state, (row,)))
    return marks
