"""Charts of the books: everything inside the picture, nought where it belongs, the largest first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from wellkept.web.desk.books import charts

AMOUNTS = st.integers(min_value=-(10**13), max_value=10**13)


@given(st.lists(st.tuples(st.just("Mar"), AMOUNTS, AMOUNTS), max_size=36))
def test_every_bar_and_point_is_inside_the_picture(months: list[tuple[str, int, int]]) -> None:
    plot = charts.pairs(months)

    for bar in plot.bars:
        assert 0 <= bar.x <= bar.x + bar.width <= 100
        assert bar.y >= charts.TOP - 0.2 and bar.y + bar.height <= charts.BOTTOM + 0.2
    for x, y in plot.points:
        assert 0 <= x <= 100 and charts.TOP - 0.1 <= y <= charts.BOTTOM + 0.1
    assert 2 <= len(plot.ticks) <= 7 and any(tick.value == 0 for tick in plot.ticks)
    assert len(plot.labels) <= charts.MOST_LABELS


def test_a_loss_is_drawn_below_nought() -> None:
    plot = charts.pairs([("Mar", 100, 300), ("Apr", 300, 100)])

    (_x, march), (_x, april) = plot.points
    assert march > plot.zero_y > april
    assert [tick.value for tick in plot.ticks] == [-200, 0, 200, 400]


def test_the_largest_expense_comes_first_and_the_rest_together() -> None:
    rows = charts.lying([(f"{n}", n * 100, f"/{n}") for n in range(1, 12)], most=3, rest="Others")

    assert [row.name for row in rows] == ["11", "10", "9", "Others"]
    assert rows[-1].value == sum(range(1, 9)) * 100 and rows[-1].address == ""
    assert all(0 <= row.width <= charts.BAR_SHARE for row in rows)


def test_nothing_makes_an_empty_picture() -> None:
    assert charts.pairs([]).bars == () and charts.run([]).points == () and charts.lying([]) == ()
