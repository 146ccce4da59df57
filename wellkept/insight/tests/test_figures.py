"""A figure, its events and its sentence are one query; nobody reads a score that is not theirs to read."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest

from tests.world import World
from wellkept.insight import figures, history, queries, sentences
from wellkept.insight.queries import Lens
from wellkept.insight.rules import Outcome, Tally
from wellkept.insight.tests.living import MARCH, live
from wellkept.people.models import Staff

pytestmark = pytest.mark.req("W5")


def test_every_figure_opens_to_the_exact_events_it_was_counted_from(world: World) -> None:
    live(world)

    for by in (world.ana, world.lead, world.leo, world.ruth, world.stranger, world.admin):
        for lens in (
            MARCH,
            replace(MARCH, client=world.bakery.pk),
            replace(MARCH, person=by.pk),
            replace(MARCH, kind="resolve"),
        ):
            for figure in figures.every():
                opens_to_its_events(figure, by, lens)


def opens_to_its_events(figure: figures.Figure, by: Staff, lens: Lens) -> None:
    read = queries.figure(by, figure.name, lens)
    events = list(queries.events(by, figure.name, lens))

    assert len(events) == read.counted, figure.name
    if figure.measure is figures.Measure.AVERAGE:
        assert sum(event.took_seconds for event in events) == read.tally.took_seconds, figure.name
    for outcome in figure.outcomes:
        assert sum(event.outcome == outcome for event in events) == getattr(read.tally, outcome), figure.name


def test_the_misses_come_first(world: World) -> None:
    live(world)

    outcomes = [event.outcome for event in queries.events(world.admin, "kept", MARCH)]

    assert {"missed", "late", "kept"} == set(outcomes)
    assert outcomes == sorted(outcomes, key=["missed", "late", "kept"].index)


def test_openings_are_the_first_events_of_each_figure(world: World) -> None:
    live(world)

    openings = queries.openings(world.admin, MARCH, limit=4)

    for figure in figures.every():
        assert openings[figure.name] == list(queries.events(world.admin, figure.name, MARCH)[:4])


def test_parts_add_up_to_the_whole(world: World) -> None:
    live(world)
    whole = queries.score(world.admin, MARCH).whole

    for parts in (queries.by_client, queries.by_person, queries.by_kind, queries.by_channel):
        assert sum((part.tally for part in parts(world.admin, MARCH)), Tally()) == whole
    assert sum((day.tally for day in queries.by_month(world.admin, MARCH)), Tally()) == whole
    assert whole.missed + whole.late and whole.kept and whole.extended


def test_a_stranger_counts_nothing_of_another_team(world: World) -> None:
    live(world)

    assert {part.key for part in queries.by_client(world.stranger, MARCH)} == {world.cycles.pk}
    assert queries.score(world.stranger, replace(MARCH, client=world.bakery.pk)).whole == Tally()
    assert not queries.events(world.stranger, "kept", replace(MARCH, client=world.bakery.pk))
    with pytest.raises(Staff.DoesNotExist):
        queries.score(world.stranger, replace(MARCH, person=world.ana.pk))


def test_a_lead_opens_the_cards_of_their_people_and_nobody_elses(world: World) -> None:
    assert queries.people_of(world.lead) == {world.lead.pk, world.ana.pk, world.leo.pk}
    assert queries.people_of(world.ana) == {world.ana.pk}
    assert queries.people_of(world.admin) is None
    with pytest.raises(Staff.DoesNotExist):
        queries.score(world.lead, replace(MARCH, person=world.stranger.pk))


def test_the_sentence_says_what_the_events_show(world: World) -> None:
    live(world)
    read = queries.figure(world.admin, "kept", MARCH)

    said = sentences.of_figure(read)

    assert f"Counted from {read.counted} promises that fell due, {read.tally.kept} in time." in said
    assert f"The {read.tally.late + read.tally.missed} that were not come first." in said


def test_goals_come_from_the_agreement(world: World) -> None:
    from decimal import Decimal

    from wellkept.clients import actions as clients

    live(world)
    target = clients.TargetDraft("acknowledge", 3 * clients.HOUR, share=Decimal("98"))
    clients.draw_up_agreement(client=None, name="Firm", targets=[target], by=world.admin, at=world.start)

    read = queries.figure(world.admin, "acknowledged", MARCH)

    assert read.goal == 9800
    assert queries.figure(world.admin, "kept", MARCH).goal == 9800
    assert queries.figure(world.admin, "resolved", MARCH).goal is None
    assert str(read.standing) in {"holding", "tight", "under"}


def test_nothing_due_is_no_share(world: World) -> None:
    read = queries.figure(world.ana, "kept", MARCH)

    assert (read.value, read.counted, read.tally.share) == (None, 0, None)
    assert sentences.of_score(queries.score(world.ana, MARCH)) == "Nothing fell due in this period yet."


def test_history_shows_the_facts_of_ones_own_clients(world: World) -> None:
    live(world, days=3)
    end = world.start + timedelta(days=30)

    mine = history.facts(world.stranger, until=end)

    assert mine.exists()
    assert all(fact.client == world.cycles.pk or fact.by == world.stranger.pk for fact in mine)
    assert history.facts(world.admin).count() > mine.count()


def test_an_outcome_is_scored_once() -> None:
    assert {outcome.value for outcome in Outcome} == {"kept", "late", "missed", "open", "extended", "withdrawn"}
    assert Tally(kept=3, late=1, missed=1, open=9, extended=4).due == 5
