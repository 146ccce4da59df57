"""Two at once, over real commits: every race has one winner and nothing is doubled or lost."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import pytest
from django.db import connection

from tests.world import World, office
from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation, Message
from wellkept.conversations.rules import DueAt
from wellkept.core.models import Fact
from wellkept.core.refusals import Refusal
from wellkept.promises.models import Promise

pytestmark = pytest.mark.django_db(transaction=True)


def at_once(*calls: Callable[[], Any]) -> list[Any]:
    """What each call returned, or the refusal it raised; all begin together."""

    def run(call: Callable[[], Any]) -> Any:
        try:
            return call()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(calls)) as pool:
        return list(pool.map(run, calls))


def test_the_same_mail_read_by_four_at_once_is_one_message(world: World) -> None:
    mail = world.from_mina()
    messages = at_once(*[lambda: actions.receive(mail=mail, at=office("mon 9:00"))] * 4)

    assert len({message.pk for message in messages}) == 1
    assert (Message.objects.count(), Conversation.objects.count(), Promise.objects.count()) == (1, 1, 1)
    assert Fact.objects.filter(name="message.received").count() == 1


def test_two_messages_at_once_start_one_clock(world: World) -> None:
    conversation = world.asked(at=office("mon 8:40"))
    follow_up = DueAt(office("mon 15:00"))
    actions.reply(conversation=conversation, text="I look.", follow_up=follow_up, by=world.ana, at=office("mon 9:00"))
    subject = f"[#{conversation.public_id}]"
    mails = [world.from_mina(f"And {n}?", subject=subject) for n in range(3)]
    at_once(*[lambda mail=mail: actions.receive(mail=mail, at=office("mon 9:30")) for mail in mails])

    assert conversation.messages.filter(kind="in").count() == 4
    assert [promise.kind for promise in queries.open_promises(conversation)].count("next_reply") == 1


def test_two_answers_at_once_keep_the_acknowledgement_once(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))

    def answer(by: Any) -> Message:
        follow_up = DueAt(office("mon 15:00"))
        return actions.reply(
            conversation=conversation, text="I look.", follow_up=follow_up, by=by, at=office("mon 9:30")
        )

    results = at_once(lambda: answer(world.ana), lambda: answer(world.leo))

    assert all(isinstance(result, Message) for result in results), results
    assert Fact.objects.filter(name="promise.kept").count() == 1


def test_of_accepting_and_withdrawing_at_once_one_wins(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))
    handover = actions.offer(conversation=conversation, taker=world.leo, by=world.ana, at=office("mon 9:05"))
    results = at_once(
        lambda: actions.accept(handover=handover, by=world.leo, at=office("mon 9:06")),
        lambda: actions.withdraw_offer(handover=handover, by=world.ana, at=office("mon 9:06")),
    )
    conversation.refresh_from_db()
    handover.refresh_from_db()

    assert len([result for result in results if isinstance(result, Refusal)]) == 1
    assert conversation.owner == (world.leo if handover.accepted_at else world.ana)


def test_two_people_taking_the_same_stranger_leave_one_owner(world: World) -> None:
    conversation = world.received(world.mail("Hello"), at=office("mon 9:00")).conversation
    results = at_once(
        lambda: actions.take(conversation=conversation, by=world.leo, at=office("mon 9:06")),
        lambda: actions.take(conversation=conversation, by=world.ruth, at=office("mon 9:06")),
    )

    assert len([result for result in results if isinstance(result, Refusal)]) == 1
    assert Fact.objects.filter(name="conversation.handed_over").count() == 1


def test_merging_each_into_the_other_at_once_merges_one(world: World) -> None:
    first = world.asked(at=office("mon 9:00"))
    second = world.asked(at=office("mon 9:01"))
    results = at_once(
        lambda: actions.merge(conversation=first, into=second, by=world.ana, at=office("mon 9:06")),
        lambda: actions.merge(conversation=second, into=first, by=world.ana, at=office("mon 9:06")),
    )

    assert len([result for result in results if isinstance(result, Refusal)]) == 1
    assert Conversation.objects.filter(merged_into=None).count() == 1
