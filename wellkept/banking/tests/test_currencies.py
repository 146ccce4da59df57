"""A dollar account in a New Zealand book: its lines are coded, split and moved at the rates of their days, or refused."""

from datetime import date
from fractions import Fraction

import pytest

from tests.world import World
from wellkept.banking.actions import accounts, batches, coding
from wellkept.banking.models import Automation, BankLine, Suggestion, Undecided
from wellkept.banking.tests.desk import Desk, bakery_desk, ofx
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books
from wellkept.ledger.models import Account, Entry, Posting

DOLLARS = "88-8888-8888888-00"


@pytest.fixture
def desk(world: World) -> Desk:
    """The savings account is kept in US dollars."""
    made = bakery_desk(world)
    account = ledger.add_account(
        book=made.book,
        code="U1",
        name="Dollars",
        type="asset",
        purpose="bank",
        currency="USD",
        by=world.ana,
        at=world.start,
    )
    made.savings = accounts.open_bank_account(
        client=world.bakery,
        account=account,
        name="Dollars",
        kind="bank",
        identifier=DOLLARS,
        by=world.ana,
        at=world.start,
    )
    return made


def rate(desk: Desk, on: str, value: Fraction) -> None:
    ledger.set_rate(
        base="NZD",
        currency="USD",
        on=date.fromisoformat(on),
        value=value,
        source="test",
        by=desk.world.ana,
        at=desk.world.start,
    )


def dollars(desk: Desk, *rows: tuple[str, str, str]) -> list[BankLine]:
    from wellkept.banking.actions import importing

    content = ofx(rows, number=DOLLARS).replace(b"<CURDEF>NZD", b"<CURDEF>USD")
    file = importing.import_file(file=desk.file(content), by=desk.world.ana, at=desk.world.start)
    return list(BankLine.objects.filter(file=file).select_related("bank_account__account__book", "client"))


def expense(desk: Desk, place: int = 0) -> Account:
    return books.accounts_in_use(desk.book).filter(type="expense")[place]


def posted(entry: Entry) -> dict[str, tuple[int, str, int]]:
    rows = Posting.objects.filter(entry=entry).select_related("account")
    return {row.account.code: (row.amount_minor, row.currency, row.foreign_minor) for row in rows}


def test_a_line_is_coded_at_the_rate_of_its_day(desk: Desk, world: World) -> None:
    rate(desk, "2026-03-05", Fraction(5, 3))
    [line] = dollars(desk, ("2026-03-06", "SOFTWARE INC", "-100.00"))

    coded = coding.code(line=line, account=expense(desk), by=world.ana, at=world.start)

    assert posted(coded.entry) == {"U1": (-16_667, "USD", -10_000), expense(desk).code: (16_667, "USD", 10_000)}
    coding.undo(coding=coded, by=world.ana, at=world.start)
    assert books.verify_book(desk.book).findings == []
    assert Undecided.objects.get().line == line


def test_a_split_with_tax_balances_in_both_currencies(desk: Desk, world: World) -> None:
    rate(desk, "2026-03-06", Fraction(173, 99))
    [line] = dollars(desk, ("2026-03-06", "SOFTWARE INC", "-100.01"))
    tax = books.tax_codes(desk.book).filter(kind="purchase", rate_basis_points=1500).first()
    parts = [
        coding.Part(expense(desk), -3_334, tax),
        coding.Part(expense(desk, 1), -3_333),
        coding.Part(expense(desk, 2), -3_334),
    ]

    coded = coding.split(line=line, parts=parts, by=world.ana, at=world.start)

    rows = list(Posting.objects.filter(entry=coded.entry))
    assert sum(row.amount_minor for row in rows) == 0 == sum(row.foreign_minor for row in rows)


def test_money_that_changes_currency_on_its_way_is_one_entry(desk: Desk, world: World) -> None:
    rate(desk, "2026-03-06", Fraction(5, 3))
    [into] = dollars(desk, ("2026-03-06", "FROM OPERATING", "100.00"))
    [out] = desk.imported([("2026-03-06", "TO DOLLARS", "-170.00")])

    entry = coding.pair(line=out, other=into, by=world.ana, at=world.start)

    gained = books.account_for(desk.book, "exchange")
    assert posted(entry) == {
        desk.bank.account.code: (-17_000, "", 0), "U1": (16_667, "USD", 10_000), gained.code: (333, "", 0),
    }  # fmt: skip
    assert not Undecided.objects.exists()


def test_money_that_leaves_another_currency_leaves_at_its_cost(desk: Desk, world: World) -> None:
    """Dollars sold to the last cent leave nothing behind, and what they fetched more is gained."""
    rate(desk, "2026-03-01", Fraction(3, 2))
    rate(desk, "2026-03-10", Fraction(31, 20))
    [sale] = dollars(desk, ("2026-03-01", "SALE", "100.00"))
    income = books.accounts_in_use(desk.book).filter(type="income")[0]
    coding.code(line=sale, account=income, by=world.ana, at=world.start)
    [out] = dollars(desk, ("2026-03-10", "TO OPERATING", "-100.00"))
    [into] = desk.imported([("2026-03-10", "FROM DOLLARS", "160.00")])

    entry = coding.pair(line=out, other=into, by=world.ana, at=world.start)

    gained = books.account_for(desk.book, "exchange")
    assert posted(entry) == {
        "U1": (-15_000, "USD", -10_000), desk.bank.account.code: (16_000, "", 0), gained.code: (-1_000, "", 0),
    }  # fmt: skip
    assert books.account_total([out.bank_account.account_id], None, date(2026, 4, 1)) == books.Total()


def test_without_a_rate_nothing_is_posted_and_the_sentence_says_which(desk: Desk, world: World) -> None:
    [line] = dollars(desk, ("2026-03-06", "SOFTWARE INC", "-100.00"))

    with pytest.raises(ledger.RateMissing, match="no rate of USD in NZD for 2026-03-06"):
        coding.code(line=line, account=expense(desk), by=world.ana, at=world.start)

    assert Undecided.objects.filter(line=line).exists() and not Entry.objects.exists()


def test_a_line_the_machine_cannot_post_waits_and_stops_no_other(desk: Desk, world: World) -> None:
    """A dollar line without a rate, among others it has the right to decide alone."""
    lines = [
        *dollars(desk, ("2026-03-06", "SOFTWARE INC", "-100.00")),
        *desk.imported([("2026-03-06", f"FUEL {n}", "-9.00") for n in range(8)]),
    ]
    chosen = {"account": expense(desk).pk, "tax_code": None, "confidence": 990_000, "basis": []}
    Suggestion.objects.filter(line__in=lines).update(choices=[chosen])
    Undecided.objects.update(confidence=990_000)
    Automation.objects.create(client=world.bakery, allowed_at=world.start, threshold=900_000)

    decided = batches.decide_alone(client=world.bakery.pk, at=world.start)

    assert decided > 0 and Entry.objects.count() == decided
    assert Undecided.objects.filter(line=lines[0]).exists()


def test_a_line_is_not_coded_straight_to_an_account_of_another_currency(desk: Desk, world: World) -> None:
    [line] = desk.imported([("2026-03-06", "TO DOLLARS", "-170.00")])
    with pytest.raises(ledger.WrongCurrency, match="USD"):
        coding.code(line=line, account=desk.savings.account, by=world.ana, at=world.start)
    assert Undecided.objects.filter(line=line).exists()
