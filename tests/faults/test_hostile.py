"""Hostile files on the whole road: taken in, imported, refused with their reason, and no row left behind."""

from __future__ import annotations

import pytest
from django.db import transaction

from tests.faults.sound import complaints
from tests.world import World
from wellkept.banking.actions import importing
from wellkept.banking.formats import Unreadable
from wellkept.banking.models import BankLine, Statement, StatementFile, Suggestion, Undecided
from wellkept.banking.queries.plans import WhichAccount
from wellkept.banking.tests.desk import Desk, bakery_desk
from wellkept.banking.tests.hostile_files import FILES, Hostile
from wellkept.core.models import Fact
from wellkept.core.refusals import Refusal
from wellkept.ledger import actions as ledger

pytestmark = pytest.mark.req("B3")
KEPT = (BankLine, Statement, Undecided, Suggestion)


@pytest.fixture
def desk(world: World) -> Desk:
    """With one euro account, which most of the files are of."""
    return bakery_desk(world)


def euros(desk: Desk) -> Desk:
    from wellkept.banking.actions import accounts

    world = desk.world
    account = ledger.add_account(
        book=desk.book,
        code="E1",
        name="Euros",
        type="asset",
        purpose="bank",
        currency="EUR",
        by=world.ana,
        at=world.start,
    )
    desk.bank = accounts.open_bank_account(
        client=world.bakery, account=account, name="Euros", kind="bank", by=world.ana, at=world.start
    )
    return desk


def drop(desk: Desk, hostile: Hostile) -> StatementFile:
    file = desk.file(hostile.content, name="hostile", account=desk.bank)
    if hostile.map is not None:
        importing.use_mapping(file=file, columns=hostile.map, by=desk.world.ana, at=desk.world.start)
    return file


class Thrown(Exception):
    """Ends one file's turn: what it wrote goes."""


def test_no_hostile_file_leaves_a_row_and_every_refusal_can_be_kept_with_it(desk: Desk) -> None:
    """One desk for all of them: each file's turn is thrown away after it."""
    euros(desk)
    wrong = []
    for name, hostile in FILES.items():
        try:
            with transaction.atomic():
                wrong += [f"{name}: {text}" for text in one(desk, hostile)]
                raise Thrown
        except Thrown:
            pass
    assert wrong == []


def one(desk: Desk, hostile: Hostile) -> list[str]:
    file, facts = drop(desk, hostile), Fact.objects.count()
    try:
        importing.import_file(file=file, by=desk.world.ana, at=desk.world.start)
    except Unreadable as why:
        importing.reject_unreadable(file=file, why=why, by=desk.world.ana, at=desk.world.start)
        file.refresh_from_db()
        left = sum(model.objects.count() for model in KEPT)
        found = [f"{left} rows are left"] if left else []
        found += [] if hostile.says and file.rejected_at else ["was to be read"]
        found += [] if file.reason and Fact.objects.count() == facts + 1 else ["says no reason, or tells too much"]
        return found
    except Refusal as refusal:
        left = sum(model.objects.count() for model in KEPT)
        return [] if not left and str(refusal) else [f"{left} rows after “{refusal}”"]
    here = tuple(BankLine.objects.order_by("row", "id").values_list("amount_minor", flat=True))
    wrong = complaints(desk.book)
    return [] if here == hostile.amounts and not wrong else [f"kept {here} of {hostile.amounts}", *wrong]


def test_one_id_with_two_amounts_stays_two_lines(desk: Desk) -> None:
    euros(desk)
    hostile = FILES["duplicate fitid with another amount"]

    importing.import_file(file=drop(desk, hostile), by=desk.world.ana, at=desk.world.start)
    again = importing.import_file(file=drop(desk, hostile), by=desk.world.ana, at=desk.world.start)

    assert sorted(BankLine.objects.values_list("bank_id", "amount_minor")) == [("7", -200), ("7", -100)]
    assert (again.new_lines, again.known_lines) == (0, 2)


def test_a_number_nobody_knows_is_not_laid_upon_an_account_that_has_another(desk: Desk) -> None:
    file = desk.file(FILES["duplicate fitid with another amount"].content, account=desk.savings)

    with pytest.raises(WhichAccount, match="another number"):
        importing.import_file(file=file, by=desk.world.ana, at=desk.world.start)

    assert not BankLine.objects.exists()
