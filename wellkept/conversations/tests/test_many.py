"""The same done to many: what one refuses is left and told, the others are done, and nothing is half done."""

from __future__ import annotations

from typing import Any

import pytest

from tests.world import World, office
from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation, Message
from wellkept.promises.models import Promise

NOW = office("mon 10:00")


def answered(world: World, subject: str) -> Conversation:
    """Nobody waits, and nothing is promised."""
    found = world.asked(at=office("mon 9:00"), subject=subject)
    actions.reply(conversation=found, text="Yes.", follow_up=actions.NothingMoreOwed(), by=world.ana, at=NOW)
    actions.reopen(conversation=found, by=world.ana, at=NOW)
    return found


def test_those_that_can_be_resolved_are_and_the_others_say_why_not(world: World) -> None:
    done, waits = answered(world, "Invoice 12"), world.asked(at=office("mon 9:30"), subject="GST on the oven")
    owed = world.asked(at=office("mon 9:40"), subject="Payroll")
    when = actions.DueAt(office("tue 10:00"), what="The payroll figure")
    actions.reply(conversation=owed, text="Tomorrow.", follow_up=when, by=world.ana, at=NOW)

    batch = actions.resolve_many(conversations=[owed, waits, done], answer="", by=world.ana, at=NOW)

    assert batch.done == (done,) and [each.conversation for each in batch.left] == [waits, owed]
    assert "“GST on the oven”: Mina Okafor waits for an answer" in batch.why_left
    assert "“Payroll”: “The payroll figure” is promised" in batch.why_left
    assert set(Conversation.objects.filter(resolved_at=NOW)) == {done}


def test_one_reason_resolves_all_that_wait(world: World) -> None:
    both = [world.asked(at=office("mon 9:00"), subject=f"Newsletter {n}") for n in range(2)]

    batch = actions.resolve_many(conversations=both, answer="Advertising", by=world.ana, at=NOW)

    assert batch.left == () and batch.why_left == ""
    assert set(Promise.objects.filter(withdrawn_at=NOW).values_list("subject_id", flat=True)) == {c.pk for c in both}


def test_when_all_are_refused_so_is_the_whole(world: World) -> None:
    found = [world.asked(at=office("mon 9:00"), subject=f"Question {n}") for n in range(4)]

    with pytest.raises(actions.NoneDone, match=r"Question 0.*Question 1.*And 2 more"):
        actions.resolve_many(conversations=found, answer="", by=world.ana, at=NOW)


def test_nothing_and_too_many_are_refused(world: World) -> None:
    one = answered(world, "Invoice 12")
    with pytest.raises(actions.NothingSelected):
        actions.wake_many(conversations=[], by=world.ana, at=NOW)
    with pytest.raises(actions.TooMany, match="at most 100"):
        actions.wake_many(conversations=[one] * 101, by=world.ana, at=NOW)


def test_a_refused_one_leaves_no_trace(world: World) -> None:
    good, bad = answered(world, "Invoice 12"), world.asked(at=office("mon 9:30"))
    before = Message.objects.filter(conversation=bad).count()

    actions.snooze_many(conversations=[good, bad], until=office("mon 15:00"), by=world.ana, at=NOW)

    good.refresh_from_db()
    bad.refresh_from_db()
    assert good.snoozed_until == office("mon 15:00") and bad.snoozed_until is None
    assert Message.objects.filter(conversation=bad).count() == before


def test_each_verb_can_be_taken_back(world: World) -> None:
    found = [answered(world, f"Invoice {n}") for n in range(2)]
    words: dict[str, Any] = {"by": world.ana, "at": NOW}

    actions.resolve_many(conversations=found, answer="", **words)
    assert len(actions.reopen_many(conversations=found, **words).done) == 2
    actions.snooze_many(conversations=found, until=office("mon 15:00"), **words)
    actions.wake_many(conversations=found, **words)
    assert not Conversation.objects.exclude(snoozed_until=None).exists()
    actions.offer_many(conversations=found, taker=world.leo, note="", **words)
    assert all(queries.open_handover(one) for one in found)
    actions.withdraw_offers(conversations=found, **words)
    assert not any(queries.open_handover(one) for one in found)
    with pytest.raises(actions.NoneDone, match="taken back before"):
        actions.withdraw_offers(conversations=found, **words)


def test_letters_of_strangers_are_taken_or_given_to_a_client(world: World) -> None:
    letters = [
        world.received(world.mail("Hello", sender=f"p{n}@elsewhere.example", subject=f"Letter {n}"), at=NOW)
        for n in range(3)
    ]
    found = [letter.conversation for letter in letters]

    taken = actions.take_many(conversations=found[:1], by=world.leo, at=NOW)
    batch = actions.set_client_of_many(conversations=found[1:], client=world.bakery, by=world.lead, at=NOW)
    again = actions.set_client_of_many(conversations=found, client=world.bakery, by=world.lead, at=NOW)

    assert taken.done == (found[0],) and len(batch.done) == 2
    assert again.done == (found[0],) and "belongs to a client already" in again.why_left
