from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from tests.world import at
from wellkept.core import actions, outbox, queries
from wellkept.core.models import Fact, Outgoing

NOON = at("2026-03-06 12:00")
pytestmark = pytest.mark.django_db


class Other:
    """The other side: does what a test wants and notes what reached it."""

    def __init__(self) -> None:
        self.reached: list[str] = []
        self.answers: list[Exception] = []
        self.knows: bool | None = None
        self.asked = 0

    def send(self, row: Outgoing, moment: datetime) -> None:
        if self.answers:
            raise self.answers.pop(0)
        self.reached.append(row.key)

    def look_up(self, row: Outgoing, moment: datetime) -> bool | None:
        self.asked += 1
        return self.knows


@pytest.fixture
def other(monkeypatch: pytest.MonkeyPatch) -> Other:
    side = Other()
    monkeypatch.setattr(outbox, "_ways", {})
    outbox.sends("letter")(side.send)
    outbox.sends("payment", look_up=side.look_up)(side.send)
    return side


def enqueue(key: str, *, kind: str = "letter", subject: str = "conversation-1", wait: int = 0) -> Outgoing:
    return outbox.enqueue(kind=kind, key=key, subject=subject, payload={}, at=NOON, wait=timedelta(seconds=wait))


def turn(moment: datetime = NOON) -> str | None:
    row = outbox.claim(at=moment)
    return outbox.send(row, at=moment, clock=lambda: moment) if row else None


def test_the_same_key_is_one_row(other: Other) -> None:
    assert enqueue("a").pk == enqueue("a").pk


def test_it_leaves_once(other: Other) -> None:
    enqueue("a")

    assert [turn(), turn()] == ["sent", None]
    assert other.reached == ["a"]
    assert Fact.objects.filter(name="outgoing.sent").count() == 1


def test_order_is_kept_within_a_subject_and_only_there(other: Other) -> None:
    enqueue("a", wait=10)
    enqueue("b")
    enqueue("c", subject="conversation-2")

    while turn() or turn(NOON + timedelta(seconds=10)):
        pass

    assert other.reached == ["c", "a", "b"]


def test_a_server_that_is_down_is_tried_again_with_growing_waits(other: Other) -> None:
    other.answers = [outbox.TryLater("The mail server is away.")] * 3
    enqueue("a")
    moment, tried = NOON, []
    while not other.reached:
        if turn(moment):
            tried.append(int((moment - NOON).total_seconds()))
        moment += timedelta(seconds=1)

    assert tried == [0, 5, 15, 35]


def test_what_never_gets_through_is_shown_to_a_person_who_may_send_it_again(other: Other) -> None:
    other.answers = [outbox.TryLater("The mail server is away.")] * outbox.TRIES
    row = enqueue("a")
    for hour in range(outbox.TRIES * 3):
        turn(NOON + timedelta(hours=hour))

    [dead] = queries.outgoing(states=["dead"])
    assert (dead.pk, dead.reason, dead.attempts) == (row.pk, "The mail server is away.", outbox.TRIES)
    actions.send_again(outgoing=dead, by=None, at=NOON)
    assert turn() == "sent"
    with pytest.raises(actions.OnItsWay):
        actions.send_again(outgoing=dead, by=None, at=NOON)


def test_a_refusal_for_good_lets_the_next_one_pass(other: Other) -> None:
    other.answers = [outbox.Never("Nobody has this address.")]
    enqueue("a")
    enqueue("b")

    assert [turn(), turn()] == ["dead", "sent"]


def test_a_call_that_may_have_worked_is_never_repeated_blindly(other: Other) -> None:
    other.answers = [outbox.Unknown("The server did not answer after the last line.")]
    row = enqueue("a")

    assert turn() == "unknown"
    assert turn(NOON + timedelta(days=1)) is None
    actions.mark_arrived(outgoing=row, by=None, at=NOON)
    assert (Outgoing.objects.get().state, other.reached) == ("sent", [])


@pytest.mark.parametrize(("knows", "reached"), [(True, []), (False, ["a"])])
def test_where_the_other_side_can_be_asked_it_is_asked_first(other: Other, knows: bool, reached: list[str]) -> None:
    other.answers, other.knows = [outbox.Unknown("Time-out.")], knows
    enqueue("a", kind="payment")
    turn()

    assert turn(NOON + timedelta(minutes=1)) == "sent"
    assert (other.asked, other.reached) == (1, reached)


def test_while_the_end_of_a_payment_is_unknown_the_next_one_waits(other: Other) -> None:
    other.answers = [outbox.Unknown("Time-out.")]
    enqueue("a", kind="payment")
    enqueue("b", kind="payment")
    turn()

    assert turn() is None
    assert turn(NOON + timedelta(minutes=1)) == "unknown"
    other.knows = False
    assert [turn(NOON + timedelta(minutes=9)), turn(NOON + timedelta(minutes=9))] == ["sent", "sent"]
    assert other.reached == ["a", "b"]


def test_a_machine_that_stops_in_the_middle_leaves_an_unknown_end(other: Other) -> None:
    enqueue("a")
    outbox.claim(at=NOON)

    turn(NOON + outbox.CLAIM + timedelta(seconds=1))

    [row] = queries.outgoing(states=["unknown"])
    assert (other.reached, row.reason) == (
        [],
        "The machine stopped while this was on its way; it may have arrived.",
    )


def test_without_a_way_out_the_bytes_wait_until_there_is_one(other: Other) -> None:
    other.answers = [outbox.Held("No mail server is set up."), outbox.Held("No mail server is set up.")]
    enqueue("a")
    enqueue("b")
    assert [turn(), turn()] == ["held", "held"]

    assert outbox.let_held_go(kind="letter", at=NOON) == 2
    assert [turn(), turn(), other.reached] == ["sent", "sent", ["a", "b"]]


def test_what_has_not_left_can_be_taken_back_and_what_has_cannot(other: Other) -> None:
    undone, gone = enqueue("a", wait=10), enqueue("b", subject="two")
    turn()

    actions.withdraw(outgoing=undone, by=None, at=NOON)
    with pytest.raises(actions.OnItsWay):
        actions.withdraw(outgoing=gone, by=None, at=NOON)
    assert turn(NOON + timedelta(minutes=1)) is None


def test_a_clock_set_back_does_not_hold_anything_up(other: Other) -> None:
    enqueue("a")

    assert turn(NOON - timedelta(hours=1)) == "sent"


def test_a_kind_this_release_does_not_know_is_told_in_words(other: Other) -> None:
    enqueue("a", kind="fax")

    assert turn() == "dead"
    assert Outgoing.objects.get().reason == "This release does not know how to send “fax”."


def test_a_bug_in_a_transport_is_shown_and_nothing_is_sent_twice(other: Other) -> None:
    def broken(row: Outgoing, moment: datetime) -> None:
        raise ZeroDivisionError

    outbox.sends("letter")(broken)
    enqueue("a")
    row = outbox.claim(at=NOON)
    assert row is not None
    with pytest.raises(ZeroDivisionError):
        outbox.send(row, at=NOON, clock=lambda: NOON)

    assert outbox.broke(row, error=ZeroDivisionError(), at=NOON) == "unknown"


def test_the_backlog_counts_what_waits(other: Other, django_assert_max_num_queries: Callable) -> None:
    enqueue("a")
    with django_assert_max_num_queries(3):
        backlog = queries.backlog(at=NOON)
    assert (backlog.outgoing["pending"], backlog.dead, backlog.deliveries) == (1, 0, 0)
