"""What can be done with a conversation besides answering it: its forms and their refusals."""

from __future__ import annotations

import json

import pytest

from tests.world import World, office
from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation
from wellkept.web.tests.desk import HTMX, NOW, as_, at_conversation, page, post, replied

pytestmark = pytest.mark.usefixtures("tuesday")


def test_hand_over_waits_for_a_yes(world: World, found: Conversation) -> None:
    post(world.ana, at_conversation(found, "/offer"), {"taker": world.leo.pk, "note": "The recharge, please"})
    assert "asks you to take this over" in page(world.leo, at_conversation(found))
    assert "owns it until it is accepted" in page(world.ana, at_conversation(found))

    post(world.leo, at_conversation(found, "/accept"))

    found.refresh_from_db()
    assert found.owner == world.leo


@pytest.mark.parametrize("word", ["decline", "withdraw-offer"])
def test_an_offer_can_be_answered_or_taken_back_once(world: World, found: Conversation, word: str) -> None:
    actions.offer(conversation=found, taker=world.leo, by=world.ana, at=NOW)
    person = world.leo if word == "decline" else world.ana

    assert post(person, at_conversation(found, f"/{word}")).status_code == 302
    assert post(person, at_conversation(found, f"/{word}")).status_code == 422


@pytest.mark.req("C1")
def test_a_colleague_is_asked_and_answers(world: World, found: Conversation) -> None:
    post(
        world.ana,
        at_conversation(found, "/ask"),
        {"colleague": world.leo.pk, "text": "Is the receipt in?", "due": "wed 12:00"},
    )
    [promise] = [owed for owed in queries.open_promises(found) if owed.kind == "colleague"]
    assert "You were asked" in page(world.leo, at_conversation(found))

    give = at_conversation(found, f"/give?promise={promise.pk}")
    assert as_(world.ana).get(give).status_code == 404
    assert post(world.leo, give, {"text": "It is.", "promise": promise.pk}).status_code == 302
    assert not [owed for owed in queries.open_promises(found) if owed.kind == "colleague"]


def test_without_a_colleague_the_form_comes_back(world: World, found: Conversation) -> None:
    for part in ("/offer", "/ask"):
        answer = post(world.ana, at_conversation(found, part), {"note": "kept words", "text": "kept words"})
        assert answer.status_code == 422 and "Choose a colleague." in answer.content.decode()
        assert "kept words" in answer.content.decode()


def test_what_waits_for_an_answer_is_resolved_with_a_reason_only(world: World, found: Conversation) -> None:
    assert post(world.ana, at_conversation(found, "/resolve")).status_code == 422

    answer = post(world.ana, at_conversation(found, "/resolve"), {"answer": "A thank-you note"}, **HTMX)

    assert json.loads(answer["HX-Trigger"])["toast"]["undo"] == at_conversation(found, "/reopen")
    assert "resolved this" in page(world.ana, at_conversation(found))
    assert post(world.ana, at_conversation(found, "/reopen")).status_code == 302


def test_put_aside_and_woken(world: World, found: Conversation) -> None:
    replied(world, found)
    assert post(world.ana, at_conversation(found, "/snooze"), {"until_words": "fri 15:00"}).status_code == 422
    post(world.ana, at_conversation(found, "/snooze"), {"until": f"at:{office('tue 15:00').isoformat()}"})
    assert "Put aside until 15:00" in page(world.ana, at_conversation(found))

    post(world.ana, at_conversation(found, "/wake"))

    assert "Put aside until" not in page(world.ana, at_conversation(found))


def test_waiting_and_going_on(world: World, found: Conversation) -> None:
    replied(world, found)
    post(world.ana, at_conversation(found, "/wait"), {"what": "the receipt"})
    assert "Waiting for the client: the receipt" in page(world.ana, at_conversation(found))

    post(world.ana, at_conversation(found, "/stop-waiting"))

    assert "Waiting for the client:" not in page(world.ana, at_conversation(found, "/owed"))


@pytest.mark.req("C4")
def test_regular_updates_are_promised_and_ended(world: World, found: Conversation) -> None:
    post(world.ana, at_conversation(found, "/rhythm"), {"every_days": "2"})
    assert "every 2 business days" in page(world.ana, at_conversation(found))

    post(world.ana, at_conversation(found, "/rhythm-end"))

    assert "They hear from us" not in page(world.ana, at_conversation(found))
