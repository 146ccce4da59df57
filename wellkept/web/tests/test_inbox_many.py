"""Selected rows of the inbox: one verb, told in one sentence, with a way to take it back."""

from __future__ import annotations

import json
from collections.abc import Iterator

import pytest
import time_machine

from tests.world import World, office
from wellkept.conversations import actions
from wellkept.conversations.models import Conversation, Handover
from wellkept.web.tests.desk import HTMX, NOW, as_, asked, page


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def open_ones(world: World) -> list[Conversation]:
    """Two answered and open, and one that waits for an answer."""
    found = []
    for number in range(2):
        one = world.asked(at=office("tue 8:40"), subject=f"Invoice {number}")
        actions.reply(conversation=one, text="Yes.", follow_up=actions.NothingMoreOwed(), by=world.ana, at=NOW)
        actions.reopen(conversation=one, by=world.ana, at=NOW)
        found.append(one)
    return [*found, asked(world)]


def address(verb: str, found: list[Conversation]) -> str:
    return f"/inbox/many/{verb}?" + "&".join(f"c={one.pk}" for one in found)


def test_every_row_can_be_selected_by_name(world: World) -> None:
    found = asked(world)

    html = page(world.ana, "/inbox")

    assert f'name="c" value="{found.pk}" form="picks"' in html and "Select “GST on the oven”, Mina Okafor" in html
    assert 'id="picks"' in html and "/inbox/many/offer" in html and "/inbox/many/assign" not in html
    assert "/inbox/many/assign" in page(world.leo, "/inbox?view=triage")
    assert "/inbox/many/reopen" in page(world.ana, "/inbox?view=done")


@pytest.mark.parametrize("verb", ["resolve", "snooze", "offer", "assign"])
def test_a_verb_is_asked_for_in_a_dialog_or_on_a_page(world: World, open_ones: list[Conversation], verb: str) -> None:
    ana = as_(world.ana)

    assert "3 conversations" in ana.get(address(verb, open_ones), headers=HTMX).content.decode()
    assert "<html" in ana.get(address(verb, open_ones)).content.decode()


def test_what_is_done_is_told_with_what_is_left_and_why(world: World, open_ones: list[Conversation]) -> None:
    ana = as_(world.ana)

    answered = ana.post(address("resolve", open_ones), headers=HTMX)

    assert answered.status_code == 204
    events = json.loads(answered["HX-Trigger"])
    assert events["toast"]["text"].startswith("2 resolved. 1 stays as it is: “GST on the oven”: Mina Okafor waits")
    assert events["picks"]["ids"] == [open_ones[2].pk]
    assert "inbox" in events["refresh"]["ids"]
    assert events["toast"]["undo"] == address("reopen", open_ones[:2])
    ana.post(events["toast"]["undo"], headers=HTMX)
    assert not Conversation.objects.exclude(resolved_at=None).exists()


def test_a_time_is_asked_for_and_a_bad_one_refused(world: World, open_ones: list[Conversation]) -> None:
    ana = as_(world.ana)

    assert ana.post(address("snooze", open_ones), {"until": "words"}).status_code == 422
    answered = ana.post(address("snooze", open_ones[:2]), {"until": "words", "until_words": "wed 10:00"}, headers=HTMX)

    assert json.loads(answered["HX-Trigger"])["toast"]["text"] == "2 put aside."
    assert Conversation.objects.filter(snoozed_until=office("wed 10:00")).count() == 2


def test_all_are_offered_to_a_colleague(world: World, open_ones: list[Conversation]) -> None:
    ana = as_(world.ana)

    assert "Choose a colleague" in ana.post(address("offer", open_ones)).content.decode()
    ana.post(address("offer", open_ones), {"taker": world.leo.pk}, headers=HTMX)

    assert Handover.objects.filter(taker=world.leo).count() == 3
    ana.post(address("keep", open_ones), headers=HTMX)
    assert Handover.objects.filter(withdrawn_at=None).count() == 0


def test_strangers_letters_are_taken_and_assigned(world: World) -> None:
    found = [
        world.received(world.mail("Hi", sender=f"p{n}@else.example"), at=office("tue 9:00")).conversation
        for n in range(2)
    ]

    taken = as_(world.leo).post(address("take", found[:1]), headers=HTMX)
    refused = as_(world.lead).post(address("assign", found), headers=HTMX)
    assigned = as_(world.lead).post(address("assign", found), {"client": world.bakery.pk}, headers=HTMX)

    assert "1 is yours now." in taken["HX-Trigger"]
    assert refused.status_code == 422 and "Choose the client." in refused["HX-Trigger"]
    assert assigned.status_code == 204 and "2 assigned." in assigned["HX-Trigger"]


def test_nobody_touches_what_is_not_theirs(world: World, open_ones: list[Conversation]) -> None:
    refused = as_(world.stranger).post(address("resolve", open_ones), {"answer": "x"}, headers=HTMX)

    assert refused.status_code == 422 and "Select at least one" in refused["HX-Trigger"]
    assert not Conversation.objects.exclude(resolved_at=None).exists()
