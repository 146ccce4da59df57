"""Reviewing a month: found once, kept while it holds, fixed, accepted or silenced by people, looked at again when it moves."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from tests.world import World
from wellkept.banking.actions import coding, reviewing
from wellkept.banking.models import Coding, Finding, ReviewedMonth, Silence
from wellkept.banking.queries import review as reads
from wellkept.banking.tests.desk import Desk, bakery_desk
from wellkept.core.models import Fact
from wellkept.core.refusals import NotYours, TakenByAnother
from wellkept.ledger import queries as books
from wellkept.ledger.models import Account

MARCH = date(2026, 3, 1)
FUEL = ("2026-03-05", "FUELCO 8841 TE RAPA", "-115.00")


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


def expense(desk: Desk, place: int = 0) -> Account:
    return books.accounts_in_use(desk.book).filter(type="expense", tax_code=None, children=None)[place]


def later(desk: Desk, minutes: int) -> datetime:
    return desk.world.start + timedelta(minutes=minutes)


def look(desk: Desk, minutes: int = 1, month: date = MARCH) -> reviewing.Outcome:
    return reviewing.review(client=desk.world.bakery, month=month, by=desk.world.ana, at=later(desk, minutes))


def kinds() -> list[str]:
    return sorted(Finding.objects.filter(reads.OPEN).values_list("kind", flat=True))


def only(kind: str) -> Finding:
    return Finding.objects.get(reads.OPEN, kind=kind)


def facts(name: str) -> int:
    return Fact.objects.filter(name=name).count()


def money_in(desk: Desk, month: str = "2026-03") -> None:
    """Enough in the bank that nothing falls below zero."""
    [line] = desk.imported([(f"{month}-01", "CARD TAKINGS", "4321.00")])
    sales = books.accounts_in_use(desk.book).filter(type="income")[0]
    coding.code(line=line, account=sales, by=desk.world.ana, at=desk.world.start)


@pytest.mark.req("B5")
def test_a_month_is_looked_through_and_doing_it_twice_changes_nothing(desk: Desk, world: World) -> None:
    fuel, _other = desk.imported([FUEL, ("2026-03-07", "KOWHAI CAFE", "-18.00")])
    coding.code(line=fuel, account=expense(desk), by=world.ana, at=world.start)

    first = look(desk)
    rows = list(Finding.objects.order_by("pk").values())
    again = look(desk, 2)

    assert kinds() == ["negative_cash", "no_document", "uncoded"]
    assert (first.new, first.open, again) == (3, 3, reviewing.Outcome(0, 0, 0, 3))
    assert list(Finding.objects.order_by("pk").values()) == rows
    assert facts("finding.found") == 3
    assert reads.reviewed(world.bakery, MARCH).reviewed_at == later(desk, 2)


@pytest.mark.req("B5")
def test_a_payee_coded_otherwise_than_for_a_year_is_found_and_fixed_by_coding_it_again(
    desk: Desk, world: World
) -> None:
    money_in(desk, "2026-01")
    before = desk.imported(
        [
            ("2026-01-05", "FUELCO 1", "-50.00"),
            ("2026-01-19", "FUELCO 2", "-51.00"),
            ("2026-02-05", "FUELCO 3", "-52.00"),
        ]
    )
    for line in before:
        coding.code(line=line, account=expense(desk), by=world.ana, at=world.start)
    [line] = desk.imported([("2026-03-05", "FUELCO 4", "-53.00")])
    wrong = coding.code(line=line, account=expense(desk, 1), by=world.ana, at=world.start)
    look(desk)
    found = only("payee_differs")
    assert (found.data["usual"], found.data["times"], found.line) == (expense(desk).pk, 3, line)
    with pytest.raises(reviewing.StillThere, match="still looks the same"):
        reviewing.fix(finding=found, by=world.ana, at=later(desk, 2))

    coding.undo(coding=wrong, by=world.leo, at=later(desk, 3))
    coding.code(line=line, account=expense(desk), by=world.leo, at=later(desk, 4))
    outcome = look(desk, 5)

    found.refresh_from_db()
    assert (outcome.fixed, found.fixed_by, found.gone_at) == (1, world.leo, None)
    assert Fact.objects.get(name="finding.fixed").by == world.leo.pk
    assert not kinds()


def test_what_ends_by_itself_is_gone_and_what_a_person_says_was_put_right_is_fixed(desk: Desk, world: World) -> None:
    [fuel] = desk.imported([FUEL])
    coding.code(line=fuel, account=expense(desk), by=world.ana, at=world.start)
    look(desk)
    below = only("negative_cash")
    money_in(desk)

    fixed = reviewing.fix(finding=below, by=world.leo, at=later(desk, 3))

    assert (fixed.fixed_by, fixed.gone_at) == (world.leo, None)
    with pytest.raises(TakenByAnother):
        reviewing.fix(finding=below, by=world.ana, at=later(desk, 4))
    Coding.objects.get(line=fuel)
    look(desk, 5)
    assert kinds() == ["no_document"]


@pytest.mark.req("B5")
def test_accepted_with_a_reason_it_is_not_raised_again_until_it_is_opened_again(desk: Desk, world: World) -> None:
    money_in(desk)
    [fuel] = desk.imported([FUEL])
    coding.code(line=fuel, account=expense(desk), by=world.ana, at=world.start)
    look(desk)
    found = only("no_document")
    with pytest.raises(reviewing.ReasonMissing):
        reviewing.accept(finding=found, reason=" ", by=world.ana, at=later(desk, 2))

    reviewing.accept(finding=found, reason="The pump gives none", by=world.ana, at=later(desk, 2))
    look(desk, 3)

    assert not kinds() and Finding.objects.count() == 1
    with pytest.raises(TakenByAnother):
        reviewing.accept(finding=found, reason="Again", by=world.leo, at=later(desk, 3))
    reviewing.reopen(finding=found, by=world.ana, at=later(desk, 4))
    look(desk, 5)
    assert kinds() == ["no_document"] and Finding.objects.count() == 1
    assert [facts(f"finding.{name}") for name in ("found", "accepted", "reopened")] == [1, 1, 1]


@pytest.mark.req("B5")
def test_never_again_holds_for_every_line_of_that_payee_and_for_nothing_else(desk: Desk, world: World) -> None:
    money_in(desk)
    lines = desk.imported([FUEL, ("2026-03-19", "FUELCO 9", "-90.00"), ("2026-03-20", "KOWHAI CAFE", "-99.00")])
    for line in lines:
        coding.code(line=line, account=expense(desk), by=world.ana, at=world.start)
    look(desk)
    assert kinds() == ["no_document"] * 3

    found = Finding.objects.get(line=lines[0])
    silence = reviewing.never_again(finding=found, reason="Fuel card statement", by=world.ana, at=later(desk, 2))
    [late] = desk.imported([("2026-03-28", "FUELCO 11", "-101.00")])
    coding.code(line=late, account=expense(desk), by=world.ana, at=later(desk, 3))
    look(desk, 4)

    assert [each.line for each in Finding.objects.filter(reads.OPEN)] == [lines[2]]
    assert facts("finding.silenced") == 2
    with pytest.raises(TakenByAnother):
        reviewing.never_again(finding=found, reason="Once more", by=world.ana, at=later(desk, 5))
    reviewing.end_silence(silence=silence, by=world.ana, at=later(desk, 6))
    assert kinds() == ["no_document"] * 3
    look(desk, 7)
    assert kinds() == ["no_document"] * 4
    with pytest.raises(TakenByAnother):
        reviewing.end_silence(silence=Silence.objects.get(), by=world.ana, at=later(desk, 8))


@pytest.mark.req("B5")
def test_a_transfer_with_one_leg_is_found_until_the_other_comes(desk: Desk, world: World) -> None:
    money_in(desk)
    [out] = desk.imported([("2026-03-06", "TO SAVINGS", "-512.00")])
    coding.code(line=out, account=desk.savings.account, by=world.ana, at=world.start)
    look(desk)
    assert kinds() == ["one_leg"]
    [into] = desk.imported([("2026-03-07", "FROM OPERATING", "512.00")], account=desk.savings)
    coding.pair(line=into, other=out, by=world.ana, at=later(desk, 2))
    look(desk, 3)
    assert not kinds()


def test_a_payment_told_twice_is_asked_about_unless_small(desk: Desk, world: World) -> None:
    money_in(desk)
    rows = [("2026-03-10", "RENT CO", "-812.00"), ("2026-03-11", "RENT CO", "-812.00"), ("2026-03-11", "CAFE", "-4.50")]
    for line in desk.imported([*rows, ("2026-03-11", "CAFE", "-4.50")]):
        coding.code(line=line, account=expense(desk), by=world.ana, at=world.start)
    look(desk)
    assert kinds().count("duplicate") == 1


def test_tax_left_out_where_the_account_has_it_and_reversed_entries_say_nothing(desk: Desk, world: World) -> None:
    money_in(desk)
    taxed = books.accounts_in_use(desk.book).filter(type="expense", tax_code__rate_basis_points__gt=0)[0]
    [line] = desk.imported([("2026-03-05", "FUELCO", "-11.00")])
    coded = coding.code(line=line, account=taxed, by=world.ana, at=world.start)
    look(desk)
    assert kinds() == ["no_tax"]
    coding.undo(coding=coded, by=world.ana, at=later(desk, 2))
    coding.code(line=line, account=taxed, tax_code=taxed.tax_code, by=world.ana, at=later(desk, 3))
    assert look(desk, 4).fixed == 1 and not kinds()


def test_suspense_that_is_not_empty_is_found_by_its_balance(desk: Desk, world: World) -> None:
    money_in(desk)
    suspense = desk.book.suspense_account or books.account_for(desk.book, "suspense")
    [line] = desk.imported([("2026-03-05", "WHO KNOWS", "-11.00")])
    coding.code(line=line, account=suspense, by=world.ana, at=world.start)
    look(desk)
    found = only("suspense")
    assert (found.data["minor"], found.account) == (1_100, suspense)


def test_limits_are_the_clients_own(desk: Desk, world: World) -> None:
    money_in(desk)
    for line in desk.imported([("2026-03-10", "CAFE", "-4.50"), ("2026-03-11", "CAFE", "-4.50")]):
        coding.code(line=line, account=expense(desk), by=world.ana, at=world.start)
    look(desk)
    assert not kinds()
    limits = reviewing.LimitDraft(0, 50_00, 1_00, 0)
    wrong = replace(limits, round_from_minor=0)
    with pytest.raises(reviewing.LimitUnsound):
        reviewing.set_limits(client=world.bakery, limits=wrong, by=world.ana, at=later(desk, 2))
    reviewing.set_limits(client=world.bakery, limits=limits, by=world.ana, at=later(desk, 2))
    look(desk, 3)
    assert kinds() == ["duplicate"]


@pytest.mark.req("B6")
def test_months_that_moved_are_looked_through_by_themselves_and_only_those(desk: Desk, world: World) -> None:
    money_in(desk)
    desk.imported([("2024-12-05", "LONG AGO", "-5.00"), ("2026-02-05", "FUELCO", "-5.00")])

    assert reviewing.review_due(at=later(desk, 10)) == 2
    looked = ReviewedMonth.objects.filter(reviewed_at=later(desk, 10))
    assert sorted(each.month for each in looked) == [date(2026, 2, 1), MARCH]
    assert kinds() == ["uncoded"]
    assert reads.portfolio(world.ana, date(2026, 2, 1))[0].first == 1


def test_a_stranger_reviews_nothing_and_sees_nothing(desk: Desk, world: World) -> None:
    desk.imported([FUEL])
    look(desk)
    found = only("uncoded")
    stranger = {"by": world.stranger, "at": later(desk, 2)}
    for refused in (
        lambda: reviewing.review(client=world.bakery, month=MARCH, **stranger),
        lambda: reviewing.fix(finding=found, **stranger),
        lambda: reviewing.accept(finding=found, reason="So", **stranger),
        lambda: reviewing.never_again(finding=found, reason="So", **stranger),
    ):
        with pytest.raises(NotYours):
            refused()
    assert not reads.for_staff(world.stranger).exists()
    assert not reads.open_of(world.stranger, world.bakery, MARCH).exists()
    assert not reads.portfolio(world.stranger, MARCH)


PAYEES = ("FUELCO 8841", "KOWHAI CAFE", "RENT CO", "")
DAYS = st.integers(1, 28)
ROWS = st.lists(
    st.tuples(DAYS, st.sampled_from(PAYEES), st.sampled_from((-80_00, -812_00, 15_00, 2_000_00))),
    min_size=1,
    max_size=6,
)
STEPS = st.lists(st.sampled_from(("code", "undo", "accept", "silence", "look")), max_size=8)


@pytest.mark.req("B5")
@settings(max_examples=12, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(rows=ROWS, steps=STEPS)
def test_whatever_happens_looking_twice_changes_nothing_and_silence_holds(
    desk: Desk, world: World, rows: list[tuple[int, str, int]], steps: list[str]
) -> None:
    with transaction.atomic():
        lines = desk.imported([(f"2026-03-{day:02d}", name, f"{minor / 100:.2f}") for day, name, minor in rows])
        silent: set[tuple[str, str]] = set()
        for number, step in enumerate(steps, start=1):
            _step(desk, lines, step, number * 10, silent)
        look(desk, 900)
        before = list(Finding.objects.order_by("pk").values())
        assert look(desk, 901).new == 0
        assert list(Finding.objects.order_by("pk").values()) == before
        standing = set(Finding.objects.filter(reads.OPEN).values_list("kind", "subject"))
        assert not standing & silent
        assert len(Finding.objects.filter(reads.OPEN)) == len(
            set(Finding.objects.filter(reads.OPEN).values_list("kind", "about"))
        )
        transaction.set_rollback(True)


def _step(desk: Desk, lines: list, step: str, minutes: int, silent: set[tuple[str, str]]) -> None:
    ana, at = desk.world.ana, later(desk, minutes)
    waiting = [line for line in lines if not line.codings.filter(undone_at=None).exists()]
    open_now = Finding.objects.filter(reads.OPEN).order_by("pk").first()
    if step == "code" and waiting:
        coding.code(line=waiting[0], account=expense(desk), by=ana, at=at)
    elif step == "undo" and (last := Coding.objects.filter(undone_at=None).order_by("-pk").first()):
        coding.undo(coding=last, by=ana, at=at)
    elif step == "accept" and open_now:
        reviewing.accept(finding=open_now, reason="So it is", by=ana, at=at)
    elif step == "silence" and open_now:
        silence = reviewing.never_again(finding=open_now, reason="So it is", by=ana, at=at)
        silent.add((silence.kind, silence.subject))
    elif step == "look":
        look(desk, minutes)
