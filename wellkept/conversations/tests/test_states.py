from __future__ import annotations

import pytest

from tests.world import World, office
from wellkept.clients import actions as clients
from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation, Rhythm
from wellkept.conversations.rules import DueAt, NothingMoreOwed, WaitingForClient
from wellkept.core.models import Fact
from wellkept.people import actions as people
from wellkept.people.models import Notice
from wellkept.promises import actions as promises
from wellkept.promises.models import Promise


@pytest.fixture
def oven(world: World) -> Conversation:
    return world.asked(at=office("mon 9:00"))


@pytest.fixture
def answered(world: World, oven: Conversation) -> Conversation:
    follow_up = DueAt(office("mon 15:00"), "GST answer")
    actions.reply(conversation=oven, text="I look.", follow_up=follow_up, by=world.ana, at=office("mon 9:30"))
    world.run_reactions(at=office("mon 9:30"))
    oven.refresh_from_db()
    return oven


def open_kinds(conversation: Conversation) -> set[str]:
    return {promise.kind for promise in queries.open_promises(conversation)}


@pytest.mark.req("B8")
def test_a_conversation_is_not_resolved_while_something_is_promised(world: World, answered: Conversation) -> None:
    with pytest.raises(actions.StillOwed, match="“GST answer” is promised for Mon 9 Mar 15:00"):
        actions.resolve(conversation=answered, by=world.ana, at=office("mon 10:00"))

    for promise in queries.open_promises(answered):
        if promise.kind == "commitment":
            promises.keep(promise=promise, by=world.ana, at=office("mon 10:00"))
    actions.resolve(conversation=answered, by=world.ana, at=office("mon 10:01"))
    answered.refresh_from_db()

    assert (answered.resolved_at, answered.next_due_at) == (office("mon 10:01"), None)
    assert Promise.objects.get(kind="resolve").kept_at == office("mon 10:01")


def test_what_waits_for_an_answer_is_resolved_only_with_a_reason(world: World, oven: Conversation) -> None:
    with pytest.raises(actions.ReasonNeeded, match="Mina Okafor waits for an answer"):
        actions.resolve(conversation=oven, by=world.ana, at=office("mon 10:00"))

    actions.resolve(conversation=oven, by=world.ana, at=office("mon 10:00"), answer="Sent to us by mistake")
    clock = Promise.objects.get(kind="acknowledge")
    assert clock.withdrawn_at == office("mon 10:00") and clock.kept_at is None, "it never counts as kept"
    [event] = [line for line in queries.thread(oven) if line.event == "resolved_unanswered"]
    assert event.details["reason"] == "Sent to us by mistake"


def test_resolved_twice_is_refused(world: World, oven: Conversation) -> None:
    actions.resolve(conversation=oven, by=world.ana, at=office("mon 10:00"), answer="Spam")
    with pytest.raises(actions.ResolvedAlready):
        actions.resolve(conversation=oven, by=world.ana, at=office("mon 10:01"), answer="Spam")


def test_reopening_brings_back_the_clock_of_a_message_nobody_answered(world: World, oven: Conversation) -> None:
    actions.resolve(conversation=oven, by=world.ana, at=office("mon 10:00"), answer="Spam")
    actions.reopen(conversation=oven, by=world.ana, at=office("mon 10:04"), reason="It was not")
    oven.refresh_from_db()

    [clock] = queries.open_promises(oven)
    assert (clock.kind, clock.made_at, clock.due_at) == ("acknowledge", office("mon 9:00"), office("mon 12:00"))
    assert oven.next_due_at == office("mon 12:00")


def test_snooze_hides_until_then_and_never_past_a_promise(world: World, answered: Conversation) -> None:
    with pytest.raises(actions.SnoozedPastPromise, match="falls due Mon 9 Mar 15:00"):
        actions.snooze(conversation=answered, until=office("tue 9:00"), by=world.ana, at=office("mon 10:00"))
    actions.snooze(conversation=answered, until=office("mon 14:00"), by=world.ana, at=office("mon 10:00"))

    assert [row.conversation for row in queries.listing(world.ana, view="mine").rows] == []
    assert [row.conversation for row in queries.listing(world.ana, view="waiting").rows] == [answered]
    assert actions.wake_due(at=office("mon 13:59")) == 0
    assert actions.wake_due(at=office("mon 14:00")) == 1
    assert [row.conversation for row in queries.listing(world.ana, view="mine").rows] == [answered]
    assert open_kinds(answered) == {"commitment", "resolve"}, "its clocks ran on"


def test_a_message_wakes_what_was_put_aside(world: World, answered: Conversation) -> None:
    actions.snooze(conversation=answered, until=office("mon 14:00"), by=world.ana, at=office("mon 10:00"))
    world.received(world.from_mina("Well?", subject=f"[#{answered.public_id}]"), at=office("mon 11:00"))
    answered.refresh_from_db()

    assert answered.snoozed_until is None


def test_a_new_earlier_promise_wakes_what_was_put_aside(world: World, answered: Conversation) -> None:
    actions.snooze(conversation=answered, until=office("mon 14:00"), by=world.ana, at=office("mon 10:00"))
    actions.promise_call(conversation=answered, due_at=office("mon 13:00"), by=world.ana, at=office("mon 10:05"))
    answered.refresh_from_db()

    assert (answered.snoozed_until, answered.next_due_at) == (None, office("mon 13:00"))


@pytest.mark.parametrize("until", ["mon 9:59", "mon 10:00"])
def test_snoozing_into_the_past_is_refused(world: World, oven: Conversation, until: str) -> None:
    with pytest.raises(actions.SnoozeUnclear):
        actions.snooze(conversation=oven, until=office(until), by=world.ana, at=office("mon 10:00"))


def test_waiting_stops_what_may_stand_still(world: World, answered: Conversation) -> None:
    actions.wait_on_client(conversation=answered, what="the seller’s address", by=world.ana, at=office("mon 10:00"))
    paused = {promise.kind: promise.paused_at is not None for promise in queries.open_promises(answered)}

    assert paused == {"commitment": False, "resolve": True}
    actions.stop_waiting(conversation=answered, by=world.ana, at=office("mon 11:00"))
    assert all(promise.paused_at is None for promise in queries.open_promises(answered))


def listed(world: World, view: str) -> list[Conversation]:
    return [row.conversation for row in queries.listing(world.ana, view=view).rows]


@pytest.fixture
def waiting(world: World, answered: Conversation) -> Conversation:
    """Nothing is owed but the request itself, whose clock stands still: it is Mina's turn."""
    commitment = next(promise for promise in queries.open_promises(answered) if promise.kind == "commitment")
    what = WaitingForClient("the seller’s address")
    given = [commitment]
    actions.reply(
        conversation=answered, text="Whose?", follow_up=what, gives=given, by=world.ana, at=office("thu 10:00")
    )
    answered.refresh_from_db()
    return answered


def test_what_waits_for_a_client_comes_back_after_three_business_days(world: World, waiting: Conversation) -> None:
    assert waiting.next_due_at is None and listed(world, "mine") == []
    assert actions.look_again(at=office("next tue 9:59")) == 0

    assert actions.look_again(at=office("next tue 10:00")) == 1
    assert actions.look_again(at=office("next tue 10:00")) == 0

    assert listed(world, "mine") == listed(world, "waiting") == [waiting]
    notice = Notice.objects.get(staff=world.ana, kind="conversation.look_again")
    assert "GST on the oven" in notice.text and "the seller’s address" in notice.text
    assert all(promise.paused_at for promise in queries.open_promises(waiting)), "it is still their turn"

    actions.wait_on_client(conversation=waiting, what="the address", by=world.ana, at=office("next tue 11:00"))
    assert listed(world, "mine") == []


def test_an_answer_ends_the_wait_and_nobody_is_reminded(world: World, waiting: Conversation) -> None:
    world.received(world.from_mina("It was Hobart.", subject=f"[#{waiting.public_id}]"), at=office("fri 10:00"))

    assert actions.look_again(at=office("next wed 10:00")) == 0
    waiting.refresh_from_db()
    assert (waiting.waiting_since, waiting.look_again_at) == (None, None)


def test_a_time_promised_while_waiting_is_when_we_look_again(world: World, oven: Conversation) -> None:
    back = WaitingForClient("the invoice", back_at=office("wed 10:00"))
    actions.reply(conversation=oven, text="Send it?", follow_up=back, by=world.ana, at=office("mon 9:30"))
    assert listed(world, "mine") == []

    assert actions.look_again(at=office("wed 10:00")) == 1

    assert listed(world, "mine") == [oven]
    assert not Notice.objects.filter(kind="conversation.look_again").exists(), "the commitment speaks for itself"


def test_undoing_a_reply_waits_on_as_before(world: World, waiting: Conversation) -> None:
    before = waiting.look_again_at
    follow_up = DueAt(office("fri 15:00"))
    sent = actions.reply(
        conversation=waiting, text="I go on.", follow_up=follow_up, by=world.ana, at=office("thu 11:00")
    )
    actions.undo_send(message=sent, by=world.ana, at=sent.at)

    waiting.refresh_from_db()
    assert before is not None and waiting.look_again_at == before


def test_nobody_waits_on_a_client_who_waits_on_us(world: World, oven: Conversation) -> None:
    with pytest.raises(actions.TheyWait):
        actions.wait_on_client(conversation=oven, what="the receipt", by=world.ana, at=office("mon 10:00"))


def test_the_agreement_may_say_that_waiting_pauses_nothing(world: World) -> None:
    clients.draw_up_agreement(
        client=None,
        name="Strict",
        targets=[
            clients.TargetDraft("acknowledge", 3 * clients.HOUR),
            clients.TargetDraft("resolve", 40 * clients.HOUR),
        ],
        pauses_while_waiting=False,
        by=world.admin,
        at=world.start,
    )
    conversation = world.asked(at=office("mon 9:00"))
    follow_up = DueAt(office("mon 15:00"))
    actions.reply(conversation=conversation, text="I look.", follow_up=follow_up, by=world.ana, at=office("mon 9:30"))
    actions.wait_on_client(conversation=conversation, what="the receipt", by=world.ana, at=office("mon 10:00"))

    assert all(promise.paused_at is None for promise in queries.open_promises(conversation))


@pytest.mark.req("C4")
def test_a_long_request_is_updated_at_a_promised_rhythm(world: World, answered: Conversation) -> None:
    actions.set_rhythm(conversation=answered, every_days=2, by=world.ana, at=office("mon 10:00"))
    [update] = [promise for promise in queries.open_promises(answered) if promise.kind == "progress"]
    assert update.due_at == office("wed 10:00"), "two business days"

    actions.reply(
        conversation=answered,
        text="Half done.",
        follow_up=DueAt(office("fri 10:00")),
        by=world.ana,
        at=office("wed 9:00"),
    )
    update.refresh_from_db()
    [following] = [promise for promise in queries.open_promises(answered) if promise.kind == "progress"]
    assert update.kept_at == office("wed 9:00")
    assert following.due_at == office("fri 9:00"), "each update promises the next"

    actions.end_rhythm(conversation=answered, by=world.ana, at=office("wed 10:00"))
    assert "progress" not in open_kinds(answered)
    with pytest.raises(actions.NoRhythm):
        actions.end_rhythm(conversation=answered, by=world.ana, at=office("wed 10:00"))


@pytest.mark.req("C4")
def test_an_update_that_was_not_given_is_a_miss(world: World, answered: Conversation) -> None:
    actions.set_rhythm(conversation=answered, every_days=1, by=world.ana, at=office("mon 10:00"))
    promises.sweep(at=office("tue 10:01"))

    assert Promise.objects.get(kind="progress").missed_at == office("tue 10:00")


@pytest.mark.parametrize("days", [0, -1, 61])
def test_a_rhythm_is_a_sensible_number_of_days(world: World, answered: Conversation, days: int) -> None:
    with pytest.raises(actions.RhythmUnclear):
        actions.set_rhythm(conversation=answered, every_days=days, by=world.ana, at=office("mon 10:00"))


def test_a_new_rhythm_takes_the_place_of_the_old_one_and_resolving_ends_it(
    world: World, answered: Conversation
) -> None:
    actions.set_rhythm(conversation=answered, every_days=2, by=world.ana, at=office("mon 10:00"))
    actions.set_rhythm(conversation=answered, every_days=5, by=world.ana, at=office("mon 11:00"))
    assert Rhythm.objects.filter(ended_at=None).count() == 1

    actions.reply(conversation=answered, text="Done.", follow_up=NothingMoreOwed(), by=world.ana, at=office("tue 9:00"))
    assert not Rhythm.objects.filter(ended_at=None).exists()
    assert queries.open_promises(answered) == []


@pytest.mark.req("C2")
def test_a_call_is_promised_for_the_same_day_and_its_outcome_written_down(world: World, answered: Conversation) -> None:
    promise = actions.promise_call(conversation=answered, what="the lease", by=world.ana, at=office("mon 10:00"))
    assert (promise.kind, promise.due_at) == ("call_back", office("mon 17:30"))

    actions.call_made(
        conversation=answered,
        promise=promise,
        outcome="Reached her; it is a lease.",
        by=world.ana,
        at=office("mon 12:00"),
    )
    promise.refresh_from_db()
    assert promise.kept_at == office("mon 12:00")


@pytest.mark.req("C2")
@pytest.mark.parametrize(
    ("asked", "due"),
    [
        ("mon 7:00", "mon 17:30"),
        ("mon 17:20", "tue 17:20"),
        ("mon 20:00", "tue 17:30"),
        ("fri 17:29", "next mon 17:30"),
    ],
)
def test_a_call_falls_due_within_a_day_of_working_hours(
    world: World, answered: Conversation, asked: str, due: str
) -> None:
    promise = actions.promise_call(conversation=answered, by=world.ana, at=office(asked))

    assert promise.due_at == office(due)


def test_a_promise_changed_on_the_board_moves_the_conversation(world: World, answered: Conversation) -> None:
    for promise in queries.open_promises(answered):
        promises.withdraw(promise=promise, reason="Not needed", by=world.ana, at=office("mon 10:00"))
    world.run_reactions(at=office("mon 10:00"))
    answered.refresh_from_db()

    assert answered.next_due_at is None


def test_whoever_leaves_leaves_no_conversation_behind(world: World, answered: Conversation) -> None:
    handover = actions.offer(conversation=answered, taker=world.lead, by=world.ana, at=office("mon 9:40"))
    assert Fact.objects.filter(name="conversation.offered").exists()
    people.deactivate(staff=world.ana, taker=world.leo, by=world.admin, at=office("mon 10:00"))
    world.run_reactions(at=office("mon 10:00"))
    answered.refresh_from_db()
    handover.refresh_from_db()

    assert answered.owner == world.leo
    assert {promise.owner for promise in queries.open_promises(answered)} == {world.leo}
    assert handover.withdrawn_at is not None
    with pytest.raises(actions.OfferOver):
        actions.accept(handover=handover, by=world.lead, at=office("mon 10:01"))


def test_open_conversations_follow_the_client_to_another_bookkeeper(world: World, answered: Conversation) -> None:
    clients.hand_portfolio(client=world.bakery, bookkeeper=world.stranger, by=world.admin, at=office("mon 10:00"))
    world.run_reactions(at=office("mon 10:00"))
    answered.refresh_from_db()

    assert answered.owner == world.stranger
    assert {promise.owner for promise in queries.open_promises(answered)} == {world.stranger}


@pytest.mark.req("A12")
def test_a_strangers_mail_nobody_took_is_raised_to_those_who_can(world: World) -> None:
    world.received(world.mail("Do you take new clients?", mailbox_team=world.team.pk), at=office("mon 9:00"))
    promises.sweep(at=office("mon 12:01"))
    world.run_reactions(at=office("mon 12:01"))

    [notice] = Notice.objects.filter(kind="conversation.unowned")
    assert notice.staff == world.lead
    assert "Do you take new clients?" in notice.text and "somebody@elsewhere.example" in notice.text


def test_what_comes_back_comes_to_somebody_who_is_still_here(world: World, oven: Conversation) -> None:
    actions.reply(conversation=oven, text="Yes.", follow_up=NothingMoreOwed(), by=world.ana, at=office("mon 9:30"))
    people.deactivate(staff=world.ana, taker=world.leo, by=world.admin, at=office("mon 10:00"))
    world.received(world.from_mina("And?", subject=f"[#{oven.public_id}]"), at=office("mon 10:01"))
    oven.refresh_from_db()

    assert oven.owner == world.leo
    assert [promise.owner for promise in queries.open_promises(oven)] == [world.leo]
