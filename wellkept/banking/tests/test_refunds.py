"""Money that comes back goes where it went: the same payee, the other sign, the same amount or a part of it."""

import pytest

from tests.world import World
from wellkept.banking.actions import batches, coding
from wellkept.banking.models import Automation, BankLine, Undecided
from wellkept.banking.tests.desk import Desk, bakery_desk
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


def expense(desk: Desk, place: int = 0):
    return books.accounts_in_use(desk.book).filter(type="expense")[place]


def purchase_tax(desk: Desk):
    return books.tax_codes(desk.book).filter(kind="purchase", rate_basis_points=1500).first()


def first_of(line: BankLine) -> dict:
    return next(iter(Undecided.objects.get(pk=line.pk).suggestion.choices), {})


def bought(desk: Desk, day: str = "2026-03-04", amount: str = "-115.00") -> BankLine:
    [line] = desk.imported([(day, "FUELCO 8841", amount)])
    coding.code(line=line, account=expense(desk), tax_code=purchase_tax(desk), by=desk.world.ana, at=desk.world.start)
    return line


@pytest.mark.req("B3")
@pytest.mark.parametrize("text", ["FUELCO 8841", "REFUND FUELCO 77"])
def test_a_refund_goes_to_the_account_and_tax_of_what_it_gives_back(desk: Desk, text: str) -> None:
    paid = bought(desk)
    [back] = desk.imported([("2026-03-20", text, "115.00")])

    first = first_of(back)

    assert (first["account"], first["tax_code"]) == (expense(desk).pk, purchase_tax(desk).pk)
    assert first["refund"] == paid.pk and Undecided.objects.get(pk=back.pk).suggestion.source == "refund"
    assert Undecided.objects.get(pk=back.pk).confidence >= 900_000
    assert first["basis"][0] == {
        "kind": "refund", "says": "FUELCO 8841", "amount": -11_500, "currency": "NZD", "on": "2026-03-04",
    }  # fmt: skip


@pytest.mark.parametrize(
    ("day", "amount", "found"),
    [
        ("2026-03-20", "15.00", True),  # a part of it
        ("2026-03-20", "115.01", False),  # more than was paid
        ("2026-03-03", "115.00", False),  # before it was paid
        ("2026-03-20", "-115.00", False),  # the same way
    ],
)
def test_what_is_a_refund_and_what_is_not(desk: Desk, day: str, amount: str, found: bool) -> None:
    bought(desk)
    [line] = desk.imported([(day, "FUELCO 8841", amount)])

    assert ("refund" in first_of(line)) is found


def test_a_season_later_nothing_is_given_back(desk: Desk) -> None:
    [paid] = desk.imported([("2025-11-04", "FUELCO 8841", "-115.00")])
    coding.code(line=paid, account=expense(desk), by=desk.world.ana, at=desk.world.start)
    [line] = desk.imported([("2026-03-04", "FUELCO 8841", "115.00")])

    assert "refund" not in first_of(line)


def test_the_refund_hears_when_what_it_gives_back_is_coded_and_when_that_is_undone(desk: Desk, world: World) -> None:
    paid, back = desk.imported([("2026-03-04", "FUELCO 8841", "-115.00"), ("2026-03-09", "REFUND FUELCO", "115.00")])
    assert "refund" not in first_of(back)

    coded = coding.code(line=paid, account=expense(desk), by=world.ana, at=world.start)
    assert first_of(back)["refund"] == paid.pk

    coding.undo(coding=coded, by=world.ana, at=world.start)
    assert "refund" not in first_of(back)


def test_a_refund_is_never_taken_alone_before_refunds_were_measured(desk: Desk, world: World) -> None:
    bought(desk)
    desk.imported([(f"2026-03-{day}", "FUELCO 8841", "115.00") for day in range(20, 26)])
    values = {"allowed_at": world.start, "allowed_by": world.ana, "limit": 10_000, "threshold": 800_000}
    Automation.objects.create(client=world.bakery, excluded=["refund"], **values)

    assert batches.decide_alone(client=world.bakery.pk, at=world.start) == 0


def test_a_refund_of_what_lost_its_tax_is_doubted(desk: Desk, world: World) -> None:
    bought(desk)
    ledger.retire_tax_code(tax_code=purchase_tax(desk), by=world.ana, at=world.start)
    [back] = desk.imported([("2026-03-20", "REFUND FUELCO", "115.00")])

    assert first_of(back)["doubt"] == "tax_retired" and first_of(back)["confidence"] <= 500_000
