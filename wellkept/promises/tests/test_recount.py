from decimal import Decimal

import pytest

from wellkept.clients.actions import HOUR, TargetDraft
from wellkept.core.models import Fact
from wellkept.promises import actions
from wellkept.promises.models import Promise
from wellkept.promises.reactions import recount_on_new_hours, recount_on_new_targets
from wellkept.promises.tests.owing import DUE, FRIDAY, TARGETS, World, names, nz


def again(promise: Promise) -> Promise:
    promise.refresh_from_db()
    return promise


def heard(firm: World) -> None:
    """The reactions of this room, as the worker runs them."""
    for fact in Fact.objects.filter(name="calendar.changed"):
        recount_on_new_hours(fact)
    for fact in Fact.objects.filter(name="agreement.changed"):
        recount_on_new_targets(fact)


def test_a_holiday_moves_what_is_open_from_its_original_start(firm: World) -> None:
    promise = firm.owe()
    firm.close_on("2026-03-09")

    heard(firm)
    actions.sweep(at=FRIDAY)

    assert again(promise).due_at == nz("2026-03-10 11:00")
    assert promise.calendar.number == 2  # type: ignore[union-attr]
    assert names(promise) == ["made", "recounted"]


def test_nothing_is_called_broken_before_it_is_counted_anew(firm: World) -> None:
    promise = firm.owe()
    firm.close_on("2026-03-09")
    heard(firm)

    actions.sweep(at=nz("2026-03-09 12:00"))

    assert again(promise).missed_at is None


def test_a_late_keep_sees_the_new_hours_too(firm: World) -> None:
    promise = firm.owe()
    firm.close_on("2026-03-09")
    heard(firm)

    kept = actions.keep(promise=promise, by=firm.ana, at=nz("2026-03-09 12:00"))

    assert (kept.missed_at, kept.took_seconds) == (None, 3600)


def test_what_is_closed_or_broken_is_left_alone(firm: World) -> None:
    kept = actions.keep(promise=firm.owe(), by=firm.ana, at=FRIDAY)
    broken = firm.owe(subject=2)
    actions.sweep(at=nz("2026-03-09 12:00"))
    firm.close_on("2026-03-09")

    assert actions.recompute(at=nz("2026-03-09 13:00"), calendar=firm.desk.firm.calendar) == 0

    assert (again(kept).due_at, again(broken).due_at, broken.missed_at) == (DUE, DUE, DUE)


@pytest.mark.req("P6")
def test_a_new_target_counts_from_the_original_start(firm: World) -> None:
    promise = firm.owe()
    version = firm.agree([TargetDraft("acknowledge", HOUR, share=Decimal(98))], mine=True, at=FRIDAY)

    seen: list[tuple[int, int]] = []
    done = actions.recompute(at=FRIDAY, agreement=version.agreement, progress=lambda *part: seen.append(part))

    assert (done, seen) == (1, [(1, 1)])
    assert again(promise).due_at == nz("2026-03-06 17:00")
    assert (promise.seconds, promise.target.version) == (HOUR, version)  # type: ignore[union-attr]


def test_waiting_is_left_out_when_it_is_counted_anew(firm: World) -> None:
    promise = firm.owe("next_reply", at=nz("2026-03-06 10:00"))
    actions.pause(promise=promise, waiting_for="x", by=firm.ana, at=nz("2026-03-06 12:00"))
    actions.resume(promise=promise, by=firm.ana, at=nz("2026-03-09 12:00"))
    assert promise.due_at == nz("2026-03-10 10:00")
    firm.agree([*[t for t in TARGETS if t.kind != "next_reply"], TargetDraft("next_reply", 16 * HOUR)])

    heard(firm)
    actions.recount(at=FRIDAY)

    assert again(promise).due_at == nz("2026-03-11 10:00")


def test_a_clock_that_stands_still_is_counted_anew_and_still_stands(firm: World) -> None:
    promise = firm.owe("next_reply", at=nz("2026-03-06 10:00"))
    actions.pause(promise=promise, waiting_for="x", by=firm.ana, at=nz("2026-03-06 12:00"))
    firm.agree([TargetDraft("next_reply", 16 * HOUR)])
    heard(firm)
    actions.recount(at=FRIDAY)

    actions.resume(promise=again(promise), by=firm.ana, at=nz("2026-03-10 09:00"))

    assert promise.due_at == nz("2026-03-11 15:00")


def test_a_date_promised_stays_where_it_is(firm: World) -> None:
    promise = firm.commit(nz("2026-03-10 10:00"))
    check = promise.next_check_at
    firm.close_on("2026-03-09")
    heard(firm)

    actions.recount(at=FRIDAY)

    assert again(promise).due_at == nz("2026-03-10 10:00")
    assert promise.next_check_at != check
    assert names(promise) == ["made"]


def test_what_is_no_longer_agreed_is_no_longer_owed(firm: World) -> None:
    promise = firm.owe()
    firm.agree([TargetDraft("next_reply", 16 * HOUR)])
    heard(firm)

    actions.recount(at=FRIDAY)

    assert again(promise).withdrawn_at == FRIDAY
    assert names(promise) == ["made", "withdrawn"]


def test_what_was_late_before_the_agreement_dropped_it_is_missed(firm: World) -> None:
    promise = firm.owe()
    firm.agree([TargetDraft("next_reply", 16 * HOUR)], at=nz("2026-03-09 12:00"))
    heard(firm)

    actions.recount(at=nz("2026-03-09 12:01"))

    assert names(promise) == ["made", "missed", "withdrawn"]
    assert again(promise).missed_at == DUE


def test_what_was_dropped_before_it_was_due_is_not_missed_by_a_late_count(firm: World) -> None:
    promise = firm.owe()
    firm.agree([TargetDraft("next_reply", 16 * HOUR)], at=FRIDAY)
    heard(firm)

    actions.recount(at=nz("2026-03-10 09:00"))

    assert names(promise) == ["made", "withdrawn"]


def test_batches_go_on_where_the_last_one_ended(firm: World) -> None:
    promises = [firm.owe(subject=number) for number in range(1, 5)]
    firm.close_on("2026-03-09")
    heard(firm)

    assert [actions.recount(at=FRIDAY, limit=3) for _batch in range(3)] == [3, 1, 0]

    told = [fact.data["promise"] for fact in Fact.objects.filter(name="promise.recounted")]
    assert sorted(told) == [promise.pk for promise in promises]
