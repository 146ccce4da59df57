"""Two people, or a person and the machine, do the same thing at the same moment: one wins, the other is told, nothing doubles."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date

import pytest

from tests.faults.at_once import refusals, together
from tests.faults.sound import complaints
from tests.world import build
from wellkept.banking.actions import batches, coding, importing, reconciling, ruling
from wellkept.banking.learning.trust import asked_anyway
from wellkept.banking.models import BankLine, Batch, Coding, Reconciliation, Statement, StatementFile, Undecided
from wellkept.banking.rules.conditions import Conditions
from wellkept.banking.tests.desk import Desk, bakery_desk, ofx
from wellkept.core.refusals import TakenByAnother
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books
from wellkept.ledger.models import Account, Entry

pytestmark = [pytest.mark.faults, pytest.mark.django_db(transaction=True)]
FUEL = "FUELCO 8841"


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return bakery_desk(build())


def expense(desk: Desk, place: int = 0) -> Account:
    return books.accounts_in_use(desk.book).filter(type="expense")[place]


def fuel(desk: Desk, count: int, *, more: int = 0) -> list[BankLine]:
    """So many lines of one payee, and a rule that is sure about them; `more` wait beside them."""
    rows = [(f"2026-03-{1 + n % 28:02d}", FUEL, f"-{n + 1}.00") for n in range(count + more)]
    lines = sorted(desk.imported(rows), key=lambda line: -line.amount_minor)
    draft = ruling.RuleDraft("Fuel", "The van", Conditions(words="fuelco"), expense(desk).code)
    ruling.make_rule(client=desk.world.bakery, draft=draft, by=desk.world.ana, at=desk.world.start)
    return lines[:count]


def unsampled(lines: list[BankLine]) -> list[BankLine]:
    """Without those of the sample, which no batch takes."""
    return [line for line in lines if not asked_anyway(line.identity)]


def approving(desk: Desk, lines: list[BankLine], by: object) -> Callable[[], object]:
    pks = [line.pk for line in lines]
    return lambda: batches.approve(client=desk.world.bakery, lines=pks, by=by, at=desk.world.start)


@pytest.mark.req("B3", "W3")
def test_two_people_approve_the_same_batch(desk: Desk) -> None:
    lines, world = fuel(desk, 12, more=5), desk.world

    outcomes = together(approving(desk, lines, world.ana), approving(desk, lines, world.leo))

    [refusal] = refusals(outcomes)
    assert isinstance(refusal, batches.BatchTaken | coding.AlreadyCoded)
    assert Batch.objects.count() == 1 and Coding.objects.count() == Entry.objects.count() == 12
    assert complaints(desk.book) == []


def test_two_people_approve_batches_that_overlap(desk: Desk) -> None:
    lines, world = fuel(desk, 20), desk.world

    outcomes = together(approving(desk, lines[:14], world.ana), approving(desk, lines[6:], world.leo))

    assert len(refusals(outcomes)) == 1
    assert Coding.objects.count() == 14 and Batch.objects.count() == 1
    assert complaints(desk.book) == []


def test_two_people_approve_different_lines_of_one_payee(desk: Desk) -> None:
    """Each of them teaches the memory and the lines that still wait, which are the other's."""
    lines, world = unsampled(fuel(desk, 20)), desk.world

    outcomes = together(approving(desk, lines[::2], world.ana), approving(desk, lines[1::2], world.leo))

    assert refusals(outcomes) == []
    assert Coding.objects.count() == len(lines) and Undecided.objects.count() == 20 - len(lines)
    assert complaints(desk.book) == []


def test_two_people_code_the_same_line(desk: Desk) -> None:
    [line], world = fuel(desk, 1), desk.world

    def by(who: object, place: int) -> Callable[[], object]:
        account = expense(desk, place)
        return lambda: coding.code(line=line, account=account, by=who, at=world.start)

    outcomes = together(by(world.ana, 0), by(world.leo, 1), by(world.lead, 2))

    assert [type(refusal) for refusal in refusals(outcomes)] == [coding.AlreadyCoded] * 2
    assert Entry.objects.count() == 1
    assert complaints(desk.book) == []


def test_people_code_neighbouring_lines_while_a_rule_is_made(desk: Desk) -> None:
    lines, world = fuel(desk, 18), desk.world

    def codes(who: object, mine: list[BankLine]) -> Callable[[], object]:
        def work() -> None:
            for line in mine:
                coding.code(line=line, account=expense(desk, 1), by=who, at=world.start)

        return work

    def rules() -> None:
        for number in range(6):
            draft = ruling.RuleDraft(f"Fuel {number}", "The van", Conditions(words="fuelco"), expense(desk, 2).code)
            ruling.make_rule(client=world.bakery, draft=draft, by=world.lead, at=world.start)

    outcomes = together(codes(world.ana, lines[::3]), codes(world.leo, lines[1::3]), rules)

    assert refusals(outcomes) == []
    assert Undecided.objects.count() == 6
    assert complaints(desk.book) == []


def test_two_people_undo_the_two_legs_of_a_transfer(desk: Desk) -> None:
    world = desk.world
    [out] = desk.imported([("2026-03-06", "TO SAVINGS", "-500.00")])
    [into] = desk.imported([("2026-03-07", "FROM OPERATING", "500.00")], account=desk.savings)
    coding.pair(line=out, other=into, by=world.ana, at=world.start)
    one, other = Coding.objects.select_related("entry__book", "client").order_by("pk")

    outcomes = together(
        lambda: coding.undo(coding=one, by=world.ana, at=world.start),
        lambda: coding.undo(coding=other, by=world.leo, at=world.start),
    )

    assert [type(refusal) for refusal in refusals(outcomes)] == [TakenByAnother]
    assert Undecided.objects.count() == 2 and Entry.objects.count() == 4
    assert complaints(desk.book) == []


def test_two_people_pair_crosswise(desk: Desk) -> None:
    world = desk.world
    [out] = desk.imported([("2026-03-06", "TO SAVINGS", "-500.00")])
    [into] = desk.imported([("2026-03-07", "FROM OPERATING", "500.00")], account=desk.savings)

    outcomes = together(
        lambda: coding.pair(line=out, other=into, by=world.ana, at=world.start),
        lambda: coding.pair(line=into, other=out, by=world.leo, at=world.start),
    )

    assert len(refusals(outcomes)) == 1
    assert Entry.objects.count() == 2 and Coding.objects.count() == 2
    assert complaints(desk.book) == []


def test_a_batch_is_undone_by_two_while_another_is_approved(desk: Desk) -> None:
    lines, world = unsampled(fuel(desk, 20)), desk.world
    batch = batches.approve(client=world.bakery, lines=[line.pk for line in lines[:10]], by=world.ana, at=world.start)

    outcomes = together(
        lambda: batches.undo_batch(batch=batch, by=world.ana, at=world.start),
        lambda: batches.undo_batch(batch=batch, by=world.lead, at=world.start),
        approving(desk, lines[10:], world.leo),
    )

    assert [type(refusal) for refusal in refusals(outcomes)] == [TakenByAnother]
    assert Undecided.objects.count() == 10 + 20 - len(lines)
    assert complaints(desk.book) == []


def test_overlapping_files_come_in_at_once(desk: Desk) -> None:
    world = desk.world
    rows = [(f"2026-03-{1 + n % 28:02d}", f"SHOP {n % 7}", f"-{1 + n % 5}.00") for n in range(90)]
    files = [desk.file(ofx(part)) for part in (rows[:60], rows[30:], rows, rows[::-1])]

    outcomes = together(
        *(lambda file=file: importing.import_file(file=file, by=world.ana, at=world.start) for file in files)
    )

    assert refusals(outcomes) == []
    assert complaints(desk.book) == []
    assert BankLine.objects.count() == 90 == sum(StatementFile.objects.values_list("new_lines", flat=True))


def test_one_file_is_imported_by_two(desk: Desk) -> None:
    file, world = desk.file(ofx([("2026-03-02", "KOWHAI CAFE", "-4.50")] * 2)), desk.world
    stale = StatementFile.objects.get(pk=file.pk)

    outcomes = together(
        lambda: importing.import_file(file=file, by=world.ana, at=world.start),
        lambda: importing.import_file(file=stale, by=world.leo, at=world.start),
    )

    assert [type(refusal) for refusal in refusals(outcomes)] == [TakenByAnother]
    assert BankLine.objects.count() == 2
    assert complaints(desk.book) == []


def test_the_same_bytes_are_dropped_by_two_and_imported(desk: Desk) -> None:
    content, world = ofx([("2026-03-02", "KOWHAI CAFE", "-4.50")] * 2), desk.world

    def drop() -> None:
        importing.import_file(file=desk.file(content), by=world.ana, at=world.start)

    outcomes = together(drop, drop)

    assert all(isinstance(refusal, TakenByAnother) for refusal in refusals(outcomes))
    assert BankLine.objects.count() == 2
    assert complaints(desk.book) == []


def test_a_month_is_closed_for_good_while_its_statement_comes_in_and_its_lines_are_coded(desk: Desk) -> None:
    lines, world = fuel(desk, 12), desk.world
    period = ledger.open_period(book=desk.book, on=date(2026, 3, 2), by=world.ana, at=world.start)
    file = desk.file(ofx([(f"2026-03-{1 + n:02d}", "SHOP", f"-{n}.10") for n in range(20)]))

    def codes() -> None:
        for line in lines:
            coding.code(line=line, account=expense(desk), by=world.leo, at=world.start)

    outcomes = together(
        lambda: importing.import_file(file=file, by=world.ana, at=world.start),
        codes,
        lambda: ledger.hard_close(period=period, by=world.lead, at=world.start),
    )

    assert all(isinstance(refusal, ledger.PeriodHardClosed) for refusal in refusals(outcomes))
    assert BankLine.objects.count() == 32
    period.refresh_from_db()
    assert period.state == "hard"
    assert complaints(desk.book) == []
    left = Undecided.objects.filter(line__payee="SHOP").first()
    with pytest.raises(ledger.PeriodHardClosed):
        coding.code(line=left.line, account=expense(desk), by=world.ana, at=world.start)


def test_a_statement_is_signed_while_a_line_of_it_is_taken_back(desk: Desk) -> None:
    """Whoever is first: no signature stands over a line that waits."""
    world = desk.world
    lines = desk.imported([("2026-03-02", FUEL, "-10.00"), ("2026-03-05", FUEL, "-20.00")], closing="-30.00")
    coded = [coding.code(line=line, account=expense(desk), by=world.ana, at=world.start) for line in lines]
    statement = Statement.objects.select_related("bank_account__account__book", "bank_account__client").get()

    together(
        lambda: reconciling.sign(statement=statement, by=world.lead, at=world.start),
        lambda: coding.undo(coding=coded[0], by=world.ana, at=world.start),
    )

    assert not Reconciliation.objects.filter(voided_at=None).exists()
    assert complaints(desk.book) == []
