"""Laws that hold for any schedule, and a slow oracle that looks at the local clock minute by minute."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as some

from wellkept.calendars.rules import WEEKDAYS, Compiled, Schedule, read
from wellkept.core.instants import micros

MINUTE = 60_000_000
# Each date has a change of offset near it: whole hours, half an hour, at midnight, a skipped day.
TURNS = {
    "America/New_York": date(2026, 3, 8),
    "Europe/London": date(2026, 10, 25),
    "Australia/Lord_Howe": date(2026, 4, 5),
    "America/Sao_Paulo": date(2018, 11, 4),
    "Pacific/Apia": date(2011, 12, 30),
    "Asia/Kathmandu": date(2026, 1, 4),
    "America/St_Johns": date(2026, 11, 1),
}

times = some.integers(0, 48).map(lambda half: f"{half // 2:02d}:{half % 2 * 30:02d}")
openings = some.lists(
    some.tuples(times, times).filter(lambda pair: pair[0] != "24:00").map(list), min_size=1, max_size=3
)


@some.composite
def schedules(draw: some.DrawFn) -> tuple[Schedule, datetime]:
    """A schedule, and an instant within days of the change of offset in its zone."""
    tz, turn = draw(some.sampled_from(sorted(TURNS.items())))
    near = some.integers(-4, 4).map(lambda days: (turn + timedelta(days=days)).isoformat())
    data: dict[str, Any] = {
        "tz": tz,
        "weekly": draw(some.dictionaries(some.sampled_from(WEEKDAYS), openings, min_size=1)),
        "holidays": draw(some.lists(near, max_size=3)),
        "exceptions": draw(some.dictionaries(near, some.one_of(some.just([]), openings), max_size=3)),
    }
    minutes = draw(some.integers(-4 * 1440, 4 * 1440))
    return read(data), datetime(turn.year, turn.month, turn.day, tzinfo=UTC) + timedelta(minutes=minutes)


def covers(hours: tuple[tuple[int, int], ...], minute: int) -> bool:
    return any(opens <= minute < (closes if closes > opens else 1440) for opens, closes in hours)


def spills(hours: tuple[tuple[int, int], ...], minute: int) -> bool:
    return any(closes <= opens and minute < closes for opens, closes in hours)


def open_by_the_clock(schedule: Schedule, at: datetime) -> bool:
    here = at.astimezone(schedule.tz)
    today, minute = here.date(), here.hour * 60 + here.minute
    if (special := schedule.special(today)) is not None:
        return covers(special.hours, minute)
    yesterday = today - timedelta(days=1)
    late = schedule.exceptions.get(yesterday)
    return (
        covers(schedule.weekly[today.weekday()], minute)
        or spills(schedule.weekly[yesterday.weekday()], minute)
        or (late is not None and spills(late.hours, minute))
    )


@settings(max_examples=60, deadline=None)
@given(schedules(), some.integers(0, 4 * 1440))
def test_between_agrees_with_the_clock_on_the_wall(drawn: tuple[Schedule, datetime], minutes: int) -> None:
    schedule, start = drawn
    calendar = Compiled(schedule)

    seen = sum(open_by_the_clock(schedule, start + timedelta(minutes=m)) for m in range(minutes))

    assert calendar.between(start, start + timedelta(minutes=minutes)) == seen
    assert calendar.is_open(start) == open_by_the_clock(schedule, start)


@settings(max_examples=100, deadline=None)
@given(schedules(), some.integers(1, 30 * 1440 * MINUTE))
def test_add_is_the_earliest_and_sub_the_latest(drawn: tuple[Schedule, datetime], amount: int) -> None:
    line, start = Compiled(drawn[0]).line, micros(drawn[1])

    due, since = line.add(start, amount), line.sub(start, amount)

    assert line.between(start, due) == line.between(since, start) == amount
    assert line.is_open(due - 1) and line.is_open(since)
    assert line.sub(due, amount) == line.next_open(start)
    assert line.add(start, -amount) == since


@settings(max_examples=100, deadline=None)
@given(schedules(), some.lists(some.integers(-40 * 1440, 40 * 1440), min_size=3, max_size=3))
def test_between_adds_up_and_never_runs_back(drawn: tuple[Schedule, datetime], offsets: list[int]) -> None:
    line = Compiled(drawn[0]).line
    a, b, c = (micros(drawn[1]) + minutes * MINUTE for minutes in sorted(offsets))

    assert line.between(a, b) + line.between(b, c) == line.between(a, c) == -line.between(c, a)
    assert 0 <= line.between(a, b) <= b - a


@settings(max_examples=100, deadline=None)
@given(schedules(), some.integers(0, 90 * 1440), some.integers(0, 60 * MINUTE))
def test_a_later_start_or_a_longer_time_is_never_due_earlier(
    drawn: tuple[Schedule, datetime], minutes: int, later: int
) -> None:
    line, start = Compiled(drawn[0]).line, micros(drawn[1])
    amount = minutes * MINUTE

    assert line.add(start, amount) <= line.add(start + later, amount)
    assert line.add(start, amount) <= line.add(start, amount + later)


@settings(max_examples=60, deadline=None)
@given(schedules(), some.integers(1, 20 * 1440))
def test_explain_covers_every_minute_once(drawn: tuple[Schedule, datetime], minutes: int) -> None:
    calendar, start = Compiled(drawn[0]), drawn[1]
    end = start + timedelta(minutes=minutes)

    told = calendar.explain(start, end)

    assert [s.end_at for s in told] == [*(s.start_at for s in told[1:]), end]
    assert told[0].start_at == start
    counted = sum((s.length for s in told if s.counted), timedelta())
    assert counted == timedelta(minutes=calendar.between(start, end))


@settings(max_examples=15, deadline=None)
@given(schedules(), some.lists(some.integers(1995, 2050), min_size=1, max_size=4))
def test_a_grown_line_counts_like_a_fresh_one(drawn: tuple[Schedule, datetime], years: list[int]) -> None:
    schedule, start = drawn
    grown = Compiled(schedule)
    for year in years:
        grown.is_open(datetime(year, 6, 1, tzinfo=UTC))
    for year in years:
        at = datetime(year, 7, 1, tzinfo=UTC)
        fresh = Compiled(schedule)
        assert grown.between(start, at) == fresh.between(start, at)
        assert grown.add(at, 6000) == fresh.add(at, 6000)
