"""How much a conversation presses: raised and lowered, and its clocks with it."""

from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction

from tests.world import World, office
from wellkept.clients import actions as clients
from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation
from wellkept.conversations.rules import DueAt
from wellkept.core.models import Fact
from wellkept.promises import actions as promises
from wellkept.promises.models import Promise

AT = office("mon 9:30")


@pytest.fixture
def oven(world: World) -> Conversation:
    """Mina asked at nine; the agreement promises three hours, one hour when it is urgent."""
    clients.draw_up_agreement(
        client=None,
        name="By priority",
        targets=[
            clients.TargetDraft("acknowledge", 3 * clients.HOUR),
            clients.TargetDraft("acknowledge", clients.HOUR, priority="urgent"),
            clients.TargetDraft("next_reply", 2 * clients.HOUR, priority="high"),
            clients.TargetDraft("resolve", 40 * clients.HOUR),
        ],
        by=world.admin,
        at=world.start,
    )
    return world.asked(at=office("mon 9:00"))


def clock(conversation: Conversation, kind: str = "acknowledge") -> Promise:
    [found] = [promise for promise in queries.open_promises(conversation) if promise.kind == kind]
    return found


@pytest.mark.req("P6")
def test_raising_it_counts_its_clock_from_its_own_start(world: World, oven: Conversation) -> None:
    assert clock(oven).due_at == office("mon 12:00")

    raised = actions.set_priority(conversation=oven, priority="urgent", by=world.ana, at=AT)

    promise = clock(raised)
    assert (promise.made_at, promise.due_at, promise.priority) == (office("mon 9:00"), office("mon 10:00"), "urgent")
    assert (raised.priority, raised.next_due_at) == ("urgent", office("mon 10:00"))
    fact = Fact.objects.get(name="conversation.raised")
    assert (fact.by, fact.data["priority"], fact.data["before"]) == (world.ana.pk, "urgent", "")
    recounted = promise.events.get(name="recounted")
    assert (recounted.by, recounted.data["priority"]) == (world.ana, "urgent")
    assert [line.event for line in queries.thread(raised)][-1] == "raised"


def test_lowering_it_again_gives_the_time_back(world: World, oven: Conversation) -> None:
    raised = actions.set_priority(conversation=oven, priority="urgent", by=world.ana, at=AT)
    lowered = actions.set_priority(conversation=raised, priority="", by=world.ana, at=office("mon 9:40"))

    assert clock(lowered).due_at == lowered.next_due_at == office("mon 12:00")
    assert Fact.objects.filter(name="conversation.lowered").count() == 1


def test_a_shorter_time_may_be_over_already_and_a_miss_stays_one(world: World, oven: Conversation) -> None:
    raised = actions.set_priority(conversation=oven, priority="urgent", by=world.ana, at=office("mon 10:30"))
    promises.sweep(at=office("mon 10:30"))
    assert clock(raised).missed_at == office("mon 10:00")

    lowered = actions.set_priority(conversation=raised, priority="low", by=world.ana, at=office("mon 10:40"))

    promise = clock(lowered)
    assert (promise.missed_at, promise.due_at) == (office("mon 10:00"), office("mon 10:00"))


def test_a_time_that_passed_unswept_is_a_miss_of_what_was_promised(world: World, oven: Conversation) -> None:
    lowered = actions.set_priority(conversation=oven, priority="low", by=world.ana, at=office("mon 12:30"))

    assert clock(lowered).missed_at == office("mon 12:00")


def test_a_date_somebody_named_does_not_move(world: World, oven: Conversation) -> None:
    due = DueAt(office("tue 9:00"), "The GST answer")
    actions.reply(conversation=oven, text="I look.", follow_up=due, by=world.ana, at=AT)
    world.run_reactions(at=AT)
    raised = actions.set_priority(conversation=oven, priority="urgent", by=world.ana, at=office("mon 9:40"))

    assert clock(raised, "commitment").due_at == office("tue 9:00")
    assert clock(raised, "resolve").priority == "urgent"


def test_what_only_the_new_priority_promises_starts_with_the_message_that_waits(world: World) -> None:
    clients.draw_up_agreement(
        client=None,
        name="Only urgent ones",
        targets=[clients.TargetDraft("acknowledge", clients.HOUR, priority="urgent")],
        by=world.admin,
        at=world.start,
    )
    oven = world.asked(at=office("mon 9:00"))
    assert queries.open_promises(oven) == []

    raised = actions.set_priority(conversation=oven, priority="urgent", by=world.ana, at=AT)
    assert clock(raised).due_at == raised.next_due_at == office("mon 10:00")
    lowered = actions.set_priority(conversation=raised, priority="high", by=world.ana, at=AT)
    assert (queries.open_promises(lowered), lowered.next_due_at) == ([], None)


def test_refused_where_nothing_would_change(world: World, oven: Conversation) -> None:
    with pytest.raises(actions.PriorityStands):
        actions.set_priority(conversation=oven, priority="", by=world.ana, at=AT)
    with pytest.raises(actions.PriorityUnknown):
        actions.set_priority(conversation=oven, priority="dire", by=world.ana, at=AT)
    with pytest.raises(IntegrityError), transaction.atomic():
        Conversation.objects.filter(pk=oven.pk).update(priority="dire")
    actions.resolve(conversation=oven, answer="Answered by phone", by=world.ana, at=AT)
    with pytest.raises(actions.ResolvedAlready):
        actions.set_priority(conversation=oven, priority="urgent", by=world.ana, at=AT)
    assert not Fact.objects.filter(name="conversation.raised").exists()
