"""Disputing a line of the score card: asked, decided by another, shown beside the figure that never changes."""

from __future__ import annotations

import json
from collections.abc import Iterator
from decimal import Decimal

import pytest
import time_machine

from tests.world import TARGETS, World, office
from wellkept.clients import actions as clients
from wellkept.insight import queries as insight
from wellkept.insight.queries import Lens
from wellkept.promises.models import Dispute, Promise
from wellkept.web.tests.desk import HTMX, NOW, as_, page
from wellkept.web.tests.test_score import one_kept_one_missed

CARD = "/score?month=2026-03"


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def missed(world: World) -> Promise:
    return one_kept_one_missed(world)[1]


def dispute(world: World, missed: Promise) -> Dispute:
    as_(world.ana).post(f"/score/lines/{missed.pk}/dispute", {"reason": "She rang at nine."}, headers=HTMX)
    return Dispute.objects.get()


def test_every_line_can_be_disputed(world: World, missed: Promise) -> None:
    html = page(world.ana, CARD)

    assert f'data-dialog-src="/score/lines/{missed.pk}/dispute"' in html and f"Dispute “{missed.title}”" in html
    assert "Why it is counted wrongly" in page(world.ana, f"/score/lines/{missed.pk}/dispute", **HTMX)
    assert as_(world.stranger).get(f"/score/lines/{missed.pk}/dispute").status_code == 404


def test_a_dispute_shows_on_its_line_and_the_figure_stays(world: World, missed: Promise) -> None:
    answered = as_(world.ana).post(f"/score/lines/{missed.pk}/dispute", {"reason": "She rang at nine."}, headers=HTMX)

    assert answered.status_code == 204
    assert json.loads(answered["HX-Trigger"])["refresh"]["ids"] == [f"line-{missed.pk}", "disputes"]
    html = page(world.ana, CARD)
    assert "Disputed: Grace Tuhoe decides" in html and "She rang at nine." in html
    assert "1 line disputed, not decided yet." in html and "50.0%" in html and "without it" not in html
    assert "/uphold" not in html, "nobody decides what they disputed"
    assert "/uphold" in page(world.lead, f"{CARD}&person={world.ana.pk}")


def test_a_reason_is_asked_for_and_a_line_is_disputed_once(world: World, missed: Promise) -> None:
    ana = as_(world.ana)

    assert ana.post(f"/score/lines/{missed.pk}/dispute", {"reason": " "}).status_code == 422
    dispute(world, missed)
    again = ana.post(f"/score/lines/{missed.pk}/dispute", {"reason": "Again"})

    assert again.status_code == 422 and "disputed already" in again.content.decode()


@pytest.mark.req("W5")
def test_an_upheld_dispute_shows_both_figures(world: World, missed: Promise) -> None:
    found = dispute(world, missed)

    as_(world.lead).post(f"/disputes/{found.pk}/uphold", {"answer": "On record."}, headers=HTMX)

    html = page(world.ana, CARD)
    assert "Upheld by Grace Tuhoe" in html and "Decided: On record." in html
    assert "1 line disputed, upheld: without it 100%." in html and "50.0%" in html
    lens = Lens(office("mon 9:00").date().replace(day=1), office("mon 9:00").date().replace(month=4, day=1))
    for name, value, without in (("kept", 0.5, 1.0), ("missed", 1, 0), ("late", 0, None)):
        read = insight.figure(world.ana, name, lens)
        assert (read.value, read.disputed.without) == (value, without), name
    assert "1 line disputed, upheld: without it 100%." in page(world.ana, "/score/kept?month=2026-03")


def test_a_dispute_that_is_not_upheld_says_why(world: World, missed: Promise) -> None:
    found, lead = dispute(world, missed), as_(world.lead)

    assert lead.post(f"/disputes/{found.pk}/turn-down", {"answer": ""}).status_code == 422
    assert as_(world.ana).post(f"/disputes/{found.pk}/turn-down", {"answer": "x"}).status_code == 422
    lead.post(f"/disputes/{found.pk}/turn-down", {"answer": "No call is on record."}, headers=HTMX)

    html = page(world.ana, CARD)
    assert "Not upheld by Grace Tuhoe" in html and "No call is on record." in html
    assert "1 line disputed, not upheld." in html


def test_whoever_decides_does_so_from_the_promise_they_owe(world: World, missed: Promise) -> None:
    found = dispute(world, missed)

    for address in (f"/promises/{found.task_id}", f"/promises/{missed.pk}"):
        html = page(world.lead, address)
        assert "Disputed line" in html and f"/disputes/{found.pk}/uphold" in html, address
    assert f"/promises/{found.task_id}/keep" not in page(world.lead, f"/promises/{found.task_id}")
    assert as_(world.stranger).get(f"/disputes/{found.pk}/uphold").status_code == 404


def test_the_stricter_level_is_told_in_words_and_drawn(world: World) -> None:
    strict = clients.TargetDraft("acknowledge", 3 * clients.HOUR, share=Decimal(40), strict_seconds=900)
    clients.draw_up_agreement(
        client=world.bakery, name="Quick", targets=[strict, *TARGETS[1:]], by=world.admin, at=world.start
    )
    one_kept_one_missed(world)

    html = page(world.ana, f"{CARD}&client={world.bakery.pk}")

    assert "Stricter level" in html and "within 15 min" in html and "target 40.0%" in html
    assert 'style="--v:0.000;--goal:0.400"' in html
    assert "Stricter level" not in page(world.ana, CARD), "the firm's own agreement has none"
