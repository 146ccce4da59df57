"""A schedule cut at midnight: which local microseconds of each date are open."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date

from wellkept.calendars.rules.schedule import DAY_MINUTES, Minutes, Schedule

MINUTE = 60_000_000
DAY = DAY_MINUTES * MINUTE

Span = tuple[int, int]


@dataclass(frozen=True, slots=True)
class Pieces:
    """Open spans since local midnight, merged and sorted: by weekday, and by ordinal for the dates that differ."""

    weekday: tuple[tuple[Span, ...], ...]
    special: Mapping[int, tuple[Span, ...]]

    def of(self, ordinal: int) -> tuple[Span, ...]:
        found = self.special.get(ordinal)
        return self.weekday[(ordinal + 6) % 7] if found is None else found


def cut(schedule: Schedule) -> Pieces:
    """An end at or before its start runs past midnight; its tail belongs to the next date, which a special date replaces."""
    weekday = tuple(merged([*_head(schedule.weekly[day]), *_tail(schedule.weekly[day - 1])]) for day in range(7))
    special = {day.toordinal(): merged(_head(_hours(schedule, day))) for day in _special_days(schedule)}
    replaced = set(special)
    for day, exception in schedule.exceptions.items():
        after = day.toordinal() + 1
        if after not in replaced and (tail := _tail(exception.hours)):
            special[after] = merged([*weekday[(after + 6) % 7], *tail])
    return Pieces(weekday, special)


def _special_days(schedule: Schedule) -> set[date]:
    return {*schedule.holidays, *schedule.exceptions}


def _hours(schedule: Schedule, day: date) -> tuple[Minutes, ...]:
    special = schedule.special(day)
    return special.hours if special else ()


def _head(hours: Iterable[Minutes]) -> list[Span]:
    return [(opens * MINUTE, (closes if closes > opens else DAY_MINUTES) * MINUTE) for opens, closes in hours]


def _tail(hours: Iterable[Minutes]) -> list[Span]:
    return [(0, closes * MINUTE) for opens, closes in hours if 0 < closes <= opens]


def merged(spans: Iterable[Span]) -> tuple[Span, ...]:
    """Overlapping and touching spans count once."""
    joined: list[Span] = []
    for start, end in sorted(spans):
        if joined and start <= joined[-1][1]:
            joined[-1] = (joined[-1][0], max(end, joined[-1][1]))
        else:
            joined.append((start, end))
    return tuple(joined)
