"""A bank file comes in: looked at, proved, imported once, or refused whole."""

from datetime import date

import pytest
from django.db import DatabaseError, connection, transaction

from tests.world import World
from wellkept.banking.actions import accounts, importing
from wellkept.banking.formats import Unreadable
from wellkept.banking.models import BankLine, Statement, StatementFile, Undecided
from wellkept.banking.queries import files as read_files
from wellkept.banking.queries import lines as read_lines
from wellkept.banking.queries.plans import AnotherClients, AnotherCurrency, plan
from wellkept.banking.tests.desk import NUMBERS, Desk, bakery_desk, ofx
from wellkept.core.refusals import NotYours, TakenByAnother

ROWS = [
    ("2026-03-02", "KOWHAI CAFE", "-4.50"),
    ("2026-03-02", "KOWHAI CAFE", "-4.50"),
    ("2026-03-03", "HARGREAVE LTD", "3450.00"),
    ("2026-03-05", "FUELCO 8841", "-171.15"),
]


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


def test_the_plan_proves_the_file_before_anything_is_written(desk: Desk) -> None:
    file = desk.file(ofx(ROWS, closing="8269.85"))

    [planned] = plan(file, read_files.read(file)).statements

    assert planned.bank_account == desk.bank
    assert (planned.proof.in_minor, planned.proof.out_minor) == (345_000, -18_015)
    assert len(planned.new) == 4 and not planned.known
    assert not BankLine.objects.exists()


def test_two_equal_coffees_stay_and_a_second_download_adds_only_what_is_new(desk: Desk) -> None:
    desk.imported(ROWS[:3])

    again = desk.imported([*reversed(ROWS)])

    assert [line.payee for line in again] == ["FUELCO 8841"]
    assert BankLine.objects.filter(payee="KOWHAI CAFE").count() == 2
    assert Undecided.objects.count() == 4
    assert StatementFile.objects.order_by("-id").first().known_lines == 3


def test_every_line_opens_to_its_file(desk: Desk, world: World) -> None:
    line = desk.imported(ROWS)[0]
    assert line.file.stored.size > 0
    assert read_lines.for_staff(world.ana).get(pk=line.pk).row > 0
    assert not read_lines.for_staff(world.stranger).filter(pk=line.pk).exists()
    assert not read_files.for_staff(world.stranger).exists()


def test_an_account_of_another_client_is_refused_and_nothing_is_kept(desk: Desk, world: World) -> None:
    theirs = "12-3456-0000001-00"
    from wellkept.ledger import actions as ledger

    book = ledger.open_book(
        client=world.cycles,
        base_currency="NZD",
        template="nz",
        fiscal_month=4,
        opened_on=date(2025, 4, 1),
        by=world.stranger,
        at=world.start,
    )
    account = ledger.add_account(
        book=book, code="B1", name="Bank", type="asset", purpose="bank", by=world.stranger, at=world.start
    )
    accounts.open_bank_account(
        client=world.cycles,
        account=account,
        name="Bank",
        kind="bank",
        identifier=theirs,
        by=world.stranger,
        at=world.start,
    )
    file = desk.file(ofx(ROWS, number=theirs))

    with pytest.raises(AnotherClients, match="another client"):
        importing.import_file(file=file, by=world.ana, at=world.start)

    assert not BankLine.objects.exists() and not Statement.objects.exists()
    file.refresh_from_db()
    assert file.imported_at is None


def test_another_currency_is_refused(desk: Desk, world: World) -> None:
    file = desk.file(ofx(ROWS).replace(b"<CURDEF>NZD", b"<CURDEF>USD"))
    with pytest.raises(AnotherCurrency, match="USD"):
        importing.import_file(file=file, by=world.ana, at=world.start)


def test_a_file_nobody_can_read_is_refused_with_row_and_reason(desk: Desk, world: World) -> None:
    file = desk.file(ofx([("2026-02-30", "MOON CAFE", "-4.50")]))
    with pytest.raises(Unreadable) as refused:
        importing.import_file(file=file, by=world.ana, at=world.start)
    importing.reject_unreadable(file=file, why=refused.value, by=world.ana, at=world.start)
    assert file.reason.startswith("Row")
    assert not BankLine.objects.exists()
    importing.look_again(file=file, by=world.ana, at=world.start)
    assert read_files.waiting(world.ana).count() == 1


def test_a_file_is_imported_once(desk: Desk, world: World) -> None:
    file = desk.file(ofx(ROWS))
    stale = StatementFile.objects.get(pk=file.pk)
    importing.import_file(file=file, by=world.ana, at=world.start)
    with pytest.raises(TakenByAnother):
        importing.import_file(file=stale, by=world.leo, at=world.start)
    assert BankLine.objects.count() == 4


def test_a_stranger_takes_nothing_in(desk: Desk, world: World) -> None:
    file = desk.file(ofx(ROWS))
    with pytest.raises(NotYours):
        importing.import_file(file=file, by=world.stranger, at=world.start)


def test_a_missing_stretch_is_shown(desk: Desk, world: World) -> None:
    desk.imported(ROWS[:2], until="20260302", closing="100.00")
    file = desk.file(
        ofx([("2026-03-20", "FUELCO 8841", "-10.00")], closing="50.00").replace(
            b"<DTSTART>20260301", b"<DTSTART>20260315"
        )
    )
    [planned] = plan(file, read_files.read(file)).statements
    assert planned.gap is not None and planned.gap.days == 12
    importing.import_file(file=file, by=world.ana, at=world.start)
    assert len(read_files.gaps(desk.bank)) == 1


def test_the_first_file_teaches_the_account_its_number(desk: Desk, world: World) -> None:
    desk.bank.digest = ""
    type(desk.bank).objects.filter(pk=desk.bank.pk).update(digest="")
    file = desk.file(ofx(ROWS), account=desk.bank)
    importing.import_file(file=file, by=world.ana, at=world.start)
    desk.bank.refresh_from_db()
    assert desk.bank.identifier == NUMBERS["Operating account"]
    assert desk.bank.digest


def test_of_a_card_only_the_last_digits_are_kept(desk: Desk, world: World) -> None:
    from wellkept.ledger import actions as ledger

    account = ledger.add_account(
        book=desk.book, code="C1", name="Card", type="liability", purpose="card", by=world.ana, at=world.start
    )
    card = accounts.open_bank_account(
        client=world.bakery,
        account=account,
        name="Card",
        kind="card",
        identifier="4111 1111 1111 1111",
        by=world.ana,
        at=world.start,
    )
    assert card.identifier == "•••• 1111"


def test_the_database_keeps_what_the_bank_told(desk: Desk) -> None:
    line = desk.imported(ROWS)[0]
    for statement in (
        "UPDATE banking_bankline SET amount_minor = 1 WHERE id = %s",
        "DELETE FROM banking_bankline WHERE id = %s",
    ):
        with (
            pytest.raises(DatabaseError, match="as the bank told it"),
            transaction.atomic(),
            connection.cursor() as cursor,
        ):
            cursor.execute(statement, [line.pk])
