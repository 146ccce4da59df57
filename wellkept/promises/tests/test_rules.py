from datetime import datetime, timedelta
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as some

from wellkept.calendars.tests.desks import desk
from wellkept.clients.actions import HOUR
from wellkept.promises.rules import clock
from wellkept.promises.rules.clock import Clock, Pause
from wellkept.promises.rules.shares import Standing, Tally, affordable, back_after, standing
from wellkept.promises.tests.owing import DUE, FRIDAY, nz

OFFICE = desk()
SPLIT = desk("Pacific/Auckland", ["09:00", "12:00"], ["13:00", "17:00"])


def three_hours(**more: object) -> Clock:
    return Clock(OFFICE, FRIDAY, DUE, seconds=3 * HOUR, **more)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("pauses", "due"),
    [
        ([], "2026-03-09 11:00"),
        ([("2026-03-06 16:30", "2026-03-06 16:45")], "2026-03-09 11:15"),
        ([("2026-03-06 16:30", "2026-03-07 12:00")], "2026-03-09 11:30"),
        ([("2026-03-09 09:00", "2026-03-10 09:00"), ("2026-03-10 10:00", "2026-03-10 12:00")], "2026-03-10 13:00"),
        ([("2026-03-09 11:00", "2026-03-10 09:00")], "2026-03-09 11:00"),
        ([("2026-03-09 10:00", None)], "2026-03-09 11:00"),
        ([("2026-03-05 10:00", "2026-03-06 16:30")], "2026-03-09 11:30"),
    ],
)
def test_due_leaves_out_what_stood_still(pauses: list[tuple[str, str | None]], due: str) -> None:
    stood = [Pause(nz(since), nz(until) if until else None) for since, until in pauses]

    assert clock.due(OFFICE, FRIDAY, 3 * HOUR, stood) == nz(due)


@given(some.lists(some.integers(0, 6000), max_size=8), some.integers(1, 3000 * 60))
def test_pausing_step_by_step_is_counting_from_the_start(offsets: list[int], seconds: int) -> None:
    """Moving due at every resume gives what a recount from the original start gives."""
    times = [FRIDAY + timedelta(minutes=offset) for offset in sorted(offsets)]
    stood: list[Pause] = []
    due_at = clock.due(OFFICE, FRIDAY, seconds)
    for since, until in zip(times[::2], times[1::2], strict=False):
        ticking = Clock(OFFICE, FRIDAY, due_at, seconds, paused_at=since)
        due_at = clock.resumed_due(ticking, until)
        stood.append(Pause(since, until))

    assert clock.due(OFFICE, FRIDAY, seconds, stood) == due_at


def test_warnings_leave_the_rest_of_the_time() -> None:
    assert clock.warning_at(three_hours(), 50) == nz("2026-03-09 09:30")
    assert clock.warning_at(three_hours(), 80) == nz("2026-03-09 10:24")
    assert clock.warning_at(three_hours(), 100) == DUE


def test_a_date_within_closed_hours_is_counted_by_the_wall() -> None:
    saturday, sunday = nz("2026-03-07 12:00"), nz("2026-03-08 12:00")
    ticking = Clock(OFFICE, saturday, sunday)

    assert clock.warning_at(ticking, 50) == nz("2026-03-08 00:00")
    assert clock.thread(ticking, nz("2026-03-08 06:00")).left == 0.25


@pytest.mark.parametrize(
    ("at", "left", "seconds", "over"),
    [
        ("2026-03-06 16:00", 1.0, 10800, 0),
        ("2026-03-06 20:00", 0.6667, 7200, 0),
        ("2026-03-09 10:15", 0.25, 2700, 0),
        ("2026-03-09 11:00", 0.0, 0, 0),
        ("2026-03-09 13:12", 0.0, 0, 7920),
    ],
)
def test_the_thread_empties_in_working_time(at: str, left: float, seconds: int, over: int) -> None:
    thread = clock.thread(three_hours(), nz(at))

    assert (thread.left, thread.seconds_left, thread.over_seconds) == (left, seconds, over)
    assert thread.cuts == (0.3333,)


def test_time_is_up_in_the_evening_too() -> None:
    ticking = Clock(OFFICE, nz("2026-03-06 09:00"), nz("2026-03-06 17:00"), 480)

    assert clock.thread(ticking, nz("2026-03-06 17:01")).over_seconds == 60


def test_cuts_stand_where_the_office_was_closed() -> None:
    ticking = Clock(SPLIT, nz("2026-03-06 10:00"), nz("2026-03-09 10:00"))

    assert clock.thread(ticking, nz("2026-03-06 10:00")).cuts == (0.2857, 0.8571)


def test_a_clock_that_moved_is_drawn_by_what_was_promised() -> None:
    moved = Clock(OFFICE, FRIDAY, nz("2026-03-20 11:00"), seconds=3 * HOUR)

    assert clock.thread(moved, nz("2026-03-20 09:30")).left == 0.5


def test_time_taken_leaves_out_the_pauses() -> None:
    stood = [Pause(nz("2026-03-06 16:15"), nz("2026-03-09 10:00"))]

    assert clock.took_seconds(three_hours(), nz("2026-03-09 10:30"), stood) == 45 * 60
    assert clock.took_seconds(three_hours(), FRIDAY + timedelta(microseconds=1)) == 1


@pytest.mark.parametrize(
    ("kept", "late", "missed", "goal", "afford", "back", "word"),
    [
        (98, 1, 1, 9800, 0, 0, Standing.TIGHT),
        (100, 0, 0, 9800, 2, 0, Standing.HOLDING),
        (149, 1, 0, 9800, 2, 0, Standing.HOLDING),
        (97, 3, 0, 9800, 0, 50, Standing.UNDER),
        (48, 1, 0, 9800, 0, 1, Standing.UNDER),
        (10, 0, 0, 10000, 0, 0, Standing.TIGHT),
        (9, 1, 0, 10000, 0, None, Standing.UNDER),
        (0, 0, 0, 9800, 0, 0, Standing.NONE),
        (3, 0, 1, 7550, 0, 1, Standing.UNDER),
    ],
)
def test_misses_still_affordable_and_the_way_back(
    kept: int, late: int, missed: int, goal: int, afford: int, back: int | None, word: Standing
) -> None:
    tally = Tally(kept, late, missed)

    assert (affordable(tally, goal), back_after(tally, goal), standing(tally, goal)) == (afford, back, word)


@given(some.integers(0, 500), some.integers(0, 60), some.integers(1, 9999))
def test_affordable_and_back_after_mean_what_they_say(kept: int, missed: int, goal: int) -> None:
    line = Fraction(goal, 10_000)
    tally = Tally(kept, 0, missed)
    if tally.share is not None and tally.share >= line:
        more = affordable(tally, goal)
        held, broken = Tally(kept, 0, missed + more), Tally(kept, 0, missed + more + 1)
        assert held.share is not None and held.share >= line
        assert broken.share is not None and broken.share < line
    elif tally.due:
        steps = back_after(tally, goal)
        assert steps is not None and steps > 0
        there, almost = Tally(kept + steps, 0, missed), Tally(kept + steps - 1, 0, missed)
        assert there.share is not None and there.share >= line
        assert almost.share is not None and almost.share < line


@given(
    some.datetimes(datetime(2026, 1, 1), datetime(2026, 12, 31)), some.integers(1, 5000 * 60), some.integers(0, 20_000)
)
def test_what_is_left_agrees_with_being_late(start: datetime, seconds: int, later: int) -> None:
    made_at = nz(start.isoformat(" "))
    ticking = Clock(SPLIT, made_at, clock.due(SPLIT, made_at, seconds), seconds)
    at = made_at + timedelta(minutes=later)
    thread = clock.thread(ticking, at)

    assert 0 <= thread.left <= 1 and all(0 < cut < 1 for cut in thread.cuts)
    assert clock.is_late(ticking, at) == (at > ticking.due_at)
    assert (thread.over_seconds > 0) <= clock.is_late(ticking, at)
    assert made_at <= clock.warning_at(ticking, 80) <= ticking.due_at or later == 0
