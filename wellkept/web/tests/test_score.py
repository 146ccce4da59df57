"""The score page: whose card, which month, every figure with its events."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.test import Client as Browser

from tests.world import World, office
from wellkept.insight import actions as insight
from wellkept.insight.tests.living import live
from wellkept.promises import actions as promises
from wellkept.promises.models import Promise

MARCH = {"month": "2026-03"}


def page(world: World, by: object, path: str = "/score", **asked: object) -> str:
    browser = Browser()
    browser.force_login(by)  # type: ignore[arg-type]
    answer = browser.get(path, {**MARCH, **asked})
    assert answer.status_code == 200, (path, answer.status_code)
    return answer.content.decode()


def status(by: object, path: str = "/score", **asked: object) -> int:
    browser = Browser()
    browser.force_login(by)  # type: ignore[arg-type]
    return browser.get(path, {**MARCH, **asked}).status_code


def one_kept_one_missed(world: World) -> list[Promise]:
    made = []
    for number, hour in enumerate((9, 10)):
        promise = promises.make(
            kind="acknowledge", title=f"The oven {number}", client=world.bakery, owner=world.ana, to_contact=world.mina,
            subject_kind="conversation", subject_id=world.asked(at=office(f"mon {hour}:00")).pk, channel="email",
            by=None, at=office(f"mon {hour}:00"),
        )  # fmt: skip
        assert promise is not None
        made.append(promise)
    promises.keep(promise=made[0], by=world.ana, at=office("mon 9:30"))
    promises.sweep(at=office("mon 17:00"))
    world.run_reactions(at=office("tue 9:00"))
    return made


@pytest.mark.req("W5")
def test_a_month_of_nothing_but_withdrawn_says_so(world: World) -> None:
    promise = promises.make(
        kind="commitment", title="The oven", client=world.bakery, owner=world.ana, to_contact=world.mina,
        subject_kind="conversation", subject_id=world.asked(at=office("mon 9:00")).pk, due_at=office("tue 12:00"),
        by=world.ana, at=office("mon 9:00"),
    )  # fmt: skip
    assert promise is not None
    promises.withdraw_by_hand(promise=promise, reason="Not needed", by=world.ana, at=office("mon 10:00"))
    world.run_reactions(at=office("mon 10:01"))

    html = page(world, world.ana)

    assert "This is the promise counted." in html[html.index('id="figure-withdrawn"') :]
    by_kind = html[html.index('id="by-kind"') :]
    row = by_kind[by_kind.index(">Commitment<") :]
    assert re.findall(r'class="num[^"]*">([^<]*)<', row[: row.index("</tr>")]) == ["0", "0", "0", "0", "1", "–"]


@pytest.mark.req("W5")
def test_a_figure_opens_to_the_promises_it_was_counted_from_misses_first(world: World) -> None:
    one_kept_one_missed(world)

    html = page(world, world.ana)

    assert "Counted from 2 promises that fell due, 1 in time. The one that was not comes first." in html
    opened = html[html.index('id="figure-acknowledged"') :]
    rows = re.findall(r'<tr data-state="(\w+)">.*?href="(/conversations/\d+)"', opened[: opened.index("</details>")])
    assert [state for state, _ in rows] == ["broken", "kept"]
    assert "50.0%" in opened


def test_the_page_says_what_is_in_it_and_every_chart_has_its_table(world: World) -> None:
    live(world)

    html = page(world, world.admin)

    assert "Score card, March 2026." in html
    assert html.count('<svg class="chart"') == 2 == html.count("Show as a table")
    assert "viewBox" not in html[html.index('class="chart"') :].split(">")[0]
    for name in ("By client", "By person", "By kind", "By channel", "By month"):
        assert name in html


def test_an_empty_month_says_why_and_what_next(world: World) -> None:
    html = page(world, world.ana)

    assert "Nothing to score yet" in html
    assert "Open the inbox" in html


def test_a_lead_sees_the_team_and_a_bookkeeper_only_themselves(world: World) -> None:
    live(world)

    assert "By person" in page(world, world.lead, whose="all")
    assert world.leo.name in page(world, world.lead, person=world.leo.pk)
    assert world.leo.name in page(world, world.lead, team=world.team.pk)
    assert status(world.ana, person=world.leo.pk) == 404
    assert status(world.lead, person=world.stranger.pk) == 404
    assert status(world.ana, team=world.other_team.pk) == 404
    assert "Whose" not in page(world, world.ana)


def test_another_teams_client_is_not_found(world: World) -> None:
    live(world)

    assert status(world.stranger, client=world.bakery.pk) == 404
    assert world.bakery.name not in page(world, world.stranger, whose="all")
    assert world.bakery.name in page(world, world.ana, client=world.bakery.pk)


@pytest.mark.parametrize(
    "asked",
    [
        {"month": "9999-99"},
        {"month": "0000-00"},
        {"month": "x"},
        {"kind": "\x00"},
        {"kind": "a" * 500},
        {"channel": "'"},
        {"whose": "x"},
    ],
)
def test_an_address_somebody_typed_shows_a_page(world: World, asked: dict[str, str]) -> None:
    assert status(world.ana, **asked) == 200


@pytest.mark.parametrize("asked", [{"person": "x"}, {"client": "9" * 30}, {"team": "-1"}, {"person": "0"}])
def test_an_id_that_is_none_is_not_found(world: World, asked: dict[str, str]) -> None:
    assert status(world.ana, **asked) == 404


def test_all_events_come_in_pages(world: World) -> None:
    live(world, days=25)
    insight.rebuild()
    first = page(world, world.admin, "/score/kept", whose="all")

    assert first.count("<tr data-state") <= 50
    assert "In time" not in first
    assert status(world.admin, "/score/nothing") == 404
    assert page(world, world.admin, "/score/missed", whose="all").count('data-state="kept"') == 0
    assert status(world.admin, "/score/kept", after="x") == 404
    assert "Nothing to count" in page(world, world.ana, "/score/colleagues", month="2026-01")


def test_a_card_in_portuguese_keeps_its_numbers(world: World) -> None:
    from wellkept.people import actions as people

    live(world)
    people.change_preferences(staff=world.ana, language="pt-br", by=world.ana, at=world.start + timedelta(days=1))
    world.ana.refresh_from_db()

    html = page(world, world.ana)

    assert "março de 2026" in html
    assert re.search(r"\d+,\d%", html)
    assert not re.search(r'(?:cx|x|width)="\d+,\d', html)
