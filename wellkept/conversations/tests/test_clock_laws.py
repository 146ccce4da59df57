"""Whoever waits has one clock, begun when they wrote, wherever their message is put; no miss is dodged or counted twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import ClassVar

from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule, run_state_machine_as_test

from tests.world import World, office
from wellkept.conversations import actions
from wellkept.conversations.actions import DueAt, NothingMoreOwed, WaitingForClient
from wellkept.conversations.actions.clocks import REPLY_CLOCKS
from wellkept.conversations.models import Conversation, Message
from wellkept.conversations.rules import FollowUp
from wellkept.core.refusals import Refusal
from wellkept.promises import actions as promises
from wellkept.promises.models import OPEN, Promise

LATER = some.sampled_from([timedelta(seconds=3), timedelta(seconds=4), timedelta(minutes=50), timedelta(hours=5)])
ANY = some.integers(0, 11)
FAR = office("mon 10:00") + timedelta(days=28)
NEXT = (DueAt(FAR, "Answer"), DueAt(FAR, "Answer"), WaitingForClient("the receipt", back_at=FAR), NothingMoreOwed())
MOST = 5
MINA, UNKNOWN = "mina@harbourlane.example", "who@phone.example"


class Desk(RuleBasedStateMachine):
    """Two questions of Mina's, one of somebody who turns out to be her; the machine remembers by itself who waits."""

    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.atomic = transaction.atomic()
        self.atomic.__enter__()
        self.now = office("mon 9:00")
        self.waits: set[int] = set()
        self.answered_by: dict[int, set[int]] = {}
        self.let_go: dict[tuple[int, datetime], set[int]] = {}

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    @initialize()
    def begin(self) -> None:
        for sender in (MINA, MINA, UNKNOWN):
            self.now += timedelta(minutes=5)
            self.receive(sender, "A question")

    def receive(self, sender: str, subject: str) -> None:
        mail = self.world.mail("Please", sender=sender, subject=subject)
        self.waits.add(actions.receive(mail=mail, at=self.now).pk)

    def rows(self) -> list[Conversation]:
        return list(Conversation.objects.filter(merged_into=None).order_by("pk"))

    def one(self, number: int) -> Conversation:
        rows = self.rows()
        return rows[number % len(rows)]

    def waiting(self, conversation: Conversation) -> set[int]:
        return set(Message.objects.filter(conversation=conversation, pk__in=self.waits).values_list("pk", flat=True))

    def tries(self, act: Callable[[], object]) -> bool:
        """Do it, unless it may not be done."""
        try:
            with transaction.atomic():
                act()
        except Refusal:
            return False
        return True

    @rule(later=LATER, number=ANY)
    def writes_again(self, later: timedelta, number: int) -> None:
        self.now += later
        row = self.one(number)
        takes_part = set(row.participants.values_list("address", flat=True))
        self.receive(MINA if MINA in takes_part else UNKNOWN, f"[#{row.public_id}]")

    @rule(later=LATER, sender=some.sampled_from([MINA, UNKNOWN]))
    def writes(self, later: timedelta, sender: str) -> None:
        self.now += later
        if len(self.rows()) < MOST:
            self.receive(sender, "Something new")

    @rule(later=LATER, number=ANY, follow_up=some.sampled_from(NEXT))
    def reply(self, later: timedelta, number: int, follow_up: FollowUp) -> None:
        self.now += later
        row, by = self.one(number), self.world.ana
        waited = self.waiting(row)
        if self.tries(lambda: actions.reply(conversation=row, text="So.", follow_up=follow_up, by=by, at=self.now)):
            self.waits -= waited
            self.answered_by[Message.objects.filter(kind="out").latest("id").pk] = waited

    @rule(later=some.sampled_from([timedelta(seconds=3), timedelta(seconds=9)]))
    def undo(self, later: timedelta) -> None:
        self.now += later
        sent = Message.objects.filter(pk__in=self.answered_by, withdrawn_at=None).last()
        if sent is not None and self.tries(lambda: actions.undo_send(message=sent, by=self.world.ana, at=self.now)):
            self.waits |= self.answered_by[sent.pk]

    @rule(later=LATER, number=ANY, which=ANY, what=some.sampled_from(["in", "in", "out"]))
    def split(self, later: timedelta, number: int, which: int, what: str) -> None:
        self.now += later
        said = list(Message.objects.filter(conversation=self.one(number), kind=what, automatic=""))
        if said and len(self.rows()) < MOST:
            one = said[which % len(said)]
            self.tries(lambda: actions.split(messages=[one], subject="Apart", by=self.world.ana, at=self.now))

    @rule(later=LATER, number=ANY, into=ANY)
    def merge(self, later: timedelta, number: int, into: int) -> None:
        self.now += later
        one, other, by = self.one(number), self.one(into), self.world.ana
        self.tries(lambda: actions.merge(conversation=one, into=other, by=by, at=self.now))

    @rule(later=LATER, number=ANY, into=ANY, which=ANY, what=some.sampled_from(["in", "in", "out"]))
    def move(self, later: timedelta, number: int, into: int, which: int, what: str) -> None:
        self.now += later
        said = list(Message.objects.filter(conversation=self.one(number), kind=what, automatic=""))
        if said:
            one, other = said[which % len(said)], self.one(into)
            self.tries(lambda: actions.move_message(message=one, into=other, by=self.world.ana, at=self.now))

    @rule(later=LATER, number=ANY)
    def resolve(self, later: timedelta, number: int) -> None:
        self.now += later
        row, by = self.one(number), self.world.ana
        waited = self.waiting(row)
        if self.tries(lambda: actions.resolve(conversation=row, answer="Only thanks", by=by, at=self.now)):
            self.waits -= waited
            self.let_go[row.pk, self.now] = waited

    @rule(later=LATER, number=ANY)
    def reopen(self, later: timedelta, number: int) -> None:
        self.now += later
        row, resolved_at = self.one(number), self.one(number).resolved_at
        let_go = self.let_go.get((row.pk, resolved_at), set()) if resolved_at is not None else set()
        reopened = self.tries(lambda: actions.reopen(conversation=row, by=self.world.ana, at=self.now))
        if reopened and resolved_at is not None and self.now - resolved_at <= promises.UNDO_WITHIN:
            here = Message.objects.filter(conversation=row, pk__in=let_go)
            self.waits |= set(here.values_list("pk", flat=True))

    @rule(later=LATER, number=ANY)
    def set_client(self, later: timedelta, number: int) -> None:
        self.now += later
        row, world = self.one(number), self.world
        self.tries(
            lambda: actions.set_client(
                conversation=row, client=world.bakery, contact=world.mina, by=world.ruth, at=self.now
            )
        )

    @rule(later=LATER, number=ANY)
    def hand_over(self, later: timedelta, number: int) -> None:
        self.now += later
        row = self.one(number)
        taker = self.world.leo if row.owner == self.world.ana else self.world.ana
        self.tries(lambda: actions.take(conversation=row, by=taker, at=self.now))

    @rule(later=LATER)
    def sweep(self, later: timedelta) -> None:
        self.now += later
        promises.sweep(at=self.now)
        self.world.run_reactions(at=self.now)

    @invariant()
    def whoever_waits_has_one_clock_begun_when_they_wrote(self) -> None:
        owed = list(Promise.objects.filter(kind__in=REPLY_CLOCKS))
        over = {promise.made_at for promise in owed if promise.missed_at and not promise.is_open}
        for row in Conversation.objects.all():
            here = Message.objects.filter(conversation=row, pk__in=self.waits).order_by("at")
            came = list(here.values_list("at", flat=True))
            mine = [promise for promise in owed if promise.is_open and promise.subject_id == row.pk]
            due = [at for at in came if at not in over][:1]
            assert [promise.made_at for promise in mine] == due, (row, came, over)
            assert row.unanswered_since == (came[0] if came else None)
            assert row.unanswered_since is None or (row.is_open and row.waiting_since is None)

    @invariant()
    def what_is_owed_is_owed_by_the_owner_to_the_client_of_its_conversation(self) -> None:
        for promise in Promise.objects.filter(OPEN):
            row = Conversation.objects.get(pk=promise.subject_id)
            assert row.merged_into_id is None
            assert (promise.client_id, promise.owner_id) == (row.client_id, row.owner_id)
            assert promise.paused_at is None or row.waiting_since is not None

    @invariant()
    def no_miss_is_dodged_or_counted_twice(self) -> None:
        owed = list(Promise.objects.filter(kind__in=REPLY_CLOCKS))
        missed = Counter(promise.made_at for promise in owed if promise.missed_at is not None)
        assert max(missed.values(), default=0) <= 1
        for promise in owed:
            ended = promise.kept_at or promise.withdrawn_at
            assert ended is None or promise.missed_at is not None or ended <= promise.due_at

    @invariant()
    def the_list_shows_what_falls_due_next(self) -> None:
        for row in Conversation.objects.all():
            running = Promise.objects.filter(OPEN, subject_id=row.pk, paused_at=None).values_list("due_at", flat=True)
            assert row.next_due_at == min(running, default=None)


def test_the_laws_hold_however_messages_are_moved(world: World) -> None:
    Desk.world = world
    run_state_machine_as_test(
        Desk,
        settings=settings(
            max_examples=20,
            stateful_step_count=14,
            deadline=None,
            suppress_health_check=[HealthCheck.too_slow],
        ),
    )
