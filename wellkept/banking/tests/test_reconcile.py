"""Book and bank at the end of a statement: proof, clues, signature, and what voids it."""

from datetime import date

import pytest

from tests.world import World
from wellkept.banking.actions import coding, reconciling
from wellkept.banking.models import Reconciliation, Statement
from wellkept.banking.queries import reconciling as reads
from wellkept.banking.tests.desk import Desk, bakery_desk
from wellkept.core.refusals import TakenByAnother
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books
from wellkept.ledger.actions import PostingDraft

ROWS = [("2026-03-02", "HARGREAVE LTD", "3450.00"), ("2026-03-05", "FUELCO 8841", "-450.00")]


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


@pytest.fixture
def statement(desk: Desk, world: World) -> Statement:
    """March, all coded; the bank says 3,000.00."""
    account = books.accounts_in_use(desk.book).filter(type="income").first()
    for line in desk.imported(ROWS, closing="3000.00"):
        coding.code(line=line, account=account, by=world.ana, at=world.start)
    return reads.statements_for(world.ana).get()


def manual(desk: Desk, world: World, amount: int, *, day: int = 6, key: str = "m1") -> None:
    other = books.accounts_in_use(desk.book).filter(type="expense").first()
    ledger.post(
        book=desk.book, dated_on=date(2026, 3, day), narration="By hand", source="manual", key=key, by=world.ana, at=world.start,
        lines=[PostingDraft(desk.bank.account, amount), PostingDraft(other, -amount)],
    )  # fmt: skip


def test_a_statement_that_agrees_is_signed(statement: Statement, world: World) -> None:
    stands = reads.standing(statement)
    assert (stands.opening_minor, stands.in_minor, stands.out_minor) == (0, 345_000, -45_000)
    assert stands.holds
    reconciling.sign(statement=statement, by=world.ana, at=world.start)
    assert reads.signed(statement).signed_by == world.ana
    with pytest.raises(TakenByAnother):
        reconciling.sign(statement=statement, by=world.leo, at=world.start)


def test_lines_to_decide_come_first(desk: Desk, world: World) -> None:
    desk.imported(ROWS, closing="3000.00")
    with pytest.raises(reconciling.LinesUndecided, match="2 lines"):
        reconciling.sign(statement=Statement.objects.get(), by=world.ana, at=world.start)


def test_a_difference_is_searched_and_refused(desk: Desk, statement: Statement, world: World) -> None:
    manual(desk, world, -4_700)
    stands = reads.standing(statement)
    assert stands.difference_minor == 4_700
    assert [clue.kind for clue in reads.search(stands)] == ["missing"]
    with pytest.raises(reconciling.Differs, match=r"NZD 47\.00"):
        reconciling.sign(statement=statement, by=world.ana, at=world.start)


def test_what_the_bank_has_not_told_of_yet_is_named(desk: Desk, statement: Statement, world: World) -> None:
    manual(desk, world, -4_700)
    [clue] = reads.search(reads.standing(statement))
    cheque = reconciling.Outstanding(clue.items[0].posting, "Cheque 104, not cashed yet")
    signed = reconciling.sign(statement=statement, outstanding=[cheque], by=world.ana, at=world.start)
    assert signed.explained[0]["words"].startswith("Cheque 104")
    with pytest.raises(reconciling.ExplanationWrong):
        reconciling.sign(
            statement=statement, outstanding=[reconciling.Outstanding(10**9, "?")], by=world.ana, at=world.start
        )


def test_a_later_change_underneath_voids_the_signature(desk: Desk, statement: Statement, world: World) -> None:
    reconciling.sign(statement=statement, by=world.ana, at=world.start)
    manual(desk, world, -4_700, day=28)
    world.run_reactions(at=world.start)
    voided = Reconciliation.objects.get()
    assert (voided.voided_because, voided.voided_at) == ("entry", world.start)
    assert reads.signed(statement) is None


def test_a_line_that_comes_in_late_voids_at_once(desk: Desk, statement: Statement, world: World) -> None:
    reconciling.sign(statement=statement, by=world.ana, at=world.start)
    desk.imported([("2026-03-20", "LATE FEE", "-3.00")])
    assert Reconciliation.objects.get().voided_because == "line"
    assert reads.signed(statement) is None


def test_undoing_a_coding_voids_at_once(statement: Statement, world: World) -> None:
    reconciling.sign(statement=statement, by=world.ana, at=world.start)
    line = statement.lines.first()
    coding.undo(coding=line.codings.get(), by=world.ana, at=world.start)
    assert reads.signed(statement) is None


def test_an_entry_after_the_statement_leaves_the_signature(desk: Desk, statement: Statement, world: World) -> None:
    reconciling.sign(statement=statement, by=world.ana, at=world.start)
    other = books.accounts_in_use(desk.book).filter(type="expense").first()
    ledger.post(
        book=desk.book, dated_on=date(2026, 4, 2), narration="April", source="manual", key="a", by=world.ana, at=world.start,
        lines=[PostingDraft(desk.bank.account, -100), PostingDraft(other, 100)],
    )  # fmt: skip
    world.run_reactions(at=world.start)
    assert reads.signed(statement) is not None
