from __future__ import annotations

import dataclasses
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings

from tests.world import World, office
from wellkept.clients import actions as clients
from wellkept.conversations import actions, queries
from wellkept.conversations.incoming import IncomingFile
from wellkept.conversations.models import Conversation, Message, Participant
from wellkept.conversations.rules import DueAt, NothingMoreOwed, WaitingForClient
from wellkept.core.models import Fact, Outgoing
from wellkept.promises.models import Promise


def facts(name: str) -> list[Fact]:
    return list(Fact.objects.filter(name=name))


@pytest.mark.req("B7", "B1")
def test_a_question_opens_a_conversation_of_the_clients_bookkeeper(world: World) -> None:
    message = world.received(world.from_mina(), at=office("mon 9:00"))
    conversation = message.conversation

    assert (conversation.client, conversation.contact, conversation.owner) == (world.bakery, world.mina, world.ana)
    assert conversation.next_due_at == office("mon 12:00")
    assert [fact.data["conversation"] for fact in facts("conversation.opened")] == [conversation.pk]
    assert [fact.on_behalf_of for fact in facts("message.received")] == [world.mina.pk]


@pytest.mark.req("B7")
def test_a_friday_afternoon_question_is_due_on_monday(world: World) -> None:
    [clock] = queries.open_promises(world.asked(at=office("fri 16:00")))

    assert clock.due_at == office("next mon 10:00")


@pytest.mark.req("B7")
def test_a_further_message_does_not_restart_the_clock(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))
    world.received(
        world.from_mina("Are you there?", subject=f"Re: GST [#{conversation.public_id}]"), at=office("mon 11:00")
    )

    [clock] = queries.open_promises(conversation)
    assert (clock.kind, clock.made_at, clock.due_at) == ("acknowledge", office("mon 9:00"), office("mon 12:00"))


def test_the_next_message_after_an_answer_opens_the_next_clock(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))
    actions.reply(
        conversation=conversation,
        text="I look.",
        follow_up=DueAt(office("mon 15:00")),
        by=world.ana,
        at=office("mon 9:10"),
    )
    world.run_reactions(at=office("mon 9:10"))
    world.received(world.from_mina("One more thing", subject=f"[#{conversation.public_id}]"), at=office("mon 10:00"))

    kinds = {promise.kind: promise for promise in queries.open_promises(conversation)}
    assert set(kinds) == {"commitment", "resolve", "next_reply"}
    assert kinds["next_reply"].due_at == office("tue 10:00")


@pytest.mark.req("B8")
def test_thanks_ends_nothing(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))
    actions.reply(
        conversation=conversation,
        text="I look.",
        follow_up=DueAt(office("mon 15:00")),
        by=world.ana,
        at=office("mon 9:10"),
    )
    world.received(world.from_mina("Thanks!", subject=f"[#{conversation.public_id}]"), at=office("mon 9:20"))

    assert "commitment" in {promise.kind for promise in queries.open_promises(conversation)}


def test_the_same_mail_twice_is_one_message(world: World) -> None:
    mail = world.from_mina()
    first = world.received(mail, at=office("mon 9:00"))
    second = world.received(dataclasses.replace(mail, our_addresses=("ana@lantern.example",)), at=office("mon 9:01"))

    assert first == second
    assert Message.objects.count() == 1
    assert len(facts("message.received")) == 1


def test_another_mail_with_a_message_id_we_have_seen_is_not_lost(world: World) -> None:
    first = world.received(world.from_mina(message_id="<scan@printer.example>"), at=office("mon 9:00"))
    mail = world.from_mina("The second scan", message_id="<scan@printer.example>")
    second = world.received(mail, at=office("mon 9:30"))
    evil = world.received(
        world.mail("Nothing", sender="eve@elsewhere.example", message_id=first.message_id), at=office("mon 9:31")
    )

    assert len({first.pk, second.pk, evil.pk}) == 3
    assert second.message_id == "" and second.placed_reason.endswith("same_message_id")


def test_mails_without_a_message_id_are_all_kept(world: World) -> None:
    world.received(world.from_mina(message_id=""), at=office("mon 9:00"))
    world.received(world.from_mina("Another", message_id=""), at=office("mon 9:01"))

    assert Message.objects.filter(message_id="").count() == 2


@pytest.mark.parametrize("automatic", ["reply", "receipt", "bounce", "loop", "ours"])
def test_a_machines_mail_is_shown_and_starts_no_clock(world: World, automatic: str) -> None:
    machine_may(world)
    message = world.received(world.from_mina("I am away until Monday", automatic=automatic), at=office("mon 9:00"))

    assert message.conversation.unanswered_since is None
    assert queries.open_promises(message.conversation) == []
    assert not Outgoing.objects.exists(), "a machine is never answered"
    assert message.conversation in [row.conversation for row in queries.listing(world.ana, view="mine").rows]


def test_what_comes_from_our_own_address_is_a_loop(world: World) -> None:
    machine_may(world)
    message = world.received(world.mail("Hello", sender=world.firm.mail_address), at=office("mon 9:00"))

    assert message.automatic == "ours"
    assert not Outgoing.objects.exists()


def test_an_away_note_does_not_reopen_or_resume_anything(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))
    waiting = WaitingForClient("the receipt", back_at=office("wed 10:00"))
    actions.reply(conversation=conversation, text="Which?", follow_up=waiting, by=world.ana, at=office("mon 9:10"))
    world.received(
        world.from_mina("Away", subject=f"[#{conversation.public_id}]", automatic="reply"), at=office("mon 9:11")
    )
    conversation.refresh_from_db()

    assert conversation.waiting_since == office("mon 9:10")


def test_an_answer_of_the_client_ends_the_waiting(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))
    waiting = WaitingForClient("the receipt", back_at=office("wed 10:00"))
    actions.reply(conversation=conversation, text="Which?", follow_up=waiting, by=world.ana, at=office("mon 9:10"))
    world.run_reactions(at=office("mon 9:11"))
    paused = {promise.kind: promise.paused_at for promise in queries.open_promises(conversation)}
    assert paused == {"resolve": office("mon 9:10"), "commitment": None}, "a commitment never stands still"

    world.received(world.from_mina("Here it is", subject=f"[#{conversation.public_id}]"), at=office("tue 9:00"))
    conversation.refresh_from_db()

    assert conversation.waiting_since is None
    assert all(promise.paused_at is None for promise in queries.open_promises(conversation))


def test_a_message_to_a_closed_conversation_reopens_it(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))
    actions.reply(
        conversation=conversation, text="Yes.", follow_up=NothingMoreOwed(), by=world.ana, at=office("mon 9:10")
    )
    conversation.refresh_from_db()
    assert conversation.resolved_at == office("mon 9:10")

    world.received(world.from_mina("One more", subject=f"[#{conversation.public_id}]"), at=office("wed 9:00"))
    conversation.refresh_from_db()

    assert conversation.resolved_at is None
    [clock] = queries.open_promises(conversation)
    assert clock.kind == "acknowledge", "what they write after the end is a new inquiry"
    assert [fact.data["reason"] for fact in facts("conversation.reopened")] == ["wrote_again"]
    [event] = [line for line in queries.thread(conversation) if line.event == "reopened_by_reply"]
    assert event.details["name"] == "Mina Okafor"


def test_copied_people_take_part_and_our_own_addresses_do_not(world: World) -> None:
    mail = world.from_mina(
        to=("desk@lantern.example",), cc=("pele@harbourlane.example", "desk+c1-aaaa@lantern.example")
    )
    conversation = world.received(mail, at=office("mon 9:00")).conversation

    assert set(Participant.objects.filter(conversation=conversation).values_list("address", flat=True)) == {
        "mina@harbourlane.example",
        "pele@harbourlane.example",
    }


def test_attachments_are_stored_and_a_huge_one_is_named(world: World, settings: object) -> None:
    settings.ATTACHMENT_MAX_BYTES = 10  # type: ignore[attr-defined]
    parts = (
        IncomingFile("receipt.pdf", "application/pdf", b"%PDF-1.7"),
        IncomingFile("film.mov", "video/quicktime", b"x" * 11),
    )
    message = world.received(world.from_mina(attachments=parts), at=office("mon 9:00"))

    assert [part.name for part in message.attachments.all()] == ["receipt.pdf"]
    assert message.details["too_large"] == [{"name": "film.mov", "size": 11}]


def test_the_cap_is_25_mb() -> None:
    assert settings.ATTACHMENT_MAX_BYTES == 25 * 1024 * 1024


def test_a_mail_without_a_subject_is_named_by_its_words(world: World) -> None:
    assert world.asked("Is the oven GST free?", subject="", at=office("mon 9:00")).subject == "Is the oven GST free?"
    assert world.asked("", subject="", at=office("mon 9:00")).subject == "—"


def test_a_strangers_mail_waits_in_triage_under_the_firms_own_promise(world: World) -> None:
    message = world.received(world.mail("Do you take new clients?"), at=office("mon 9:00"))
    conversation = message.conversation

    assert (conversation.client, conversation.owner) == (None, None)
    assert [row.conversation for row in queries.listing(world.leo, view="triage").rows] == [conversation]
    assert queries.listing(world.ana, view="triage").rows == [], "a bookkeeper without a support role does not triage"
    [clock] = queries.open_promises(conversation)
    assert (clock.kind, clock.due_at, clock.owner) == ("acknowledge", office("mon 12:00"), None)
    assert not Outgoing.objects.exists(), "no machine answers unless the agreement says so"


def machine_may(world: World) -> None:
    clients.draw_up_agreement(
        client=None,
        name="Default",
        targets=[
            clients.TargetDraft("acknowledge", 3 * clients.HOUR),
            clients.TargetDraft("next_reply", 8 * clients.HOUR),
        ],
        machine_may_acknowledge=True,
        by=world.admin,
        at=world.start,
    )


def test_a_stranger_is_acknowledged_once_an_hour_where_the_agreement_says_so(world: World) -> None:
    machine_may(world)
    for minute in ("9:00", "9:10", "9:59"):
        world.received(world.mail("Hello"), at=office(f"mon {minute}"))
    assert Outgoing.objects.count() == 1

    world.received(world.mail("Hello"), at=office("mon 10:01"))
    world.received(world.mail("Hello", sender="other@elsewhere.example"), at=office("mon 10:02"))
    assert Outgoing.objects.count() == 3
    assert all(queries.mail_of(row.payload["message"]).automatic for row in Outgoing.objects.all())
    assert {clock.kind for clock in queries.open_promises(Conversation.objects.first())} == {"acknowledge"}


@pytest.mark.parametrize("sender", ["noreply@shop.example", "mailer-daemon@shop.example", "ana@lantern.example"])
def test_some_senders_are_never_answered_by_a_machine(world: World, sender: str) -> None:
    machine_may(world)
    world.received(world.mail("Hello", sender=sender), at=office("mon 9:00"))

    assert not Outgoing.objects.exists()


@pytest.mark.req("B7")
def test_a_machines_acknowledgement_to_a_client_names_a_time_and_then_counts(world: World) -> None:
    machine_may(world)
    conversation = world.asked(at=office("mon 9:00"))

    [owed] = queries.open_promises(conversation)
    assert (owed.kind, owed.due_at) == ("next_reply", office("mon 17:00"))
    [letter] = Message.objects.filter(kind=Message.Kind.OUTBOUND)
    assert "Ana Kovač will answer by Monday 9 March 17:00" in letter.text
    assert facts("promise.kept")[0].data["kind"] == "acknowledge"

    actions.reply(
        conversation=conversation, text="Yes.", follow_up=NothingMoreOwed(), by=world.ana, at=office("mon 10:00")
    )
    assert queries.open_promises(conversation) == []


def test_what_no_database_keeps_is_marked_and_nothing_is_lost(world: World) -> None:
    text = "A\x00B\ud800C"
    mail = world.from_mina(
        text, subject="Oven\x00", spans=((0, 5, "visible"),), message_id="<" + "x" * 400 + ">", from_name="M\x00ina"
    )
    message = world.received(mail, at=office("mon 9:00"))

    assert message.text == "A\ufffdB\ufffdC"
    assert message.conversation.subject == "Oven\ufffd"
    assert world.received(mail, at=office("mon 9:01")) == message, "a cut Message-ID still tells a copy"


@pytest.mark.parametrize("looks", ["list", "generated"])
def test_what_a_known_contact_writes_through_a_mail_service_waits_for_an_answer(world: World, looks: str) -> None:
    message = world.received(world.from_mina("Stop the payroll, it is wrong", automatic=looks), at=office("mon 9:00"))

    [clock] = Promise.objects.all()
    assert (clock.kind, clock.due_at) == ("acknowledge", office("mon 12:00"))
    assert message.conversation.unanswered_since == office("mon 9:00")
    assert (message.automatic, message.details) == ("", {"looked": looks})
    assert queries.recipients(message.conversation) == ["mina@harbourlane.example"]


@pytest.mark.parametrize(
    ("sender", "values"),
    [
        ("mina@harbourlane.example", {"automatic": "list", "bulk": True}),
        ("mina@harbourlane.example", {"automatic": "reply"}),
        ("mina@harbourlane.example", {"automatic": "bounce"}),
        ("mina@harbourlane.example", {"automatic": "loop"}),
        ("news@elsewhere.example", {"automatic": "list"}),
        ("cron@elsewhere.example", {"automatic": "generated"}),
    ],
)
def test_a_machine_or_a_newsletter_waits_for_nobody(world: World, sender: str, values: dict[str, Any]) -> None:
    message = world.received(world.mail("Spring prices", sender=sender, **values), at=office("mon 9:00"))

    assert not Promise.objects.exists() and message.automatic == values["automatic"]


@pytest.mark.parametrize("looks", ["list", "generated"])
def test_no_machine_acknowledges_what_looks_like_a_machines(world: World, looks: str) -> None:
    machine_may(world)

    world.received(world.from_mina(automatic=looks), at=office("mon 9:00"))

    assert not Message.objects.filter(kind="out").exists()


def test_a_contact_is_acknowledged_by_machine_once_an_hour(world: World) -> None:
    machine_may(world)

    for number in range(4):
        world.asked(f"Question {number}", subject=f"About {number}", at=office("mon 9:00") + timedelta(minutes=number))
    assert Message.objects.filter(kind="out", automatic="machine").count() == 1
    assert Promise.objects.filter(kind="acknowledge", kept_at=None).count() == 3, "a person acknowledges the others"

    world.asked("Later", subject="Later", at=office("mon 10:00"))
    assert Message.objects.filter(kind="out", automatic="machine").count() == 2


def test_an_answer_to_a_message_with_a_very_long_id_finds_its_place(world: World) -> None:
    long = f"<{'x' * 400}@mail.example>"
    asked = world.received(world.from_mina(message_id=long), at=office("mon 9:00"))

    by_answer = world.received(world.from_mina("And?", subject="Re: it", in_reply_to=long), at=office("mon 9:10"))
    by_reference = world.received(world.from_mina("Well?", subject="Re: it", references=(long,)), at=office("mon 9:20"))

    assert {by_answer.conversation_id, by_reference.conversation_id} == {asked.conversation_id}
    assert by_answer.placed_by == "references"


def test_a_letter_knows_which_mailbox_the_client_last_wrote_to(world: World) -> None:
    help_desk = {"to": ("help@lantern.example",), "our_addresses": ("help@lantern.example",)}
    found = world.asked(at=office("mon 9:00"), **help_desk)
    letter = answered(world, found, office("mon 9:30"))
    assert queries.mail_of(letter.pk).mailbox == "help@lantern.example"

    both = {"to": ("desk@lantern.example",), "our_addresses": ("desk@lantern.example", "help@lantern.example")}
    world.received(world.from_mina("And?", subject=f"[#{found.public_id}]", **both), at=office("mon 10:00"))
    assert queries.mail_of(answered(world, found, office("mon 10:30")).pk).mailbox == ""


def answered(world: World, found: Conversation, at: datetime) -> Message:
    return actions.reply(conversation=found, text="Yes.", follow_up=actions.NothingMoreOwed(), by=world.ana, at=at)
