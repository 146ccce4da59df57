"""Business-time arithmetic: one question on integers and on datetimes, and three years compiled."""

from __future__ import annotations

import timeit
from bisect import bisect_right
from collections.abc import Callable
from datetime import UTC, datetime, timedelta

from bench.figures import Context, Figure
from wellkept.calendars.rules import Compiled, read
from wellkept.core.instants import instant, micros

TIMES, REPEATS = 20_000, 5
WEEK = {day: [["08:30", "12:15"], ["13:00", "17:45"]] for day in ("mon", "tue", "wed", "thu", "fri")}
SCHEDULE = {"tz": "Pacific/Auckland", "weekly": WEEK, "holidays": {"2026-02-06": "Waitangi Day"}}
START = datetime(2026, 1, 14, 3, tzinfo=UTC)
END = START + timedelta(days=40)
ON_INTEGERS_US, ON_DATETIMES_US, COMPILE_MS = 2, 5, 20


def run(context: Context) -> list[Figure]:
    calendar = compiled()
    line, start, end = calendar.line, micros(START), micros(END)
    opens = list(range(0, 2_000_000, 1_000))
    search = each(lambda: bisect_right(opens, 1_234_567))
    there_and_back = each(lambda: instant(micros(START)))
    integers: dict[str, Callable[[], object]] = {
        "add": lambda: line.add(start, 1_440 * 60_000_000),
        "sub": lambda: line.sub(end, 1_440 * 60_000_000),
        "between": lambda: line.between(start, end),
        "is open": lambda: line.is_open(start),
        "next open": lambda: line.next_open(start),
    }
    datetimes: dict[str, Callable[[], object]] = {
        "add": lambda: calendar.add(START, 1_440),
        "sub": lambda: calendar.sub(END, 1_440),
        "between": lambda: calendar.between(START, END),
        "is open": lambda: calendar.is_open(START),
        "next open": lambda: calendar.next_open(START),
    }
    return [
        *(figure(context, f"{name}, integers", work, search, ON_INTEGERS_US) for name, work in integers.items()),
        *(
            figure(context, f"{name}, datetimes", work, search + there_and_back, ON_DATETIMES_US)
            for name, work in datetimes.items()
        ),
        context.figure("business time: three years compiled", each(compiled, times=10) / 1000, "ms", bar=COMPILE_MS),
    ]


def compiled() -> Compiled:
    """Read, cut and laid out for the three years around the first question."""
    calendar = Compiled(read(SCHEDULE))
    calendar.is_open(START)
    return calendar


def figure(context: Context, name: str, work: Callable[[], object], floor: float, bar: float) -> Figure:
    return context.figure(f"business time: {name}", each(work), "µs", floor=round(floor, 3), bar=bar)


def each(work: Callable[[], object], *, times: int = TIMES) -> float:
    """Microseconds for one call, the quietest of several runs."""
    return min(timeit.repeat(work, number=times, repeat=REPEATS)) / times * 1e6
