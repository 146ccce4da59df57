from datetime import date
from typing import Any

import pytest
from django.db import DatabaseError, transaction

from tests.world import at
from wellkept.calendars import actions, queries, rules
from wellkept.calendars.models import CalendarVersion
from wellkept.calendars.tests.test_holidays import ICS
from wellkept.core.models import Fact

pytestmark = pytest.mark.django_db

NOW = at("2026-03-06 16:00")
OFFICE: dict[str, Any] = {
    "tz": "Pacific/Auckland",
    "weekly": dict.fromkeys(("mon", "tue", "wed", "thu", "fri"), (("08:30", "17:30"),)),
}


def drawn_up() -> Any:
    return actions.draw_up(name="Wellington office", schedule=OFFICE, by=None, at=NOW)


def test_a_calendar_is_drawn_up_with_its_first_version() -> None:
    calendar = drawn_up()

    version = queries.current(calendar)
    assert version.number == 1
    assert queries.compiled(version.pk).add(at("2026-03-06 03:30"), 180) == at("2026-03-08 21:30")
    assert Fact.objects.get().data == {"calendar": calendar.pk, "version": version.pk}


def test_an_edit_is_a_new_version_and_the_old_one_still_answers() -> None:
    calendar = drawn_up()
    before = queries.current(calendar)

    after = actions.change(calendar=calendar, schedule={**OFFICE, "tz": "Pacific/Chatham"}, by=None, at=NOW)

    assert (after.number, queries.current(calendar)) == (2, after)
    assert queries.compiled(before.pk).tz.key == "Pacific/Auckland"
    assert queries.compiled(after.pk).tz.key == "Pacific/Chatham"


def test_a_calendar_that_never_opens_is_refused() -> None:
    with pytest.raises(rules.NeverOpen):
        actions.draw_up(name="Nowhere", schedule={"tz": "UTC", "weekly": {}}, by=None, at=NOW)
    assert not queries.all_calendars().exists()


@pytest.mark.parametrize("name", ["", "  ", "x" * 81])
def test_a_calendar_needs_a_name(name: str) -> None:
    with pytest.raises(actions.NameMissing):
        actions.draw_up(name=name, schedule=OFFICE, by=None, at=NOW)


def test_a_name_is_taken_once() -> None:
    drawn_up()

    with pytest.raises(actions.NameTaken):
        actions.draw_up(name="wellington OFFICE", schedule=OFFICE, by=None, at=NOW)


def test_a_save_that_changes_nothing_is_refused() -> None:
    with pytest.raises(actions.NothingChanged):
        actions.change(calendar=drawn_up(), schedule=OFFICE, by=None, at=NOW)


def test_confirmed_holidays_close_their_dates() -> None:
    calendar = drawn_up()
    offered = queries.proposed_holidays("NZ", "WGN", 2026)
    chosen = {proposal.on: proposal.name for proposal in offered if proposal.on.month == 4}

    version = actions.confirm_holidays(calendar=calendar, dates=chosen, by=None, at=NOW)

    assert not queries.compiled(version.pk).is_open(at("2026-04-02 22:00"))
    assert version.schedule["holidays"]["2026-04-03"] == "Good Friday"
    with pytest.raises(actions.NothingChanged):
        actions.confirm_holidays(calendar=calendar, dates={}, by=None, at=NOW)


def test_holidays_come_in_from_a_file() -> None:
    version, reading = actions.import_ical(calendar=drawn_up(), data=ICS, by=None, at=NOW)

    [show_day] = queries.compiled(version.pk).days(date(2026, 11, 13), date(2026, 11, 14))
    assert show_day.note == "Show day" and not show_day.hours
    assert len(reading.skipped) == 4


def test_a_retired_calendar_is_left_alone() -> None:
    calendar = actions.retire(calendar=drawn_up(), by=None, at=NOW)

    assert not queries.all_calendars().exists()
    for action in (actions.retire, actions.change):
        more = {"schedule": {**OFFICE, "tz": "UTC"}} if action is actions.change else {}
        with pytest.raises(actions.CalendarRetired):
            action(calendar=calendar, by=None, at=NOW, **more)  # type: ignore[operator]


def test_a_version_that_was_rolled_back_is_not_remembered() -> None:
    calendar = drawn_up()
    try:
        with transaction.atomic():
            gone = actions.change(calendar=calendar, schedule={**OFFICE, "tz": "UTC"}, by=None, at=NOW)
            assert queries.compiled(gone.pk).tz.key == "UTC"
            raise ZeroDivisionError
    except ZeroDivisionError:
        pass

    kept = actions.change(calendar=calendar, schedule={**OFFICE, "tz": "Asia/Tokyo"}, by=None, at=NOW)

    assert queries.compiled(kept.pk).tz.key == "Asia/Tokyo"


def test_the_database_keeps_versions_as_they_were() -> None:
    version = queries.current(drawn_up())

    with pytest.raises(DatabaseError), transaction.atomic():
        CalendarVersion.objects.filter(pk=version.pk).update(number=7)
