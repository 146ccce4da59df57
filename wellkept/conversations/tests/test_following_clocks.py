"""A clock belongs to the message that started it, wherever that one is moved, and nobody who waits is forgotten."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import World, office
from wellkept.clients import actions as clients
from wellkept.conversations import actions, queries
from wellkept.conversations.actions import DueAt, NothingMoreOwed
from wellkept.conversations.actions.clocks import REPLY_CLOCKS
from wellkept.conversations.models import Conversation, Message, Rhythm
from wellkept.core.models import Fact
from wellkept.people.models import Notice
from wellkept.promises import actions as promises
from wellkept.promises.models import Promise


@pytest.fixture
def oven(world: World) -> Conversation:
    return world.asked("Can I claim the oven?", at=office("mon 9:00"))


@pytest.fixture
def payroll(world: World) -> Conversation:
    """Asked after the oven, and answered."""
    conversation = world.asked("When is payroll?", subject="Payroll", at=office("mon 9:05"))
    answer(world, conversation, "mon 9:30")
    return conversation


def answer(world: World, conversation: Conversation, when: str, due: str = "mon 15:00") -> Message:
    message = actions.reply(
        conversation=conversation, text="I look.", follow_up=DueAt(office(due)), by=world.ana, at=office(when)
    )
    world.run_reactions(at=office(when))
    conversation.refresh_from_db()
    return message


def again(world: World, conversation: Conversation, when: str) -> Message:
    return world.received(world.from_mina("More", subject=f"[#{conversation.public_id}]"), at=office(when))


def first_of(conversation: Conversation) -> Message:
    return Message.objects.filter(conversation=conversation, kind=Message.Kind.INBOUND).earliest("id")


def clocks(conversation: Conversation) -> list[tuple[str, str]]:
    """The clocks that run for an answer, with the office's wall time at which each began."""
    zone = office("mon 0:00")
    running = [promise for promise in queries.open_promises(conversation) if promise.kind in REPLY_CLOCKS]
    return [(promise.kind, f"{(promise.made_at - zone) // timedelta(hours=1)}:00") for promise in running]


def test_a_message_starts_a_clock_where_the_one_before_it_was_let_go(world: World, oven: Conversation) -> None:
    [clock] = queries.open_promises(oven)
    promises.withdraw(promise=clock, reason="Asked by telephone too", by=world.ana, at=office("mon 9:10"))
    again(world, oven, "mon 11:00")

    assert clocks(oven) == [("acknowledge", "11:00")]


def test_a_message_starts_the_clock_that_was_promised_only_since(world: World) -> None:
    clients.draw_up_agreement(
        client=None, name="Nothing", targets=[clients.TargetDraft("resolve", 9000)], by=world.admin, at=world.start
    )
    conversation = world.asked(at=office("mon 9:00"))
    assert clocks(conversation) == []
    clients.draw_up_agreement(
        client=None, name="More", targets=[clients.TargetDraft("acknowledge", 9000)], by=world.admin, at=world.start
    )
    again(world, conversation, "mon 11:00")

    assert clocks(conversation) == [("acknowledge", "11:00")]


def test_a_question_nobody_answered_waits_on_after_a_merge_into_an_answered_one(
    world: World, oven: Conversation, payroll: Conversation
) -> None:
    actions.merge(conversation=oven, into=payroll, by=world.ana, at=office("mon 10:00"))
    payroll.refresh_from_db()

    assert clocks(payroll) == [("acknowledge", "9:00")]
    assert (payroll.unanswered_since, payroll.next_due_at) == (office("mon 9:00"), office("mon 12:00"))
    assert not Promise.objects.exclude(withdrawn_at=None).exists(), "nothing was let go"

    actions.split(messages=[first_of(payroll)], subject="Again", by=world.ana, at=office("mon 10:30"))
    payroll.refresh_from_db()
    assert (payroll.unanswered_since, clocks(payroll)) == (None, []), "the other one was answered before"


def test_a_merge_reopens_what_is_resolved_while_somebody_waits_and_says_so(world: World, oven: Conversation) -> None:
    done = world.asked("Thanks?", subject="Done", at=office("mon 9:10"))
    actions.reply(conversation=done, text="Yes.", follow_up=NothingMoreOwed(), by=world.ana, at=office("mon 9:30"))
    actions.merge(conversation=oven, into=done, by=world.ana, at=office("mon 10:00"))
    done.refresh_from_db()

    assert (done.resolved_at, clocks(done)) == (None, [("acknowledge", "9:00")])
    reopened = Fact.objects.get(name="conversation.reopened")
    assert (reopened.data["conversation"], reopened.data["reason"]) == (done.pk, "merged")


def test_a_merge_leaves_resolved_what_nothing_is_owed_in(world: World, oven: Conversation) -> None:
    done = world.asked("Thanks?", subject="Done", at=office("mon 9:10"))
    for conversation in (done, oven):
        actions.reply(
            conversation=conversation, text="Yes.", follow_up=NothingMoreOwed(), by=world.ana, at=office("mon 9:30")
        )
    actions.reopen(conversation=oven, by=world.ana, at=office("mon 9:40"))
    actions.merge(conversation=oven, into=done, by=world.ana, at=office("mon 10:00"))
    done.refresh_from_db()

    assert done.resolved_at == office("mon 9:30")


def test_a_question_moved_into_a_resolved_conversation_reopens_it(world: World, oven: Conversation) -> None:
    done = world.asked("Thanks?", subject="Done", at=office("mon 9:10"))
    actions.reply(conversation=done, text="Yes.", follow_up=NothingMoreOwed(), by=world.ana, at=office("mon 9:30"))
    again(world, oven, "mon 9:40")
    actions.move_message(message=first_of(oven), into=done, by=world.ana, at=office("mon 10:00"))
    done.refresh_from_db()

    assert (done.resolved_at, clocks(done)) == (None, [("acknowledge", "9:00")])


def test_a_clock_is_split_off_with_the_message_that_started_it(world: World, oven: Conversation) -> None:
    again(world, oven, "mon 11:00")
    new = actions.split(messages=[first_of(oven)], subject="First", by=world.ana, at=office("mon 11:10"))
    oven.refresh_from_db()

    assert (clocks(new), new.next_due_at) == ([("acknowledge", "9:00")], office("mon 12:00"))
    assert (clocks(oven), oven.unanswered_since) == ([("acknowledge", "11:00")], office("mon 11:00"))
    assert oven.next_due_at == office("mon 14:00"), "what stayed is not late because of what left"


def test_a_clock_moves_with_its_message_into_an_answered_conversation(
    world: World, oven: Conversation, payroll: Conversation
) -> None:
    again(world, oven, "mon 11:00")
    actions.move_message(message=first_of(oven), into=payroll, by=world.ana, at=office("mon 11:10"))
    payroll.refresh_from_db()

    assert (clocks(payroll), payroll.unanswered_since) == ([("acknowledge", "9:00")], office("mon 9:00"))
    assert clocks(oven) == [("acknowledge", "11:00")]


def test_a_clock_that_gave_way_runs_again_when_its_message_is_split_off(world: World, oven: Conversation) -> None:
    other = world.asked("Hello?", subject="Other", at=office("mon 10:00"))
    actions.merge(conversation=other, into=oven, by=world.ana, at=office("mon 10:10"))
    assert clocks(oven) == [("acknowledge", "9:00")]
    moved = Message.objects.get(conversation=oven, at=office("mon 10:00"), kind=Message.Kind.INBOUND)
    new = actions.split(messages=[moved], subject="Other", by=world.ana, at=office("mon 10:20"))

    assert (clocks(oven), clocks(new)) == ([("acknowledge", "9:00")], [("acknowledge", "10:00")])


def test_a_clock_that_was_missed_before_it_gave_way_is_not_missed_again(world: World, oven: Conversation) -> None:
    other = world.asked("Hello?", subject="Other", at=office("mon 10:00"))
    actions.merge(conversation=other, into=oven, by=world.ana, at=office("tue 9:00"))
    moved = Message.objects.get(conversation=oven, at=office("mon 10:00"), kind=Message.Kind.INBOUND)
    new = actions.split(messages=[moved], subject="Other", by=world.ana, at=office("tue 9:10"))
    promises.sweep(at=office("tue 9:20"))

    assert clocks(new) == [], "its miss stands"
    assert Promise.objects.filter(missed_at=office("mon 13:00")).count() == 1
    again(world, new, "tue 10:00")
    assert clocks(new) == [("acknowledge", "34:00")], "what they write then is answered in time again"


def test_a_stranger_whose_promise_was_missed_is_missed_once(world: World) -> None:
    conversation = world.received(world.mail("It is me, Mina"), at=office("mon 9:00")).conversation
    actions.set_client(
        conversation=conversation, client=world.bakery, contact=world.mina, by=world.ruth, at=office("mon 14:01")
    )
    promises.sweep(at=office("mon 14:02"))

    [missed] = Promise.objects.all()
    assert (missed.missed_at, missed.withdrawn_at) == (office("mon 12:00"), None)
    assert (missed.client, missed.to_contact, missed.owner) == (world.bakery, world.mina, world.ana)
    assert [event.name for event in missed.events.all()] == ["made", "missed", "moved", "handed"]
    assert Notice.objects.filter(kind="promise.handed_over", staff=world.ana).exists()
    assert Fact.objects.filter(name="promise.missed").count() == 1


def test_a_date_given_to_a_stranger_is_the_clients_once_we_know_them(world: World) -> None:
    conversation = world.received(world.mail("It is me, Mina"), at=office("mon 9:00")).conversation
    commitment = answer(world, conversation, "mon 9:30").promise
    assert commitment is not None
    actions.set_client(
        conversation=conversation, client=world.bakery, contact=world.mina, by=world.ruth, at=office("mon 10:00")
    )
    commitment.refresh_from_db()

    assert (commitment.client, commitment.to_contact, commitment.due_at) == (
        world.bakery,
        world.mina,
        office("mon 15:00"),
    )


def test_reopened_a_week_later_an_old_message_starts_nothing(world: World, oven: Conversation) -> None:
    actions.resolve(conversation=oven, by=world.ana, at=office("mon 9:10"), answer="Only thanks")
    actions.reopen(conversation=oven, by=world.ana, at=office("next mon 9:00"))
    promises.sweep(at=office("next mon 9:01"))
    oven.refresh_from_db()

    assert (oven.unanswered_since, queries.open_promises(oven)) == (None, [])
    assert not Promise.objects.exclude(missed_at=None).exists()
    again(world, oven, "next mon 10:00")
    assert clocks(oven) == [("acknowledge", f"{24 * 7 + 10}:00")]


def test_a_resolution_undone_at_once_does_not_miss_a_second_time(world: World, oven: Conversation) -> None:
    actions.resolve(conversation=oven, by=world.ana, at=office("mon 13:00"), answer="Spam")
    actions.reopen(conversation=oven, by=world.ana, at=office("mon 13:01"))
    oven.refresh_from_db()

    assert (oven.unanswered_since, clocks(oven)) == (office("mon 9:00"), [])
    assert Promise.objects.exclude(missed_at=None).count() == 1


def test_whoever_waits_is_not_left_without_a_reason_where_no_clock_runs(world: World, oven: Conversation) -> None:
    [clock] = queries.open_promises(oven)
    promises.withdraw(promise=clock, reason="Asked by telephone too", by=world.ana, at=office("mon 9:10"))
    oven.refresh_from_db()

    with pytest.raises(actions.ReasonNeeded):
        actions.resolve(conversation=oven, by=world.ana, at=office("mon 9:20"))


def test_a_merge_ends_the_waiting_for_a_client_who_waits_for_us(world: World, payroll: Conversation) -> None:
    actions.wait_on_client(conversation=payroll, what="the receipt", by=world.ana, at=office("mon 9:40"))
    other = world.asked("Here it is", subject="Receipt", at=office("mon 9:50"))
    actions.merge(conversation=other, into=payroll, by=world.ana, at=office("mon 10:00"))
    payroll.refresh_from_db()

    assert (payroll.waiting_since, payroll.waiting_for) == (None, "")
    assert all(promise.paused_at is None for promise in queries.open_promises(payroll))


def test_what_stood_still_runs_on_where_nobody_waits_for_the_client(world: World, payroll: Conversation) -> None:
    waits = world.asked("And the lease?", subject="Lease", at=office("mon 9:10"))
    answer(world, waits, "mon 9:20")
    actions.wait_on_client(conversation=waits, what="the lease", by=world.ana, at=office("mon 9:40"))
    actions.merge(conversation=waits, into=payroll, by=world.ana, at=office("mon 10:00"))

    assert all(promise.paused_at is None for promise in queries.open_promises(payroll))


def test_of_two_rhythms_one_goes_on_with_one_update_the_sooner(world: World, payroll: Conversation) -> None:
    other = world.asked("And the lease?", subject="Lease", at=office("mon 9:10"))
    answer(world, other, "mon 9:20")
    actions.set_rhythm(conversation=payroll, every_days=5, by=world.ana, at=office("mon 9:40"))
    actions.set_rhythm(conversation=other, every_days=2, by=world.ana, at=office("mon 9:41"))
    actions.merge(conversation=other, into=payroll, by=world.ana, at=office("mon 10:00"))

    assert Rhythm.objects.get(ended_at=None).conversation == payroll
    [update] = [promise for promise in queries.open_promises(payroll) if promise.kind == "progress"]
    assert update.due_at == office("wed 9:41"), "the client was told to expect it then"


def test_a_clock_that_moves_is_owed_by_whoever_owns_the_conversation(
    world: World, oven: Conversation, payroll: Conversation
) -> None:
    offered = actions.offer(conversation=oven, taker=world.leo, by=world.ana, at=office("mon 9:10"))
    actions.accept(handover=offered, by=world.leo, at=office("mon 9:11"))
    actions.merge(conversation=oven, into=payroll, by=world.ana, at=office("mon 10:00"))

    assert {promise.owner for promise in queries.open_promises(payroll)} == {world.ana}


def test_an_answer_split_away_leaves_its_question_answered(world: World, oven: Conversation) -> None:
    message = answer(world, oven, "mon 9:30")
    actions.split(messages=[message], subject="Another matter", by=world.ana, at=office("tue 9:00"))
    oven.refresh_from_db()

    assert (oven.unanswered_since, clocks(oven)) == (None, [])
    assert Promise.objects.filter(kind="acknowledge").count() == 1


def test_an_answer_taken_back_after_it_was_split_away_is_owed_where_the_question_stands(
    world: World, oven: Conversation
) -> None:
    message = answer(world, oven, "mon 9:30")
    actions.split(messages=[message], subject="Another", by=world.ana, at=office("mon 9:30") + timedelta(seconds=3))
    actions.undo_send(message=message, by=world.ana, at=office("mon 9:30") + timedelta(seconds=8))
    oven.refresh_from_db()

    assert (oven.unanswered_since, clocks(oven)) == (office("mon 9:00"), [("acknowledge", "9:00")])


def test_strangers_are_put_together_only_where_the_same_person_takes_part(world: World) -> None:
    one = world.received(world.mail("My secret", sender="a@x.example"), at=office("mon 9:00")).conversation
    two = world.received(world.mail("Other", sender="b@y.example"), at=office("mon 9:01")).conversation
    with pytest.raises(actions.NotTheSameClient, match="whose mail"):
        actions.merge(conversation=one, into=two, by=world.ruth, at=office("mon 9:10"))
    more = world.received(world.mail("My other secret", sender="a@x.example"), at=office("mon 9:02")).conversation
    world.received(world.mail("More", sender="b@y.example", subject=f"[#{two.public_id}]"), at=office("mon 9:03"))
    with pytest.raises(actions.NotTheSameClient):
        actions.move_message(message=first_of(two), into=one, by=world.ruth, at=office("mon 9:10"))

    actions.merge(conversation=more, into=one, by=world.ruth, at=office("mon 9:11"))
    assert list(one.participants.values_list("address", flat=True)) == ["a@x.example"]
