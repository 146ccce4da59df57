"""Calls are returned the same day, within 24 hours at the very most; not reaching somebody keeps nothing."""

from __future__ import annotations

from datetime import datetime

import pytest

from tests.world import TARGETS, World, office
from wellkept.clients import actions as clients
from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation, Message
from wellkept.promises.actions import DueWhenClosed

pytestmark = pytest.mark.req("C2")


@pytest.fixture
def oven(world: World) -> Conversation:
    return world.asked(at=office("mon 9:00"))


def agreed(world: World, hours: float, clock: str = "business") -> None:
    call = clients.TargetDraft("call_back", int(hours * clients.HOUR), clock=clock)
    clients.draw_up_agreement(
        client=None, name="Calls", targets=(*TARGETS, call), by=world.admin, at=office("mon 8:40")
    )


@pytest.mark.parametrize(
    ("asked", "latest"),
    [
        ("mon 10:00", "tue 10:00"),
        ("mon 17:30", "tue 17:30"),
        ("mon 20:00", "tue 17:30"),
        ("fri 10:00", "fri 17:30"),
        ("fri 17:20", "next mon 17:30"),
        ("sat 12:00", "next mon 17:30"),
    ],
)
def test_a_call_may_be_promised_for_a_day_ahead_and_no_later(
    world: World, oven: Conversation, asked: str, latest: str
) -> None:
    assert queries.call_back_by(world.bakery, office(asked)) == office(latest)

    promise = actions.promise_call(conversation=oven, due_at=office(latest), by=world.ana, at=office(asked))

    assert promise.due_at == office(latest)


@pytest.mark.parametrize(
    ("asked", "wanted"),
    [
        ("mon 10:00", "tue 10:01"),
        ("mon 10:00", "next tue 9:00"),
        ("fri 10:00", "next mon 8:30"),
        ("sat 12:00", "next tue 8:30"),
    ],
)
def test_a_later_time_is_refused(world: World, oven: Conversation, asked: str, wanted: str) -> None:
    with pytest.raises(actions.CallTooLate, match="within 24 hours"):
        actions.promise_call(conversation=oven, due_at=office(wanted), by=world.ana, at=office(asked))


def test_a_closed_hour_is_refused(world: World, oven: Conversation) -> None:
    with pytest.raises(DueWhenClosed):
        actions.promise_call(conversation=oven, due_at=office("mon 20:00"), by=world.ana, at=office("mon 10:00"))


@pytest.mark.parametrize(
    ("hours", "clock", "asked", "due"),
    [
        (2, "business", "mon 10:00", "mon 12:00"),
        (3, "elapsed", "mon 10:00", "mon 13:00"),
        (9, "business", "mon 10:00", "tue 10:00"),
        (9, "business", "fri 10:00", "fri 17:30"),
        (72, "elapsed", "mon 10:00", "mon 17:30"),
    ],
)
def test_without_a_time_what_was_agreed_counts_where_it_is_soon_enough(
    world: World, oven: Conversation, hours: float, clock: str, asked: str, due: str
) -> None:
    agreed(world, hours, clock)

    promise = actions.promise_call(conversation=oven, by=world.ana, at=office(asked))

    assert promise.due_at == office(due)


def test_the_agreed_target_is_what_the_promise_counts_under(world: World, oven: Conversation) -> None:
    agreed(world, 2)

    promise = actions.promise_call(conversation=oven, by=world.ana, at=office("mon 10:00"))

    assert promise.target is not None and promise.target.kind == "call_back"


def test_the_promise_names_whom_to_call_and_on_which_number(world: World, oven: Conversation) -> None:
    promise = actions.promise_call(
        conversation=oven,
        contact=world.pele,
        number="+64 4 555 0101",
        what="the lease",
        by=world.ana,
        at=office("mon 10:00"),
    )

    assert promise.title == "Call Pele Okafor (+64 4 555 0101): the lease"
    assert (promise.to_contact, promise.owner) == (world.pele, world.ana)
    oven.refresh_from_db()
    assert oven.next_due_at is not None


def tried(world: World, oven: Conversation, again: str) -> tuple[Message, datetime]:
    promise = actions.promise_call(conversation=oven, due_at=office("mon 12:00"), by=world.ana, at=office("mon 10:00"))
    note = actions.call_tried(
        conversation=oven, promise=promise, again_at=office(again), by=world.ana, at=office("mon 11:00")
    )
    [owed] = queries.open_calls(oven)
    return note, owed.due_at


@pytest.mark.parametrize(("again", "due"), [("mon 11:30", "mon 12:00"), ("mon 16:00", "mon 16:00")])
def test_who_was_not_reached_is_called_again_and_the_promise_stays_owed(
    world: World, oven: Conversation, again: str, due: str
) -> None:
    note, due_at = tried(world, oven, again)

    assert due_at == office(due)
    assert (note.kind, note.event, note.text) == ("note", "call_tried", "Called, nobody answered.")


def test_the_next_try_is_within_a_day_too(world: World, oven: Conversation) -> None:
    with pytest.raises(actions.CallTooLate):
        tried(world, oven, "wed 9:00")
    assert not Message.objects.filter(event="call_tried").exists()


def test_a_call_is_made_once(world: World, oven: Conversation) -> None:
    promise = actions.promise_call(conversation=oven, by=world.ana, at=office("mon 10:00"))
    for _time in range(2):
        made = {"conversation": oven, "promise": promise, "outcome": "It is a lease.", "by": world.ana}
        if promise.kept_at is None:
            actions.call_made(**made, at=office("mon 11:00"))
        else:
            with pytest.raises(actions.NotACall):
                actions.call_made(**made, at=office("mon 11:01"))
        promise.refresh_from_db()

    assert Message.objects.filter(event="called").count() == 1


def test_a_call_promised_after_the_end_opens_the_conversation_again(world: World, oven: Conversation) -> None:
    actions.reply(
        conversation=oven, text="Yes.", follow_up=actions.NothingMoreOwed(), by=world.ana, at=office("mon 9:30")
    )

    actions.promise_call(conversation=oven, by=world.ana, at=office("mon 10:00"))

    oven.refresh_from_db()
    assert oven.resolved_at is None


def test_a_strangers_letter_is_nobody_to_call_yet(world: World) -> None:
    letter = world.received(world.mail("Call me"), at=office("mon 9:00")).conversation

    with pytest.raises(actions.NobodyToCall):
        actions.promise_call(conversation=letter, by=world.ruth, at=office("mon 10:00"))
