"""A client's books on the screen: opened, read, closed; every figure leads to its postings; strangers meet nothing."""

from __future__ import annotations

import io
from collections.abc import Iterator
from datetime import date
from typing import Any

import openpyxl
import pdfplumber
import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.world import World
from wellkept.ledger import queries
from wellkept.ledger.models import Book, Entry
from wellkept.web.tests.books import NOW, Shelf, shelf, traded
from wellkept.web.tests.desk import HTMX, as_, page

REPORTS = (
    "profit-and-loss", "balance-sheet", "cash-flow", "trial-balance", "general-ledger", "tax", "aged", "what-moved",
)  # fmt: skip
PAGES = (
    *REPORTS,
    "accounts",
    "accounts/new",
    "entries/new",
    "budget",
    "rates",
    "opening-balances",
    "tags",
    "tax-codes/new",
)


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def books(world: World) -> Shelf:
    return traded(world)


def post(person: Any, address: str, **given: object) -> Any:
    return as_(person).post(address, given)


def test_without_a_book_the_page_opens_one(world: World) -> None:
    root = f"/books/{world.bakery.pk}"

    html = page(world.ana, root)
    assert "There is none yet" in html and '<option value="nz" selected>' in html and 'value="NZD"' in html
    assert as_(world.ana).get(f"{root}/profit-and-loss").headers["Location"] == root

    done = post(world.ana, f"{root}/open", template="nz", base_currency="nzd", fiscal_month="4", opened_on="2025-04-01")

    assert done.status_code == 302 and done.headers["Location"] == root
    assert Book.objects.get().base_currency == "NZD" and "Nothing is posted yet" in page(world.ana, root)


def test_a_book_that_cannot_be_opened_says_why(world: World) -> None:
    refused = post(world.ana, f"/books/{world.bakery.pk}/open", template="nz", base_currency="kiwi", fiscal_month="4")

    assert refused.status_code == 422 and "three letters" in refused.content.decode()
    assert not Book.objects.exists()


def test_strangers_meet_nothing(books: Shelf) -> None:
    visitor = as_(books.world.stranger)

    for name in ("", *(f"/{name}" for name in PAGES), "/entries/1", f"/accounts/{books.bank.pk}"):
        assert visitor.get(books.root + name).status_code == 404, name
    assert "Harbour Lane" not in page(books.world.stranger, "/books")
    assert post(books.world.stranger, f"{books.root}/entries/1/reverse", reason="x").status_code == 404


@pytest.mark.parametrize("name", PAGES)
def test_every_page_of_a_book_is_there_full_and_empty(world: World, name: str) -> None:
    made = shelf(world)

    assert made.root in page(world.ana, f"{made.root}/{name}") or name.endswith("new")


def test_the_first_page_says_how_the_month_stands(books: Shelf) -> None:
    html = page(books.world.ana, books.root)

    assert "March 2026: 4,500.00 earned, 3,500.00 spent, a profit of NZD 1,000.00." in html
    assert "18,000.00" in html and '<svg class="chart plot"' in html and html.count("Show as a table") == 3
    assert "month=2026-02" in html


def test_the_client_page_has_a_place_for_the_books(books: Shelf) -> None:
    html = page(books.world.ana, f"/clients/{books.world.bakery.pk}")

    assert html.index('id="talk"') < html.index('id="books"') < html.index('id="people"')
    assert "a profit of NZD 1,000.00" in html and f'href="{books.root}"' in html


def test_the_list_shows_how_far_each_book_is(books: Shelf) -> None:
    html = page(books.world.ana, "/books")

    assert "1 book is open." in html and "March 2026" in html and "1,000.00" in html


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(books: Shelf) -> None:
    from wellkept.clients import actions as clients

    def count() -> int:
        browser = as_(books.world.ana)
        browser.get("/books")
        with CaptureQueriesContext(connection) as asked:
            browser.get("/books")
        return len(asked)

    few = count()
    for number in range(8):
        clients.take_on(name=f"Client {number}", bookkeeper=books.world.ana, by=books.world.admin, at=NOW)

    assert count() == few


@pytest.mark.req("B3")
def test_profit_and_loss_beside_the_month_before(books: Shelf) -> None:
    html = page(books.world.ana, f"{books.root}/profit-and-loss")

    assert "A profit of NZD 1,000.00, 3,000.00 less than February 2026." in html
    link = f"/books/{books.world.bakery.pk}/accounts/{books.sales.pk}?since=2026-03-01&amp;until=2026-03-31"
    assert f'<a href="{link}">4,500.00</a>' in html
    assert "−1,500.00" in html and "−25.0%" in html


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ("span=quarter&month=2026-03", "A profit of NZD 8,000.00"),
        ("span=year&month=2026-03&against=year", "A profit of NZD 8,000.00, 8,000.00 more than year to 31 Mar 2025."),
        ("span=to_date&month=2026-02&against=nothing", "A profit of NZD 7,000.00."),
        ("since=2026-01-06&until=2026-02-05&against=nothing", "A profit of NZD 4,000.00."),
        ("month=2026-03&against=budget", "A profit of NZD 1,000.00."),
        ("month=2020-01", "Nothing was earned or spent in this time."),
    ],
)
def test_profit_of_any_time(books: Shelf, asked: str, said: str) -> None:
    assert said in page(books.world.ana, f"{books.root}/profit-and-loss?{asked}")


def test_the_balance_sheet_proves_itself(books: Shelf) -> None:
    html = page(books.world.ana, f"{books.root}/balance-sheet?on=2026-03-31")

    assert "NZD 18,000.00 owned, 0.00 owed: 18,000.00 belong to the owners." in html
    assert "Profit of the year so far" in html and '<span class="double">0.00</span>' in html


def test_the_cash_flow_ends_where_the_bank_stands(books: Shelf) -> None:
    html = page(books.world.ana, f"{books.root}/cash-flow?month=2026-03")

    assert "Cash grew by NZD 1,000.00." in html and '<span class="double">18,000.00</span>' in html


def test_the_trial_balance_is_equal(books: Shelf) -> None:
    html = page(books.world.ana, f"{books.root}/trial-balance?on=2026-03-31")

    assert "debits and credits are equal: 25,500.00 on both sides" in html
    assert html.count('<span class="double">25,500.00</span>') == 2


def test_an_account_carries_its_balance_along(books: Shelf) -> None:
    html = page(books.world.ana, f"{books.root}/accounts/{books.bank.pk}?month=2026-03&span=month")

    assert "Brought forward" in html and "17,000.00" in html and "21,500.00" in html
    assert f'href="{books.root}/entries/6"' in html and "It holds NZD 18,000.00 at the end." in html


def test_long_accounts_and_ledgers_are_paged_and_files_are_whole(books: Shelf) -> None:
    for number in range(60):
        books.post(date(2026, 3, 7), books.bank, books.sales, 100 + number, f"Sale {number}")
    address = f"{books.root}/accounts/{books.bank.pk}?month=2026-03&span=month"

    first = page(books.world.ana, address)
    assert "Sale 40" in first and "Sale 59" not in first and 'rel="next"' in first
    after = first.split("after=")[1].split('"')[0]
    second = page(books.world.ana, f"{address}&after={after}")
    assert "Sale 59" in second and "Sale 40" not in second
    assert b"Sale 59" in as_(books.world.ana).get(f"{address}&as=csv").content
    ledger = page(books.world.ana, f"{books.root}/general-ledger?month=2026-03")
    assert 'rel="next"' in ledger
    assert as_(books.world.ana).get(f"{books.root}/general-ledger?month=2026-03&as=csv").content.count(b"Sale 5") == 22


def test_a_file_of_too_many_postings_is_refused_and_a_shorter_time_is_whole(books: Shelf) -> None:
    """Twenty thousand go into one file."""
    for number in range(2):
        books.post_together(date(2026, 3, 7), books.rent, books.bank, 9_999, f"Shares {number}")
    ask, address = as_(books.world.ana).get, f"{books.root}/general-ledger?month=2026-"

    refused, page, shorter = (ask(f"{address}{rest}") for rest in ("03&as=csv", "03", "02&as=csv"))

    said = "More than 20,000 postings do not go into one file. Choose a shorter time and make several."
    assert refused.status_code == 422 and said in refused.content.decode()
    assert page.status_code == 200 and said not in page.content.decode()
    assert shorter.status_code == 200 and shorter.content.count(b"Takings") == 2


@pytest.mark.req("B3")
@pytest.mark.parametrize("name", REPORTS)
def test_every_report_is_a_pdf_a_workbook_and_csv_at_the_same_address(books: Shelf, name: str) -> None:
    browser = as_(books.world.ana)
    address = f"{books.root}/{name}?month=2026-03&on=2026-03-31"

    paper, book, text = (browser.get(f"{address}&as={shape}") for shape in ("pdf", "xlsx", "csv"))

    assert paper.headers["Content-Disposition"].startswith('attachment; filename="harbour-lane-bakery-')
    with pdfplumber.open(io.BytesIO(paper.content)) as opened:
        assert "Printed by Ana Kovač" in opened.pages[0].extract_text()
    sheet = openpyxl.load_workbook(io.BytesIO(book.content)).active
    assert sheet["A1"].value.startswith("Harbour Lane Bakery: ")
    assert text.content.startswith(b"\xef\xbb\xbf") and text.headers["Content-Type"] == "text/csv; charset=utf-8"


def test_an_entry_shows_both_sides_and_its_fingerprint(books: Shelf) -> None:
    entry = Entry.objects.get(book=books.book, number=3)

    html = page(books.world.ana, f"{books.root}/entries/3")

    assert "Rent &amp; power" in html and "2,000.00" in html and entry.hash in html and entry.previous_hash in html
    assert "Ana Kovač posted it on" in html and as_(books.world.ana).get(f"{books.root}/entries/99").status_code == 404


def journal(books: Shelf, **more: object) -> dict[str, object]:
    return {
        "dated_on": "2026-03-09", "narration": "Flour on account", "key": "manual-1",
        "account-0": f"{books.rent.code} {books.rent.name}", "debit-0": "120.50", "credit-0": "",
        "account-1": books.bank.code, "debit-1": "", "credit-1": "120.50", "account-2": "", **more,
    }  # fmt: skip


def test_a_journal_entry_is_posted_once_however_often_it_is_sent(books: Shelf) -> None:
    for _time in range(2):
        done = post(books.world.ana, f"{books.root}/entries/new", **journal(books))
        assert done.headers["Location"] == f"{books.root}/entries/8"

    entry = Entry.objects.get(book=books.book, number=8)
    assert [posting.amount_minor for posting in queries.postings_of(entry)] == [12050, -12050]
    assert Entry.objects.count() == 8


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ({"credit-1": "120.00"}, "Debits are NZD 0.50 more. Both sides must be equal."),
        ({"account-1": "99999"}, "Line 2: No account in use has the code “99999”."),
        ({"debit-0": "NaN"}, "Line 1: “NaN” is not an amount."),
        ({"credit-0": "1"}, "Line 1: Write the amount on one side, debit or credit."),
        ({"dated_on": "2026-02-30"}, "Choose a day."),
        ({"dated_on": "2019-01-01"}, "This book begins on"),
        ({"key": "bank-1"}, "This form is too old."),
    ],
)
def test_an_entry_that_is_wrong_keeps_what_was_typed(books: Shelf, change: dict[str, str], said: str) -> None:
    refused = post(books.world.ana, f"{books.root}/entries/new", **journal(books, **change))

    html = refused.content.decode()
    assert refused.status_code == 422 and said in html and 'value="Flour on account"' in html
    assert Entry.objects.count() == 7


def test_an_entry_is_taken_back_with_a_reason(books: Shelf) -> None:
    address = f"{books.root}/entries/7/reverse"
    assert "The book keeps what you say." in page(books.world.ana, address, **HTMX)
    assert post(books.world.ana, address, dated_on="2026-03-10", reason=" ").status_code == 422

    done = post(books.world.ana, address, dated_on="2026-03-10", reason="Paid by the owner")

    assert done.headers["Location"] == f"{books.root}/entries/8"
    html = page(books.world.ana, f"{books.root}/entries/7")
    assert "Entry 8 has taken this one back" in html and "Paid by the owner" in html and "Take it back" not in html
    assert "Takes back entry 7" in page(books.world.ana, f"{books.root}/entries/8")


@pytest.mark.req("W3")
def test_months_are_closed_softly_and_for_good(books: Shelf) -> None:
    world, month = books.world, f"{books.root}/months/2026-02"
    assert "Close" in page(world.ana, books.root) and "For good" not in page(world.ana, books.root)

    assert post(world.ana, f"{month}/close").status_code == 302
    refused = post(world.ana, f"{books.root}/entries/new", **journal(books, dated_on="2026-02-10"))
    assert refused.status_code == 422 and Entry.objects.count() == 7
    late = journal(books, dated_on="2026-02-10", reason="The bill came late")
    assert post(world.lead, f"{books.root}/entries/new", **late).status_code == 302
    assert Entry.objects.get(number=8).override_reason == "The bill came late"

    assert "Nobody posts into it any more" in page(world.lead, f"{month}/close-for-good", **HTMX)
    assert post(world.ana, f"{month}/close-for-good").status_code == 422
    assert post(world.lead, f"{month}/close-for-good").status_code == 302
    assert post(world.lead, f"{month}/open", reason="Please").status_code == 422
    assert "Closed for good" in page(world.lead, books.root)


def test_a_soft_closed_month_is_opened_again_by_a_lead_who_says_why(books: Shelf) -> None:
    month = f"{books.root}/months/2026-03"
    post(books.world.ana, f"{month}/close")

    assert post(books.world.ana, f"{month}/open", reason="Late bill").status_code == 422
    assert post(books.world.lead, f"{month}/open", reason="Late bill").status_code == 302
    assert queries.is_open(books.book, date(2026, 3, 20))
    assert as_(books.world.lead).get(f"{books.root}/months/twelve/open").status_code == 404
