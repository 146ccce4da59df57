from __future__ import annotations

from datetime import timedelta

import pytest

from tests.world import World, office
from wellkept.conversations import actions, queries
from wellkept.conversations.incoming import IncomingFile
from wellkept.conversations.models import Conversation, Message
from wellkept.conversations.rules import DueAt, FollowUp, NothingMoreOwed, WaitingForClient
from wellkept.core import outbox
from wellkept.core.addresses import NotAnAddress
from wellkept.core.files import FileTooLarge
from wellkept.core.models import Fact, Outgoing
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people.models import Notice
from wellkept.promises import actions as promises
from wellkept.promises.models import Promise

SOON = DueAt(office("mon 15:00"), "GST answer")


@pytest.fixture
def oven(world: World) -> Conversation:
    return world.asked(at=office("mon 9:00"))


def answer(
    world: World, conversation: Conversation, follow_up: FollowUp | None = SOON, when: str = "mon 9:30", **more: object
) -> Message:
    return actions.reply(
        conversation=conversation,
        text="Let me check.",
        follow_up=follow_up,
        by=world.ana,
        at=office(when),
        **more,  # type: ignore[arg-type]
    )


def open_kinds(conversation: Conversation) -> set[str]:
    return {promise.kind for promise in queries.open_promises(conversation)}


@pytest.mark.req("B7", "B8")
def test_a_reply_with_a_time_keeps_the_acknowledgement_and_commits(world: World, oven: Conversation) -> None:
    [clock] = queries.open_promises(oven)
    message = answer(world, oven)
    clock.refresh_from_db()
    oven.refresh_from_db()

    assert (clock.kept_at, clock.kept_by) == (office("mon 9:30"), world.ana)
    assert message.promise is not None
    assert (message.promise.kind, message.promise.title, message.promise.due_at) == (
        "commitment",
        "GST answer",
        office("mon 15:00"),
    )
    assert message.promise.to_contact == world.mina
    assert (oven.unanswered_since, oven.next_due_at) == (None, office("mon 15:00"))


@pytest.mark.req("B7")
@pytest.mark.parametrize(
    ("follow_up", "sentence", "field"),
    [
        (None, "Choose when they will hear from you next", "follow_up"),
        (DueAt(office("mon 9:00")), "This time has passed", "due_at"),
        (DueAt(office("sat 10:00")), "The office is closed then. Choose Mon 16 Mar 08:30 or later", "due_at"),
        (WaitingForClient("the receipt"), "The first answer carries a time", "follow_up"),
        (WaitingForClient(" ", back_at=office("tue 9:00")), "Say what you are waiting for", "waiting_for"),
    ],
)
def test_a_first_answer_without_a_good_time_is_refused(
    world: World, oven: Conversation, follow_up: FollowUp | None, sentence: str, field: str
) -> None:
    with pytest.raises(Refusal, match=sentence) as no:
        answer(world, oven, follow_up)

    assert no.value.field == field
    assert open_kinds(oven) == {"acknowledge"}
    assert not Outgoing.objects.exists(), "nothing is half-written"


@pytest.mark.parametrize("text", ["", "   \n "])
def test_an_empty_reply_is_refused(world: World, oven: Conversation, text: str) -> None:
    with pytest.raises(actions.EmptyReply):
        actions.reply(conversation=oven, text=text, follow_up=SOON, by=world.ana, at=office("mon 9:30"))


@pytest.mark.req("A3")
def test_a_reply_with_an_unfilled_field_is_refused_by_name(world: World, oven: Conversation) -> None:
    text = "Hi {contact.first_name}, the total is [FILL IN: amount]."
    with pytest.raises(actions.Unfilled, match=r"Fill in \{contact.first_name\}"):
        actions.reply(conversation=oven, text=text, follow_up=SOON, by=world.ana, at=office("mon 9:30"))


def test_an_address_that_is_none_is_refused(world: World, oven: Conversation) -> None:
    with pytest.raises(NotAnAddress):
        answer(world, oven, to=["Mina <mina@harbourlane.example>"])


def test_too_many_bytes_are_refused(world: World, oven: Conversation, settings: object) -> None:
    settings.ATTACHMENT_MAX_BYTES = 10  # type: ignore[attr-defined]
    with pytest.raises(FileTooLarge):
        answer(
            world,
            oven,
            files=[IncomingFile("a.txt", "text/plain", b"x" * 6), IncomingFile("b.txt", "text/plain", b"x" * 6)],
        )


def test_the_letter_goes_back_to_who_wrote_and_leads_back_to_us(world: World, oven: Conversation) -> None:
    files = [IncomingFile("a.txt", "text/plain", b"hello")]
    message = answer(world, oven, files=files, cc=["pele@harbourlane.example", "mina@harbourlane.example"])
    letter = queries.mail_of(message.pk)

    assert (letter.to, letter.cc) == (("mina@harbourlane.example",), ("pele@harbourlane.example",))
    assert letter.subject == f"Re: GST on the oven [#{oven.public_id}]"
    assert letter.from_name == "Ana Kovač, Lantern Books"
    assert letter.reply_to.startswith("desk+c") and letter.reply_to.endswith("@lantern.example")
    assert letter.in_reply_to == oven.messages.order_by("id")[0].message_id
    assert [part.name for part in letter.attachments] == ["a.txt"]
    assert not letter.automatic


def test_somebody_newly_copied_is_shown_nothing_of_before(world: World, oven: Conversation) -> None:
    message = answer(world, oven, cc=["advisor@elsewhere.example"])

    assert "oven bought privately" not in queries.mail_of(message.pk).text
    assert oven.participants.get(address="advisor@elsewhere.example").since == office("mon 9:30")


def test_a_newcomer_with_a_forwarded_address_is_not_answered_by_default(world: World, oven: Conversation) -> None:
    from wellkept.conversations import tokens

    world.received(
        world.mail("Me too", sender="eve@elsewhere.example", token=tokens.make(oven.pk)), at=office("mon 9:20")
    )

    assert queries.recipients(oven) == ["mina@harbourlane.example"]


def test_what_nobody_owned_belongs_to_whoever_answers(world: World) -> None:
    stranger = world.received(world.mail("Do you take new clients?"), at=office("mon 9:00")).conversation
    actions.reply(conversation=stranger, text="We do.", follow_up=SOON, by=world.leo, at=office("mon 9:30"))
    stranger.refresh_from_db()

    assert stranger.owner == world.leo


@pytest.mark.req("B8")
def test_an_earlier_commitment_stays_open_unless_this_reply_gives_it(world: World, oven: Conversation) -> None:
    first = answer(world, oven).promise
    answer(world, oven, DueAt(office("tue 10:00"), "Seller record"), when="mon 10:00")
    assert [promise.title for promise in queries.open_promises(oven) if promise.kind == "commitment"] == [
        "GST answer",
        "Seller record",
    ]

    assert first is not None
    answer(world, oven, DueAt(office("wed 10:00"), "Credit note"), when="mon 11:00", gives=[first])
    first.refresh_from_db()
    assert first.kept_at == office("mon 11:00")


@pytest.mark.req("B8")
def test_nothing_more_owed_gives_everything_and_resolves(world: World, oven: Conversation) -> None:
    answer(world, oven)
    world.run_reactions(at=office("mon 9:31"))
    answer(world, oven, NothingMoreOwed(), when="mon 14:00")
    oven.refresh_from_db()

    assert queries.open_promises(oven) == []
    assert (oven.resolved_at, oven.resolved_by) == (office("mon 14:00"), world.ana)
    assert set(Promise.objects.exclude(kept_at=None).values_list("kind", flat=True)) == {
        "acknowledge",
        "commitment",
        "resolve",
    }


def test_a_late_answer_is_a_miss_even_when_no_sweep_ran(world: World, oven: Conversation) -> None:
    answer(world, oven, when="mon 13:00")

    clock = Promise.objects.get(kind="acknowledge")
    assert (clock.missed_at, clock.kept_at) == (office("mon 12:00"), office("mon 13:00"))


def test_a_reply_to_a_resolved_conversation_opens_it_again_when_something_is_owed(
    world: World, oven: Conversation
) -> None:
    answer(world, oven, NothingMoreOwed())
    answer(world, oven, DueAt(office("tue 10:00")), when="mon 10:00")
    oven.refresh_from_db()

    assert oven.resolved_at is None
    assert Fact.objects.filter(name="conversation.reopened").get().data["reason"] == "answered"


def test_a_reply_waits_ten_seconds_before_it_may_leave(world: World, oven: Conversation) -> None:
    row = answer(world, oven).outgoing

    assert row is not None
    assert row.not_before == office("mon 9:30") + timedelta(seconds=10)
    assert (row.kind, row.subject, row.client) == ("email", f"conversation-{oven.pk}", world.bakery.pk)


@pytest.mark.req("B8")
def test_an_undone_reply_gives_everything_back(world: World, oven: Conversation) -> None:
    message = answer(world, oven)
    world.run_reactions(at=office("mon 9:30") + timedelta(seconds=1))
    assert "resolve" in open_kinds(oven)
    actions.undo_send(message=message, by=world.ana, at=office("mon 9:30") + timedelta(seconds=8))
    oven.refresh_from_db()
    message.refresh_from_db()

    assert message.withdrawn_at is not None and message.outgoing.state == Outgoing.State.WITHDRAWN  # type: ignore[union-attr]
    assert open_kinds(oven) == {"acknowledge"}
    assert (oven.unanswered_since, oven.next_due_at) == (office("mon 9:00"), office("mon 12:00"))
    assert oven.acknowledged_at is None
    assert Promise.objects.get(kind="commitment").withdrawn_at is not None
    draft = queries.draft(world.ana, oven)
    assert draft is not None and draft.text == "Let me check."

    answer(world, oven, when="mon 10:00")
    assert Promise.objects.get(kind="acknowledge").kept_at == office("mon 10:00")


def test_an_answer_taken_back_before_the_worker_came_owes_nothing(world: World, oven: Conversation) -> None:
    message = answer(world, oven)
    actions.undo_send(message=message, by=world.ana, at=office("mon 9:30") + timedelta(seconds=2))
    world.run_reactions(at=office("mon 9:31"))

    assert open_kinds(oven) == {"acknowledge"}


def test_undoing_a_resolving_reply_reopens_and_a_rhythm_runs_on(world: World, oven: Conversation) -> None:
    answer(world, oven)
    world.run_reactions(at=office("mon 9:31"))
    rhythm = actions.set_rhythm(conversation=oven, every_days=2, by=world.ana, at=office("mon 9:40"))
    message = answer(world, oven, NothingMoreOwed(), when="mon 10:00")
    actions.undo_send(message=message, by=world.ana, at=office("mon 10:00") + timedelta(seconds=3))
    oven.refresh_from_db()

    assert oven.resolved_at is None
    assert queries.rhythm(oven) == rhythm
    assert open_kinds(oven) == {"commitment", "resolve", "progress"}


def test_a_message_that_came_before_the_undo_still_waits(world: World, oven: Conversation) -> None:
    message = answer(world, oven)
    world.received(
        world.from_mina("Hurry", subject=f"[#{oven.public_id}]"), at=office("mon 9:30") + timedelta(seconds=4)
    )
    actions.undo_send(message=message, by=world.ana, at=office("mon 9:30") + timedelta(seconds=8))
    oven.refresh_from_db()

    assert open_kinds(oven) == {"acknowledge"}, "one message waits since nine; one clock runs"
    assert oven.unanswered_since == office("mon 9:00")


@pytest.mark.parametrize("seconds", [16, 3600])
def test_after_ten_seconds_it_is_too_late(world: World, oven: Conversation, seconds: int) -> None:
    message = answer(world, oven)
    with pytest.raises(actions.TooLateToUndo):
        actions.undo_send(message=message, by=world.ana, at=office("mon 9:30") + timedelta(seconds=seconds))


def test_what_has_left_cannot_be_undone(world: World, oven: Conversation) -> None:
    message = answer(world, oven)
    assert message.outgoing is not None
    Outgoing.objects.filter(pk=message.outgoing.pk).update(state="sent")
    with pytest.raises(actions.TooLateToUndo):
        actions.undo_send(message=message, by=world.ana, at=office("mon 9:30") + timedelta(seconds=5))
    assert "commitment" in open_kinds(oven)


def test_only_the_writer_undoes_and_only_once(world: World, oven: Conversation) -> None:
    message = answer(world, oven)
    with pytest.raises(NotYours):
        actions.undo_send(message=message, by=world.leo, at=office("mon 9:30"))
    actions.undo_send(message=message, by=world.ana, at=office("mon 9:30"))
    with pytest.raises(actions.UndoneAlready):
        actions.undo_send(message=message, by=world.ana, at=office("mon 9:30"))
    assert not outbox.withdraw(message.outgoing)  # type: ignore[arg-type]


def test_we_may_write_first(world: World) -> None:
    message = actions.start(
        client=world.bakery,
        contact=world.mina,
        subject="Flour invoices",
        text="We miss two of them.",
        follow_up=WaitingForClient("two flour invoices"),
        by=world.ana,
        at=office("mon 9:00"),
    )
    conversation = message.conversation

    assert queries.mail_of(message.pk).subject == f"Flour invoices [#{conversation.public_id}]"
    assert (conversation.owner, conversation.waiting_for) == (world.ana, "two flour invoices")
    assert [row.conversation for row in queries.listing(world.ana, view="waiting").rows] == [conversation]


def test_a_new_time_is_told_to_the_client(world: World, oven: Conversation) -> None:
    commitment = answer(world, oven).promise
    assert commitment is not None
    promises.extend(
        promise=commitment,
        due_at=office("tue 11:00"),
        reason="The seller has not answered yet",
        by=world.ana,
        at=office("mon 14:00"),
    )
    world.run_reactions(at=office("mon 14:00"))

    letter = Message.objects.filter(kind=Message.Kind.OUTBOUND).latest("id")
    assert letter.to == ["mina@harbourlane.example"]
    assert "you will have it by Tuesday 10 March 11:00" in letter.text
    assert "The seller has not answered yet" in letter.text
    assert queries.mail_of(letter.pk).automatic
    assert Fact.objects.filter(name="promise.told").count() == 1
    oven.refresh_from_db()
    assert oven.next_due_at == office("tue 11:00")


def test_a_commitment_withdrawn_is_told_to_the_client_once(world: World, oven: Conversation) -> None:
    commitment = answer(world, oven).promise
    assert commitment is not None
    reason = "Your accountant does this"
    promises.withdraw_by_hand(promise=commitment, reason=reason, by=world.ana, at=office("mon 14:00"))
    world.run_reactions(at=office("mon 14:00"))
    again = Fact.objects.get(name="promise.withdrawn")
    assert actions.tell_withdrawal(
        promise_id=commitment.pk, conversation_id=oven.pk, by=world.ana, at=again.at
    ) == Message.objects.latest("id")

    [letter] = Message.objects.filter(kind=Message.Kind.OUTBOUND, automatic="machine")
    assert letter.to == ["mina@harbourlane.example"]
    assert "take it back" in letter.text and reason in letter.text and "Ana Kovač" in letter.text
    assert list(commitment.events.values_list("name", flat=True)) == ["made", "withdrawn", "told"]
    oven.refresh_from_db()
    assert oven.next_due_at != commitment.due_at


def test_what_is_withdrawn_by_what_takes_its_place_is_told_to_nobody(world: World, oven: Conversation) -> None:
    message = answer(world, oven)
    actions.undo_send(message=message, by=world.ana, at=message.at + timedelta(seconds=5))
    world.run_reactions(at=office("mon 14:00"))

    assert Fact.objects.filter(name="promise.withdrawn").exists()
    assert not Message.objects.filter(kind=Message.Kind.OUTBOUND, automatic="machine").exists()
    assert not Notice.objects.filter(kind="promise.withdrawn").exists()
