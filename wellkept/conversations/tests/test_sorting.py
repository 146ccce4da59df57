"""Split, merge, move, triage and delivery reports."""

from __future__ import annotations

import pytest

from tests.world import World, office
from wellkept.conversations import actions, queries, tokens
from wellkept.conversations.models import Conversation, Message
from wellkept.conversations.rules import DueAt
from wellkept.core import search
from wellkept.core.models import Fact
from wellkept.people.models import Notice
from wellkept.promises.models import Promise


@pytest.fixture
def oven(world: World) -> Conversation:
    return world.asked(at=office("mon 9:00"))


def again(world: World, conversation: Conversation, text: str, when: str) -> Message:
    return world.received(world.from_mina(text, subject=f"[#{conversation.public_id}]"), at=office(when))


def reply(world: World, conversation: Conversation, when: str, due: str, what: str = "GST answer") -> Message:
    message = actions.reply(
        conversation=conversation, text="I look.", follow_up=DueAt(office(due), what), by=world.ana, at=office(when)
    )
    world.run_reactions(at=office(when))
    return message


def open_kinds(conversation: Conversation) -> set[str]:
    return {promise.kind for promise in queries.open_promises(conversation)}


def test_a_split_takes_messages_and_the_clock_of_who_waits(world: World, oven: Conversation) -> None:
    reply(world, oven, "mon 9:30", "mon 15:00")
    second = again(world, oven, "And how is the payroll?", "mon 10:00")
    new = actions.split(messages=[second], subject="Payroll", by=world.ana, at=office("mon 10:30"))
    oven.refresh_from_db()

    assert (new.subject, new.client, new.owner, new.split_from) == ("Payroll", world.bakery, world.ana, oven)
    assert open_kinds(oven) == {"commitment", "resolve"}
    [clock] = queries.open_promises(new)
    assert (clock.kind, clock.made_at) == ("next_reply", office("mon 10:00")), "the clock it started goes along"
    assert (oven.unanswered_since, oven.next_due_at) == (None, office("mon 15:00"))
    second.refresh_from_db()
    assert (second.conversation, second.placed_by) == (new, "moved")


def test_a_split_takes_the_commitment_its_message_carries(world: World, oven: Conversation) -> None:
    reply(world, oven, "mon 9:30", "mon 15:00")
    asked = again(world, oven, "And the payroll?", "mon 10:00")
    answer = reply(world, oven, "mon 10:10", "tue 9:00", "Payroll answer")
    new = actions.split(messages=[asked, answer], subject="Payroll", by=world.ana, at=office("mon 10:30"))

    assert {promise.title for promise in queries.open_promises(new) if promise.kind == "commitment"} == {
        "Payroll answer"
    }
    assert {promise.title for promise in queries.open_promises(oven) if promise.kind == "commitment"} == {"GST answer"}


def test_a_split_leaves_something_behind_and_stays_in_one_conversation(world: World, oven: Conversation) -> None:
    first = oven.messages.get(kind=Message.Kind.INBOUND)
    other = world.asked("Payroll?", at=office("mon 9:10")).messages.get(kind=Message.Kind.INBOUND)
    for messages in ([first], [first, other]):
        with pytest.raises(actions.NothingToSplit):
            actions.split(messages=messages, subject="x", by=world.ana, at=office("mon 10:00"))


def test_a_merge_moves_everything_said_and_owed(world: World, oven: Conversation) -> None:
    reply(world, oven, "mon 9:30", "mon 15:00")
    other = world.asked("Still about the oven", subject="Oven again", at=office("mon 9:40"))
    actions.merge(conversation=other, into=oven, by=world.ana, at=office("mon 10:00"))
    oven.refresh_from_db()
    other.refresh_from_db()

    assert other.merged_into == oven and not other.messages.exclude(kind=Message.Kind.EVENT).exists()
    assert queries.open_promises(other) == []
    assert {"commitment", "resolve"} < open_kinds(oven)
    waiting = [promise for promise in queries.open_promises(oven) if promise.kind in ("acknowledge", "next_reply")]
    assert [promise.made_at for promise in waiting] == [office("mon 9:40")]
    assert oven.unanswered_since == office("mon 9:40")
    assert other not in [row.conversation for row in queries.listing(world.ana, view="mine").rows]
    assert [
        found.object_id for found in search.find("oven", clients=None, without_client=True, kinds=["conversation"])
    ] == [oven.pk]
    with pytest.raises(actions.Merged):
        reply(world, other, "mon 10:10", "mon 16:00")


def test_two_waiting_conversations_merged_keep_the_earlier_clock(world: World, oven: Conversation) -> None:
    other = world.asked("Hello?", at=office("mon 9:20"))
    actions.merge(conversation=oven, into=other, by=world.ana, at=office("mon 10:00"))

    [clock] = queries.open_promises(other)
    assert (clock.kind, clock.made_at) == ("acknowledge", office("mon 9:00"))


def test_conversations_of_different_clients_are_never_joined(world: World, oven: Conversation) -> None:
    theirs = world.received(world.mail("Hi", sender="sam@northbank.example"), at=office("mon 9:00"))
    with pytest.raises(actions.NotTheSameClient):
        actions.merge(conversation=theirs.conversation, into=oven, by=world.ruth, at=office("mon 10:00"))
    again(world, oven, "More", "mon 9:10")
    with pytest.raises(actions.NotTheSameClient):
        actions.move_message(
            message=oven.messages.first(), into=theirs.conversation, by=world.ruth, at=office("mon 10:00")
        )


def test_a_message_in_the_wrong_place_is_moved(world: World, oven: Conversation) -> None:
    payroll = world.asked("Payroll?", subject="Payroll", at=office("mon 9:10"))
    stray = again(world, oven, "The payroll file", "mon 9:20")
    actions.move_message(message=stray, into=payroll, by=world.ana, at=office("mon 9:30"))

    stray.refresh_from_db()
    assert stray.conversation == payroll
    assert [promise.made_at for promise in queries.open_promises(oven)] == [office("mon 9:00")]


def test_a_stranger_becomes_a_client_with_the_clients_promise(world: World) -> None:
    conversation = world.received(world.mail("It is me, Mina, from my phone"), at=office("mon 9:00")).conversation
    actions.set_client(
        conversation=conversation, client=world.bakery, contact=world.mina, by=world.leo, at=office("mon 9:30")
    )
    conversation.refresh_from_db()

    assert (conversation.client, conversation.contact, conversation.owner) == (world.bakery, world.mina, world.ana)
    [clock] = queries.open_promises(conversation)
    assert (clock.client, clock.made_at, clock.due_at) == (world.bakery, office("mon 9:00"), office("mon 12:00"))
    assert Promise.objects.filter(client=None, withdrawn_at=office("mon 9:30")).count() == 1
    with pytest.raises(actions.ClientKnown):
        actions.set_client(
            conversation=conversation, client=world.cycles, contact=None, by=world.ruth, at=office("mon 9:31")
        )


def test_a_contact_of_another_client_is_refused(world: World) -> None:
    conversation = world.received(world.mail("Hello"), at=office("mon 9:00")).conversation
    with pytest.raises(actions.NotTheSameClient):
        actions.set_client(
            conversation=conversation, client=world.bakery, contact=world.sam, by=world.ruth, at=office("mon 9:30")
        )


def test_a_bounce_marks_the_message_it_is_about_and_tells_its_writer(world: World, oven: Conversation) -> None:
    message = reply(world, oven, "mon 9:30", "mon 15:00")
    report = [("mina@harbourlane.example", True, "The mailbox is full.")]
    for _twice in range(2):
        marked = actions.record_bounce(original_message_id=message.message_id, recipients=report, at=office("mon 9:32"))
        assert marked == message

    [problem] = message.problems.all()
    assert (problem.address, problem.permanent, problem.words) == (
        "mina@harbourlane.example",
        True,
        "The mailbox is full.",
    )
    [event] = [line for line in queries.thread(oven) if line.event == "bounced"]
    assert event.details["message"] == message.pk
    assert Notice.objects.filter(staff=world.ana, kind="conversation.bounced").count() == 1
    assert Fact.objects.filter(name="message.bounced").count() == 1


def test_a_bounce_is_found_by_our_signed_address_too(world: World, oven: Conversation) -> None:
    message = reply(world, oven, "mon 9:30", "mon 15:00")
    report = [("mina@harbourlane.example", False, "Still trying.")]

    assert actions.record_bounce(token=tokens.make(oven.pk), recipients=report, at=office("mon 9:32")) == message
    assert not Notice.objects.filter(kind="conversation.bounced").exists(), "a delay is shown, not shouted"


@pytest.mark.parametrize("forged", ["<nobody@nowhere.example>", ""])
def test_a_report_about_nothing_we_sent_changes_nothing(world: World, oven: Conversation, forged: str) -> None:
    report = [("mina@harbourlane.example", True, "No such user")]

    assert (
        actions.record_bounce(original_message_id=forged, token="c1-forged", recipients=report, at=office("mon 9:32"))
        is None
    )


def test_a_report_may_name_the_address_our_recipient_forwards_to(world: World, oven: Conversation) -> None:
    message = reply(world, oven, "mon 9:30", "mon 15:00")
    report = [("Mina.Home@elsewhere.example", True, "No such user")]
    actions.record_bounce(original_message_id=message.message_id, recipients=report, at=office("mon 9:32"))

    assert message.problems.get().address == "mina.home@elsewhere.example"
    oven.refresh_from_db()
    assert oven.unanswered_since is None, "a report changes nothing but the mark"
