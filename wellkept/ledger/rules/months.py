"""Days, months and years of a book. Every stretch is half-open: `since` belongs to it, `until` does not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import TypeVar

Key = TypeVar("Key")
DAY, THIRD, MONTH, QUARTER, YEAR = SPANS = range(1, 6)
NOTHING = (0, 0, 0)
FIRST = date(1900, 1, 1)
LAST = date(2200, 12, 31)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Whole spans of one length from `since` to before `until`."""

    span: int
    since: date
    until: date


def month_of(on: date) -> date:
    """The first day of its month."""
    return on.replace(day=1)


def year_of(on: date) -> date:
    """The first day of its calendar year."""
    return on.replace(month=1, day=1)


def next_month(on: date) -> date:
    """The first day of the month after."""
    return date(on.year + on.month // 12, on.month % 12 + 1, 1)


def month_before(on: date) -> date:
    """The first day of the month before."""
    return month_of(month_of(on) - timedelta(days=1))


def months_later(on: date, months: int) -> date:
    """The first day of the month so many months later, or earlier."""
    count = on.year * 12 + on.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def year_start(on: date, fiscal_month: int) -> date:
    """The first day of the fiscal year that holds the day."""
    return date(on.year - (on.month < fiscal_month), fiscal_month, 1)


def third_of(on: date) -> date:
    """The first day of its third of the month: the 1st, the 11th or the 21st."""
    return on.replace(day=1 if on.day < 11 else 11 if on.day < 21 else 21)


def quarter_of(on: date) -> date:
    """The first day of its quarter of the calendar year."""
    return date(on.year, on.month - (on.month - 1) % 3, 1)


def start_of(span: int, on: date) -> date:
    """The first day of the span that holds the day."""
    return _STARTS[span](on)


def start_after(span: int, on: date) -> date:
    """The first day of the span after the one that holds the day."""
    start = start_of(span, on)
    return start_of(span, start + timedelta(days=_LONGER[span])) if span != DAY else start + timedelta(days=1)


def spans_of(on: date) -> tuple[tuple[int, date], ...]:
    """The day, the third, the month, the quarter and the year a day is counted in."""
    month = on.replace(day=1)
    return (
        (DAY, on),
        (THIRD, third_of(on)),
        (MONTH, month),
        (QUARTER, quarter_of(month)),
        (YEAR, month.replace(month=1)),
    )


def cover(since: date | None, until: date) -> list[Stretch]:
    """The fewest whole spans that make up a stretch, longest where they fit; without `since`, from the beginning."""
    start = since or FIRST
    return list(_covered(YEAR, start, until)) if start < until else []


def _covered(span: int, since: date, until: date) -> Iterator[Stretch]:
    if since >= until:
        return
    if span == DAY:
        yield Stretch(DAY, since, until)
        return
    first = since if since == start_of(span, since) else start_after(span, since)
    last = start_of(span, until)
    if first >= last:
        yield from _covered(span - 1, since, until)
        return
    yield from _covered(span - 1, since, first)
    yield Stretch(span, first, last)
    yield from _covered(span - 1, last, until)


_STARTS = {DAY: lambda on: on, THIRD: third_of, MONTH: month_of, QUARTER: quarter_of, YEAR: year_of}
_LONGER = {THIRD: 11, MONTH: 31, QUARTER: 92, YEAR: 366}  # from its first day, safely within the next


def by_span(
    by_day: Mapping[tuple[Key, date, str], Sequence[int]],
) -> dict[tuple[Key, int, date, str], tuple[int, int, int]]:
    """Debits, credits and foreign amounts of days, added up to every span."""
    sums: dict[tuple[Key, int, date, str], tuple[int, int, int]] = {}
    for (key, day, currency), (debit, credit, foreign) in by_day.items():
        for span, start in spans_of(day):
            place = (key, span, start, currency)
            before = sums.get(place, NOTHING)
            sums[place] = (before[0] + debit, before[1] + credit, before[2] + foreign)
    return sums
