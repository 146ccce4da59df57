"""Clues to a difference, by table and by what must always hold."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellkept.banking.rules import differences
from wellkept.banking.rules.differences import Item

DAY = date(2026, 3, 9)


def posted(amount: int, *, line: int | None = 1, place: int = 1, inside: bool = True) -> Item:
    return Item(DAY, amount, place, line, inside)


@pytest.mark.parametrize(
    ("difference", "items", "kinds"),
    [
        (-450, [Item(DAY, -450, None, 7)], ["missing"]),  # the bank has a line the book lacks
        (450, [posted(-450, line=None)], ["missing"]),  # the book has a posting the bank lacks
        (450, [posted(-450, place=1), posted(-450, place=2)], ["twice"]),
        (900, [posted(-450)], ["sign"]),
        (-1_200, [posted(-1_200, inside=False)], ["border"]),
        (270, [posted(1_530)], []),
        (-270, [posted(5_310)], []),
        (270, [posted(1_250)], ["transposed"]),
        (1_800, [posted(1_335)], ["transposed"]),
        (1_800, [posted(1_300)], ["transposed"]),
        (-700, [Item(DAY, -450, None, 7), Item(DAY, -250, None, 8)], ["two"]),
        (0, [posted(-450)], []),
    ],
)
def test_clues(difference, items, kinds) -> None:
    assert [clue.kind for clue in differences.clues(difference, items)] == kinds


@given(st.integers(-(10**9), 10**9))
def test_a_transposition_always_differs_by_a_multiple_of_nine(amount: int) -> None:
    assert all((amount - other) % 9 == 0 for other in differences.transpositions(amount))


@given(st.integers(1, 10**6), st.lists(st.integers(-(10**6), 10**6).filter(bool), max_size=60))
def test_no_more_than_a_dozen_clues(difference: int, amounts: list[int]) -> None:
    items = [Item(DAY, amount, None, place) for place, amount in enumerate(amounts)]
    assert len(differences.clues(difference, items)) <= differences.MOST_FOUND
