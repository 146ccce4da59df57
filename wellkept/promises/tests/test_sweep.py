from datetime import timedelta

import pytest

from wellkept.calendars import actions as calendars
from wellkept.core.models import Fact
from wellkept.people.models import Notice, Staff
from wellkept.promises import actions
from wellkept.promises.models import Promise
from wellkept.promises.tests.owing import DUE, FRIDAY, World, facts, names, nz, told

TICK = timedelta(microseconds=1)


def levels(promise: Promise) -> list[int]:
    return [event.data["percent"] for event in promise.events.filter(name="warned").order_by("id")]


@pytest.mark.req("W1")
def test_warnings_and_the_miss_come_when_their_time_is_up(firm: World) -> None:
    promise = firm.owe()
    half, most = nz("2026-03-09 09:30"), nz("2026-03-09 10:24")

    for moment, expected in ((half, []), (half + TICK, [50]), (most, [50]), (most + TICK, [50, 80]), (DUE, [50, 80])):
        actions.sweep(at=moment)
        assert levels(promise) == expected
    actions.sweep(at=DUE + TICK)

    promise.refresh_from_db()
    assert names(promise) == ["made", "warned", "warned", "missed"]
    assert (promise.missed_at, promise.next_check_at) == (DUE, None)
    assert told(firm.ana) == ["promise.warned", "promise.warned", "promise.missed"]
    assert told(firm.leo) == ["promise.escalated"]


@pytest.mark.req("W1")
def test_each_fires_once_however_often_it_is_swept(firm: World) -> None:
    promise = firm.owe()

    for _again in range(3):
        actions.sweep(at=nz("2026-03-09 12:00"))

    assert names(promise) == ["made", "missed"]
    assert facts(promise) == ["promise.made", "promise.missed"]
    assert told(firm.ana) == ["promise.missed"]


def test_after_an_outage_people_are_told_once_and_nothing_says_they_were_warned(firm: World) -> None:
    promises = [firm.owe(subject=number) for number in range(1, 8)]

    actions.sweep(at=nz("2026-04-20 09:00"), limit=1000)

    assert [p.missed_at for p in Promise.objects.all()] == [DUE] * 7
    assert told(firm.ana) == ["promise.missed"] * 7
    assert [levels(promise) for promise in promises] == [[]] * 7
    assert Fact.objects.filter(name="promise.missed").count() == len(promises)


def test_a_clock_set_back_fires_nothing_and_nothing_twice(firm: World) -> None:
    promise = firm.owe()
    actions.sweep(at=nz("2026-03-09 10:00"))
    assert levels(promise) == [50]

    assert actions.sweep(at=nz("2026-03-08 10:00")) == 0
    actions.sweep(at=nz("2026-03-09 10:00"))
    actions.sweep(at=nz("2026-03-09 12:00"))

    assert names(promise) == ["made", "warned", "missed"]


def test_a_sweep_is_bounded(firm: World) -> None:
    for number in range(1, 8):
        firm.owe(subject=number)
    late = nz("2026-03-09 12:00")

    assert actions.sweep(at=late, limit=5) == 5
    assert actions.sweep(at=late, limit=5) == 2
    assert actions.sweep(at=late, limit=5) == 0


def test_closed_promises_are_not_looked_at(firm: World) -> None:
    actions.keep(promise=firm.owe(), by=firm.ana, at=FRIDAY)
    actions.withdraw(promise=firm.owe(subject=2), reason="x", by=firm.ana, at=FRIDAY)

    assert actions.sweep(at=nz("2026-03-20 12:00")) == 0


def night_shift(firm: World, staff: Staff) -> None:
    """The person works from one to five in the afternoon."""
    hours = {
        "tz": "Pacific/Auckland",
        "weekly": {day: [["13:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")},
    }
    staff.calendar = calendars.draw_up(name="Afternoons", schedule=hours, by=None, at=FRIDAY)
    staff.save()


def test_a_reminder_waits_until_its_recipient_works_again(firm: World) -> None:
    night_shift(firm, firm.ana)
    promise = firm.commit(nz("2026-03-10 16:00"), at=nz("2026-03-09 10:00"))

    actions.sweep(at=nz("2026-03-10 09:45"))
    assert told(firm.ana) == []
    promise.refresh_from_db()
    assert promise.next_check_at == nz("2026-03-10 13:00")
    actions.sweep(at=nz("2026-03-10 13:00:01"))

    assert (levels(promise), told(firm.ana)) == ([50], ["promise.warned"])


def test_a_miss_does_not_wait_for_anybody(firm: World) -> None:
    night_shift(firm, firm.ana)
    promise = firm.owe()

    actions.sweep(at=DUE + TICK)

    promise.refresh_from_db()
    assert promise.missed_at == DUE
    assert told(firm.ana) == ["promise.missed"] and told(firm.leo) == ["promise.escalated"]


@pytest.mark.req("A12")
def test_the_supervisor_is_told_with_full_context(firm: World) -> None:
    old = firm.commit(nz("2026-03-09 10:00"))
    new = actions.extend(promise=old, due_at=nz("2026-03-10 10:00"), reason="x", by=firm.ana, at=FRIDAY)
    actions.hand_over(promise=new, to=firm.ben, by=firm.ana, at=FRIDAY)

    actions.sweep(at=nz("2026-03-10 12:00"))

    text = Notice.objects.get(staff=firm.leo).text
    assert "The oven invoice: Ben Okoro owes this to Mina Okafor, Harbour Lane Bakery." in text
    assert "due Tue 10 Mar 10:00" in text
    assert "Ana Reyes handed it over" in text
    assert "put off 1 time" in text


def test_nobodys_promise_is_told_to_the_bookkeeper(firm: World) -> None:
    firm.owe(owner=None)

    actions.sweep(at=DUE + TICK)

    assert told(firm.ana) == ["promise.escalated"]


def test_words_are_in_the_language_of_the_reader(firm: World) -> None:
    firm.leo.time_zone = "America/Sao_Paulo"
    firm.leo.save()
    firm.owe()

    actions.sweep(at=DUE + TICK)

    assert "due Sun 8 Mar 19:00" in Notice.objects.get(staff=firm.leo).text
