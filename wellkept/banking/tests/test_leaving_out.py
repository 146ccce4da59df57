"""Lines that do not count, whole files taken out again, notes of nothing, and balances a person states."""

import pytest
from django.db import DatabaseError, transaction

from tests.world import World
from wellkept.banking.actions import coding, importing, leaving, questions, reconciling
from wellkept.banking.actions.reviewing import review
from wellkept.banking.models import BankLine, LeftOut, Reconciliation, Statement, StatementFile, Undecided
from wellkept.banking.queries import files as file_reads
from wellkept.banking.queries import reconciling as reads
from wellkept.banking.queries.plans import Plan, plan
from wellkept.banking.queries.review import open_of
from wellkept.banking.tests.desk import Desk, bakery_desk, ofx
from wellkept.core.money import Money
from wellkept.core.refusals import TakenByAnother
from wellkept.ledger import queries as books
from wellkept.ledger.models import Account

COFFEE = ("2026-03-02", "CAFE", "-4.50")


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


def expense(desk: Desk) -> Account:
    return books.accounts_in_use(desk.book).filter(type="expense")[0]


def planned(file: StatementFile) -> Plan:
    return plan(file, file_reads.read(file))


def code(desk: Desk, *lines: BankLine) -> None:
    for line in lines:
        coding.code(line=line, account=expense(desk), by=desk.world.ana, at=desk.world.start)


def sign(statement: Statement, world: World) -> Reconciliation:
    return reconciling.sign(statement=statement, by=world.ana, at=world.start)


def test_a_line_that_moves_nothing_is_a_note_and_blocks_nothing(desk: Desk, world: World) -> None:
    note, sale = desk.imported(
        [("2026-03-02", "RATE CHANGED", "0.00"), ("2026-03-03", "A", "100.00")], closing="100.00"
    )
    assert note.amount_minor == 0 and list(Undecided.objects.values_list("line", flat=True)) == [sale.pk]
    code(desk, sale)
    assert sign(sale.statement, world)
    again = desk.file(ofx([("2026-03-02", "RATE CHANGED", "0.00")]))
    assert planned(again).new_count == 0


def test_a_line_left_out_counts_in_nothing_and_comes_back(desk: Desk, world: World) -> None:
    twice, sale = desk.imported([("2026-03-02", "A AGAIN", "100.00"), ("2026-03-03", "A", "100.00")], closing="100.00")
    code(desk, sale)
    leaving.leave_out(line=twice, reason="The bank told it twice", by=world.ana, at=world.start)
    stands = reads.standing(sale.statement)
    assert stands.holds and not Undecided.objects.exists()
    sign(sale.statement, world)
    with pytest.raises(coding.AlreadyCoded):
        code(desk, twice)

    leaving.bring_back(line=twice, by=world.ana, at=world.start)

    assert Undecided.objects.get().suggestion is not None
    assert Reconciliation.objects.get().voided_because == "line"
    with pytest.raises(TakenByAnother):
        leaving.bring_back(line=twice, by=world.ana, at=world.start)


def test_what_is_left_out_says_why_and_is_not_asked_about(desk: Desk, world: World) -> None:
    [line] = desk.imported([COFFEE])
    with pytest.raises(leaving.ReasonMissing):
        leaving.leave_out(line=line, reason=" ", by=world.ana, at=world.start)
    questions.ask(lines=[line], contact=world.mina, text="What?", by=world.ana, at=world.start)
    with pytest.raises(leaving.Asked):
        leaving.leave_out(line=line, reason="Twice", by=world.ana, at=world.start)


def test_a_download_does_not_bring_back_what_was_left_out(desk: Desk, world: World) -> None:
    [line] = desk.imported([COFFEE])
    leaving.leave_out(line=line, reason="Not ours", by=world.ana, at=world.start)
    again = desk.file(ofx([COFFEE, ("2026-03-04", "B", "-1.00")]))
    assert (planned(again).new_count, planned(again).statements[0].left_out) == (1, 1)
    importing.import_file(file=again, by=world.ana, at=world.start)
    assert Undecided.objects.count() == 1


def test_the_line_itself_stays_as_the_bank_told_it(desk: Desk, world: World) -> None:
    [line] = desk.imported([COFFEE])
    leaving.leave_out(line=line, reason="Not ours", by=world.ana, at=world.start)
    with pytest.raises(DatabaseError), transaction.atomic():
        BankLine.objects.filter(pk=line.pk).delete()


def test_a_wrong_file_is_taken_out_whole_and_put_in_again(desk: Desk, world: World) -> None:
    right = desk.imported([("2026-03-01", "A", "10.00")], closing="10.00", until="20260301")
    code(desk, *right)
    sign(right[0].statement, world)
    lines = desk.imported([COFFEE, ("2026-03-03", "B", "-2.00")], closing="99.00")
    file = lines[0].file
    assert reads.newest_with_balance(desk.bank) == lines[0].statement

    assert leaving.take_file_out(file=file, reason="Another client's", by=world.ana, at=world.start) == 2

    assert not Undecided.objects.exists() and LeftOut.objects.count() == 2
    assert reads.newest_with_balance(desk.bank) == right[0].statement
    assert list(reads.statements_for(world.ana)) == [right[0].statement]
    with pytest.raises(TakenByAnother):
        leaving.take_file_out(file=file, reason="Again", by=world.ana, at=world.start)
    assert leaving.put_file_in(file=file, by=world.ana, at=world.start) == 2
    assert Undecided.objects.count() == 2


def test_a_file_with_a_coded_line_stays(desk: Desk, world: World) -> None:
    one, _other = desk.imported([COFFEE, ("2026-03-03", "B", "-2.00")])
    code(desk, one)
    with pytest.raises(leaving.LinesCoded, match="1 line"):
        leaving.take_file_out(file=one.file, reason="Wrong", by=world.ana, at=world.start)
    assert Undecided.objects.count() == 1


def test_the_right_file_comes_in_after_the_wrong_one_was_taken_out(desk: Desk, world: World) -> None:
    [line] = desk.imported([("2026-03-02", "CAFE", "-4.50")])
    leaving.take_file_out(file=line.file, reason="Wrong columns", by=world.ana, at=world.start)
    again = planned(desk.file(ofx([("2026-03-02", "CAFE AUCKLAND", "-4.50")])))
    assert (again.new_count, again.doubted_count) == (1, 0)


def test_other_words_of_the_same_day_and_amount_are_asked_about_once(desk: Desk, world: World) -> None:
    desk.imported([COFFEE])
    worded = [("2026-03-02", "CAFE AUCKLAND CARD 1234", "-4.50"), ("2026-03-05", "C", "-9.00")]
    careful, all_of_it = desk.file(ofx(worded)), desk.file(ofx([*worded, ("2026-03-06", "D", "-1.00")]))
    assert planned(careful).doubted_count == 1

    importing.import_without_doubted(file=careful, by=world.ana, at=world.start)

    assert (careful.new_lines, careful.known_lines) == (1, 1)
    assert LeftOut.objects.get().line.payee.startswith("CAFE AUCKLAND") and Undecided.objects.count() == 2
    assert planned(all_of_it).doubted_count == 0, "it is known in both wordings by now"


def test_two_equal_coffees_of_one_file_are_both_taken(desk: Desk, world: World) -> None:
    desk.imported([COFFEE])
    both = desk.file(ofx([COFFEE, COFFEE]))
    assert (planned(both).new_count, planned(both).doubted_count) == (1, 0)
    importing.import_file(file=both, by=world.ana, at=world.start)
    assert Undecided.objects.count() == 2


def test_a_person_states_the_balance_the_file_does_not_tell(desk: Desk, world: World) -> None:
    [sale] = desk.imported([("2026-03-02", "A", "100.00")])
    code(desk, sale)
    with pytest.raises(reconciling.NoClosingBalance, match="State the one you see"):
        sign(sale.statement, world)
    assert reads.newest_with_balance(desk.bank) is None
    reconciling.state_closing(statement=sale.statement, closing=Money(9_900, "NZD"), by=world.ana, at=world.start)
    assert reads.standing(sale.statement).difference_minor == -100

    reconciling.state_closing(statement=sale.statement, closing=Money(10_000, "NZD"), by=world.ana, at=world.start)

    assert sign(sale.statement, world).bank_minor == 10_000
    assert reads.stated(sale.statement).stated_by == world.ana
    reconciling.state_closing(statement=sale.statement, closing=Money(10_100, "NZD"), by=world.ana, at=world.start)
    assert reads.signed(sale.statement) is None
    with pytest.raises(DatabaseError), transaction.atomic():
        sale.statement.stated.update(closing_minor=1)


def test_what_the_bank_told_is_not_stated(desk: Desk, world: World) -> None:
    [sale] = desk.imported([("2026-03-02", "A", "100.00")], closing="100.00")
    with pytest.raises(reconciling.TheBankTold):
        reconciling.state_closing(statement=sale.statement, closing=Money(1, "NZD"), by=world.ana, at=world.start)


def test_the_review_asks_neither_for_what_is_left_out_nor_for_notes_nor_for_a_leg_that_is_there(
    desk: Desk, world: World
) -> None:
    twice, note = desk.imported([("2026-03-02", "TWICE", "-4.50"), ("2026-03-03", "NOTE", "0.00")])
    leaving.leave_out(line=twice, reason="Told twice", by=world.ana, at=world.start)
    [out] = desk.imported([("2026-03-10", "TO SAVINGS", "-500.00")])
    [into] = desk.imported([("2026-03-11", "FROM OPERATING", "500.00")], account=desk.savings)
    coding.pair(line=out, other=into, by=world.ana, at=world.start)

    review(client=world.bakery, month=note.dated_on.replace(day=1), by=world.ana, at=world.start)

    kinds = {found.kind for found in open_of(world.ana, world.bakery, note.dated_on.replace(day=1))}
    assert not kinds & {"uncoded", "one_leg", "clearing"}
