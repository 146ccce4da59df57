"""Coding by page: lists, choices, what is done to a line, the statement signed, and strangers who see nothing of it."""

from __future__ import annotations

import re
from collections.abc import Callable
from typing import Any
from urllib.parse import urlencode

import pytest

from tests.world import World
from wellkept.banking.actions import ruling
from wellkept.banking.learning.trust import asked_anyway
from wellkept.banking.models import Automation, BankLine, Coding, Question, Undecided
from wellkept.banking.rules.conditions import Conditions
from wellkept.banking.tests.desk import Desk, bakery_desk
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries
from wellkept.web.tests.desk import HTMX, NOW, as_, page, post

pytestmark = pytest.mark.usefixtures("tuesday")


@pytest.fixture
def books(world: World) -> Desk:
    return bakery_desk(world)


@pytest.fixture
def lines(books: Desk) -> list[BankLine]:
    return books.imported(
        [("2026-03-04", "FUELCO 8841", "-115.00"), ("2026-03-06", "KOWHAI CAFE", "-23.50")], closing="-138.50"
    )


def coded(books: Desk, line: BankLine) -> Coding:
    account = books.book.accounts.filter(type="expense", deactivated_at=None).order_by("code")[0]
    assert post(books.world.ana, f"/coding/lines/{line.pk}/code", {"account": account.code}, **HTMX).status_code == 200
    return Coding.objects.get(line=line, undone_at=None)


PAGES = (
    "/coding/{client}",
    "/coding/{client}/rows",
    "/coding/{client}/proof",
    "/coding/lines/{line}",
    "/coding/lines/{line}/choices",
    "/coding/lines/{line}/split",
    "/coding/lines/{line}/pair",
    "/coding/lines/{line}/ask",
    "/coding/lines/{line}/park",
    "/coding/{client}/ask?line={line}",
    "/coding/{client}/files",
    "/coding/files/{file}",
    "/coding/accounts/{account}",
    "/coding/statements/{statement}",
    "/coding/{client}/rules",
    "/coding/{client}/rules/new",
    "/coding/{client}/trust",
)


@pytest.mark.parametrize("address", PAGES)
def test_whoever_keeps_the_books_reads_and_a_stranger_finds_nothing(
    world: World, lines: list[BankLine], address: str
) -> None:
    line = lines[0]
    where = address.format(
        client=world.bakery.pk,
        line=line.pk,
        file=line.file_id,
        account=line.bank_account_id,
        statement=line.statement_id,
    )

    assert "<" in page(world.ana, where)
    assert as_(world.stranger).get(where).status_code == 404


def test_the_portfolio_counts_what_waits(world: World, lines: list[BankLine]) -> None:
    seen = page(world.ana, "/coding")

    assert "2 lines to decide for 1 client." in seen and world.bakery.name in seen
    assert world.bakery.name not in page(world.stranger, "/coding").split("<main")[1]


def test_the_rail_says_how_many_lines_wait(world: World, lines: list[BankLine]) -> None:
    assert 'id="count-coding"' in page(world.ana, "/coding")
    assert ">2</span>" in page(world.ana, "/counts").split('id="count-coding"')[1][:200]


def test_the_currency_stands_in_the_head_of_the_column(world: World, lines: list[BankLine]) -> None:
    account = lines[0].bank_account_id

    assert "Amount, NZD" in page(world.ana, f"/coding/{world.bakery.pk}?account={account}")


def test_what_is_decided_goes_and_the_next_line_comes_with_the_answer(
    books: Desk, lines: list[BankLine], world: World
) -> None:
    first, second = lines
    account = books.book.accounts.filter(type="expense", deactivated_at=None).order_by("code")[0]

    answer = post(world.ana, f"/coding/lines/{first.pk}/code", {"account": account.code, "next": second.pk}, **HTMX)

    assert answer.status_code == 200 and f'data-line="{second.pk}"' in answer.content.decode()
    assert f'"gone": [{first.pk}]' in answer["HX-Trigger"]
    assert not Undecided.objects.filter(pk=first.pk).exists()


def test_a_decision_is_taken_back(books: Desk, lines: list[BankLine], world: World) -> None:
    coding = coded(books, lines[0])

    post(world.ana, f"/coding/codings/{coding.pk}/undo", {}, **HTMX)

    assert Undecided.objects.filter(pk=lines[0].pk).exists()


@pytest.mark.parametrize(
    ("close", "said"),
    [
        (ledger.soft_close, "Its month is closed. A lead can open it again in the books; then take the coding back."),
        (ledger.hard_close, "Its month is closed for good, so the coding stays. Post an entry that corrects it"),
    ],
)
def test_what_stands_in_a_closed_month_says_how_it_is_corrected(
    books: Desk, lines: list[BankLine], world: World, close: Callable[..., Any], said: str
) -> None:
    coding = coded(books, lines[0])
    period = ledger.open_period(book=books.book, on=lines[0].dated_on, by=world.lead, at=NOW)
    close(period=period, by=world.lead, at=NOW)

    answer = post(world.ana, f"/coding/codings/{coding.pk}/undo", {}, **HTMX)

    assert answer.status_code == 422 and said in answer["HX-Trigger"] and "Choose a date" not in answer["HX-Trigger"]
    assert Coding.objects.filter(pk=coding.pk, undone_at=None).exists()


@pytest.mark.parametrize(
    ("close", "said"),
    [
        (ledger.soft_close, "The month of this line is closed. A lead can open it again in the books; then code it."),
        (ledger.hard_close, "The month of this line is closed for good. Set the line aside, and post an entry"),
    ],
)
def test_a_line_of_a_closed_month_is_not_asked_for_another_date(
    books: Desk, lines: list[BankLine], world: World, close: Callable[..., Any], said: str
) -> None:
    period = ledger.open_period(book=books.book, on=lines[0].dated_on, by=world.lead, at=NOW)
    close(period=period, by=world.lead, at=NOW)
    account = queries.accounts_in_use(books.book).filter(type="expense")[0]

    answer = post(world.ana, f"/coding/lines/{lines[0].pk}/code", {"account": account.code}, **HTMX)

    assert answer.status_code == 422 and said in answer["HX-Trigger"]
    assert Undecided.objects.filter(pk=lines[0].pk).exists()


def test_without_another_leg_there_is_nothing_to_pair(world: World, lines: list[BankLine]) -> None:
    asked = page(world.ana, f"/coding/lines/{lines[0].pk}/pair", **HTMX)

    assert "No line of another account fits" in asked and "data-send" not in asked


@pytest.mark.parametrize(
    ("verb", "data"),
    [
        ("accept", {"rank": "3"}),
        ("code", {"account": "no such account"}),
        ("split", {"account-0": "no such account", "amount-0": "1"}),
        ("park", {"because": ""}),
    ],
)
def test_what_cannot_be_done_is_refused_beside_the_form(
    world: World, lines: list[BankLine], verb: str, data: dict[str, Any]
) -> None:
    answer = post(world.ana, f"/coding/lines/{lines[0].pk}/{verb}", data, **HTMX)

    assert answer.status_code == 422 and "refused" in answer["HX-Trigger"]
    assert Undecided.objects.filter(pk=lines[0].pk, parked_at=None).exists()


def test_one_question_is_about_every_line_selected(world: World, lines: list[BankLine]) -> None:
    where = f"/coding/{world.bakery.pk}/ask?{urlencode([('line', each.pk) for each in lines])}"
    mina = world.mina

    assert "Ask about 2 lines" in page(world.ana, where, **HTMX)
    answer = post(world.ana, where, {"contact": mina.pk, "text": "What were these for?"}, **HTMX)

    assert answer.status_code == 204
    assert {each.line_id for each in Question.objects.get().lines.all()} == {each.pk for each in lines}


def test_lines_of_another_client_are_not_asked_about(world: World, lines: list[BankLine]) -> None:
    assert as_(world.ana).get(f"/coding/{world.bakery.pk}/ask").status_code == 404
    assert as_(world.ana).get(f"/coding/{world.bakery.pk}/ask?line=999999").status_code == 404


def test_a_rule_begins_with_what_the_line_says(world: World, lines: list[BankLine]) -> None:
    seen = page(world.ana, f"/coding/lines/{lines[0].pk}/choices")

    assert "starts=FUELCO+8841" in seen and "direction=out" in seen
    assert 'value="FUELCO"' in page(world.ana, f"/coding/{world.bakery.pk}/rules/new?starts=FUELCO")


def test_a_signature_waits_for_every_line(books: Desk, lines: list[BankLine], world: World) -> None:
    where = f"/coding/statements/{lines[0].statement_id}"

    assert post(world.ana, f"{where}/sign").status_code == 422
    for line in lines:
        coded(books, line)
    assert post(world.ana, f"{where}/sign").status_code == 302
    assert "signed that book and bank agree" in page(world.ana, where)


def test_a_rule_whose_tax_code_is_out_of_use_says_so(books: Desk, lines: list[BankLine], world: World) -> None:
    tax = queries.tax_codes(books.book).filter(kind="purchase", rate_basis_points=1500)[0]
    account = books.book.accounts.filter(type="expense", deactivated_at=None).order_by("code")[0]
    draft = ruling.RuleDraft("Fuel", "The van", Conditions(words="fuelco"), account.code, tax.code)
    ruling.make_rule(client=world.bakery, draft=draft, by=world.ana, at=NOW)
    assert "out of use" not in page(world.ana, f"/coding/{world.bakery.pk}/rules")

    ledger.retire_tax_code(tax_code=tax, by=world.ana, at=NOW)
    world.run_reactions(at=NOW)

    assert f"Tax code {tax.code} is out of use" in page(world.ana, f"/coding/{world.bakery.pk}/rules")
    panel = page(world.ana, f"/coding/lines/{lines[0].pk}/choices")
    assert "No tax: its code is out of use" in panel and f"Its tax code {tax.code} is out of use" in panel


def test_a_line_of_the_sample_is_not_ticked_and_the_page_says_why(books: Desk, world: World) -> None:
    many = books.imported([(f"2026-03-{1 + n % 28:02d}", "FUELCO", f"-{n + 1}.00") for n in range(40)])
    account = books.book.accounts.filter(type="expense", deactivated_at=None).order_by("code")[0]
    draft = ruling.RuleDraft("Fuel", "The van", Conditions(words="fuelco"), account.code)
    ruling.make_rule(client=world.bakery, draft=draft, by=world.ana, at=NOW)
    values = {"allowed_at": NOW, "allowed_by": world.ana, "threshold": 800_000, "limit": 10_000}
    Automation.objects.create(client=world.bakery, **values)
    sample = [line.pk for line in many if asked_anyway(line.identity)]

    shown = page(world.ana, f"/coding/{world.bakery.pk}")

    assert sample and f"{len(sample)} sure line" in shown and "sample" in shown
    for pk in sample:
        [box] = re.findall(rf'<input type="checkbox"[^>]*value="{pk}"[^>]*>', shown)
        assert 'name="also"' in box and "checked" not in box


def test_a_refund_says_what_it_gives_back(books: Desk, lines: list[BankLine], world: World) -> None:
    coded(books, lines[0])
    [back] = books.imported([("2026-03-09", "FUELCO REFUND", "115.00")])

    panel = page(world.ana, f"/coding/lines/{back.pk}/choices")

    assert re.search(r"Refund of FUELCO 8841 115\.00 of [^.]*4 [^.]*\.", panel)
