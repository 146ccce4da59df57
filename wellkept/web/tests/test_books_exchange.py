"""Earlier books in and whole books out, from the pages: looked at, described, confirmed, told when done."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import World
from wellkept.ledger.models import Account, Entry, HistoryFile
from wellkept.web.tests.books import NOW, Shelf, traded
from wellkept.web.tests.desk import as_, page

JOURNAL = """Date,Journal No,Account,Debit,Credit,Description,Tax Code
{},1,1000 Business bank account,115.00,,Takings,
{},1,4000 Sales,,100.00,Takings,GST on Income
{},1,Flower money,,15.00,Takings,
"""
SAID = JOURNAL.format("2025-05-04", "2025-05-04", "2025-05-04")


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def books(world: World) -> Shelf:
    return traded(world)


def sent(books: Shelf, text: str, kind: str = "history") -> str:
    """The file's page, after it was sent."""
    upload = SimpleUploadedFile("old <b> books.csv", text.encode(), content_type="text/csv")
    answered = as_(books.world.ana).post(f"{books.root}/exchange/new", {"file": upload, "kind": kind})
    assert answered.status_code == 302, answered.content
    return str(answered.headers["Location"])


def post(books: Shelf, address: str, **given: object) -> Any:
    return as_(books.world.ana).post(address, given)


def test_a_file_is_looked_at_confirmed_and_posted(books: Shelf) -> None:
    before = Entry.objects.count()
    address = sent(books, SAID)
    html = page(books.world.ana, address)
    assert "1 new entries, 0 in the book already" in html and "old &lt;b&gt; books" in html
    assert "Flower money" in html and "GST on Income" in html and "Confirm and post" in html
    assert Entry.objects.count() == before

    use = {"use-0": "", "code-0": "4015", "name-0": "Flowers", "type-0": "income", "tax-0": "GST-S"}
    assert post(books, f"{address}/confirm", **use).status_code == 302
    waiting = page(books.world.ana, address)
    assert "are being posted" in waiting and f'data-on="history-{HistoryFile.objects.get().pk}"' in waiting
    books.world.run_reactions(at=NOW)

    assert "1 entry is posted" in page(books.world.ana, f"{address}/state")
    entry = Entry.objects.order_by("number").last()
    assert entry is not None and entry.postings.get(position=3).account == Account.objects.get(code="4015")
    assert str(entry.postings.get(position=2).tax_code) == "GST-S"
    assert "1 entry posted" in page(books.world.ana, f"{books.root}/exchange")
    assert post(books, f"{address}/confirm", **use).status_code == 422


def test_what_stands_in_the_way_is_shown_with_row_and_reason(books: Shelf) -> None:
    address = sent(books, SAID.replace(",,15.00", ",,16.00"))

    html = page(books.world.ana, address)

    assert "What stands in the way" in html and "Credits are 1.00 more than debits." in html
    assert "Confirm and post" not in html
    refused = post(books, f"{address}/confirm")
    assert refused.status_code == 422 and "Row 2" in refused.content.decode()


def test_a_wrong_account_or_type_is_named(books: Shelf) -> None:
    address = sent(books, SAID)

    unknown = post(books, f"{address}/confirm", **{"use-0": "77777", "code-0": "", "type-0": "income"})
    no_type = post(books, f"{address}/confirm", **{"use-0": "", "code-0": "4015", "type-0": "wrong"})

    assert unknown.status_code == 422 and "77777" in unknown.content.decode()
    assert no_type.status_code == 422 and "Choose a type" in no_type.content.decode()


def test_a_file_that_can_be_read_in_two_ways_is_asked_about(books: Shelf) -> None:
    address = sent(books, JOURNAL.format("04/05/2025", "04/05/2025", "04/05/2025"))
    assert "In which order do the dates stand?" in page(books.world.ana, address)

    assert post(books, f"{address}/how", order="mdy").status_code == 302

    assert "Nothing is written before you confirm" in page(books.world.ana, address)
    assert HistoryFile.objects.get().said["order"] == "mdy"


def test_columns_of_an_unknown_table_are_chosen(books: Shelf) -> None:
    address = sent(books, "When,Where,What\n2025-05-04,1000,5.00\n2025-05-04,4000,-5.00\n")
    assert "Which column is what?" in page(books.world.ana, address)

    told = {"column-date": 0, "column-account": 1, "column-amount": 2}
    assert post(books, f"{address}/how", **told).status_code == 302

    assert "1 new entries" in page(books.world.ana, address)


def test_balances_of_no_day_are_asked_for_it(books: Shelf) -> None:
    address = sent(books, "Account,Debit,Credit\n1000,5.00,\n3000,,5.00\n", kind="opening")
    assert "Of which day are these balances?" in page(books.world.ana, address)

    assert post(books, f"{address}/how", day="nonsense").status_code == 422
    assert post(books, f"{address}/how", day="2025-04-01").status_code == 302

    assert "1 new entries" in page(books.world.ana, address)


def test_an_unreadable_file_says_why_and_can_be_set_aside(books: Shelf) -> None:
    address = sent(books, "PK\x03\x04")
    assert "Save its sheet as CSV" in page(books.world.ana, address)

    assert post(books, f"{address}/aside", reason="").status_code == 422
    assert post(books, f"{address}/aside", reason="A workbook").status_code == 302

    assert "A workbook" in page(books.world.ana, f"{books.root}/exchange")
    original: Any = as_(books.world.ana).get(f"{address}/original")
    assert b"".join(original.streaming_content) == b"PK\x03\x04"
    assert original.headers["X-Content-Type-Options"] == "nosniff"


def test_nothing_chosen_is_said(books: Shelf) -> None:
    assert post(books, f"{books.root}/exchange/new").status_code == 422


@pytest.mark.parametrize(("program", "mark"), [("beancount", "balance Assets:1000"), ("hledger", "decimal-mark .")])
def test_the_whole_book_goes_out(books: Shelf, program: str, mark: str) -> None:
    told: Any = as_(books.world.ana).get(f"{books.root}/exchange/as/{program}")

    assert mark in b"".join(told.streaming_content).decode()
    assert "attachment" in told.headers["Content-Disposition"]
    assert as_(books.world.ana).get(f"{books.root}/exchange/as/excel").status_code == 404


def test_a_stranger_meets_nothing(books: Shelf) -> None:
    address = sent(books, SAID)

    for place in (address, f"{address}/original", f"{address}/state", f"{books.root}/exchange/as/hledger"):
        assert as_(books.world.stranger).get(place).status_code == 404
    assert as_(books.world.stranger).post(f"{address}/confirm").status_code == 404


def test_what_a_file_posted_is_taken_back_from_its_page(books: Shelf) -> None:
    address = sent(books, SAID)
    use = {"use-0": "", "code-0": "4015", "name-0": "Flowers", "type-0": "income", "tax-0": "GST-S"}
    post(books, f"{address}/confirm", **use)
    books.world.run_reactions(at=NOW)
    assert f"{address}/take-back" in page(books.world.ana, address)
    assert "Every entry is reversed on its own day" in page(books.world.ana, f"{address}/take-back")

    assert post(books, f"{address}/take-back", reason="").status_code == 422
    assert post(books, f"{address}/take-back", reason="Wrong year").status_code == 302
    assert "is being taken back" in page(books.world.ana, address)
    books.world.run_reactions(at=NOW)

    assert "taken back: Wrong year" in page(books.world.ana, address)
    assert "Taken back" in page(books.world.ana, f"{books.root}/exchange")
    assert as_(books.world.stranger).post(f"{address}/take-back", {"reason": "x"}).status_code == 404
