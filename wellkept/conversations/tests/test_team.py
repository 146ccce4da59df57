"""Notes, questions to colleagues, hand-overs, drafts and who is looking."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import World, office
from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation, Message
from wellkept.conversations.rules import DueAt
from wellkept.core.refusals import NotYours
from wellkept.people.models import Notice


@pytest.fixture
def oven(world: World) -> Conversation:
    return world.asked(at=office("mon 9:00"))


def notices(kind: str) -> list[tuple[str, str]]:
    return list(Notice.objects.filter(kind=kind).values_list("staff__name", "text"))


def test_a_note_tells_whom_it_names_and_nobody_outside(world: World, oven: Conversation) -> None:
    text = "@Ruth Adeyemi is the credit 3/23? @leo marsh can you scan it? ana@lantern.example wrote"
    note = actions.note(conversation=oven, text=text, by=world.ana, at=office("mon 9:05"))

    assert (note.kind, note.to) == (Message.Kind.NOTE, [])
    assert {name for name, _text in notices("conversation.mention")} == {"Ruth Adeyemi", "Leo Marsh"}
    oven.refresh_from_db()
    assert oven.unanswered_since == office("mon 9:00"), "a note answers nobody"


def test_a_note_to_somebody_who_would_not_see_it_is_refused(world: World, oven: Conversation) -> None:
    with pytest.raises(actions.WouldNotSee, match="Joon Park does not work for Harbour Lane Bakery"):
        actions.note(conversation=oven, text="@Joon Park look", by=world.ana, at=office("mon 9:05"))
    with pytest.raises(actions.WouldNotSee):
        actions.note(conversation=oven, text="Look", mentions=[world.stranger], by=world.ana, at=office("mon 9:05"))

    assert not Message.objects.filter(kind=Message.Kind.NOTE).exists()


def test_an_empty_note_is_refused(world: World, oven: Conversation) -> None:
    with pytest.raises(actions.EmptyNote):
        actions.note(conversation=oven, text=" ", by=world.ana, at=office("mon 9:05"))


@pytest.mark.req("C1")
def test_a_colleague_owes_an_answer_like_a_client_would_be_owed_one(world: World, oven: Conversation) -> None:
    promise = actions.ask_colleague(
        conversation=oven, colleague=world.leo, text="Please scan the receipt", by=world.ana, at=office("mon 9:05")
    )
    assert (promise.kind, promise.owner, promise.to_staff) == ("colleague", world.leo, world.ana)
    assert promise.due_at == office("mon 17:05"), "480 business minutes"
    assert notices("promise.asked")[0][0] == "Leo Marsh"

    with pytest.raises(NotYours):
        actions.answer_colleague(conversation=oven, promise=promise, text="Here", by=world.ana, at=office("mon 10:00"))
    actions.answer_colleague(conversation=oven, promise=promise, text="Scanned.", by=world.leo, at=office("mon 10:00"))
    promise.refresh_from_db()

    assert promise.kept_at == office("mon 10:00")
    assert notices("conversation.answered") == [("Ana Kovač", "Leo Marsh answered: Scanned.")]


@pytest.mark.req("C1")
def test_a_colleague_promise_outlives_the_clients_part(world: World, oven: Conversation) -> None:
    promise = actions.ask_colleague(
        conversation=oven, colleague=world.leo, text="Scan it", by=world.ana, at=office("mon 9:05")
    )
    actions.resolve(conversation=oven, by=world.ana, at=office("mon 9:10"), answer="Spam")
    promise.refresh_from_db()

    assert promise.is_open


@pytest.mark.req("C3")
def test_an_offered_conversation_stays_with_the_giver_until_it_is_accepted(world: World, oven: Conversation) -> None:
    handover = actions.offer(
        conversation=oven, taker=world.leo, note="I am away tomorrow", by=world.ana, at=office("mon 9:05")
    )
    oven.refresh_from_db()
    assert oven.owner == world.ana
    assert {promise.owner for promise in queries.open_promises(oven)} == {world.ana}
    assert "I am away tomorrow" in notices("conversation.offered")[0][1]

    actions.accept(handover=handover, by=world.leo, at=office("mon 9:20"))
    oven.refresh_from_db()
    assert oven.owner == world.leo
    assert {promise.owner for promise in queries.open_promises(oven)} == {world.leo}
    assert notices("conversation.accepted") == [("Ana Kovač", "Leo Marsh has taken over “GST on the oven”.")]


@pytest.mark.req("C3")
def test_a_declined_offer_leaves_everything_where_it_was(world: World, oven: Conversation) -> None:
    handover = actions.offer(conversation=oven, taker=world.leo, by=world.ana, at=office("mon 9:05"))
    actions.decline(handover=handover, by=world.leo, at=office("mon 9:20"))
    oven.refresh_from_db()

    assert oven.owner == world.ana
    assert "It is still yours" in notices("conversation.declined")[0][1]
    with pytest.raises(actions.OfferOver):
        actions.accept(handover=handover, by=world.leo, at=office("mon 9:21"))


@pytest.mark.req("C3")
def test_what_the_giver_owed_meanwhile_is_still_the_givers_miss(world: World, oven: Conversation) -> None:
    from wellkept.promises import actions as promises

    actions.offer(conversation=oven, taker=world.leo, by=world.ana, at=office("mon 9:05"))
    promises.sweep(at=office("mon 12:01"))

    [missed] = [promise for promise in queries.open_promises(oven) if promise.missed_at]
    assert missed.owner == world.ana


def test_one_offer_at_a_time_and_only_by_the_owner(world: World, oven: Conversation) -> None:
    with pytest.raises(NotYours):
        actions.offer(conversation=oven, taker=world.ana, by=world.leo, at=office("mon 9:05"))
    with pytest.raises(actions.WouldNotSee):
        actions.offer(conversation=oven, taker=world.stranger, by=world.ana, at=office("mon 9:05"))
    handover = actions.offer(conversation=oven, taker=world.leo, by=world.ana, at=office("mon 9:05"))
    with pytest.raises(actions.OfferedAlready, match="Leo Marsh"):
        actions.offer(conversation=oven, taker=world.lead, by=world.ana, at=office("mon 9:06"))
    with pytest.raises(NotYours):
        actions.accept(handover=handover, by=world.lead, at=office("mon 9:07"))

    actions.withdraw_offer(handover=handover, by=world.ana, at=office("mon 9:08"))
    assert queries.open_handover(oven) is None
    actions.offer(conversation=oven, taker=world.lead, by=world.ana, at=office("mon 9:09"))


def test_what_nobody_owns_may_be_taken_and_what_is_owned_only_from_above(world: World, oven: Conversation) -> None:
    stranger = world.received(world.mail("Hello"), at=office("mon 9:00")).conversation
    actions.take(conversation=stranger, by=world.leo, at=office("mon 9:05"))
    stranger.refresh_from_db()
    assert stranger.owner == world.leo
    assert {promise.owner for promise in queries.open_promises(stranger)} == {world.leo}

    with pytest.raises(actions.OwnedByAnother, match="Ana Kovač owns this"):
        actions.take(conversation=oven, by=world.leo, at=office("mon 9:05"))
    actions.take(conversation=oven, by=world.lead, at=office("mon 9:06"))
    oven.refresh_from_db()
    assert oven.owner == world.lead
    assert notices("conversation.taken") == [("Ana Kovač", "Grace Tuhoe has taken over “GST on the oven”.")]


def test_drafts_are_kept_for_each_person(world: World, oven: Conversation) -> None:
    actions.save_draft(conversation=oven, text="Hi Mina", by=world.ana, at=office("mon 9:05"))
    actions.save_draft(
        conversation=oven, text="Hi Mina, yes", by=world.ana, at=office("mon 9:06"), follow_up="today_end"
    )
    actions.save_draft(conversation=oven, text="For the file", mode="note", by=world.ana, at=office("mon 9:06"))

    mine = queries.draft(world.ana, oven)
    assert mine is not None and (mine.text, mine.follow_up) == ("Hi Mina, yes", "today_end")
    assert queries.draft(world.leo, oven) is None
    actions.reply(
        conversation=oven, text="Hi", follow_up=DueAt(office("mon 15:00")), by=world.ana, at=office("mon 9:07")
    )
    assert queries.draft(world.ana, oven) is None
    assert queries.draft(world.ana, oven, mode="note") is not None
    actions.save_draft(conversation=oven, text="", mode="note", by=world.ana, at=office("mon 9:08"))
    assert queries.draft(world.ana, oven, mode="note") is None


def test_others_see_who_looks_and_who_types(world: World, oven: Conversation) -> None:
    from wellkept.conversations.queries.thread import is_typing

    moment = office("mon 9:05")
    actions.look(conversation=oven, typing=False, by=world.ana, at=moment)
    actions.look(conversation=oven, typing=True, by=world.leo, at=moment)

    seen = {looking.staff.name: is_typing(looking, moment) for looking in queries.lookers(oven, moment)}
    assert seen == {"Ana Kovač": False, "Leo Marsh": True}
    assert [looking.staff for looking in queries.lookers(oven, moment, but=world.ana)] == [world.leo]
    assert queries.lookers(oven, moment + timedelta(seconds=61)) == []
    actions.leave(conversation=oven, by=world.leo)
    assert [looking.staff for looking in queries.lookers(oven, moment)] == [world.ana]
