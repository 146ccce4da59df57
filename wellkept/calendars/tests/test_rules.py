from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest

from wellkept.calendars.rules import (
    ELAPSED,
    BeyondCalendar,
    NeverOpen,
    Reason,
    ScheduleUnclear,
    read,
    write,
)
from wellkept.calendars.tests.desks import desk

WELLINGTON = ZoneInfo("Pacific/Auckland")
HOUR = timedelta(hours=1)


def local(text: str, tz: ZoneInfo = WELLINGTON) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=tz)


@pytest.mark.parametrize(
    ("start", "hours", "due"),
    [
        ("2026-03-06 10:00", 3, "2026-03-06 13:00"),
        ("2026-03-06 09:00", 8, "2026-03-06 17:00"),
        ("2026-03-06 16:00", 3, "2026-03-09 11:00"),
        ("2026-03-07 12:00", 3, "2026-03-09 12:00"),
        ("2026-03-06 17:00", 1, "2026-03-09 10:00"),
        ("2026-03-07 12:00", 0, "2026-03-07 12:00"),
        ("2026-03-09 10:00", -3, "2026-03-06 15:00"),
        ("2026-03-07 12:00", -8, "2026-03-06 09:00"),
    ],
)
def test_add_counts_open_hours_only(start: str, hours: int, due: str) -> None:
    assert desk().add(local(start), hours * 60) == local(due)


def test_microseconds_are_never_rounded() -> None:
    start = local("2026-03-06 16:59:59.999999")

    assert desk().add(start, 1) == local("2026-03-09 09:00:59.999999")
    assert desk().sub(desk().add(start, 1), 1) == start


def test_an_overnight_exception_runs_into_the_next_date() -> None:
    calendar = desk(exceptions={"2026-03-06": {"intervals": [["22:00", "02:00"]], "note": "Year end"}})

    assert calendar.between(local("2026-03-06 00:00"), local("2026-03-08 00:00")) == 4 * 60


def test_an_exception_wins_over_the_holiday_of_its_date() -> None:
    calendar = desk(holidays={"2026-03-06": "Show day"}, exceptions={"2026-03-06": [["10:00", "11:00"]]})

    assert calendar.between(local("2026-03-06 00:00"), local("2026-03-07 00:00")) == 60


def test_a_date_that_was_skipped_holds_no_time() -> None:
    apia = ZoneInfo("Pacific/Apia")
    calendar = desk("Pacific/Apia", ["00:00", "24:00"])

    assert calendar.between(local("2011-12-29 12:00", apia), local("2011-12-31 12:00", apia)) == 12 * 60


def test_explain_names_the_holiday_and_the_exception() -> None:
    calendar = desk(
        holidays={"2026-02-06": "Waitangi Day"},
        exceptions={"2026-02-09": {"intervals": [["09:00", "12:00"]], "note": "Stocktake"}},
    )

    told = calendar.explain(local("2026-02-05 16:00"), local("2026-02-10 10:00"))

    assert [(s.start_at.astimezone(WELLINGTON).strftime("%a %H:%M"), s.counted, s.reason, s.note) for s in told] == [
        ("Thu 16:00", True, Reason.OPEN, ""),
        ("Thu 17:00", False, Reason.CLOSED, ""),
        ("Fri 00:00", False, Reason.HOLIDAY, "Waitangi Day"),
        ("Sat 00:00", False, Reason.CLOSED, ""),
        ("Mon 00:00", False, Reason.EXCEPTION, "Stocktake"),
        ("Mon 09:00", True, Reason.EXCEPTION, "Stocktake"),
        ("Mon 12:00", False, Reason.EXCEPTION, "Stocktake"),
        ("Tue 00:00", False, Reason.CLOSED, ""),
        ("Tue 09:00", True, Reason.OPEN, ""),
    ]


def test_explain_stops_at_its_limit() -> None:
    assert len(desk().explain(local("2026-01-01 00:00"), local("2027-01-01 00:00"), limit=7)) == 7


def test_the_line_grows_both_ways_and_keeps_what_it_counted() -> None:
    calendar = desk()
    start, end = local("2026-03-06 16:00"), local("2026-03-09 11:00")
    assert calendar.between(start, end) == 180

    assert calendar.between(local("2009-01-01 00:00"), start) > 180
    assert calendar.between(start, local("2044-01-01 00:00")) > 180
    assert calendar.between(start, end) == 180
    assert calendar.add(start, 180) == end


def test_a_calendar_ends_somewhere() -> None:
    with pytest.raises(BeyondCalendar):
        desk().add(local("2026-03-06 16:00"), 60_000 * 480)


def test_elapsed_time_never_stops() -> None:
    start = datetime(2026, 12, 31, 23, tzinfo=UTC)

    assert ELAPSED.add(start, 24 * 60) == start + 24 * HOUR
    assert ELAPSED.sub(start, 24_000 * 60) == start - 24_000 * HOUR
    assert [s.counted for s in ELAPSED.explain(start, start + 48 * HOUR)] == [True]


def test_closures_are_told_in_open_time() -> None:
    line = desk("UTC", ["09:00", "12:00"], ["13:00", "17:00"]).line
    start = int(datetime(2026, 3, 5, 10, tzinfo=UTC).timestamp()) * 1_000_000
    hour = 3_600_000_000

    assert line.closures(start, line.add(start, 8 * hour), limit=12) == [2 * hour, 6 * hour]
    assert line.closures(start, line.add(start, 100 * hour), limit=12) == []


def test_next_close_and_cuts() -> None:
    calendar = desk("Pacific/Auckland", ["09:00", "12:00"], ["13:00", "17:00"])

    assert calendar.next_close(local("2026-03-06 10:00")) == local("2026-03-06 12:00")
    assert calendar.next_close(local("2026-03-06 17:00")) == local("2026-03-09 12:00")
    assert calendar.cuts(local("2026-03-06 10:00"), local("2026-03-09 10:00")) == [
        (local("2026-03-06 12:00"), local("2026-03-06 13:00")),
        (local("2026-03-06 17:00"), local("2026-03-09 09:00")),
    ]


def test_a_typical_day_is_the_commonest() -> None:
    week = {**{day: [["08:00", "16:00"]] for day in ("mon", "tue", "wed")}, "sat": [["09:00", "12:00"]]}
    calendar = desk(weekly=week)

    assert calendar.day_minutes() == 480


def test_days_for_the_picture_of_a_month() -> None:
    days = desk(holidays={"2026-02-06": "Waitangi Day"}).days(date(2026, 2, 5), date(2026, 2, 8))

    assert [(day.on.day, day.hours, day.reason, day.note) for day in days] == [
        (5, ((540, 1020),), Reason.OPEN, ""),
        (6, (), Reason.HOLIDAY, "Waitangi Day"),
        (7, (), Reason.CLOSED, ""),
    ]


def test_a_schedule_survives_being_written() -> None:
    schedule = desk(
        "Asia/Kathmandu",
        ["22:00", "06:00"],
        holidays={"2026-02-06": "Waitangi Day"},
        exceptions={"2026-02-09": {"intervals": [["09:00", "24:00"]], "note": "Stocktake"}},
    ).schedule

    assert read(write(schedule)) == schedule


HOURS = {"mon": [["09:00", "17:00"]]}


@pytest.mark.parametrize(
    ("data", "sentence"),
    [
        ({"tz": "Mars/Olympus", "weekly": HOURS}, "is not a time zone"),
        ({"tz": "../etc/passwd", "weekly": HOURS}, "is not a time zone"),
        ({"weekly": HOURS}, "is not a time zone"),
        ({"tz": "UTC", "weekly": {"monday": []}}, "is not a day of the week"),
        ({"tz": "UTC", "weekly": {"mon": [["9:00", "17:00"]]}}, "is not a time of day"),
        ({"tz": "UTC", "weekly": {"mon": [["09:00", "24:30"]]}}, "is not a time of day"),
        ({"tz": "UTC", "weekly": {"mon": [["٠٩:٠٠", "17:00"]]}}, "is not a time of day"),
        ({"tz": "UTC", "weekly": {"mon": [[None, "17:00"]]}}, "is not a time of day"),
        ({"tz": "UTC", "weekly": {"mon": [["24:00", "02:00"]]}}, "cannot open at 24:00"),
        ({"tz": "UTC", "weekly": {"mon": [["09:00"]]}}, "needs an opening and a closing time"),
        ({"tz": "UTC", "weekly": {"mon": "09:00-17:00"}}, "pairs of opening and closing time"),
        ({"tz": "UTC", "weekly": {"mon": [["09:00", "17:00"]] * 13}}, "more than 12 openings"),
        ({"tz": "UTC", "weekly": HOURS, "holidays": ["25.12.2026"]}, "is not a date"),
        ({"tz": "UTC", "weekly": HOURS, "holidays": "2026-12-25"}, "date by date"),
        ({"tz": "UTC", "weekly": HOURS, "exceptions": ["2026-12-25"]}, "date by date"),
        ({"tz": "UTC", "weekly": HOURS, "holidays": {"2026-12-25": "x" * 201}}, "longer than 200"),
    ],
)
def test_an_unclear_schedule_is_refused_with_what_to_change(data: dict[str, Any], sentence: str) -> None:
    with pytest.raises(ScheduleUnclear, match=sentence):
        read(data)


@pytest.mark.parametrize(
    "data",
    [
        {"tz": "UTC"},
        {"tz": "UTC", "weekly": {}},
        {"tz": "UTC", "weekly": {"mon": []}, "exceptions": {"2026-12-25": [["09:00", "10:00"]]}},
    ],
)
def test_a_calendar_without_any_open_hour_is_refused(data: dict[str, Any]) -> None:
    with pytest.raises(NeverOpen):
        read(data)
