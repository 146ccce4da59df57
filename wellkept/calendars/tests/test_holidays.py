from datetime import date

import pytest

from wellkept.calendars.holiday_files import read_ical
from wellkept.calendars.rules.holidays import Proposal, propose
from wellkept.calendars.rules.refusals import HolidaysUnreadable

ICS = b"""BEGIN:VCALENDAR\r
VERSION:2.0\r
PRODID:-//Harbour//EN\r
BEGIN:VEVENT\r
UID:1\r
SUMMARY:Show day\r
DTSTART;VALUE=DATE:20261113\r
DTEND;VALUE=DATE:20261114\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:2\r
SUMMARY:Office closed\r
DTSTART;VALUE=DATE:20261224\r
DTEND;VALUE=DATE:20261226\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:3\r
SUMMARY:Stand-up\r
DTSTART:20261113T090000Z\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:4\r
SUMMARY:Every year\r
DTSTART;VALUE=DATE:20261113\r
RRULE:FREQ=YEARLY\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:5\r
SUMMARY:Called off\r
STATUS:CANCELLED\r
DTSTART;VALUE=DATE:20261113\r
END:VEVENT\r
BEGIN:VEVENT\r
UID:6\r
SUMMARY:Broken date\r
DTSTART;VALUE=DATE:2026-13-45\r
END:VEVENT\r
END:VCALENDAR\r
"""


def test_holidays_of_a_region_are_proposed() -> None:
    offered = propose(country="NZ", region="WGN", first_year=2026, years=1, language="en")

    assert Proposal(date(2026, 1, 19), "Wellington Anniversary Day") in offered
    assert {proposal.on.year for proposal in offered} == {2026}


def test_holidays_are_proposed_in_the_language_asked_for() -> None:
    offered = {p.on: p.name for p in propose(country="BR", region="", first_year=2026, years=1, language="pt-br")}

    assert offered[date(2026, 12, 25)] == "Natal"


@pytest.mark.parametrize(("country", "region"), [("XX", ""), ("NZ", "Mordor")])
def test_an_unknown_place_is_refused(country: str, region: str) -> None:
    with pytest.raises(HolidaysUnreadable):
        propose(country=country, region=region, first_year=2026, years=1, language="en")


def test_a_calendar_file_is_read_and_what_is_left_out_is_named() -> None:
    reading = read_ical(ICS)

    assert reading.proposals == (
        Proposal(date(2026, 11, 13), "Show day"),
        Proposal(date(2026, 12, 24), "Office closed"),
        Proposal(date(2026, 12, 25), "Office closed"),
    )
    assert [skipped.name for skipped in reading.skipped] == ["Stand-up", "Every year", "Called off", "Broken date"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"%PDF-1.7",
        b"\xff\xfe\x00",
        b"BEGIN:VCALENDAR\nEND:VCALENDAR\n",
        b"BEGIN:VEVENT\n" * 50,
        b"BEGIN:VEVENT\n" * 150_000,
        b"x" * 2_000_001,
    ],
)
def test_a_file_that_is_no_calendar_is_refused(content: bytes) -> None:
    with pytest.raises(HolidaysUnreadable):
        read_ical(content)
