"""When owners are warned is the firm's choice; what runs follows it."""

from __future__ import annotations

import pytest

from wellkept.core import deliveries
from wellkept.core.models import Fact
from wellkept.core.refusals import NotYours
from wellkept.people import actions as people
from wellkept.people import queries as staff
from wellkept.promises import actions, queries
from wellkept.promises.tests.owing import FRIDAY, World, nz


def choose(firm: World, *percents: int) -> None:
    people.set_warnings(percents=percents, by=firm.desk.ada, at=FRIDAY)
    while owed := deliveries.claim(worker="test", at=FRIDAY):
        for delivery in owed:
            deliveries.run(delivery, at=FRIDAY)


def warned(firm: World, at: str) -> list[int]:
    actions.sweep(at=nz(at))
    [promise] = queries.for_staff(firm.ana)
    return [event.data["percent"] for event in promise.events.filter(name="warned").order_by("id")]


def test_a_running_promise_follows_the_new_choice(firm: World) -> None:
    firm.owe()
    choose(firm, 25, 90)

    assert warned(firm, "2026-03-06 16:44") == []
    assert warned(firm, "2026-03-06 16:46") == [25]
    assert warned(firm, "2026-03-09 10:30") == [25]
    assert warned(firm, "2026-03-09 10:43") == [25, 90]
    assert Fact.objects.get(name="firm.warnings_set").data["percents"] == [25, 90]


def test_risk_begins_at_the_last_warning(firm: World) -> None:
    firm.owe()
    choose(firm, 10)
    [row] = queries.drawn(queries.for_staff(firm.ana), at=nz("2026-03-06 16:20"))
    assert (row.state, row.risk_percent) == ("risk", 10)
    choose(firm)
    [row] = queries.drawn(queries.for_staff(firm.ana), at=nz("2026-03-09 10:59"))
    assert (row.state, row.risk_percent) == ("open", 100)


@pytest.mark.parametrize("percents", [(80, 50), (50, 50), (0, 50), (50, 100), (-5,), (10, 20, 30, 40, 50, 60)])
def test_warnings_nobody_could_give_are_refused(firm: World, percents: tuple[int, ...]) -> None:
    with pytest.raises(people.WarningsUnclear):
        people.set_warnings(percents=percents, by=firm.desk.ada, at=FRIDAY)
    assert staff.warn_percents() == (50, 80)


def test_only_an_administrator_chooses(firm: World) -> None:
    with pytest.raises(NotYours):
        people.set_warnings(percents=[50], by=firm.ana, at=FRIDAY)
