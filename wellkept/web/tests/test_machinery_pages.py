"""Outgoing box, health, dead letters, quarantine: what waits, why, and what a person can do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.world import World
from wellkept.connectors.email.actions.reading import read_next
from wellkept.connectors.email.actions.storing import store
from wellkept.connectors.email.models import RawMail
from wellkept.conversations.models import Conversation
from wellkept.core import heartbeats
from wellkept.core.models import Delivery, Fact, Outgoing
from wellkept.web.tests.desk import HTMX, NOW, as_, asked, page, replied

TWO_SENDERS = b"From: a@x.example\r\nFrom: b@y.example\r\nSubject: Two senders\r\nMessage-ID: <2@x.example>\r\n\r\nHi <script>\r\n"


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def letter(world: World) -> Outgoing:
    message = replied(world, asked(world))
    assert message.outgoing is not None
    return message.outgoing


def test_the_box_shows_what_leaves_and_to_whom(world: World, letter: Outgoing) -> None:
    assert "mina@harbourlane.example" in page(world.ana, "/outgoing") and "Leaves now" in page(world.ana, "/outgoing")
    assert "GST on the oven" in page(world.ana, f"/outgoing/{letter.pk}")
    for address in ("", "/bytes", "/send-again", "/arrived", "/withdraw"):
        method = as_(world.stranger).get if address in {"", "/bytes"} else as_(world.stranger).post
        assert method(f"/outgoing/{letter.pk}{address}").status_code == 404
    assert "mina@" not in page(world.stranger, "/outgoing")


def test_a_refused_letter_is_named_with_its_reason(world: World, letter: Outgoing) -> None:
    Outgoing.objects.filter(pk=letter.pk).update(state="dead", reason="The mailbox is full.")

    html = page(world.ana, "/outgoing?view=trouble")
    assert "One letter did not get through." in html and "The mailbox is full." in html

    assert as_(world.ana).post(f"/outgoing/{letter.pk}/send-again", headers=HTMX).status_code == 204
    assert "Everything got through" in page(world.ana, "/outgoing?view=trouble")


def test_a_letter_without_an_answer_can_be_marked_as_arrived(world: World, letter: Outgoing) -> None:
    Outgoing.objects.filter(pk=letter.pk).update(state="unknown")
    assert "It arrived" in page(world.ana, f"/outgoing/{letter.pk}")

    as_(world.ana).post(f"/outgoing/{letter.pk}/arrived")

    assert "GST on the oven" in page(world.ana, "/outgoing?view=sent")


@pytest.mark.parametrize("view", ["waiting", "trouble", "sent", "taken"])
def test_an_empty_box_says_so(world: World, view: str) -> None:
    assert 'class="empty"' in page(world.ana, f"/outgoing?view={view}")


def test_health_says_in_one_sentence_how_it_goes(world: World) -> None:
    assert "No worker is heard" in page(world.admin, "/health")

    heartbeats.beat(name="serve-1", kind="worker", note="", at=NOW)

    assert "Everything runs and nothing waits for a person." in page(world.admin, "/health")
    with time_machine.travel(NOW + heartbeats.SILENT_AFTER * 3, tick=False):
        assert "One process has fallen silent." in page(world.lead, "/health")


def test_a_dead_letter_is_run_again_by_a_person(world: World) -> None:
    asked(world)
    fact = Fact.objects.get(name="message.received")
    dead = Delivery.objects.create(
        fact=fact,
        reaction="insight.count",
        next_try_at=NOW,
        attempts=8,
        dead_at=NOW,
        error="Traceback\nValueError: no such cell",
    )

    html = page(world.admin, "/health/dead-letters")
    assert "insight.count" in html and "ValueError: no such cell" in html and "The client wrote" in html
    assert as_(world.admin).post(f"/health/dead-letters/{dead.pk}/run-again").status_code == 302
    assert "Nothing was given up" in page(world.admin, "/health/dead-letters")


@pytest.fixture
def held(world: World) -> RawMail:
    store(raw=TWO_SENDERS, via="smtp", envelope_from="a@x.example", envelope_to=["desk@lantern.example"], at=NOW)
    found = read_next(at=NOW)
    assert found is not None and found.quarantined_at is not None
    return found


def test_quarantine_says_why_and_shows_the_bytes_as_text(world: World, held: RawMail) -> None:
    assert "two From lines" in page(world.admin, "/quarantine")
    html = page(world.admin, f"/quarantine/{held.pk}")
    assert "From: b@y.example" in html and "&lt;script&gt;" in html
    answer = as_(world.admin).get(f"/quarantine/{held.pk}/bytes")
    assert b"".join(answer.streaming_content) == TWO_SENDERS


def test_a_person_who_knows_the_sender_takes_it_in(world: World, held: RawMail) -> None:
    assert as_(world.admin).get(f"/quarantine/{held.pk}/take-in").status_code == 200
    assert as_(world.admin).post(f"/quarantine/{held.pk}/take-in", {"sender": "no address"}).status_code == 422

    as_(world.admin).post(f"/quarantine/{held.pk}/take-in", {"sender": "mina@harbourlane.example"})

    assert Conversation.objects.get(subject="Two senders").contact == world.mina


def test_a_mail_is_tried_again_or_discarded(world: World, held: RawMail) -> None:
    assert as_(world.admin).post(f"/quarantine/{held.pk}/retry").status_code == 302
    assert "two From lines" in page(world.admin, "/quarantine")

    as_(world.admin).post(f"/quarantine/{held.pk}/discard")

    assert "Nothing is in quarantine" in page(world.admin, "/quarantine")
    assert as_(world.admin).get(f"/quarantine/{held.pk}").status_code == 404


@pytest.mark.parametrize(
    "address", ["/health", "/health/dead-letters", "/quarantine", "/quarantine/1", "/quarantine/1/bytes"]
)
def test_the_machinery_is_for_those_who_look_after_it(world: World, held: RawMail, address: str) -> None:
    assert as_(world.ana).get(address).status_code == 404
    assert as_(world.stranger).get(address).status_code == 404
