"""The review pages: sentence first, findings by kind, each fixed, accepted or silenced, and nothing for a stranger."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from django.test import Client as Visitor

from tests.world import World
from wellkept.banking.actions import coding, reviewing
from wellkept.banking.models import Finding, ReviewTerms, Silence
from wellkept.banking.queries import lines
from wellkept.banking.queries import review as reads
from wellkept.banking.tests.desk import Desk, bakery_desk
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books

MARCH = date(2026, 3, 1)

pytestmark = pytest.mark.usefixtures("tuesday")


@pytest.fixture
def desk(world: World) -> Desk:
    """March of the bakery: takings, a rent told twice, fuel without a document, and a line nobody decided."""
    desk = bakery_desk(world)
    sales = books.accounts_in_use(desk.book).filter(type="income")[0]
    rent = books.accounts_in_use(desk.book).filter(type="expense", tax_code=None)[0]
    rows = [("2026-03-10", "RENT CO", "-812.00"), ("2026-03-11", "RENT CO", "-812.00")]
    takings, *paid = desk.imported([("2026-03-02", "CARD TAKINGS", "4321.00"), *rows])
    coding.code(line=takings, account=sales, by=world.ana, at=world.start)
    for line in paid:
        coding.code(line=line, account=rent, by=world.ana, at=world.start)
    desk.imported([("2026-03-12", "KOWHAI <CAFE>", "-18.00")])
    look(desk, 1)
    return desk


def look(desk: Desk, minutes: int) -> None:
    at = desk.world.start + timedelta(minutes=minutes)
    reviewing.review(client=desk.world.bakery, month=MARCH, by=desk.world.ana, at=at)


@pytest.fixture
def visitor(world: World) -> Visitor:
    visitor = Visitor()
    visitor.force_login(world.ana)
    return visitor


def address(desk: Desk, more: str = "") -> str:
    return f"/coding/{desk.world.bakery.pk}/review{more}?month=2026-03"


def only(kind: str) -> Finding:
    return Finding.objects.filter(reads.OPEN, kind=kind).order_by("pk")[0]


def test_the_page_says_how_many_and_which_come_first(desk: Desk, visitor: Visitor) -> None:
    page = visitor.get(address(desk)).content.decode()

    assert "4 findings in March 2026: 2 need you first." in page
    assert "RENT CO, NZD −812.00, stands on " in page
    assert page.index("Lines not coded") < page.index("Perhaps twice") < page.index("No document")
    assert f"/coding/{desk.world.bakery.pk}?account={desk.bank.pk}" in page


def test_one_kind_alone_and_a_month_without_a_look(desk: Desk, visitor: Visitor) -> None:
    alone = visitor.get(f"{address(desk)}&kind=duplicate").content.decode()
    assert "Perhaps twice" in alone and "No document</h2>" not in alone and "Lines not coded" not in alone
    early = visitor.get(address(desk).replace("2026-03", "2025-07")).content.decode()
    assert "July 2025 has not been looked through yet." in early


def test_fix_leads_to_where_it_can_be_put_right(desk: Desk, visitor: Visitor) -> None:
    twice = only("duplicate")
    there = visitor.post(f"/review/findings/{twice.pk}/fix")
    assert there.headers["Location"] == f"/coding/lines/{twice.line_id}"


def test_put_right_it_leaves_the_list_at_once(desk: Desk, visitor: Visitor, world: World) -> None:
    waits = only("uncoded")
    rent = books.accounts_in_use(desk.book).filter(type="expense", tax_code=None)[0]
    line = lines.to_decide(world.ana, client=world.bakery).get().line
    coding.code(line=line, account=rent, by=world.ana, at=world.start + timedelta(minutes=2))

    done = visitor.post(f"/review/findings/{waits.pk}/fix", headers={"HX-Request": "true"})

    assert done.status_code == 204 and "Put right." in done.headers["HX-Trigger"]
    waits.refresh_from_db()
    assert waits.fixed_by == world.ana


def test_accepted_with_a_reason_it_moves_to_the_second_tab_and_back(desk: Desk, visitor: Visitor) -> None:
    found = only("no_document")
    assert "has no document" in visitor.get(f"/review/findings/{found.pk}/accept").content.decode()
    refused = visitor.post(f"/review/findings/{found.pk}/accept", {"reason": ""})
    assert refused.status_code == 422

    visitor.post(f"/review/findings/{found.pk}/accept", {"reason": "Paid by standing order"})

    settled = visitor.get(f"{address(desk)}&view=settled").content.decode()
    assert "Ana Kovač accepted it" in settled and "Paid by standing order" in settled
    visitor.post(f"/review/findings/{found.pk}/reopen")
    assert only("no_document") == found


def test_never_again_and_again(desk: Desk, visitor: Visitor) -> None:
    found = only("no_document")
    asked = visitor.get(f"/review/findings/{found.pk}/never").content.decode()
    assert "2 findings end now" in asked

    visitor.post(f"/review/findings/{found.pk}/never", {"reason": "The lease is on file"})

    assert not Finding.objects.filter(reads.OPEN, kind="no_document").exists()
    settled = visitor.get(f"{address(desk)}&view=settled").content.decode()
    assert "No document: RENT CO" in settled
    visitor.post(f"/review/silences/{Silence.objects.get().pk}/end")
    assert Finding.objects.filter(reads.OPEN, kind="no_document").count() == 2


def test_looking_again_says_what_changed(desk: Desk, visitor: Visitor) -> None:
    said = visitor.post(address(desk, "/again"), {"month": "2026-03"}, follow=True).content.decode()
    assert "Looked through: nothing has changed." in said


def test_limits_are_set_in_the_currency_of_the_book(desk: Desk, visitor: Visitor) -> None:
    assert "1,000.00" in visitor.get(address(desk, "/limits")).content.decode()
    limits = {"payee_over": "75", "round_from": "500", "twice_from": "20.00", "far_from": "x"}
    refused = visitor.post(address(desk, "/limits"), limits)
    assert refused.status_code == 422 and not ReviewTerms.objects.exists()
    visitor.post(address(desk, "/limits"), {**limits, "far_from": "100"})
    assert ReviewTerms.objects.get().round_from_minor == 500_00


def test_the_portfolio_names_the_most_pressing_client_first(desk: Desk, visitor: Visitor) -> None:
    page = visitor.get("/review?month=2026-03").content.decode()
    assert "4 findings in March 2026: 1 client needs somebody first." in page
    assert "Harbour Lane Bakery" in page and "2 first" in page
    assert "Nothing stands out in February 2026." in visitor.get("/review").content.decode()


def test_a_stranger_finds_nothing(desk: Desk, world: World) -> None:
    visitor = Visitor()
    visitor.force_login(world.stranger)
    found = only("duplicate")
    assert visitor.get(address(desk)).status_code == 404
    for verb in ("fix", "accept", "never", "reopen"):
        assert visitor.post(f"/review/findings/{found.pk}/{verb}", {"reason": "x"}).status_code == 404
    assert "Harbour Lane Bakery" not in visitor.get("/review?month=2026-03").content.decode()


def test_a_month_too_large_to_be_looked_through_says_so(desk: Desk, visitor: Visitor) -> None:
    assert "Not all of it was looked through" not in visitor.get(address(desk)).content.decode()
    bank, fuel = desk.bank.account, books.accounts_in_use(desk.book).filter(type="expense")[0]
    lines = [*([ledger.PostingDraft(fuel, 1)] * 499), ledger.PostingDraft(bank, -499)]
    drafts = [ledger.EntryDraft(MARCH, lines, "Sundry", "manual", f"many-{n}") for n in range(41)]
    ledger.post_all(book=desk.book, drafts=drafts, by=desk.world.ana, at=desk.world.start)

    assert "Not all of it was looked through" in visitor.get(address(desk)).content.decode()
