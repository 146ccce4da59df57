"""Which time a report is about: months, quarters and years that begin when the client's year begins."""

from __future__ import annotations

from datetime import date
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import START
from wellkept.web.desk.books import times
from wellkept.web.desk.books.times import Stretch
from wellkept.web.shell.words import Reader

TODAY = date(2026, 3, 10)
READER = Reader(language="en", zone=ZoneInfo("Pacific/Auckland"), now=START)


@pytest.mark.parametrize(
    ("asked", "since", "until"),
    [
        ({}, date(2026, 3, 1), date(2026, 4, 1)),
        ({"month": "2025-12"}, date(2025, 12, 1), date(2026, 1, 1)),
        ({"span": "quarter", "month": "2025-12"}, date(2025, 10, 1), date(2026, 1, 1)),
        ({"span": "quarter", "month": "2025-05"}, date(2025, 4, 1), date(2025, 7, 1)),
        ({"span": "year", "month": "2026-03"}, date(2025, 4, 1), date(2026, 4, 1)),
        ({"span": "to_date", "month": "2025-10"}, date(2025, 4, 1), date(2025, 11, 1)),
        ({"since": "2026-01-05", "until": "2026-01-09"}, date(2026, 1, 5), date(2026, 1, 10)),
        ({"since": "2026-01-09", "until": "2026-01-05"}, date(2026, 3, 1), date(2026, 4, 1)),
        ({"month": "2026-13", "span": "century"}, date(2026, 3, 1), date(2026, 4, 1)),
        ({"month": "9999-12"}, date(2026, 3, 1), date(2026, 4, 1)),
        ({"since": "20260105", "until": "2026-W05-1"}, date(2026, 3, 1), date(2026, 4, 1)),
    ],
)
def test_the_address_names_a_stretch(asked: dict[str, str], since: date, until: date) -> None:
    found = times.read(asked, today=TODAY, fiscal_month=4)

    assert (found.since, found.until) == (since, until)


@given(
    st.sampled_from(times.SPANS),
    st.dates(min_value=date(1971, 1, 1), max_value=date(2100, 1, 1)),
    st.integers(min_value=1, max_value=12),
)
def test_a_stretch_says_itself_in_its_address(span: str, on: date, fiscal_month: int) -> None:
    found = times.stretch(span, on.replace(day=1), fiscal_month)

    assert found.since < found.until and found.since <= on < found.until
    assert times.read(found.asked(), today=TODAY, fiscal_month=fiscal_month) == found
    assert times.before(times.after(found)).since == found.since or span == times.TO_DATE


def test_what_it_is_compared_with() -> None:
    quarter = times.stretch(times.QUARTER, date(2025, 12, 1), 4)
    odd = Stretch(times.DAYS, date(2024, 2, 29), date(2024, 3, 2))

    assert times.before(quarter) == Stretch(times.QUARTER, date(2025, 7, 1), date(2025, 10, 1))
    assert times.year_before(quarter).since == date(2024, 10, 1)
    assert times.before(odd) == Stretch(times.DAYS, date(2024, 2, 27), date(2024, 2, 29))
    assert times.year_before(odd) == Stretch(times.DAYS, date(2023, 3, 1), date(2023, 3, 2))


def test_words() -> None:
    assert times.stretch(times.MONTH, date(2026, 3, 1), 4).words(READER) == "March 2026"
    assert times.stretch(times.YEAR, date(2026, 3, 1), 4).words(READER) == "year to 31 Mar 2026"
    assert times.stretch(times.QUARTER, date(2026, 3, 1), 1).words(READER) == "1 Jan 2026 to 31 Mar 2026"


def test_months_of_a_stretch() -> None:
    assert times.months_of(date(2026, 1, 15), date(2026, 3, 2)) == [date(2026, m, 1) for m in (1, 2, 3)]
    assert times.months_of(date(2026, 1, 1), date(2026, 3, 1)) == [date(2026, m, 1) for m in (1, 2)]
