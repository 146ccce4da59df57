"""The engine as a state machine: whatever happens in whatever order, the laws of the room hold."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, ClassVar

import pytest
from django.db import transaction
from hypothesis import HealthCheck, settings
from hypothesis import strategies as some
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from wellkept.calendars import queries as calendars
from wellkept.core.models import Fact
from wellkept.core.refusals import Refusal
from wellkept.people.models import Notice
from wellkept.promises import actions, queries
from wellkept.promises.models import Promise, PromiseEvent
from wellkept.promises.rules import clock
from wellkept.promises.rules.clock import Pause
from wellkept.promises.tests.owing import World, nz

# Minutes; below zero: where things go wrong, at a due instant itself or just after it.
LATER = some.one_of(some.just(0), some.integers(-20, -1), some.integers(1, 300), some.integers(300, 4000))
ACTS = (
    "sweep",
    "sweep",
    "keep",
    "withdraw",
    "extend",
    "pause_or_resume",
    "pause_or_resume",
    "hand_over",
    "count_anew",
    "look",
)
START = nz("2026-03-27 09:00")  # a week before the clocks go back
ENDED = ("kept_at", "withdrawn_at", "replaced_by_id")


@dataclass
class Known:
    """What the machine itself remembers of one promise, told apart from what the database says."""

    pk: int
    made_at: datetime
    seconds: int | None
    due_at: datetime
    pauses: list[Pause] = field(default_factory=list)
    closed: dict[str, Any] | None = None

    @property
    def waits(self) -> bool:
        return bool(self.pauses) and self.pauses[-1].until_at is None

    def expected_due(self, hours: calendars.Compiled) -> datetime:
        """Counted afresh from the start, never moved step by step."""
        return self.due_at if self.seconds is None else clock.due(hours, self.made_at, self.seconds, self.pauses)

    def late(self, hours: calendars.Compiled, at: datetime) -> bool:
        return (self.pauses[-1].since_at if self.waits else at) > self.expected_due(hours)


class Engine(RuleBasedStateMachine):
    world: ClassVar[World]

    def __init__(self) -> None:
        super().__init__()
        self.now = START
        self.hours = calendars.compiled(calendars.current(self.world.desk.firm.calendar).pk)
        self.known: dict[int, Known] = {}
        self.late: set[int] = set()
        self.subject = 0
        self.atomic = transaction.atomic()
        self.atomic.__enter__()

    def teardown(self) -> None:
        transaction.set_rollback(True)
        self.atomic.__exit__(None, None, None)

    def row(self, pk: int) -> Promise:
        return Promise.objects.get(pk=pk)

    def remember(self, promise: Promise) -> None:
        self.known[promise.pk] = Known(promise.pk, promise.made_at, promise.seconds, promise.due_at)

    def moment(self, known: Known) -> datetime:
        """A clock set back puts nothing before its beginning."""
        return max(self.now, known.pauses[-1].since_at if known.waits else known.made_at)

    def settle(self, known: Known) -> None:
        """Whatever ends, stops or changes hands has its lateness recorded first."""
        if known.late(self.hours, self.moment(known)):
            self.late.add(known.pk)

    def close(self, known: Known) -> None:
        known.closed = Promise.objects.filter(pk=known.pk).values()[0]

    def pass_time(self, minutes: int) -> None:
        if minutes >= 0:
            self.now += timedelta(minutes=minutes)
        elif self.any_open():
            due_at = self.one(-minutes // 2).expected_due(self.hours)
            self.now = max(self.now, due_at + timedelta(microseconds=-minutes % 2))

    def one(self, number: int) -> Known:
        among = [known for known in self.known.values() if known.closed is None]
        return among[number % len(among)]

    def any_open(self) -> bool:
        return any(known.closed is None for known in self.known.values())

    @initialize()
    def begin(self) -> None:
        for kind in ("acknowledge", "next_reply", "resolve", "next_reply"):
            self.make(kind)
        self.commit(600)

    @precondition(any_open)
    @rule(later=LATER, act=some.sampled_from(ACTS), number=some.integers(0, 20), amount=some.integers(1, 2000))
    def step(self, later: int, act: str, number: int, amount: int) -> None:
        """Some time passes, then one thing happens to one promise."""
        self.pass_time(later)
        known = self.one(number)
        if act == "extend":
            self.extend(known, amount)
        else:
            getattr(self, act)(known)

    @rule(kind=some.sampled_from(["acknowledge", "next_reply", "resolve"]))
    def make(self, kind: str) -> None:
        self.subject += 1
        self.remember(self.world.owe(kind, at=self.now, subject=self.subject))

    @rule(minutes=some.integers(1, 2000))
    def commit(self, minutes: int) -> None:
        self.remember(self.world.commit(self.hours.add(self.now, minutes), at=self.now))

    @rule(minutes=some.integers(1, 600))
    def clock_is_set_back(self, minutes: int) -> None:
        self.now -= timedelta(minutes=minutes)

    def sweep(self, _any: Known) -> None:
        while actions.sweep(at=self.now, limit=2):
            pass
        for known in self.known.values():
            if known.closed is None and not known.waits and known.late(self.hours, self.now):
                self.late.add(known.pk)

    def keep(self, known: Known) -> None:
        self.settle(known)
        kept = actions.keep(promise=self.row(known.pk), by=self.world.ana, at=self.now)
        ticking = clock.Clock(self.hours, known.made_at, kept.due_at, known.seconds)
        assert kept.took_seconds == clock.took_seconds(ticking, kept.kept_at or self.now, known.pauses)
        self.close(known)

    def withdraw(self, known: Known) -> None:
        self.settle(known)
        actions.withdraw(promise=self.row(known.pk), reason="not needed", by=self.world.ana, at=self.now)
        self.close(known)

    def extend(self, known: Known, minutes: int) -> None:
        due_at = self.hours.add(self.now, minutes)
        promise = self.row(known.pk)
        try:
            with transaction.atomic():
                new = actions.extend(promise=promise, due_at=due_at, reason="late", by=self.world.ana, at=self.now)
        except Refusal:
            assert due_at == known.expected_due(self.hours) or promise.kind in {"acknowledge", "next_reply"}
            return
        self.settle(known)
        self.close(known)
        self.remember(new)

    def pause_or_resume(self, known: Known) -> None:
        promise = self.row(known.pk)
        if known.waits:
            actions.resume(promise=promise, by=self.world.ana, at=self.now)
            known.pauses[-1] = Pause(known.pauses[-1].since_at, self.moment(known))
        elif known.seconds is None or promise.kind == "acknowledge":
            with pytest.raises(actions.CannotWait), transaction.atomic():
                actions.pause(promise=promise, waiting_for="a statement", by=self.world.ana, at=self.now)
        else:
            actions.pause(promise=promise, waiting_for="a statement", by=self.world.ana, at=self.now)
            self.settle(known)
            known.pauses.append(Pause(self.moment(known)))

    def hand_over(self, known: Known) -> None:
        promise = self.row(known.pk)
        taker = self.world.ben if promise.owner == self.world.ana else self.world.ana
        self.settle(known)
        actions.hand_over(promise=promise, to=taker, by=self.world.leo, at=self.now)

    def count_anew(self, _any: Known) -> None:
        actions.mark_client(client=None, at=self.now)
        actions.recount(at=self.now)

    def look(self, known: Known) -> None:
        [drawn] = queries.drawn([self.row(known.pk)], at=self.now)
        trail = queries.explain(drawn.promise, at=self.now)
        assert 0 <= drawn.left <= 1
        assert [line.at for line in trail.lines] == sorted(line.at for line in trail.lines)

    @invariant()
    def time_is_up_where_it_is_up_and_nowhere_else(self) -> None:
        for row in Promise.objects.all():
            assert (row.missed_at is not None) == (row.pk in self.late), (row.pk, row.due_at, self.now)
            assert row.missed_at in (None, row.due_at)
            if row.missed_at is None:
                assert row.due_at == self.known[row.pk].expected_due(self.hours)
            runs = row.is_open and row.paused_at is None and row.missed_at is None
            assert (row.next_check_at is not None) == runs
            assert row.next_check_at is None or row.next_check_at <= row.due_at

    @invariant()
    def what_is_closed_stays_as_it_was(self) -> None:
        for row in Promise.objects.values():
            closed = self.known[row["id"]].closed
            assert sum(row[name] is not None for name in ENDED) == (closed is not None)
            assert closed in (None, row)

    @invariant()
    def everything_happens_once(self) -> None:
        events = Counter(PromiseEvent.objects.values_list("promise_id", "name", "data__percent"))
        for (pk, name, _percent), count in events.items():
            if name in {"made", "missed", "warned", "kept", "withdrawn", "extended"}:
                assert count == 1, (pk, name, count)
        missed = {pk for pk, name, _percent in events if name == "missed"}
        assert missed == self.late
        facts = Counter(fact.data["promise"] for fact in Fact.objects.filter(name="promise.missed"))
        assert set(facts) == self.late and set(facts.values()) <= {1}
        told = Counter(Notice.objects.filter(kind="promise.missed").values_list("subject_id", flat=True))
        assert set(told) == self.late and set(told.values()) <= {1}


@pytest.mark.req("W1", "B8")
def test_the_laws_hold_in_whatever_order_things_happen(firm: World) -> None:
    class OfThisFirm(Engine):
        world = firm

    quiet = settings(
        max_examples=25, stateful_step_count=20, deadline=None, suppress_health_check=list(HealthCheck), database=None
    )
    run_state_machine_as_test(OfThisFirm, settings=quiet)
