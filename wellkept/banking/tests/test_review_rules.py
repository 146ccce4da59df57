"""What a review finds, kind by kind: tables of small months, without a database."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellkept.banking.rules.review import Cash, Found, Habits, Held, Limits, Line, Month, Place, Posted, subject_of
from wellkept.banking.rules.review_accounts import is_far, median_of
from wellkept.banking.rules.review_kinds import FIRST, KINDS, found_in
from wellkept.banking.rules.review_words import Voice, remedy, sentence, title

FUEL, MEALS, BANK, SAVINGS, VEHICLES, SUSPENSE, CLEARING, SALES, OVEN = range(1, 10)
PLACES = {
    each.id: each
    for each in (
        Place(FUEL, "expense", is_taxed=True),
        Place(MEALS, "expense"),
        Place(BANK, "asset", "bank"),
        Place(SAVINGS, "asset", "bank"),
        Place(VEHICLES, "expense", is_parent=True),
        Place(SUSPENSE, "asset", "suspense"),
        Place(CLEARING, "asset", "clearing"),
        Place(SALES, "income", "sales"),
        Place(OVEN, "asset", "fixed"),
    )
}
SATURDAY = date(2026, 3, 14)
OWN = (Cash(1, BANK, "bank", "NZD", 500_00), Cash(2, SAVINGS, "bank", "NZD", 0))
VOICE = Voice(
    lambda minor, currency: f"{currency} {minor / 100:.2f}",
    lambda on: f"{on.day} March",
    {
        FUEL: "Fuel",
        MEALS: "Staff meals",
        VEHICLES: "Vehicles",
        SUSPENSE: "Suspense",
        CLEARING: "Clearing",
        SALES: "Sales",
        OVEN: "Ovens",
    },
    {1: "Operating account", 2: "Savings"},
)


def line(id: int = 1, **more: Any) -> Line:
    """A receipt of forty dollars from Fuelco, coded to Fuel on a Tuesday, with its document."""
    usual = Line(
        id=id,
        bank=1,
        dated_on=date(2026, 3, 10),
        amount_minor=-40_00,
        currency="NZD",
        name="FUELCO 8841 TE RAPA",
        has_payee=True,
        codings=1,
        coding=id + 100,
        how="choice",
        account=FUEL,
        entry=id + 200,
        has_document=True,
    )
    return replace(usual, **more)


def waiting(id: int = 1, **more: Any) -> Line:
    asked = {"amount_minor": -40_00 - id, **more}
    return line(id, codings=0, coding=None, how="", account=None, entry=None, **asked)


def posted(id: int = 1, **more: Any) -> Posted:
    return replace(Posted(id, 50 + id, FUEL, date(2026, 3, 10), 40_00, True, "FUELCO 8841", "bank", line=1), **more)


def month(**more: Any) -> Month:
    return Month(
        **{
            "since": date(2026, 3, 1),
            "until": date(2026, 4, 1),
            "currency": "NZD",
            "places": PLACES,
            "cash": OWN,
            **more,
        }
    )


def habits(**more: Any) -> Habits:
    return Habits(**more)


OPEN_CLIENT = habits(all=100, all_closed=1)
EIGHT = {FUEL: {40_00: 4, 42_00: 3, 45_00: 3}}

CASES: list[tuple[str, Month, list[str]]] = [
    ("nothing wrong", month(lines=[line()], posted=[posted()]), []),
    ("a line waits", month(lines=[waiting()]), ["uncoded"]),
    ("three lines wait on one account", month(lines=[waiting(1), waiting(2), waiting(3)]), ["uncoded"]),
    ("lines wait on two accounts", month(lines=[waiting(1), waiting(2, bank=2)]), ["uncoded", "uncoded"]),
    ("a line of the month before waits", month(lines=[waiting(dated_on=date(2026, 2, 26))]), []),
    ("a line is parked", month(lines=[waiting(parked="The card slip")]), ["parked"]),
    (
        "coded elsewhere than for a year",
        month(lines=[line(account=MEALS)], habits=habits(accounts={"fuelco": {FUEL: 14}})),
        ["payee_differs"],
    ),
    (
        "coded elsewhere, where it had been once",
        month(lines=[line(account=MEALS)], habits=habits(accounts={"fuelco": {FUEL: 14, MEALS: 1}})),
        [],
    ),
    ("a payee of two codings has no habit", month(lines=[line(account=MEALS)], habits=habits(accounts={"fuelco": {FUEL: 2}})), []),
    (
        "a payee that went everywhere has none either",
        month(lines=[line(account=MEALS)], habits=habits(accounts={"fuelco": {FUEL: 3, SALES: 2}})),
        [],
    ),
    ("a transfer is nobody's habit", month(lines=[line(account=MEALS, how="transfer")], habits=habits(accounts={"fuelco": {FUEL: 9}})), []),
    ("nobody named, over the limit", month(lines=[line(has_payee=False, amount_minor=-75_01)]), ["no_payee"]),
    ("nobody named, at the limit", month(lines=[line(has_payee=False, amount_minor=-75_00)]), []),
    ("no document, over the limit", month(lines=[line(has_document=False, amount_minor=-75_01)]), ["no_document"]),
    ("no document, at the limit", month(lines=[line(has_document=False, amount_minor=-75_00)]), []),
    ("no document for an oven", month(lines=[line(has_document=False, amount_minor=-900_01, account=OVEN)]), ["no_document"]),
    ("an oven with its bill", month(lines=[line(amount_minor=-900_01, account=OVEN)]), []),
    ("no document for money in", month(lines=[line(has_document=False, amount_minor=90_00, account=SALES)]), []),
    ("no document for a split", month(lines=[line(has_document=False, amount_minor=-90_00, how="split", account=None)]), ["no_document"]),
    ("a limit of the client's own", month(lines=[line(has_document=False)], limits=Limits(document_over_minor=30_00)), ["no_document"]),
    ("yen have no cents", month(lines=[line(has_document=False, currency="JPY", amount_minor=-80)]), ["no_document"]),
    ("the same twice in a day", month(lines=[line(1), line(2)]), ["duplicate"]),
    ("the same across the month's border", month(lines=[line(1, dated_on=date(2026, 2, 27)), line(2, dated_on=date(2026, 3, 1))]), ["duplicate"]),
    ("the same a week apart", month(lines=[line(1), line(2, dated_on=date(2026, 3, 17))]), []),
    ("one in, one out", month(lines=[line(1), line(2, amount_minor=40_00)]), []),
    ("two equal coffees", month(lines=[line(1, amount_minor=-4_50), line(2, amount_minor=-4_50)]), []),
    ("twice as always", month(lines=[line(1), line(2)], habits=habits(repeated={("fuelco", -40_00): 6})), []),
    ("three alike are two findings", month(lines=[line(1), line(2), line(3)]), ["duplicate", "duplicate"]),
    ("a large round sum", month(lines=[line(amount_minor=-1_500_00)]), ["round_sum"]),
    ("large and not round", month(lines=[line(amount_minor=-1_512_00)]), []),
    ("round and small", month(lines=[line(amount_minor=-900_00)]), []),
    ("round as every month", month(lines=[line(amount_minor=-1_500_00)], habits=habits(repeated={("fuelco", -1_500_00): 3})), []),
    ("a round transfer", month(lines=[line(amount_minor=-1_500_00, account=SAVINGS, how="transfer", legs=2)]), []),
    ("a round journal", month(posted=[posted(amount_minor=2_000_00, source="manual", line=None)]), ["round_sum"]),
    ("on a Saturday, as never", month(lines=[line(dated_on=SATURDAY)], closed=frozenset({SATURDAY}), habits=OPEN_CLIENT), ["closed_day"]),
    (
        "on a Saturday, as often",
        month(lines=[line(dated_on=SATURDAY)], closed=frozenset({SATURDAY}), habits=habits(all=100, all_closed=20)),
        [],
    ),
    (
        "on a Saturday, as this payee does",
        month(lines=[line(dated_on=SATURDAY)], closed=frozenset({SATURDAY}), habits=replace(OPEN_CLIENT, closed={"fuelco": 1})),
        [],
    ),
    ("on a Saturday, of an unknown client", month(lines=[line(dated_on=SATURDAY)], closed=frozenset({SATURDAY})), []),
    (
        "a journal of a Saturday",
        month(posted=[posted(source="manual", line=None, dated_on=SATURDAY)], closed=frozenset({SATURDAY})),
        ["closed_day"],
    ),
    (
        "a journal of the last day",
        month(posted=[posted(source="manual", line=None, dated_on=date(2026, 3, 31))], closed=frozenset({date(2026, 3, 31)})),
        [],
    ),
    ("coded straight to another bank account", month(lines=[line(account=SAVINGS, how="own")]), ["one_leg"]),
    ("coded straight, and paired since", month(lines=[line(account=SAVINGS, how="own", legs=2)]), []),
    ("clearing keeps a rest", month(held=[Held(CLEARING, "clearing", -12_00)]), ["clearing"]),
    ("clearing is even", month(held=[Held(CLEARING, "clearing", 0)]), []),
    ("suspense keeps a rest", month(held=[Held(SUSPENSE, "suspense", 12_00)]), ["suspense"]),
    (
        "below zero for a day",
        month(cash=[Cash(1, BANK, "bank", "NZD", 100_00, ((date(2026, 3, 3), -150_00), (date(2026, 3, 4), 80_00)))]),
        ["negative_cash"],
    ),
    ("to zero", month(cash=[Cash(1, BANK, "bank", "NZD", 100_00, ((date(2026, 3, 3), -100_00),))]), []),
    ("below zero from the start", month(cash=[Cash(1, BANK, "cash", "NZD", -1)]), ["negative_cash"]),
    ("a card owes", month(cash=[Cash(1, BANK, "card", "NZD", -800_00)]), []),
    ("coded to a parent", month(posted=[posted(account=VEHICLES)]), ["parent"]),
    ("without tax, where the account is set to it", month(posted=[posted(has_tax=False)]), ["no_tax"]),
    ("without tax, as mostly", month(posted=[posted(has_tax=False)], habits=habits(taxed={FUEL: (3, 10)})), []),
    ("without tax, unlike mostly", month(posted=[posted(account=MEALS, has_tax=False)], habits=habits(taxed={MEALS: (9, 10)})), ["no_tax"]),
    ("without tax, nothing known", month(posted=[posted(account=MEALS, has_tax=False)], habits=habits(taxed={MEALS: (4, 4)})), []),
    ("far from the habit", month(posted=[posted(amount_minor=900_00)], habits=habits(amounts=EIGHT)), ["far_amount"]),
    ("near the habit", month(posted=[posted(amount_minor=50_00)], habits=habits(amounts=EIGHT)), []),
    ("far, and still small", month(posted=[posted(amount_minor=120_00)], habits=habits(amounts=EIGHT)), []),
    ("a refund where only was spent", month(posted=[posted(amount_minor=-300_00)], habits=habits(amounts=EIGHT)), ["far_amount"]),
    ("an account of seven postings", month(posted=[posted(amount_minor=900_00)], habits=habits(amounts={FUEL: {40_00: 7}})), []),
    (
        "written by hand, and told by the bank",
        month(posted=[posted(1), posted(2, source="manual", line=None, dated_on=date(2026, 3, 12))]),
        ["duplicate"],
    ),
    ("both told by the bank", month(posted=[posted(1), posted(2)]), []),
]  # fmt: skip


@pytest.mark.req("B5")
@pytest.mark.parametrize(("looked_at", "expected"), [case[1:] for case in CASES], ids=[case[0] for case in CASES])
def test_what_is_found(looked_at: Month, expected: list[str]) -> None:
    assert [found.kind for found in found_in(looked_at)] == expected


def test_every_kind_is_found_somewhere_above_and_has_its_words() -> None:
    found = {each.kind: each for _name, looked_at, _kinds in CASES for each in found_in(looked_at)}
    assert set(found) == set(KINDS) and set(KINDS) > FIRST
    for kind, each in found.items():
        said = sentence(kind, each.account, each.data, VOICE)
        assert said[-1] in ".”" and "%" not in said and "  " not in said, said
        assert title(kind) and remedy(kind).endswith(".")


SENTENCES = [
    (month(lines=[waiting(1), waiting(2)]), "2 lines of Operating account are not coded yet, the oldest of 10 March."),
    (
        month(lines=[line(account=MEALS)], habits=habits(accounts={"fuelco": {FUEL: 14}})),
        "FUELCO 8841 TE RAPA is coded to Staff meals; in a year it was Fuel 14 of 14 times.",
    ),
    (
        month(cash=[Cash(1, BANK, "bank", "NZD", 100_00, ((date(2026, 3, 3), -150_00),))]),
        "By the book Operating account holds NZD -50.00 on 3 March, below zero on 1 day.",
    ),
    (
        month(posted=[posted(amount_minor=900_00)], habits=habits(amounts=EIGHT)),
        "FUELCO 8841 is NZD 900.00 on Fuel, where NZD 42.00 is usual.",
    ),
    (
        month(posted=[posted(has_tax=False)], habits=habits(taxed={FUEL: (9, 10)})),
        "FUELCO 8841 carries no tax on Fuel, where 9 of 10 in a year do.",
    ),
    (
        month(lines=[line(account=SAVINGS, how="own")]),
        "FUELCO 8841 TE RAPA moved between Operating account and Savings, and its other leg is missing.",
    ),
]


@pytest.mark.parametrize(("looked_at", "said"), SENTENCES)
def test_what_is_said(looked_at: Month, said: str) -> None:
    [found] = found_in(looked_at)
    assert sentence(found.kind, found.account, found.data, VOICE) == said


def only(looked_at: Month) -> Found:
    [found] = found_in(looked_at)
    return found


def test_another_amount_is_another_finding_of_the_same_subject() -> None:
    one = only(month(held=[Held(SUSPENSE, "suspense", 12_00)]))
    other = only(month(held=[Held(SUSPENSE, "suspense", 99_00)]))
    assert one.about != other.about and one.subject == other.subject


def test_the_same_payee_in_another_spelling_is_the_same_subject() -> None:
    assert subject_of("FUELCO 8841 TE RAPA", "x") == subject_of("Fuelco 17", "x") == "payee fuelco"
    assert subject_of("", "line 4") == "line 4"


@given(st.dictionaries(st.integers(-(10**12), 10**12), st.integers(1, 50), min_size=1), st.integers(-(10**12), 10**12))
def test_the_usual_amount_is_never_far_from_itself(counted: dict[int, int], amount: int) -> None:
    usual = median_of(counted)
    assert usual in counted and not is_far(usual, counted)
    half = sum(counted.values()) / 2
    assert sum(times for each, times in counted.items() if each < usual) <= half
    assert sum(times for each, times in counted.items() if each > usual) <= half
    if is_far(amount, counted):
        farther = amount + (amount - usual)
        assert is_far(farther, counted)


def test_nothing_is_far_from_nothing() -> None:
    assert not is_far(1, {}) and median_of({}) == 0
