"""The main job, from the mail to the score: a question comes in, is answered with a time, the time is missed, and counted."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.world import World, office
from wellkept.conversations import actions, queries
from wellkept.conversations.actions import DueAt, NothingMoreOwed
from wellkept.conversations.models import Message
from wellkept.core.models import Fact, Outgoing
from wellkept.core.refusals import Refusal
from wellkept.insight import queries as insight
from wellkept.people import queries as people
from wellkept.people.models import Notice
from wellkept.promises import actions as promises
from wellkept.promises import queries as owed
from wellkept.promises.models import Promise

WEEK = insight.Lens(since=date(2026, 3, 9), until=date(2026, 3, 16))


def work(world: World, when: str) -> None:
    """Half a second of the worker and the sweep."""
    promises.sweep(at=office(when))
    world.run_reactions(at=office(when))


@pytest.mark.req("B1", "B7", "B8", "A12", "W1", "W5", "W8")
def test_from_the_mail_to_the_score(world: World) -> None:
    message = world.received(world.from_mina(), at=office("mon 9:00"))
    conversation = message.conversation
    work(world, "mon 9:00")

    [row] = queries.listing(world.ana).rows
    assert row.conversation == conversation and row.promise is not None
    assert row.promise.due_at == office("mon 12:00")
    trail = owed.explain(row.promise, at=office("mon 9:00"))
    assert "Acknowledge within 3 h" in trail.rule_sentence

    with pytest.raises(Refusal, match="Choose when they will hear from you next"):
        actions.reply(conversation=conversation, text="I look.", follow_up=None, by=world.ana, at=office("mon 9:10"))

    answer = actions.reply(
        conversation=conversation,
        text="I will check the seller first.",
        follow_up=DueAt(office("mon 15:00"), "GST answer for the oven"),
        by=world.ana,
        at=office("mon 9:10"),
    )
    work(world, "mon 9:11")
    assert Outgoing.objects.get(key=f"message-{answer.pk}").state == "pending"
    assert Promise.objects.get(kind="acknowledge").kept_at == office("mon 9:10")
    assert [p.title for p in owed.for_contact(world.mina).filter(kind="commitment")] == ["GST answer for the oven"]
    [first, *_rest] = owed.board(world.ana, view="mine", at=office("mon 9:11")).rows
    assert first.promise.title == "GST answer for the oven"

    work(world, "mon 15:01")
    commitment = Promise.objects.get(kind="commitment")
    assert commitment.missed_at == office("mon 15:00")
    assert people.unread_notices(world.ana).filter(kind="promise.missed").count() == 1
    [told] = Notice.objects.filter(staff=world.lead, kind="promise.escalated")
    assert "GST answer for the oven: Ana Kovač owes this to Mina Okafor, Harbour Lane Bakery" in told.text
    assert "Mina Okafor: Can I claim GST on an oven bought privately?" in told.text, "with what was said"
    assert "Ana Kovač: I will check the seller first." in told.text, "and what was tried"

    actions.reply(
        conversation=conversation,
        text="Yes: 900.00.",
        follow_up=NothingMoreOwed(),
        by=world.ana,
        at=office("mon 15:30"),
    )
    work(world, "mon 15:31")

    score = insight.score(world.lead, WEEK)
    assert (score.whole.kept, score.whole.late, score.whole.missed) == (2, 1, 0)
    shown = {event.promise_id for event in insight.events(world.lead, "late", WEEK)}
    assert shown == {commitment.pk}, "the figure opens to the very event"
    names = list(Fact.objects.filter(client=world.bakery.pk).values_list("name", flat=True))
    for name in (
        "conversation.opened",
        "message.received",
        "message.sent",
        "promise.kept",
        "promise.missed",
        "conversation.resolved",
    ):
        assert name in names


@pytest.mark.req("B7", "M2")
def test_a_question_nobody_answers_is_missed_even_over_a_weekend_and_told_once(world: World) -> None:
    world.asked(at=office("fri 16:30"))
    for when in ("fri 17:30", "sat 12:00", "next mon 10:29", "next mon 10:31", "next mon 10:40"):
        work(world, when)

    clock = Promise.objects.get(kind="acknowledge")
    assert clock.missed_at == office("next mon 10:30")
    assert Notice.objects.filter(staff=world.lead, kind="promise.escalated").count() == 1


@pytest.mark.req("B8")
def test_a_worker_that_was_down_for_an_hour_loses_nothing(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))
    actions.reply(
        conversation=conversation,
        text="I look.",
        follow_up=DueAt(office("mon 10:00"), "Answer"),
        by=world.ana,
        at=office("mon 9:10"),
    )
    for promise in queries.open_promises(conversation):
        if promise.kind == "commitment":
            promises.extend(
                promise=promise,
                due_at=office("mon 11:00"),
                reason="The bank is slow",
                by=world.ana,
                at=office("mon 9:40"),
            )
    work(world, "mon 10:45")

    [letter] = Message.objects.filter(automatic="machine")
    assert "The bank is slow" in letter.text
    assert not Promise.objects.filter(missed_at__isnull=False).exists()
    work(world, "mon 11:01")
    assert Promise.objects.get(kind="commitment", replaced_by=None).missed_at == office("mon 11:00")


@pytest.mark.req("C3", "C1")
def test_whoever_takes_it_owns_it_until_the_client_has_what_they_need(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))
    actions.reply(
        conversation=conversation,
        text="I look.",
        follow_up=DueAt(office("mon 15:00"), "Answer"),
        by=world.ana,
        at=office("mon 9:10"),
    )
    scan = actions.ask_colleague(
        conversation=conversation, colleague=world.leo, text="Scan it", by=world.ana, at=office("mon 9:20")
    )
    handover = actions.offer(conversation=conversation, taker=world.lead, by=world.ana, at=office("mon 9:30"))
    work(world, "mon 9:31")
    assert {p.owner for p in queries.open_promises(conversation) if p.to_staff is None} == {world.ana}

    actions.accept(handover=handover, by=world.lead, at=office("mon 10:00"))
    work(world, "mon 10:01")
    assert {p.owner for p in queries.open_promises(conversation) if p.to_staff is None} == {world.lead}
    scan.refresh_from_db()
    assert (scan.owner, scan.to_staff) == (world.leo, world.ana), "what Leo owes Ana is between them"

    work(world, "mon 15:01")
    assert {notice.staff for notice in Notice.objects.filter(kind="promise.missed")} == {world.lead}


@pytest.mark.req("B11")
def test_what_everyone_must_know_stands_beside_the_conversation(world: World) -> None:
    from wellkept.clients import actions as clients
    from wellkept.clients import queries as client_queries

    clients.note_nuance(
        client=world.bakery, text="Staff meals are recharged at cost, no GST.", by=world.ana, at=office("mon 8:30")
    )
    conversation = world.asked(at=office("mon 9:00"))

    assert conversation.client is not None
    assert [nuance.text for nuance in client_queries.nuances(conversation.client)] == [
        "Staff meals are recharged at cost, no GST."
    ]


@pytest.mark.req("A3")
def test_a_template_is_filled_and_a_forgotten_blank_stops_the_letter(world: World) -> None:
    from wellkept.knowledge import actions as knowledge
    from wellkept.knowledge import queries as templates

    template = knowledge.write_template(
        name="GST credit",
        body="Hi {contact.first_name}, the credit is [FILL IN: amount].",
        by=world.lead,
        at=office("mon 8:30"),
    )
    conversation = world.asked(at=office("mon 9:00"))
    filled = templates.render(template, {"contact.first_name": "Mina"})
    with pytest.raises(actions.Unfilled, match=r"Fill in \[FILL IN: amount\]"):
        actions.reply(
            conversation=conversation,
            text=filled.text,
            follow_up=NothingMoreOwed(),
            by=world.ana,
            at=office("mon 9:10"),
        )

    text = filled.text.replace("[FILL IN: amount]", "900.00")
    message = actions.reply(
        conversation=conversation,
        text=text,
        follow_up=NothingMoreOwed(),
        template=template,
        by=world.ana,
        at=office("mon 9:11"),
    )
    assert message.text == "Hi Mina, the credit is 900.00."
    assert Fact.objects.get(name="message.sent").data["template"] == template.pk


@pytest.mark.req("B8")
def test_an_undone_reply_is_as_if_it_had_not_been_sent_and_history_keeps_it(world: World) -> None:
    conversation = world.asked(at=office("mon 9:00"))
    message = actions.reply(
        conversation=conversation,
        text="Wrong!",
        follow_up=DueAt(office("mon 15:00"), "Answer"),
        by=world.ana,
        at=office("mon 9:10"),
    )
    actions.undo_send(message=message, by=world.ana, at=office("mon 9:10") + timedelta(seconds=9))
    work(world, "mon 9:11")
    work(world, "mon 12:01")

    assert Promise.objects.get(kind="acknowledge").missed_at == office("mon 12:00"), "nobody answered"
    score = insight.score(world.lead, WEEK)
    assert (score.whole.kept, score.whole.late, score.whole.missed) == (0, 0, 1)
    assert Fact.objects.filter(name__in=["message.sent", "message.withdrawn"]).count() == 2
