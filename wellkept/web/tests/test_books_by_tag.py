"""Profit and loss cut by tags: whatever became of a tag, every row adds up across."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from zoneinfo import ZoneInfo

import pytest
import time_machine

from tests.world import World
from wellkept.ledger import actions
from wellkept.ledger.models import Dimension, Tag
from wellkept.web.desk.books import results
from wellkept.web.desk.books.frame import Kept
from wellkept.web.desk.books.times import MONTH, stretch
from wellkept.web.exports.document import Document
from wellkept.web.shell.words import Reader
from wellkept.web.tests.books import NOW, Shelf, traded

READER = Reader(language="en", zone=ZoneInfo("Pacific/Auckland"), now=NOW)


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def books(world: World) -> Shelf:
    return traded(world)


@pytest.fixture
def shops(books: Shelf) -> Dimension:
    return actions.add_dimension(book=books.book, name="Shop", by=books.world.ana, at=NOW)


def sold(books: Shelf, shops: Dimension, name: str, minor: int) -> Tag:
    tag = actions.add_tag(dimension=shops, name=name, by=books.world.ana, at=NOW)
    lines = [actions.PostingDraft(books.bank, minor), actions.PostingDraft(books.sales, -minor, tags=(tag,))]
    actions.post(
        book=books.book, dated_on=date(2026, 3, 8), lines=lines, narration="Till", source="manual", key=f"till-{name}",
        by=books.world.ana, at=NOW,
    )  # fmt: skip
    return tag


def shown(books: Shelf, shops: Dimension) -> Document:
    return results.by_tag(Kept(books.world.bakery, books.book), shops, stretch(MONTH, date(2026, 3, 1), 4), READER)


def figures(document: Document, label: str) -> dict[str, object]:
    [row] = [row for row in document.rows if label in str(row.cells[0].value)]
    return {column.label: cell.value for column, cell in zip(document.columns[1:], row.cells[1:], strict=True)}


def test_a_retired_tag_keeps_its_column(books: Shelf, shops: Dimension) -> None:
    harbour = sold(books, shops, "Harbour", 70_000)
    actions.retire_tag(tag=harbour, by=books.world.ana, at=NOW)

    document = shown(books, shops)

    assert figures(document, "Total income") == {"Harbour": 70_000, "None": 450_000, "All": 520_000}
    assert document.sentence == "Harbour leaves the most: NZD 700.00."


def test_tags_beyond_the_columns_share_one(books: Shelf, shops: Dimension) -> None:
    for place in range(11):
        sold(books, shops, f"Shop {place:02}", 1_000 * (place + 1))

    document = shown(books, shops)

    told = figures(document, "Total income")
    assert list(told) == [*(f"Shop {place:02}" for place in range(3, 11)), "Other", "None", "All"]
    assert told["Other"] == 1_000 + 2_000 + 3_000 and told["None"] == 450_000
    for row in document.rows:
        values = [int(cell.value or 0) for cell in row.cells[1:]]
        assert not values or sum(values[:-1]) == values[-1], row


def test_what_comes_to_nothing_as_a_whole_still_says_where(books: Shelf, shops: Dimension) -> None:
    flowers = actions.add_account(
        book=books.book, code="6995", name="Flowers", type="expense", purpose="overhead", by=books.world.ana, at=NOW
    )
    one, two = (actions.add_tag(dimension=shops, name=name, by=books.world.ana, at=NOW) for name in ("East", "West"))
    lines = [actions.PostingDraft(flowers, 500, tags=(one,)), actions.PostingDraft(flowers, -500, tags=(two,))]
    actions.post(
        book=books.book, dated_on=date(2026, 3, 8), lines=lines, narration="Moved", source="manual", key="moved",
        by=books.world.ana, at=NOW,
    )  # fmt: skip

    assert figures(shown(books, shops), "Flowers") == {"East": 500, "West": -500, "None": None, "All": 0}


def test_a_new_tag_has_its_column_before_it_has_figures(books: Shelf, shops: Dimension) -> None:
    actions.add_tag(dimension=shops, name="River", by=books.world.ana, at=NOW)

    assert figures(shown(books, shops), "Total income") == {"River": 0, "None": 450_000, "All": 450_000}
