"""Whatever people do, in whatever order, four things hold."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as some

from tests.world import World, office
from wellkept.conversations import actions, queries
from wellkept.conversations.actions import DueAt, NothingMoreOwed, WaitingForClient
from wellkept.conversations.actions.clocks import REPLY_CLOCKS
from wellkept.conversations.models import Conversation, Message
from wellkept.core.refusals import Refusal
from wellkept.promises import actions as promises

STEPS = (
    "ask", "away note", "answer", "finish", "wait", "undo", "resolve", "reopen", "snooze", "stop waiting", "note",
    "merge", "split", "keep", "rhythm", "sweep", "react",
)  # fmt: skip
WAITS = (timedelta(seconds=2), timedelta(minutes=7), timedelta(days=1))


class Desk:
    """One bakery, two questions, and time going by a few minutes at each step."""

    def __init__(self, world: World) -> None:
        self.world, self.at = world, office("mon 9:00")
        self.rows = [world.asked(subject=f"Question {n}", at=self.at) for n in range(2)]

    def do(self, step: str, which: int, wait: timedelta) -> None:
        self.at += wait
        try:
            with transaction.atomic():
                self.step(step, Conversation.objects.get(pk=self.rows[which].pk))
        except (Refusal, Message.DoesNotExist, IndexError):
            pass

    def step(self, step: str, row: Conversation) -> None:  # noqa: C901 - a list of what people do
        by, at = self.world.ana, self.at
        due = DueAt(office("thu 10:00"), "Answer")
        subject = f"[#{row.public_id}]"
        match step:
            case "ask" | "away note":
                mail = self.world.from_mina(step, subject=subject, automatic="reply" if step == "away note" else "")
                actions.receive(mail=mail, at=at)
            case "answer":
                actions.reply(conversation=row, text="Soon.", follow_up=due, by=by, at=at)
            case "finish":
                actions.reply(conversation=row, text="Here.", follow_up=NothingMoreOwed(), by=by, at=at)
            case "wait":
                what = WaitingForClient("the receipt", back_at=office("fri 10:00"))
                actions.reply(conversation=row, text="Which?", follow_up=what, by=by, at=at)
            case "undo":
                last = Message.objects.filter(conversation=row, kind="out", withdrawn_at=None).latest("id")
                actions.undo_send(message=last, by=by, at=at)
            case "resolve":
                actions.resolve(conversation=row, by=by, at=at, answer="No answer needed")
            case "reopen":
                actions.reopen(conversation=row, by=by, at=at)
            case "snooze":
                actions.snooze(conversation=row, until=at + timedelta(hours=1), by=by, at=at)
            case "stop waiting":
                actions.stop_waiting(conversation=row, by=by, at=at)
            case "note":
                actions.note(conversation=row, text="For the file", by=by, at=at)
            case "merge":
                into = next(other for other in self.rows if other.pk != row.pk)
                actions.merge(conversation=row, into=into, by=by, at=at)
            case "split":
                last = Message.objects.filter(conversation=row, kind="in").latest("id")
                self.rows.append(actions.split(messages=[last], subject="Apart", by=by, at=at))
            case "keep":
                promises.keep(promise=queries.open_promises(row)[-1], by=by, at=at)
                self.world.run_reactions(at=at)
            case "rhythm":
                actions.set_rhythm(conversation=row, every_days=1, by=by, at=at)
            case "sweep":
                promises.sweep(at=at)
                actions.wake_due(at=at)
            case "react":
                self.world.run_reactions(at=at)


def holds(row: Conversation) -> None:
    """What is true of every conversation at every moment."""
    owed = queries.open_promises(row)
    clocks = [promise for promise in owed if promise.kind in REPLY_CLOCKS]
    assert len(clocks) <= 1, "one clock for an answer"
    if row.merged_into_id is not None:
        assert owed == [], "nothing is owed where nobody looks"
        return
    waits = row.unanswered_since is not None
    assert not clocks or waits, "no clock without somebody who waits"
    running = [promise.due_at for promise in owed if promise.paused_at is None]
    assert row.next_due_at == min(running, default=None), "the list shows what falls due next"
    if row.snoozed_until is not None and row.next_due_at is not None:
        assert row.snoozed_until <= row.next_due_at, "nothing falls due out of sight"
    if row.resolved_at is not None:
        assert not clocks and not waits, "what is resolved keeps nobody waiting"


@settings(max_examples=20, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    steps=some.lists(
        some.tuples(some.sampled_from(STEPS), some.integers(0, 1), some.sampled_from(WAITS)), min_size=1, max_size=14
    )
)
def test_the_laws_hold_in_whatever_order_things_happen(world: World, steps: list[tuple[str, int, timedelta]]) -> None:
    with transaction.atomic():
        desk = Desk(world)
        for step, which, wait in steps:
            desk.do(step, which, wait)
            for row in Conversation.objects.all():
                holds(row)
        world.run_reactions(at=desk.at)
        for row in Conversation.objects.all():
            holds(row)
        transaction.set_rollback(True)
