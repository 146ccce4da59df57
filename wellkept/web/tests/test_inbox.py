"""The inbox's doors."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.world import World, office
from wellkept.conversations import actions
from wellkept.web.tests.desk import NOW, as_, asked, page, replied


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def test_mine_shows_what_waits_under_its_clock(world: World) -> None:
    found = asked(world)

    html = page(world.ana, "/inbox")

    assert "1 needs you" in html
    assert f'id="conversation-{found.pk}"' in html and f"/conversations/{found.pk}" in html
    assert "GST on the oven" in html and "Harbour Lane Bakery" in html and "12:00" in html


def test_a_stranger_sees_none_of_it(world: World) -> None:
    found = asked(world)

    for view in ("mine", "clients", "waiting", "done", "triage", "team"):
        assert "GST on the oven" not in page(world.stranger, f"/inbox?view={view}")
    assert as_(world.stranger).get(f"/inbox/row/{found.pk}").status_code == 404


@pytest.mark.parametrize("view", ["mine", "clients", "waiting", "done", "triage", "team", "nonsense"])
def test_every_empty_view_says_why_and_what_next(world: World, view: str) -> None:
    assert 'class="empty"' in page(world.ruth, f"/inbox?view={view}")


def test_a_view_and_a_search_are_in_the_address(world: World) -> None:
    asked(world)

    assert "GST on the oven" in page(world.ana, "/inbox?view=clients&words=oven")
    assert "Nothing here says" in page(world.ana, "/inbox?view=clients&words=kiln")
    narrowed = page(world.ana, f"/inbox?view=clients&client={world.bakery.pk}")
    assert "Only Harbour Lane Bakery" in narrowed
    assert "Only …" in page(world.stranger, f"/inbox?client={world.bakery.pk}")


def test_unassigned_is_for_those_who_sort(world: World) -> None:
    world.received(world.mail("Do you take new clients?", subject="New client?"), at=office("tue 9:00"))

    assert "New client?" in page(world.leo, "/inbox?view=triage")
    assert "Unassigned" not in page(world.ana, "/inbox")


def test_done_shows_what_was_resolved(world: World) -> None:
    found = asked(world)
    actions.reply(conversation=found, text="Yes.", follow_up=actions.NothingMoreOwed(), by=world.ana, at=NOW)

    html = page(world.ana, "/inbox?view=done")

    assert 'data-state="kept"' in html and "done 10:00" in html


@pytest.mark.parametrize("fragment", ["/inbox/rows", "/inbox/top", "/inbox/list"])
def test_the_list_is_read_again_in_parts(world: World, fragment: str) -> None:
    asked(world)

    html = page(world.ana, f"{fragment}?view=mine")

    assert "<html" not in html and ("GST on the oven" in html or "needs you" in html)


def test_one_row_is_read_alone(world: World) -> None:
    found = asked(world)

    html = page(world.ana, f"/inbox/row/{found.pk}?view=clients")

    assert html.count("<li") == 1 and f"/conversations/{found.pk}?view=clients" in html


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(world: World) -> None:
    def count() -> int:
        browser = as_(world.ana)
        browser.get("/inbox")
        with CaptureQueriesContext(
            connection,
        ) as queries:
            browser.get("/inbox")
        # A test never commits, so calendar versions are not remembered here as they are in life.
        return sum("calendars_calendarversion" not in query["sql"] for query in queries)

    replied(world, asked(world))
    few = count()
    for number in range(12):
        more = world.asked(at=office("tue 9:30"), subject=f"Question {number}", message_id=f"<q{number}@mail.example>")
        replied(world, more)

    assert count() == few
