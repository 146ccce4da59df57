"""Every promise is counted in one cell, whatever happens to it, and a rebuild finds the same."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.world import World, office
from wellkept.core.models import Delivery, Fact
from wellkept.insight import actions, queries
from wellkept.insight.models import Counted, DailyCount
from wellkept.insight.tests.living import MARCH, cells, live, rows
from wellkept.people import actions as people
from wellkept.promises import actions as promises
from wellkept.promises.models import Promise


def owe(world: World, at: str = "mon 9:00", **more: object) -> Promise:
    named = {"title": "The oven", "client": world.bakery, "owner": world.ana, "to_contact": world.mina, **more}
    promise = promises.make(
        kind="acknowledge",
        subject_kind="conversation",
        subject_id=1,
        channel="email",
        by=world.ana,
        at=office(at),
        **named,
    )  # type: ignore[arg-type]
    assert promise is not None
    return promise


def counted(world: World, promise: Promise, at: str = "next fri 12:00") -> tuple[str, int]:
    world.run_reactions(at=office(at))
    row = Counted.objects.get(promise=promise)
    return row.outcome, row.owner


@pytest.mark.req("W1")
def test_a_promise_moves_from_cell_to_cell_as_it_goes(world: World) -> None:
    promise = owe(world)
    assert counted(world, promise) == ("open", world.ana.pk)

    promises.sweep(at=office("mon 13:00"))
    assert counted(world, promise) == ("missed", world.ana.pk)

    promise.refresh_from_db()
    promises.keep(promise=promise, by=world.ana, at=office("mon 14:00"))
    assert counted(world, promise) == ("late", world.ana.pk)
    [cell] = [cell for cell in DailyCount.objects.all() if cell.open or cell.kept or cell.late or cell.missed]
    assert (cell.day, cell.late, cell.took_seconds) == (date(2026, 3, 9), 1, 5 * 3600)


def test_handing_a_missed_promise_on_moves_no_blame(world: World) -> None:
    promise = owe(world)
    promises.sweep(at=office("mon 13:00"))
    promise.refresh_from_db()

    promises.hand_over(promise=promise, to=world.leo, by=world.ana, at=office("mon 13:30"))
    promises.keep(promise=promise, by=world.leo, at=office("mon 14:00"))

    assert counted(world, promise) == ("late", world.ana.pk)


def test_handing_an_open_promise_on_takes_the_score_along(world: World) -> None:
    promise = owe(world)
    promises.hand_over(promise=promise, to=world.leo, by=world.ana, at=office("mon 9:30"))
    promises.keep(promise=promise, by=world.leo, at=office("mon 10:00"))

    assert counted(world, promise) == ("kept", world.leo.pk)


def test_a_new_time_is_not_a_kept_promise(world: World) -> None:
    old = promises.make(
        kind="commitment", title="Answer", client=world.bakery, owner=world.ana, to_contact=world.mina,
        subject_kind="conversation", subject_id=1, due_at=office("tue 12:00"), by=world.ana, at=office("mon 9:00"),
    )  # fmt: skip
    assert old is not None
    new = promises.extend(
        promise=old, due_at=office("wed 12:00"), reason="The bank is late", by=world.ana, at=office("mon 10:00")
    )
    promises.keep(promise=new, by=world.ana, at=office("wed 11:00"))

    assert counted(world, old)[0] == "extended"
    assert counted(world, new)[0] == "kept"
    assert queries.figure(world.ana, "kept", MARCH).tally.due == 1


@pytest.mark.req("W5")
def test_what_was_withdrawn_is_counted_beside_what_was_scored_and_opens_to_it(world: World) -> None:
    promise = promises.make(
        kind="commitment", title="Answer", client=world.bakery, owner=world.ana, to_contact=world.mina,
        subject_kind="conversation", subject_id=1, due_at=office("tue 12:00"), by=world.ana, at=office("mon 9:00"),
    )  # fmt: skip
    assert promise is not None
    promises.withdraw_by_hand(promise=promise, reason="Not needed", by=world.ana, at=office("mon 10:00"))
    assert counted(world, promise) == ("withdrawn", world.ana.pk)

    for _time in range(2):
        read = queries.figure(world.ana, "withdrawn", MARCH)
        assert (read.value, read.tally.due, read.counted) == (1, 0, 1)
        assert [row.promise for row in queries.events(world.ana, "withdrawn", MARCH)] == [promise]
        assert [row.promise for row in queries.openings(world.ana, MARCH)["withdrawn"]] == [promise]
        actions.rebuild()


def test_deliveries_twice_or_out_of_order_count_once(world: World) -> None:
    promise = owe(world)
    promises.sweep(at=office("mon 13:00"))
    promise.refresh_from_db()
    promises.hand_over(promise=promise, to=world.leo, by=world.ana, at=office("mon 13:30"))
    promises.keep(promise=promise, by=world.leo, at=office("mon 14:00"))
    told = list(Fact.objects.filter(name__startswith="promise.").order_by("-seq"))

    for fact in told + told:
        missed = world.ana.pk if fact.name == "promise.missed" else None
        actions.count(promise_id=promise.pk, missed_by=missed)

    [cell] = cells()
    assert (cell[1:5], cell[5:11]) == ((world.bakery.pk, world.ana.pk, "email", "acknowledge"), (0, 0, 1, 0, 0, 0))


def test_a_promise_is_scored_on_the_firms_day(world: World) -> None:
    """Half past eleven at night in Wellington is still Monday there, and already Monday noon in London."""
    promise = owe(world, at="mon 23:30")
    world.run_reactions(at=office("tue 9:00"))

    assert Counted.objects.get(promise=promise).day == date(2026, 3, 9)


def test_moving_the_firm_to_another_zone_cuts_the_days_anew(world: World) -> None:
    promise = owe(world, at="mon 9:00")
    world.run_reactions(at=office("tue 9:00"))

    people.change_firm(
        name=world.firm.name, mail_address=world.firm.mail_address, language="en", time_zone="Europe/London",
        calendar=world.office, by=world.admin, at=office("tue 10:00"),
    )  # fmt: skip
    world.run_reactions(at=office("tue 11:00"))

    assert Counted.objects.get(promise=promise).day == date(2026, 3, 8)


@pytest.mark.req("W5", "W1")
@pytest.mark.parametrize("seed", [7, 41])
def test_a_rebuild_gives_the_very_cells_the_reactions_kept(world: World, seed: int) -> None:
    live(world, seed=seed)
    kept_cells, kept_rows = cells(), rows()
    assert not Delivery.objects.filter(dead_at__isnull=False).exists()
    told: list[tuple[int, int]] = []

    counted = actions.rebuild(progress=lambda done, whole: told.append((done, whole)))

    assert (cells(), rows()) == (kept_cells, kept_rows)
    assert counted == Promise.objects.count() == Counted.objects.count()
    assert told[-1] == (counted, counted)


def test_after_a_rebuild_the_reactions_go_on(world: World) -> None:
    live(world, days=4)
    actions.rebuild()
    promise = owe(world, at="next mon 9:00")
    promises.keep(promise=promise, by=world.ana, at=office("next mon 10:00"))
    world.run_reactions(at=world.start + timedelta(days=10))
    kept_cells = cells()

    actions.rebuild()

    assert cells() == kept_cells
