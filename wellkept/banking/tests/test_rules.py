"""Rules of banking by table, and what must hold for any lines at all."""

from dataclasses import dataclass
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellkept.banking.rules import identity, parts, proof


@dataclass(frozen=True)
class Row:
    dated_on: date
    amount_minor: int
    payee: str = ""
    counterparty: str = ""
    description: str = ""
    reference: str = ""


DAY = date(2026, 3, 9)
COFFEE = Row(DAY, -450, payee="KOWHAI CAFE")
rows = st.builds(
    Row,
    dated_on=st.dates(date(2026, 1, 1), date(2026, 1, 4)),
    amount_minor=st.sampled_from([-450, -400, 1200]),
    payee=st.sampled_from(["KOWHAI CAFE", "FUELCO", ""]),
)


def identities(lines: list[Row]) -> set[str]:
    return {each.identity for each in identity.number(lines)}


def test_two_equal_coffees_are_two_lines() -> None:
    assert [each.occurrence for each in identity.number([COFFEE, COFFEE])] == [1, 2]
    assert len(identities([COFFEE, COFFEE])) == 2


@given(st.lists(rows, max_size=12))
def test_order_does_not_matter(lines: list[Row]) -> None:
    assert identities(lines) == identities(lines[::-1])


@given(st.lists(rows, max_size=14), st.sets(st.dates(date(2026, 1, 1), date(2026, 1, 5)), max_size=3), st.randoms())
def test_any_cut_by_days_any_overlap_and_any_order_adds_up_to_the_same_lines(lines, cuts, random) -> None:
    whole = identities(lines)
    stretches = [(low, high) for low in [date.min, *cuts] for high in [*cuts, date.max] if low < high]
    random.shuffle(stretches)
    kept: set[str] = set()
    for low, high in [*stretches, (date.min, date.max)]:
        part = [line for line in lines if low <= line.dated_on < high]
        random.shuffle(part)
        kept |= identities(part)
    assert kept == whole


def test_a_line_told_by_another_format_is_paired_once() -> None:
    new = [(0, DAY, -450), (1, DAY, -450), (2, DAY, 900)]
    assert identity.told_differently(new, [(DAY, -450)]) == {0}


@pytest.mark.parametrize(
    ("opening", "amounts", "closing", "difference"),
    [(10_000, [500, -1_500], 9_000, 0), (10_000, [500], 9_000, -1_500), (None, [500], 9_000, None), (0, [], 0, 0)],
)
def test_proof(opening, amounts, closing, difference) -> None:
    proved = proof.prove(amounts, opening_minor=opening, closing_minor=closing)
    assert proved.difference_minor == difference
    assert proved.holds is (difference == 0)


def stretch(first: int, last: int, opening: int | None = None, closing: int | None = None) -> proof.Stretch:
    return proof.Stretch(date(2026, 3, first), date(2026, 3, last), opening, closing)


@pytest.mark.parametrize(
    ("stretches", "found"),
    [
        ([stretch(1, 9, 0, 50), stretch(10, 20, 50, 70)], []),
        ([stretch(10, 20, 50, 70), stretch(1, 9, 0, 50)], []),
        ([stretch(1, 9, 0, 50), stretch(14, 20, 50, 70)], []),  # no movement in between
        ([stretch(1, 9, 0, 50), stretch(14, 20, 80, 70)], [(4, 30)]),
        ([stretch(1, 9), stretch(14, 20)], [(4, None)]),
        ([stretch(1, 9, 0, 50), stretch(10, 20, 80, 70)], [(0, 30)]),
        ([stretch(1, 30, 0, 50), stretch(5, 9, 7, 8), stretch(31, 31, 50, 50)], []),
    ],
)
def test_gaps(stretches, found) -> None:
    assert [(gap.days, gap.amount_minor) for gap in proof.gaps(stretches)] == found


@given(st.integers(-(10**12), 10**12), st.lists(st.integers(1, 5_000), min_size=1, max_size=6))
def test_shares_always_make_the_whole(amount: int, weights: list[int]) -> None:
    shares = [weight * parts.WHOLE // sum(weights) for weight in weights]
    shares[0] += parts.WHOLE - sum(shares)
    if min(shares) <= 0:
        return
    cut = parts.by_shares(amount, shares)
    assert sum(cut) == amount
    assert all(abs(part * parts.WHOLE - amount * share) < parts.WHOLE for part, share in zip(cut, shares, strict=True))


@pytest.mark.parametrize("shares", [[5_000, 4_000], [10_000, 0], [11_000, -1_000]])
def test_shares_that_are_not_the_whole_are_refused(shares) -> None:
    with pytest.raises(parts.PartsDoNotAddUp):
        parts.by_shares(100, shares)


@pytest.mark.parametrize(
    ("gross", "rate", "tax"),
    [
        (11_500, 1_500, 1_500),
        (-11_500, 1_500, -1_500),
        (100, 1_500, 13),
        (11_000, 1_000, 1_000),
        (999, 0, 0),
        (12_000, 2_000, 2_000),
    ],
)
def test_tax_within(gross, rate, tax) -> None:
    assert parts.tax_within(gross, rate) == tax
