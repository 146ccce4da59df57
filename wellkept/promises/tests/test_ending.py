import pytest
from django.db import DatabaseError, transaction

from wellkept.promises import actions, queries
from wellkept.promises.models import Promise, PromiseEvent
from wellkept.promises.tests.owing import DUE, FRIDAY, World, facts, names, nz, told

pytestmark = pytest.mark.req("B8")
LATER = nz("2026-03-12 15:00")


def state(promise: Promise, at: object = FRIDAY) -> str:
    promise.refresh_from_db()
    [drawn] = queries.drawn([promise], at=at)  # type: ignore[arg-type]
    return drawn.state


def test_kept_at_the_very_due_instant_is_in_time(firm: World) -> None:
    promise = actions.keep(promise=firm.owe(), by=firm.ana, at=DUE)

    assert (promise.missed_at, promise.took_seconds) == (None, 3 * 3600)
    assert state(promise) == "kept"
    assert names(promise) == ["made", "kept"]


def test_a_late_answer_is_a_miss_even_if_no_sweep_ran(firm: World) -> None:
    promise = actions.keep(promise=firm.owe(), by=firm.ana, at=nz("2026-03-09 11:00:01"))

    assert promise.missed_at == DUE
    assert state(promise) == "late"
    assert facts(promise) == ["promise.made", "promise.missed", "promise.kept"]
    assert told(firm.leo) == ["promise.escalated"]


def test_a_promise_is_kept_once(firm: World) -> None:
    promise = actions.keep(promise=firm.owe(), by=firm.ana, at=FRIDAY)

    for again in (
        lambda: actions.keep(promise=promise, by=firm.ana, at=FRIDAY),
        lambda: actions.withdraw(promise=promise, reason="x", by=firm.ana, at=FRIDAY),
        lambda: actions.hand_over(promise=promise, to=firm.ben, by=firm.ana, at=FRIDAY),
        lambda: actions.pause(promise=promise, waiting_for="x", by=firm.ana, at=FRIDAY),
    ):
        with pytest.raises(actions.ClosedAlready):
            again()


def test_a_clock_set_back_does_not_end_a_promise_before_it_began(firm: World) -> None:
    promise = actions.keep(promise=firm.owe(), by=firm.ana, at=nz("2026-03-01 10:00"))

    assert promise.kept_at == promise.made_at


def test_withdrawing_needs_a_reason_and_hides_no_miss(firm: World) -> None:
    with pytest.raises(actions.NoReason):
        actions.withdraw(promise=firm.owe(), reason=" ", by=firm.ana, at=FRIDAY)

    promise = actions.withdraw(promise=firm.owe(), reason="Sent twice", by=firm.ana, at=nz("2026-03-09 12:00"))

    assert promise.missed_at == DUE
    assert names(promise) == ["made", "missed", "withdrawn"]


def test_a_new_date_is_an_extension_with_a_reason(firm: World) -> None:
    old = firm.commit(LATER)

    new = actions.extend(promise=old, due_at=nz("2026-03-13 15:00"), reason="The bank is late", by=firm.ana, at=DUE)

    assert (new.due_at, new.made_at, new.title) == (nz("2026-03-13 15:00"), DUE, old.title)
    assert state(old) == "extended"
    assert old.replaced_by == new and old.missed_at is None
    assert facts(old) == ["promise.made", "promise.extended"]
    assert PromiseEvent.objects.get(promise=old, name="extended").reason == "The bank is late"


def test_an_extension_after_the_date_is_a_broken_promise_all_the_same(firm: World) -> None:
    old = firm.commit(LATER)

    actions.extend(promise=old, due_at=nz("2026-03-16 10:00"), reason="Forgot", by=firm.ana, at=nz("2026-03-12 15:01"))

    assert state(old) == "broken"


def test_the_client_is_told_of_a_new_date(firm: World) -> None:
    new = actions.extend(promise=firm.commit(LATER), due_at=nz("2026-03-13 15:00"), reason="x", by=firm.ana, at=DUE)
    actions.told(promise=new, by=firm.ana, at=DUE, message=7)

    assert facts(new) == ["promise.made", "promise.told"]


def test_an_extension_needs_a_reason_an_open_hour_and_another_date(firm: World) -> None:
    promise = firm.commit(LATER)
    for due_at, reason, refusal in (
        (nz("2026-03-13 15:00"), "", actions.NoReason),
        (LATER, "x", actions.NotLater),
        (nz("2026-03-14 15:00"), "x", actions.DueWhenClosed),
        (FRIDAY, "x", actions.DueInThePast),
    ):
        with pytest.raises(refusal):
            actions.extend(promise=promise, due_at=due_at, reason=reason, by=firm.ana, at=DUE)
    assert Promise.objects.count() == 1


def test_an_answer_that_is_due_is_given_not_put_off(firm: World) -> None:
    with pytest.raises(actions.CannotBeExtended):
        actions.extend(promise=firm.owe(), due_at=LATER, reason="x", by=firm.ana, at=FRIDAY)


def test_a_resolve_clock_can_be_given_a_date(firm: World) -> None:
    old = firm.owe("resolve")

    new = actions.extend(promise=old, due_at=LATER, reason="Bigger than it looked", by=firm.ana, at=FRIDAY)

    assert new.seconds is None and new.due_at == LATER


def test_a_keep_is_undone_with_the_message_that_kept_it(firm: World) -> None:
    promise = actions.keep(promise=firm.owe(), by=firm.ana, at=nz("2026-03-09 10:59:55"))

    [again] = actions.undo_keep(promises=[promise.pk], by=firm.ana, at=nz("2026-03-09 11:00:02"))

    assert again.is_open and again.next_check_at is not None
    actions.sweep(at=nz("2026-03-09 11:00:03"))
    kept = actions.keep(promise=again, by=firm.ana, at=nz("2026-03-09 11:00:05"))
    assert kept.missed_at == DUE
    assert names(promise)[-3:] == ["unkept", "missed", "kept"]


def test_a_later_clock_that_gives_way_was_missed_if_it_was_late(firm: World) -> None:
    first = firm.owe("resolve")
    actions.keep(promise=first, by=firm.ana, at=nz("2026-03-30 12:00"))
    second = firm.owe("resolve", start_at=FRIDAY, at=nz("2026-03-30 12:00:01"))

    actions.undo_keep(promises=[first.pk], by=firm.ana, at=nz("2026-03-30 12:00:05"))

    assert names(second) == ["made", "missed", "withdrawn"]


def test_a_keep_of_yesterday_stays(firm: World) -> None:
    promise = actions.keep(promise=firm.owe(), by=firm.ana, at=FRIDAY)

    assert actions.undo_keep(promises=[promise.pk], by=firm.ana, at=DUE) == []


def test_the_database_keeps_events_as_they_were_written(firm: World) -> None:
    promise = firm.owe()

    with pytest.raises(DatabaseError), transaction.atomic():
        PromiseEvent.objects.filter(promise=promise).update(reason="never happened")
