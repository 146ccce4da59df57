"""What a book stands on, changed from its pages: accounts, budget, rates, opening balances, tags, and why an account moved."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date
from fractions import Fraction
from typing import Any

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import World
from wellkept.ledger import actions, queries
from wellkept.ledger.models import Account, Budget, Dimension, Entry, Rate, TaxCode, VarianceNote
from wellkept.web.tests.books import NOW, Shelf, traded
from wellkept.web.tests.desk import HTMX, as_, page


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def books(world: World) -> Shelf:
    return traded(world)


def post(books: Shelf, name: str, /, **given: object) -> Any:
    return as_(books.world.ana).post(f"{books.root}/{name}", given)


def new_account(books: Shelf, **more: object) -> Any:
    given = {"code": "6995", "name": "Flowers", "type": "expense", "purpose": "overhead", **more}
    return post(books, "accounts/new", **given)


def test_an_account_is_added_renamed_and_put_out_of_use(books: Shelf) -> None:
    assert new_account(books).headers["Location"] == f"{books.root}/accounts"
    assert new_account(books).status_code == 422  # the code is taken
    made = Account.objects.get(code="6995")
    at = f"accounts/{made.pk}"

    assert post(books, f"{at}/rename", name="Flowers and plants").status_code == 302
    assert post(books, f"{at}/code", code="6996").status_code == 302
    assert post(books, f"{at}/move", parent=books.rent.pk).status_code == 302
    html = page(books.world.ana, f"{books.root}/{at}")
    assert "6996 Flowers and plants" in html and "renamed it from “Flowers”" in html
    assert post(books, f"{at}/deactivate").status_code == 302
    assert "Out of use since" in page(books.world.ana, f"{books.root}/{at}")
    assert post(books, f"{at}/reactivate").status_code == 302
    assert "6996" in page(books.world.ana, f"{books.root}/accounts?words=flowers")
    assert "No account holds these words" in page(books.world.ana, f"{books.root}/accounts?words=zebra")


def test_a_merged_account_shows_under_the_other(books: Shelf) -> None:
    new_account(books)
    made = Account.objects.get(code="6995")
    books.post(date(2026, 3, 7), made, books.bank, 9_900, "Tulips")
    address, lead = f"accounts/{made.pk}/merge", books.world.lead

    refused = page(books.world.ana, f"{books.root}/{address}", **HTMX)
    assert "Only a lead" in refused and "Merge for good" not in refused
    assert post(books, address, into=books.rent.pk).status_code == 422
    asked = page(lead, f"{books.root}/{address}", **HTMX)
    assert "never taken back" in asked and "Merge for good" in asked and str(books.bank) not in asked
    for into, status in (("", 422), (books.bank.pk, 422), (books.rent.pk, 302)):
        assert as_(lead).post(f"{books.root}/{address}", {"into": into}).status_code == status

    html = page(books.world.ana, f"{books.root}/accounts/{books.rent.pk}?month=2026-03&span=month")
    assert "Tulips" in html and "99.00" in html


def test_the_usual_tax_of_an_account_is_chosen(books: Shelf) -> None:
    tax = TaxCode.objects.filter(book=books.book, kind="purchase", rate_basis_points__gt=0).first()
    assert tax is not None

    assert post(books, f"accounts/{books.rent.pk}/tax", tax_code=tax.pk).status_code in (302, 422)

    books.rent.refresh_from_db()
    assert books.rent.tax_code_id == tax.pk


def test_accounts_of_another_book_are_not_found(books: Shelf) -> None:
    other = actions.open_book(client=books.world.cycles, template="us", by=books.world.stranger, at=NOW)
    theirs = queries.accounts(other)[0]

    assert as_(books.world.ana).get(f"{books.root}/accounts/{theirs.pk}").status_code == 404
    assert post(books, f"accounts/{theirs.pk}/rename", name="Mine").status_code == 404
    assert (
        as_(books.world.lead).post(f"{books.root}/accounts/{books.rent.pk}/merge", {"into": theirs.pk}).status_code
        == 404
    )


def test_a_budget_is_typed_and_shown_beside_the_profit(books: Shelf) -> None:
    field = f"{books.rent.pk}.2026-03"

    assert post(books, "budget?month=2026-03", **{field: "3,000.00"}).status_code == 302
    assert Budget.objects.get().amount_minor == 300_000
    assert 'value="3000.00"' in page(books.world.ana, f"{books.root}/budget?month=2026-03")
    html = page(books.world.ana, f"{books.root}/profit-and-loss?month=2026-03&against=budget")
    assert "3,000.00" in html and "500.00" in html and "more than the budget" in html
    assert post(books, "budget?month=2026-03", **{field: ""}).status_code == 302
    assert not Budget.objects.exists()


def test_a_budget_that_cannot_be_read_stays_as_it_was_typed(books: Shelf) -> None:
    refused = post(books, "budget?month=2026-03", **{f"{books.rent.pk}.2026-03": "lots"})

    assert refused.status_code == 422 and 'value="lots"' in refused.content.decode()


def test_a_rate_is_entered_exactly(books: Shelf) -> None:
    assert post(books, "rates", on="2026-03-09", currency="usd", value="1.6543", source="RBNZ").status_code == 302

    assert Rate.objects.get().value == Fraction("1.6543")
    assert (
        "1.6543" in page(books.world.ana, f"{books.root}/rates") and post(books, "rates", value="x").status_code == 422
    )
    assert post(books, "rates", on="2026-03-09", currency="NZD", value="1").status_code == 422


def test_rates_come_from_a_file(books: Shelf) -> None:
    file = SimpleUploadedFile("rates.csv", b"date,base,currency,rate\n2026-03-09,NZD,AUD,1.09\n")

    assert post(books, "rates/file", file=file).status_code == 302
    assert Rate.objects.get().currency == "AUD"
    assert post(books, "rates/file").status_code == 422
    assert post(books, "rates/file", file=SimpleUploadedFile("x.csv", b"\x00\x01")).status_code == 422


def test_opening_balances_are_one_entry_that_balances(books: Shelf) -> None:
    given = {"dated_on": "2025-04-02", f"debit-{books.bank.pk}": "1,000.00"}

    refused = post(books, "opening-balances", **given)
    assert refused.status_code == 422 and 'value="1,000.00"' in refused.content.decode()
    done = post(books, "opening-balances", **given, **{f"credit-{books.capital.pk}": "1000"})

    entry = Entry.objects.get(source="opening")
    assert done.headers["Location"] == f"{books.root}/entries/{entry.number}" and entry.lines == 2
    again = post(books, "opening-balances", **given, **{f"credit-{books.capital.pk}": "1000"})
    assert again.status_code == 302 and Entry.objects.filter(source="opening").count() == 1
    actions.reverse(entry=entry, dated_on=entry.dated_on, reason="Wrong", key="r", by=books.world.ana, at=NOW)
    mended = post(books, "opening-balances", **given, **{f"credit-{books.capital.pk}": "1000"})
    assert mended.status_code == 302 and Entry.objects.filter(source="opening").count() == 2


def test_profit_is_cut_by_the_tags_of_a_dimension(books: Shelf) -> None:
    assert post(books, "tags", name="Shop").status_code == 302 and post(books, "tags", name="shop").status_code == 422
    shop = Dimension.objects.get()
    assert post(books, f"tags/in/{shop.pk}", name="Harbour").status_code == 302
    tag = shop.tags.get()
    lines = [
        actions.PostingDraft(books.bank, 20_000),
        actions.PostingDraft(books.sales, -20_000, tags=(tag,)),
    ]
    actions.post(
        book=books.book, dated_on=date(2026, 3, 9), lines=lines, narration="Stall", source="manual", key="manual-t",
        by=books.world.ana, at=NOW,
    )  # fmt: skip

    html = page(books.world.ana, f"{books.root}/profit-and-loss?month=2026-03&by={shop.pk}")

    assert "Profit and loss by shop" in html and "Harbour leaves the most: NZD 200.00." in html and "4,700.00" in html
    assert as_(books.world.ana).get(f"{books.root}/profit-and-loss?by=999").status_code == 404
    assert as_(books.world.ana).get(f"{books.root}/profit-and-loss?by=shop").status_code == 404
    assert post(books, f"tags/{tag.pk}/retire").status_code == 302


def test_tax_codes_are_added_and_put_out_of_use(books: Shelf) -> None:
    account = queries.accounts_in_use(books.book).filter(purpose="tax").first()
    assert account is not None
    given = {"code": "GST-NEW", "name": "GST at 12.5%", "rate": "12.5", "kind": "sales", "account": account.pk}

    assert post(books, "tax-codes/new", **{**given, "rate": "lots"}).status_code == 422
    assert post(books, "tax-codes/new", **given).status_code == 302
    made = TaxCode.objects.get(code="GST-NEW")
    assert made.rate_basis_points == 1250
    assert post(books, f"tax-codes/{made.pk}/retire").status_code == 302


@pytest.mark.req("B11")
def test_what_moved_is_flagged_and_explained(books: Shelf) -> None:
    address = f"{books.root}/what-moved?month=2026-03"
    html = page(books.world.ana, address)
    assert "2 accounts moved more than the limit. 2 are not explained yet." in html
    assert html.count("Moved more than the limit") == 2

    explain = f"what-moved/{books.rent.pk}?since=2026-03-01&until=2026-03-31&against=previous"
    assert post(books, explain, text="Two months paid at once").status_code == 302
    assert post(books, explain, text=" ").status_code == 422

    html = page(books.world.ana, address)
    assert "Two months paid at once" in html and "1 is not explained yet." in html
    assert VarianceNote.objects.get().account == books.rent
    assert "No account moved more than the limit." in page(books.world.ana, f"{address}&limit=100k&percent=10")
    assert "1 account moved" in page(books.world.ana, f"{address}&limit=1&percent=50")
