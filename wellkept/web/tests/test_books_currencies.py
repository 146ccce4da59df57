"""Other currencies on the screen: each balance with its cost and worth, counted at a month's end, and money changed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import time_machine

from tests.world import World
from wellkept.ledger import actions, queries
from wellkept.ledger.models import Account, Entry
from wellkept.web.tests.books import NOW, Shelf, traded
from wellkept.web.tests.desk import HTMX, as_, page


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@dataclass(frozen=True)
class Abroad:
    """The bakery holds 1,000.00 dollars, bought for 1,600.00 in February."""

    books: Shelf
    dollars: Account

    def post(self, name: str, /, **given: object) -> Any:
        return as_(self.books.world.ana).post(f"{self.books.root}/{name}", given)

    def page(self, name: str = "/currencies") -> str:
        return page(self.books.world.ana, self.books.root + name)


@pytest.fixture
def abroad(world: World) -> Abroad:
    books = traded(world)
    dollars = actions.add_account(
        book=books.book, code="1020", name="Dollars", type="asset", purpose="bank", currency="USD", by=world.ana, at=NOW
    )
    actions.exchange(
        book=books.book, dated_on=date(2026, 2, 10), out_of=books.bank, out_minor=160_000, into=dollars,
        into_minor=100_000, narration="Bought", key="bought", by=world.ana, at=NOW,
    )  # fmt: skip
    return Abroad(books, dollars)


def rate(value: str, on: date) -> None:
    actions.set_rate(base="NZD", currency="USD", on=on, value=Fraction(value), source="x", by=None, at=NOW)


def test_a_month_end_is_seen_before_it_is_counted_and_listed_after(abroad: Abroad) -> None:
    rate("1.75", date(2026, 2, 27))
    html = abroad.page()
    assert "At the rates of 28 Feb 2026 it is worth NZD 150.00 more" in html and "1,600.00" in html and "1.75" in html
    assert "27 Feb 2026" in html and "Not counted yet" in html and not Entry.objects.filter(key__startswith="revalue")

    done = abroad.post("currencies/count", on="2026-02-28")

    assert done.headers["Location"] == f"{abroad.books.root}/currencies?on=2026-02-28"
    html = abroad.page()
    assert "Everything in other currencies stands at the rate of 28 Feb 2026." in html and "150.00" in html
    assert 'aria-disabled="true"' in html and "Not counted yet" not in html
    assert queries.account_total([abroad.dollars.pk], None, date(2026, 3, 2)) == queries.Total(160_000, 100_000)
    assert abroad.post("currencies/count", on="2026-02-28").status_code == 302
    assert Entry.objects.filter(key__startswith="revalue").count() == 2


def test_the_first_page_says_what_a_month_that_is_over_has_not_counted(abroad: Abroad) -> None:
    assert "1 account in another currency is not counted at the rate of 28 Feb 2026." in abroad.page("?month=2026-02")
    assert "not counted at the rate of 28 Feb 2026" in abroad.page("?month=2026-03")  # which is not over yet
    assert "not counted at the rate" not in abroad.page("?month=2026-01")

    rate("1.6", date(2026, 2, 28))

    assert "not counted at the rate" not in abroad.page("?month=2026-02") + abroad.page("")


def test_without_a_rate_the_page_says_which_is_missing(abroad: Abroad) -> None:
    html = abroad.page()
    assert "There is no rate of USD for 28 Feb 2026. Enter one, then count." in html and 'aria-disabled="true"' in html

    refused = abroad.post("currencies/count", on="2026-02-28")

    assert refused.status_code == 422 and "no rate of USD" in refused.content.decode()
    assert abroad.post("currencies/count", on="soon").status_code == 422


def test_a_closed_month_is_not_counted(abroad: Abroad) -> None:
    rate("1.75", date(2026, 2, 27))
    period = actions.open_period(book=abroad.books.book, on=date(2026, 2, 1), by=abroad.books.world.ana, at=NOW)
    actions.soft_close(period=period, by=abroad.books.world.ana, at=NOW)

    refused = abroad.post("currencies/count", on="2026-02-28")

    assert refused.status_code == 422 and "2026-02 is closed" in refused.content.decode()


def test_money_is_changed_in_a_dialog_and_only_once(abroad: Abroad) -> None:
    address = f"{abroad.books.root}/currencies/change"
    assert "1020 Dollars · USD" in page(abroad.books.world.ana, address, **HTMX)
    sold = {
        "dated_on": "2026-03-09", "out_of": abroad.dollars.pk, "out": "1,000.00", "into": abroad.books.bank.pk,
        "came": "1,700.00", "once": "k-1",
    }  # fmt: skip

    first = as_(abroad.books.world.ana).post(address, sold)
    again = as_(abroad.books.world.ana).post(address, sold)

    assert first.headers["Location"] == again.headers["Location"]
    assert queries.account_total([abroad.dollars.pk], None, date(2026, 4, 1)) == queries.Total()
    assert "Money changed" in page(abroad.books.world.ana, first.headers["Location"])


@pytest.mark.parametrize(
    ("wrong", "said"),
    [({"out": "lots"}, "amount"), ({"into": ""}, "Choose an account."), ({"out": ""}, "how much left")],
)
def test_a_change_that_cannot_be_read_posts_nothing(abroad: Abroad, wrong: dict[str, object], said: str) -> None:
    before = Entry.objects.count()
    sold = {
        "dated_on": "2026-03-09",
        "out_of": abroad.dollars.pk,
        "out": "1",
        "into": abroad.books.bank.pk,
        "came": "2",
    }

    refused = abroad.post("currencies/change", **{**sold, **wrong})

    assert refused.status_code == 422 and said in refused.content.decode() and Entry.objects.count() == before


def test_strangers_find_no_currencies(abroad: Abroad) -> None:
    visitor = as_(abroad.books.world.stranger)
    assert visitor.get(f"{abroad.books.root}/currencies").status_code == 404
    assert visitor.post(f"{abroad.books.root}/currencies/count", {"on": "2026-02-28"}).status_code == 404


def test_a_book_of_one_currency_has_nothing_to_count(world: World) -> None:
    books = traded(world)
    assert "Nothing in another currency" in page(world.ana, f"{books.root}/currencies")
