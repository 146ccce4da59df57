"""Calls from the page: promised with a number at hand, and how they went."""

from __future__ import annotations

import pytest

from tests.world import World, office
from wellkept.clients import actions as clients
from wellkept.conversations import queries
from wellkept.conversations.models import Conversation, Message
from wellkept.web.tests.desk import NOW, as_, at_conversation, page, post

pytestmark = [pytest.mark.usefixtures("tuesday"), pytest.mark.req("C2")]


def test_a_call_is_promised_with_the_number_on_file_and_made(world: World, found: Conversation) -> None:
    clients.add_address(contact=world.mina, kind="phone", value="+6445550101", by=world.ana, at=NOW)
    form = page(world.ana, at_conversation(found, "/call"))
    assert "+6445550101" in form and "The same day: Today 17:30" in form and "Pele Okafor" in form

    sent = {"contact": world.mina.pk, "number": "+6445550101", "what": "the lease", "due_at": "soon"}
    assert post(world.ana, at_conversation(found, "/call"), sent).status_code == 302
    [owed] = queries.open_calls(found)
    assert (owed.title, owed.due_at) == ("Call Mina Okafor (+6445550101): the lease", office("tue 17:30"))

    shown = page(world.ana, at_conversation(found))
    made = f"/conversations/{found.pk}/called?promise={owed.pk}"
    assert made in shown and owed.title in page(world.ana, at_conversation(found, "/side"))
    assert post(world.ana, made, {"reached": "yes", "outcome": "It is a lease."}).status_code == 302
    assert queries.open_calls(found) == []
    thread = page(world.ana, at_conversation(found, "/thread"))
    assert "It is a lease." in thread and "call · 10:00" in thread


def test_who_was_not_reached_is_tried_again(world: World, found: Conversation) -> None:
    post(world.ana, at_conversation(found, "/call"), {"due_at": "words", "due_at_words": "11:00"})
    [owed] = queries.open_calls(found)
    made = f"/conversations/{found.pk}/called?promise={owed.pk}"

    for unfinished in ({}, {"reached": "no"}):
        assert post(world.ana, made, {**unfinished, "outcome": "Voice mail"}).status_code == 422
    assert post(world.ana, made, {"reached": "no", "again_at": "words", "again_at_words": "15:00"}).status_code == 302

    [again] = queries.open_calls(found)
    assert again.due_at == office("tue 15:00")
    assert Message.objects.filter(event="call_tried").count() == 1


def test_what_is_too_late_comes_back_with_what_was_typed(world: World, found: Conversation) -> None:
    sent = {"what": "the lease", "due_at": "words", "due_at_words": "thu 15:00"}

    answer = post(world.ana, at_conversation(found, "/call"), sent)

    assert answer.status_code == 422
    assert "within 24 hours" in answer.content.decode() and "the lease" in answer.content.decode()


def test_another_clients_contact_or_promise_is_not_found(world: World, found: Conversation) -> None:
    assert post(world.ana, at_conversation(found, "/call"), {"contact": world.sam.pk}).status_code == 404
    [acknowledge] = queries.open_promises(found)
    assert as_(world.ana).get(at_conversation(found, f"/called?promise={acknowledge.pk}")).status_code == 404
