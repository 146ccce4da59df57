"""A schedule ready to answer: the datetimes' side of `Timeline`, and the words for why time counted or did not."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from enum import StrEnum
from itertools import pairwise
from zoneinfo import ZoneInfo

from wellkept.calendars.rules.pieces import DAY, MINUTE, cut
from wellkept.calendars.rules.schedule import DAY_MINUTES, Schedule
from wellkept.calendars.rules.timeline import Timeline
from wellkept.core.instants import instant, micros


class Reason(StrEnum):
    OPEN = "open"
    CLOSED = "closed"
    HOLIDAY = "holiday"
    EXCEPTION = "exception"


@dataclass(frozen=True, slots=True)
class Stretch:
    """A stretch of time that counted or was skipped, and why; `note` names the holiday or explains the exception."""

    start_at: datetime
    end_at: datetime
    counted: bool
    reason: Reason
    note: str = ""

    @property
    def length(self) -> timedelta:
        return self.end_at - self.start_at


@dataclass(frozen=True, slots=True)
class Day:
    """One date of a calendar as a picture shows it: minutes since midnight, end exclusive."""

    on: date
    hours: tuple[tuple[int, int], ...]
    reason: Reason
    note: str = ""


class Compiled:
    """Business time of one schedule. Datetimes are aware; answers are in UTC; periods are half-open."""

    def __init__(self, schedule: Schedule) -> None:
        self.schedule = schedule
        self._pieces = cut(schedule)
        self.line = Timeline(schedule.tz, self._pieces)

    @property
    def tz(self) -> ZoneInfo:
        return self.schedule.tz

    def add(self, start_at: datetime, minutes: int) -> datetime:
        """The earliest instant by which so many open minutes have passed; `start_at` itself for none."""
        return instant(self.line.add(micros(start_at), minutes * MINUTE))

    def sub(self, start_at: datetime, minutes: int) -> datetime:
        """The latest instant from which so many open minutes pass until `start_at`; `start_at` itself for none."""
        return instant(self.line.sub(micros(start_at), minutes * MINUTE))

    def between(self, start_at: datetime, end_at: datetime) -> float:
        """Open minutes; negative when the end comes first."""
        return self.line.between(micros(start_at), micros(end_at)) / MINUTE

    def is_open(self, at: datetime) -> bool:
        return self.line.is_open(micros(at))

    def next_open(self, at: datetime) -> datetime:
        """`at` itself when open, else the next opening."""
        return instant(self.line.next_open(micros(at)))

    def next_close(self, at: datetime) -> datetime:
        """The end of the opening that `at` is in, or of the next one."""
        return instant(self.line.next_close(micros(at)))

    def cuts(self, start_at: datetime, end_at: datetime) -> list[tuple[datetime, datetime]]:
        """The closed spans between two instants."""
        start, end = micros(start_at), micros(end_at)
        position, closed = start, []
        for opens, closes in [*self.line.spans(start, end), (end, end)]:
            if position < opens:
                closed.append((instant(position), instant(opens)))
            position = closes
        return closed

    def explain(self, start_at: datetime, end_at: datetime, *, limit: int = 400) -> list[Stretch]:
        """Every counted and skipped stretch in order, covering `[start_at, end_at)` without gaps; the first `limit` of them."""
        stretches: list[Stretch] = []
        for start, end, counted in self._alternating(micros(start_at), micros(end_at)):
            stretch = self._stretch(start, end, counted)
            last = stretches[-1] if stretches else None
            if last and (last.counted, last.reason, last.note) == (counted, stretch.reason, stretch.note):
                stretches[-1] = Stretch(last.start_at, stretch.end_at, counted, last.reason, last.note)
            elif len(stretches) == limit:
                break
            else:
                stretches.append(stretch)
        return stretches

    def days(self, first_on: date, end_on: date) -> list[Day]:
        return [self._day(date.fromordinal(day)) for day in range(first_on.toordinal(), end_on.toordinal())]

    def day_minutes(self) -> int:
        """The open minutes of the commonest open weekday, the longest of several: what "one business day" means here."""
        lengths = [total for spans in self._pieces.weekday if (total := sum(end - start for start, end in spans))]
        return max(lengths, key=lambda total: (lengths.count(total), total)) // MINUTE

    def _alternating(self, start: int, end: int) -> Iterator[tuple[int, int, bool]]:
        """Open and closed spans in turn, cut where a special date begins or ends."""
        borders = self._special_borders(start, end)
        position = start
        for opened, closed in [*self.line.spans(start, end), (end, end)]:
            yield from _cut_at(borders, position, opened, counted=False)
            yield from _cut_at(borders, opened, closed, counted=True)
            position = closed

    def _special_borders(self, start: int, end: int) -> list[int]:
        """Local midnights on either side of the special dates that lie between."""
        low, high = instant(max(start - DAY, 0)).date(), instant(end + DAY).date()
        days = {day for day in (*self.schedule.holidays, *self.schedule.exceptions) if low <= day <= high}
        days |= {date.fromordinal(day.toordinal() + 1) for day in days}
        return sorted(micros(datetime(day.year, day.month, day.day, tzinfo=self.tz).astimezone(UTC)) for day in days)

    def _stretch(self, start: int, end: int, counted: bool) -> Stretch:
        start_at = instant(start)
        reason, note = self._why(start_at.astimezone(self.tz).date(), counted)
        return Stretch(start_at, instant(end), counted, reason, note)

    def _why(self, day: date, counted: bool) -> tuple[Reason, str]:
        plain = Reason.OPEN if counted else Reason.CLOSED
        if (special := self.schedule.special(day)) is None:
            return plain, ""
        return (Reason.EXCEPTION if day in self.schedule.exceptions else Reason.HOLIDAY), special.note

    def _day(self, day: date) -> Day:
        hours = tuple((start // MINUTE, end // MINUTE) for start, end in self._pieces.of(day.toordinal()))
        reason, note = self._why(day, bool(hours))
        return Day(day, hours, reason, note)


def _cut_at(borders: list[int], start: int, end: int, *, counted: bool) -> Iterator[tuple[int, int, bool]]:
    inside = [border for border in borders if start < border < end]
    for early, late in pairwise([start, *inside, end]):
        if early < late:
            yield early, late, counted


ELAPSED = Compiled(Schedule(tz=ZoneInfo("UTC"), weekly=(((0, DAY_MINUTES),),) * 7))
"""The clock that never stops: elapsed time, with the same questions as business time."""
