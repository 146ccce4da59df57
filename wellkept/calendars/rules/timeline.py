"""Open time as a sorted line of UTC spans with running totals, so that every question is one or two bisections.

All instants are whole microseconds, so that nothing is ever rounded. The line reaches as far as it has been asked for
and grows by itself.
"""

from bisect import bisect_left, bisect_right
from datetime import UTC, date, datetime
from threading import Lock
from typing import NamedTuple
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from wellkept.calendars.rules.pieces import DAY, Pieces, Span
from wellkept.calendars.rules.refusals import BeyondCalendar
from wellkept.core.instants import instant, micros

EPOCH_ORDINAL = date(1970, 1, 1).toordinal()
FIRST_YEAR, LAST_YEAR = 1970, 2150
YEARS_AT_ONCE = 3


class Line(NamedTuple):
    """`totals[i]` is the open time before span `i`; the first span is empty and marks where the line begins."""

    begins: int
    ends: int
    opens: list[int]
    closes: list[int]
    totals: list[int]


class Timeline:
    """Answers for one time zone and one set of pieces. Safe to share between threads: a grown line replaces the old one."""

    def __init__(self, tz: ZoneInfo, pieces: Pieces) -> None:
        self._tz = tz
        self._pieces = pieces
        self._lock = Lock()
        self._line = Line(0, 0, [0], [0], [0, 0])

    def add(self, start: int, amount: int) -> int:
        """The earliest instant by which `amount` of open time has passed since `start`; `start` itself for nothing."""
        if amount <= 0:
            return self.sub(start, -amount) if amount else start
        line = self._line
        if not line.begins <= start < line.ends:
            line = self._reach(start)
        span = bisect_right(line.opens, start) - 1
        opened, closed = line.opens[span], line.closes[span]
        wanted = line.totals[span] + (start if start < closed else closed) - opened + amount
        while wanted > line.totals[-1]:
            line = self._reach(line.ends)
            wanted = amount + _passed(line, start)
        span = bisect_left(line.totals, wanted) - 1
        return line.opens[span] + wanted - line.totals[span]

    def sub(self, start: int, amount: int) -> int:
        """The latest instant from which `amount` of open time passes until `start`; `start` itself for nothing."""
        if amount <= 0:
            return self.add(start, -amount) if amount else start
        line = self._reach(start)
        while (wanted := _passed(line, start) - amount) < line.totals[0]:
            line = self._reach(line.begins - 1)
        span = bisect_right(line.totals, wanted) - 1
        return line.opens[span] + wanted - line.totals[span]

    def between(self, start: int, end: int) -> int:
        """Open time from `start` to `end`; negative when `end` comes first."""
        line = self._reach(start)
        if not line.begins <= end < line.ends:
            self._reach(end)
            line = self._reach(start)
        return _passed(line, end) - _passed(line, start)

    def is_open(self, at: int) -> bool:
        line = self._reach(at)
        return at < line.closes[bisect_right(line.opens, at) - 1]

    def next_open(self, at: int) -> int:
        """`at` itself when open, else the next opening."""
        line = self._reach(at)
        span = bisect_right(line.opens, at) - 1
        if at < line.closes[span]:
            return at
        while span + 1 >= len(line.opens):
            line = self._reach(line.ends)
            span = bisect_right(line.opens, at) - 1
        return line.opens[span + 1]

    def next_close(self, at: int) -> int:
        """The end of the opening that `at` is in, or of the next one. A line's last opening may run on: look past it."""
        opened = self.next_open(at)
        line = self._reach(opened)
        span = bisect_right(line.opens, opened) - 1
        if line.closes[span] < line.ends or line.ends >= _new_year(LAST_YEAR):
            return line.closes[span]
        self._reach(line.ends)
        return self.next_close(at)

    def spans(self, start: int, end: int) -> list[Span]:
        """The open spans of `[start, end)`, clipped to it."""
        if end <= start:
            return []
        self._reach(end)
        line = self._reach(start)
        first, last = bisect_right(line.closes, start), bisect_left(line.opens, end)
        return [
            (max(opened, start), min(closed, end))
            for opened, closed in zip(line.opens[first:last], line.closes[first:last], strict=True)
        ]

    def closures(self, start: int, end: int, *, limit: int) -> list[int]:
        """Where closed time falls between two instants, as open time since `start`; none when there are more than `limit`."""
        self._reach(end)
        line = self._reach(start)
        first, last = bisect_right(line.closes, start), bisect_left(line.opens, end)
        if last - first - 1 > limit:
            return []
        passed = _passed(line, start)
        return [gone - passed for gone in line.totals[first + 1 : last]]

    def _reach(self, at: int) -> Line:
        line = self._line
        return line if line.begins <= at < line.ends else self._grow(at)

    def _grow(self, at: int) -> Line:
        """Compile whole years until the line holds `at`, keeping what is there."""
        year = _year(at)
        if not FIRST_YEAR <= year < LAST_YEAR:
            sentence = _("Calendars answer for the years %(first)s to %(last)s.")
            raise BeyondCalendar(sentence % {"first": FIRST_YEAR, "last": LAST_YEAR - 1})
        with self._lock:
            line = self._line
            if line.begins == line.ends:
                line = self._compiled(year - 1, year - 1 + YEARS_AT_ONCE)
            while at >= line.ends:
                line = _joined(line, self._compiled(_year(line.ends), _year(line.ends) + YEARS_AT_ONCE))
            while at < line.begins:
                line = _joined(self._compiled(_year(line.begins) - YEARS_AT_ONCE, _year(line.begins)), line)
            self._line = line
        return line

    def _compiled(self, first_year: int, end_year: int) -> Line:
        begins, ends = _new_year(first_year), _new_year(end_year)
        opens, closes, totals = [begins], [begins], [0, 0]
        for start, end, offset in _offsets(self._tz, begins, ends):
            self._lay(start, end, offset, opens, closes)
        total = 0
        for opened, closed in zip(opens[1:], closes[1:], strict=True):
            total += closed - opened
            totals.append(total)
        return Line(begins, ends, opens, closes, totals)

    def _lay(self, start: int, end: int, offset: int, opens: list[int], closes: list[int]) -> None:
        """Append the open spans of a stretch of time in which the zone's offset stays the same."""
        first, last = (start + offset) // DAY, (end + offset - 1) // DAY
        for day in range(first, last + 1):
            midnight = day * DAY - offset
            for opening, closing in self._pieces.of(day + EPOCH_ORDINAL):
                opened, closed = max(midnight + opening, start), min(midnight + closing, end)
                if opened >= closed:
                    continue
                if opened == closes[-1] and len(closes) > 1:
                    closes[-1] = closed
                else:
                    opens.append(opened)
                    closes.append(closed)


def _passed(line: Line, at: int) -> int:
    """Open time from wherever the totals count to `at`, which lies on the line."""
    span = bisect_right(line.opens, at) - 1
    closed = line.closes[span]
    return line.totals[span] + (at if at < closed else closed) - line.opens[span]


def _joined(early: Line, late: Line) -> Line:
    """Two neighbouring lines as one. The totals of the later keep their values, so open sums stay comparable."""
    shift = late.totals[0] - early.totals[-1]
    totals = [total + shift for total in early.totals]
    opens, closes, rest = early.opens[:], early.closes[:], 1
    if len(late.opens) > 1 and late.opens[1] == closes[-1] and len(closes) > 1:
        closes[-1] = late.closes[1]
        totals[-1] = late.totals[2]
        rest = 2
    return Line(
        early.begins,
        late.ends,
        opens + late.opens[rest:],
        closes + late.closes[rest:],
        totals + late.totals[rest + 1 :],
    )


def _year(at: int) -> int:
    return instant(at).year


def _new_year(year: int) -> int:
    return micros(datetime(year, 1, 1, tzinfo=UTC))


def _offsets(tz: ZoneInfo, begins: int, ends: int) -> list[tuple[int, int, int]]:
    """`[start, end)` stretches with one offset each; a change is looked for day by day and then pinned down."""
    stretches: list[tuple[int, int, int]] = []
    start, offset = begins, _offset(tz, begins)
    for probe in range(begins + DAY, ends + DAY, DAY):
        if (then := _offset(tz, probe)) != offset:
            change = _change(tz, probe - DAY, probe)
            stretches.append((start, change, offset))
            start, offset = change, then
    stretches.append((start, ends, offset))
    return stretches


def _change(tz: ZoneInfo, low: int, high: int) -> int:
    """The second at which the offset of `low` gives way to that of `high`."""
    before = _offset(tz, low)
    early, late = low // 1_000_000, high // 1_000_000
    while late - early > 1:
        middle = (early + late) // 2
        if _offset(tz, middle * 1_000_000) == before:
            early = middle
        else:
            late = middle
    return late * 1_000_000


def _offset(tz: ZoneInfo, at: int) -> int:
    shown = instant(at).astimezone(tz).utcoffset()
    return 0 if shown is None else (shown.days * 86_400 + shown.seconds) * 1_000_000
