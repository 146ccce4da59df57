"""By page: lines the book has already, lines and files left out, transfers with a fee or a rate, shares, tags, closed months."""

from __future__ import annotations

from datetime import date
from fractions import Fraction

import pytest

from tests.world import World
from wellkept.banking.actions import accounts
from wellkept.banking.models import BankLine, Coding, Reconciliation, Undecided
from wellkept.banking.tests.desk import Desk, bakery_desk, ofx
from wellkept.core.refusals import Refusal
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries
from wellkept.ledger.actions import PostingDraft
from wellkept.ledger.models import Account, Entry, Posting
from wellkept.web.desk.coding.shares import amounts_typed
from wellkept.web.tests.desk import HTMX, NOW, page, post

pytestmark = pytest.mark.usefixtures("tuesday")


@pytest.fixture
def books(world: World) -> Desk:
    return bakery_desk(world)


def expense(books: Desk, place: int = 0) -> Account:
    return queries.accounts_in_use(books.book).filter(type="expense")[place]


def cheque(books: Desk, amount: int = 11_100) -> Posting:
    world = books.world
    entry = ledger.post(
        book=books.book, dated_on=date(2026, 3, 10), narration="Cheque 12", source="manual", key="c", by=world.ana,
        at=NOW, lines=[PostingDraft(books.bank.account, -amount), PostingDraft(expense(books), amount)],
    )  # fmt: skip
    return Posting.objects.get(entry=entry, account=books.bank.account)


def test_a_line_is_matched_with_the_entry_the_book_has(books: Desk, world: World) -> None:
    found = cheque(books)
    [line] = books.imported([("2026-03-12", "CHQ 12", "-111.00")])
    panel = page(world.ana, f"/coding/lines/{line.pk}/choices")
    assert "The book may have this already: entry 1 of" in panel and "Cheque 12" in panel
    assert "entry 1 · Cheque 12" in page(world.ana, f"/coding/lines/{line.pk}/match", **HTMX)

    answer = post(world.ana, f"/coding/lines/{line.pk}/match", {"posting": found.pk}, **HTMX)

    assert answer.status_code == 200 and "CHQ 12 is entry 1" in answer["HX-Trigger"]
    assert "In the book already" in page(world.ana, f"/coding/lines/{line.pk}")
    assert Entry.objects.count() == 1


def test_nothing_to_match_says_so(books: Desk, world: World) -> None:
    [line] = books.imported([("2026-03-12", "CHQ 12", "-111.00")])
    assert "The book has no posting of this amount" in page(world.ana, f"/coding/lines/{line.pk}/match", **HTMX)


def test_a_line_is_left_out_and_brought_back(books: Desk, world: World) -> None:
    [line] = books.imported([("2026-03-12", "CAFE", "-4.50")])
    assert post(world.ana, f"/coding/lines/{line.pk}/leave-out", {"reason": ""}, **HTMX).status_code == 422

    answer = post(world.ana, f"/coding/lines/{line.pk}/leave-out", {"reason": "Told twice"}, **HTMX)

    assert "Left out: CAFE" in answer["HX-Trigger"] and not Undecided.objects.exists()
    assert "Left out by Ana" in page(world.ana, f"/coding/lines/{line.pk}")
    assert "Told twice" in page(world.ana, f"/coding/accounts/{line.bank_account_id}")
    post(world.ana, f"/coding/lines/{line.pk}/bring-back")
    assert Undecided.objects.filter(line=line).exists()


def test_a_note_of_the_bank_says_what_it_is(books: Desk, world: World) -> None:
    [line] = books.imported([("2026-03-12", "RATE CHANGED", "0.00")])
    assert "no money moved" in page(world.ana, f"/coding/lines/{line.pk}")


def test_a_transfer_with_a_fee_is_paired_by_page(books: Desk, world: World) -> None:
    [out] = books.imported([("2026-03-10", "TO SAVINGS", "-505.00")])
    [into] = books.imported([("2026-03-10", "FROM OPERATING", "500.00")], account=books.savings)
    asked = page(world.ana, f"/coding/lines/{out.pk}/pair", **HTMX)
    assert "NZD 5.00 kept on the way" in asked and "Account of the fee" in asked
    refused = post(world.ana, f"/coding/lines/{out.pk}/pair", {"other": into.pk, "fee": ""}, **HTMX)
    assert refused.status_code == 422 and '"fee"' in refused["HX-Trigger"]

    fee = expense(books)
    answer = post(world.ana, f"/coding/lines/{out.pk}/pair", {"other": into.pk, "fee": fee.code}, **HTMX)

    assert answer.status_code == 200 and f'"gone": [{out.pk}, {into.pk}]' in answer["HX-Trigger"]
    assert Posting.objects.get(account=fee).amount_minor == 500


def test_two_currencies_are_offered_with_the_rate_between_them(books: Desk, world: World) -> None:
    account = ledger.add_account(
        book=books.book, code="U1", name="Dollars", type="asset", purpose="bank", currency="USD", by=world.ana, at=NOW
    )
    dollars = accounts.open_bank_account(
        client=world.bakery, account=account, name="Dollars", kind="bank", identifier="88-1", by=world.ana, at=NOW
    )
    ledger.set_rate(
        base="NZD", currency="USD", on=date(2026, 3, 9), value=Fraction(5, 3), source="t", by=world.ana, at=NOW
    )
    [out] = books.imported([("2026-03-10", "TO DOLLARS", "-170.00")])
    told = ofx([("2026-03-11", "IN", "100.00"), ("2026-03-11", "TOO MUCH", "110.00")], number="88-1")
    imported(books, told.replace(b"<CURDEF>NZD", b"<CURDEF>USD"))
    into = BankLine.objects.get(bank_account=dollars, amount_minor=10_000)

    asked = page(world.ana, f"/coding/lines/{out.pk}/pair", **HTMX)
    assert "USD 100.00 for NZD 170.00, 1 USD = 1.7000 NZD" in asked and "TOO MUCH" not in asked
    assert "NZD 170.00 for USD 100.00, 1 NZD = 0.5882 USD" in page(world.ana, f"/coding/lines/{into.pk}/pair", **HTMX)
    assert post(world.ana, f"/coding/lines/{out.pk}/pair", {"other": into.pk}, **HTMX).status_code == 200
    assert Coding.objects.filter(how="transfer").count() == 2


def imported(books: Desk, told: bytes, *, how: str = "import") -> int:
    file = books.file(told)
    assert post(books.world.ana, f"/coding/files/{file.pk}/{how}").status_code == 302
    return file.pk


@pytest.mark.parametrize(
    ("typed", "whole", "parts"),
    [
        (["60%", "40%"], -11_501, [-6_901, -4_600]),
        (["33.33%", "33.33%", "33.34%"], 100, [33, 33, 34]),
        (["50 %", "57.50"], -11_500, [-5_750, -5_750]),
        (["1.50", "2"], 350, [150, 200]),
    ],
)
def test_shares_and_amounts_make_the_parts(typed: list[str], whole: int, parts: list[int]) -> None:
    assert amounts_typed(typed, whole, "NZD") == parts


@pytest.mark.parametrize("typed", [["0%", "100%"], ["60%", "50%"], ["101%"]])
def test_shares_beyond_the_whole_are_refused(typed: list[str]) -> None:
    with pytest.raises(Refusal, match="100%"):
        amounts_typed(typed, 100, "NZD")


def test_a_line_is_split_by_share_and_tagged_by_page(books: Desk, world: World) -> None:
    shop = ledger.add_dimension(book=books.book, name="Shop", by=world.ana, at=NOW)
    harbour = ledger.add_tag(dimension=shop, name="Harbour", by=world.ana, at=NOW)
    one, other = books.imported([("2026-03-10", "RENT", "-115.01"), ("2026-03-11", "POWER", "-20.00")])
    assert "Harbour" in page(world.ana, f"/coding/lines/{one.pk}/split", **HTMX)
    assert "Harbour" in page(world.ana, f"/coding/lines/{one.pk}/choices")
    first, second = expense(books), expense(books, 1)

    post(
        world.ana,
        f"/coding/lines/{one.pk}/split",
        {"account-0": first.code, "amount-0": "60%", "tax-0": "-", "tag-0": harbour.pk,
         "account-1": second.code, "amount-1": "40%", "tax-1": "-"},
        **HTMX,
    )  # fmt: skip
    post(world.ana, f"/coding/lines/{other.pk}/code", {"account": second.code, "tax": "-", "tag": harbour.pk}, **HTMX)

    assert Posting.objects.get(account=first).amount_minor == 6_901
    tagged = Posting.objects.filter(posting_tags__tag=harbour)
    assert {(each.account_id, each.amount_minor) for each in tagged} == {(first.pk, 6_901), (second.pk, 2_000)}


def test_a_reviewer_says_why_in_a_closed_month(books: Desk, world: World) -> None:
    [line] = books.imported([("2026-03-10", "RENT", "-115.00")])
    period = ledger.open_period(book=books.book, on=line.dated_on, by=world.lead, at=NOW)
    ledger.soft_close(period=period, by=world.lead, at=NOW)
    data = {"account": expense(books).code}
    assert "Why into a closed month?" not in page(world.ana, f"/coding/lines/{line.pk}/choices")
    assert "Why into a closed month?" in page(world.lead, f"/coding/lines/{line.pk}/choices")
    refused = post(world.lead, f"/coding/lines/{line.pk}/code", data, **HTMX)
    assert refused.status_code == 422 and "Say why you write into it" in refused["HX-Trigger"]

    assert post(world.lead, f"/coding/lines/{line.pk}/code", data | {"reason": "Late rent"}, **HTMX).status_code == 200

    coded = Coding.objects.get()
    assert coded.entry.override_reason == "Late rent"
    post(world.lead, f"/coding/codings/{coded.pk}/undo", {"reason": "Wrong shop"}, **HTMX)
    assert Entry.objects.get(reverses=coded.entry).override_reason == "Wrong shop"
    ledger.hard_close(period=period, by=world.lead, at=NOW)
    refused = post(world.lead, f"/coding/lines/{line.pk}/code", data | {"reason": "Late"}, **HTMX)
    assert refused.status_code == 422 and "closed for good" in refused["HX-Trigger"]


def test_what_was_named_is_ticked_again_and_signed(books: Desk, world: World) -> None:
    found = cheque(books)
    [sale] = books.imported([("2026-03-02", "A", "100.00")], closing="100.00")
    post(world.ana, f"/coding/lines/{sale.pk}/code", {"account": expense(books).code}, **HTMX)
    address = f"/coding/statements/{sale.statement_id}"
    seen = page(world.ana, address)
    assert "The bank has not told of" in seen and "Cheque 12" in seen and f'value="{found.pk}"' in seen
    assert (
        "Cheque 12"
        not in page(world.ana, f"{address}?find=999.99")
        .split("The bank has not told of")[1]
        .split("Nothing else")[0]
        .split("movement")[0]
    )
    ticked = page(world.ana, f"{address}?find=&posting={found.pk}&words-{found.pk}=Not+cashed")
    assert "0.00 is left to explain" in ticked and 'value="Not cashed"' in ticked

    post(world.ana, f"{address}/sign", {"posting": found.pk, f"words-{found.pk}": "Not cashed"})

    assert Reconciliation.objects.get().explained[0]["words"] == "Not cashed"
    assert "Not cashed" in page(world.ana, address)
    proof = page(world.ana, f"/coding/{world.bakery.pk}/proof?account={books.bank.pk}")
    assert "On its way" in proof and "Equals the bank" in proof
    [later] = books.imported([("2026-04-02", "B", "1.00")], closing="101.00", until="20260430")
    post(world.ana, f"/coding/lines/{later.pk}/code", {"account": expense(books).code}, **HTMX)
    assert "0.00 is left to explain" in page(world.ana, f"/coding/statements/{later.statement_id}")


def test_the_balance_is_stated_by_page(books: Desk, world: World) -> None:
    [sale] = books.imported([("2026-03-02", "A", "100.00")])
    post(world.ana, f"/coding/lines/{sale.pk}/code", {"account": expense(books).code}, **HTMX)
    address = f"/coding/statements/{sale.statement_id}"
    assert "State what the account held" in page(world.ana, address)
    assert post(world.ana, f"{address}/state", {"closing": "lots"}).status_code == 422

    assert post(world.ana, f"{address}/state", {"closing": "100"}).status_code == 302

    assert "Book and bank agree" in page(world.ana, address) and "Ana" in page(world.ana, address)
    assert post(world.ana, f"{address}/sign").status_code == 302 and Reconciliation.objects.exists()


def test_what_may_be_here_already_is_decided_in_the_preview(books: Desk, world: World) -> None:
    books.imported([("2026-03-02", "CAFE", "-4.50")])
    file = books.file(ofx([("2026-03-02", "CAFE AUCKLAND", "-4.50"), ("2026-03-03", "B", "-1.00")]))
    seen = page(world.ana, f"/coding/files/{file.pk}")
    assert "1 line may be here already" in seen and "Take all" in seen

    post(world.ana, f"/coding/files/{file.pk}/import-careful")

    assert Undecided.objects.count() == 2
    again = books.file(ofx([("2026-03-02", "CAFE AUCKLAND", "-4.50")]))
    assert "1 of them was left out by a person" in page(world.ana, f"/coding/files/{again.pk}")


def test_a_file_is_taken_out_and_put_in_again_by_page(books: Desk, world: World) -> None:
    [line] = books.imported([("2026-03-02", "CAFE", "-4.50")])
    address = f"/coding/files/{line.file_id}"
    assert "1 line counts in nothing" in page(world.ana, f"{address}/take-out", **HTMX)
    post(world.ana, f"{address}/take-out", {"reason": "Another client's"})
    assert not Undecided.objects.exists() and "Put it in again" in page(world.ana, address)
    post(world.ana, f"{address}/put-in")
    assert Undecided.objects.exists() and "Take it out" in page(world.ana, address)


def test_taking_back_a_coded_entry_in_the_books_lets_the_line_wait(books: Desk, world: World) -> None:
    [line] = books.imported([("2026-03-02", "CAFE", "-4.50")])
    post(world.ana, f"/coding/lines/{line.pk}/code", {"account": expense(books).code}, **HTMX)
    address = f"/books/{world.bakery.pk}/entries/1/reverse"
    assert "A bank line was coded with it" in page(world.ana, address, **HTMX)

    post(world.ana, address, {"reason": "Wrong account"})

    assert (
        Undecided.objects.filter(line=line).exists()
        and Entry.objects.get(reverses__number=1).narration == "Wrong account"
    )
