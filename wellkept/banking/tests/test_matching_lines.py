"""What the book had before the bank told it, and what was taken back behind a line's back."""

from datetime import date

import pytest

from tests.world import World
from wellkept.banking.actions import coding, reconciling
from wellkept.banking.models import BankLine, Coding, Reconciliation, Statement, Undecided
from wellkept.banking.queries import matches
from wellkept.banking.queries import reconciling as reads
from wellkept.banking.tests.desk import Desk, bakery_desk
from wellkept.core.refusals import TakenByAnother
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books
from wellkept.ledger.actions import PostingDraft
from wellkept.ledger.models import Account, Entry, Posting


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


def expense(desk: Desk) -> Account:
    return books.accounts_in_use(desk.book).filter(type="expense")[0]


def cheque(desk: Desk, amount: int, on: date, key: str = "c") -> Posting:
    """Written by hand before the bank tells of it."""
    world = desk.world
    entry = ledger.post(
        book=desk.book, dated_on=on, narration=f"Cheque {key}", source="manual", key=key, by=world.ana, at=world.start,
        lines=[PostingDraft(desk.bank.account, -amount), PostingDraft(expense(desk), amount)],
    )  # fmt: skip
    return Posting.objects.get(entry=entry, account=desk.bank.account)


def march(desk: Desk) -> Statement:
    """March with one line, coded; the bank says 1,000.00."""
    [line] = desk.imported([("2026-03-02", "SALES", "1000.00")], closing="1000.00")
    coding.code(line=line, account=expense(desk), by=desk.world.ana, at=desk.world.start)
    return line.statement


def sign(statement: Statement, world: World, *named: Posting) -> Reconciliation:
    words = [reconciling.Outstanding(each.pk, "Cheque, not cashed") for each in named]
    return reconciling.sign(statement=statement, outstanding=words, by=world.ana, at=world.start)


def test_a_cheque_is_outstanding_until_the_bank_tells_of_it(desk: Desk, world: World) -> None:
    first = march(desk)
    old = cheque(desk, 11_100, date(2026, 3, 10))
    sign(first, world, old)
    [sale] = desk.imported([("2026-04-20", "B", "50.00")], closing="1050.00", until="20260430")
    coding.code(line=sale, account=expense(desk), by=world.ana, at=world.start)
    april = sale.statement
    assert reads.carried(april) == {old.pk: "Cheque, not cashed"}
    sign(april, world, old)
    [cashed] = desk.imported([("2026-05-04", "CHQ 12", "-111.00")], closing="939.00", until="20260531")
    assert matches.candidates(cashed) == [old]

    matched = coding.match(line=cashed, found=old, by=world.ana, at=world.start)

    may = cashed.statement
    assert reads.standing(may).holds and sign(may, world)
    assert matched.entry == old.entry and Entry.objects.count() == 3
    assert [reads.signed(each) is not None for each in (first, april, may)] == [True, True, True]
    assert not reads.outstanding_page(may, find="", place=1, beside=[])[0]


def test_three_cheques_are_named_whatever_their_age(desk: Desk, world: World) -> None:
    statement = march(desk)
    cheques = [cheque(desk, amount, date(2026, 3, day), str(day)) for amount, day in ((111, 25), (223, 26), (337, 27))]
    listed, more = reads.outstanding_page(statement, find="", place=1, beside=[])
    assert [each.posting for each in listed] == cheques[::-1] and not more
    assert [each.posting for each in reads.outstanding_page(statement, find="2.23", place=1, beside=[])[0]] == [
        cheques[1]
    ]
    assert sign(statement, world, *cheques).explained[0]["words"] == "Cheque, not cashed"


def test_a_match_is_let_go_and_the_entry_stays(desk: Desk, world: World) -> None:
    found = cheque(desk, 11_100, date(2026, 3, 10))
    [line] = desk.imported([("2026-03-12", "CHQ", "-111.00")])
    coded = coding.match(line=line, found=found, by=world.ana, at=world.start)
    with pytest.raises(coding.AlreadyCoded):
        coding.code(line=line, account=expense(desk), by=world.ana, at=world.start)

    coding.undo(coding=coded, by=world.ana, at=world.start)

    assert not books.is_reversed(found.entry) and Undecided.objects.filter(line=line).exists()


def test_one_posting_is_one_line(desk: Desk, world: World) -> None:
    found = cheque(desk, 11_100, date(2026, 3, 10))
    one, other = desk.imported([("2026-03-12", "CHQ 1", "-111.00"), ("2026-03-13", "CHQ 2", "-111.00")])
    coding.match(line=one, found=found, by=world.ana, at=world.start)
    assert matches.candidates(other) == []
    with pytest.raises(coding.NotTheSame):
        coding.match(line=other, found=found, by=world.ana, at=world.start)
    with pytest.raises(coding.NotTheSame):
        coding.match(line=other, found=found.entry.postings.get(account=expense(desk)), by=world.ana, at=world.start)


def test_what_the_bank_told_and_the_book_dates_later_is_named_too(desk: Desk, world: World) -> None:
    march(desk)
    late = cheque(desk, 11_100, date(2026, 4, 2))
    [line] = desk.imported([("2026-03-31", "CHQ", "-111.00")], closing="889.00")
    coding.match(line=line, found=late, by=world.ana, at=world.start)
    assert reads.standing(line.statement).difference_minor == -11_100
    assert sign(line.statement, world, late)


def test_what_the_bank_itself_told_explains_nothing(desk: Desk, world: World) -> None:
    lines = desk.imported([("2026-03-02", "A", "3450.00"), ("2026-03-05", "B", "-450.00")], closing="-450.00")
    for line in lines:
        coding.code(line=line, account=expense(desk), by=world.ana, at=world.start)
    told = Posting.objects.get(account=desk.bank.account, amount_minor=345_000)
    with pytest.raises(reconciling.ExplanationWrong, match="a line of it"):
        sign(lines[0].statement, world, told)


def test_what_was_taken_back_explains_nothing(desk: Desk, world: World) -> None:
    statement = march(desk)
    wrong = cheque(desk, 11_100, date(2026, 3, 10))
    reverse(wrong.entry, world, on=date(2026, 3, 11))
    with pytest.raises(reconciling.ExplanationWrong):
        sign(statement, world, wrong)


def reverse(entry: Entry, world: World, *, on: date | None = None) -> Entry:
    return ledger.reverse(
        entry=entry, dated_on=on or entry.dated_on, reason="Wrong", key=f"r-{entry.pk}", by=world.ana, at=world.start
    )


def coded(desk: Desk) -> Coding:
    [line] = desk.imported([("2026-03-02", "FUELCO", "-45.00")])
    return coding.code(line=line, account=expense(desk), by=desk.world.ana, at=desk.world.start)


def test_an_entry_taken_back_in_the_books_lets_its_line_wait_again(desk: Desk, world: World) -> None:
    decided = coded(desk)
    reversal = reverse(decided.entry, world)
    world.run_reactions(at=world.start)

    decided.refresh_from_db()
    assert decided.reversal == reversal and decided.undone_by == world.ana
    assert Undecided.objects.get().line_id == decided.line_id
    assert coding.follow_reversal(entry=decided.entry_id, by=None, at=world.start) == 0
    again = coding.code(line=BankLine.objects.get(), account=expense(desk), by=world.ana, at=world.start)
    assert again.entry != decided.entry


def test_undoing_takes_up_a_reversal_that_is_there(desk: Desk, world: World) -> None:
    decided = coded(desk)
    reversal = reverse(decided.entry, world)
    assert coding.undo(coding=decided, by=world.ana, at=world.start).reversal == reversal
    with pytest.raises(TakenByAnother):
        coding.undo(coding=decided, by=world.ana, at=world.start)


def test_a_leg_taken_back_in_the_books_takes_the_other_with_it(desk: Desk, world: World) -> None:
    [out] = desk.imported([("2026-03-06", "TO SAVINGS", "-500.00")])
    [into] = desk.imported([("2026-03-07", "FROM OPERATING", "500.00")], account=desk.savings)
    entry = coding.pair(line=out, other=into, by=world.ana, at=world.start)
    reverse(entry, world, on=date(2026, 3, 20))
    world.run_reactions(at=world.start)
    assert Undecided.objects.count() == 2
    assert books.account_total([desk.savings.account.pk], None, date(2026, 4, 1)).amount_minor == 0


def test_what_the_book_began_with_is_not_listed_and_can_be_found(desk: Desk, world: World) -> None:
    statement = march(desk)
    opening = cheque(desk, -200_000, date(2026, 1, 5), "opening")
    back = cheque(desk, 200_000, date(2026, 1, 6), "older")
    assert reads.outstanding_page(statement, find="", place=1, beside=[]) == ([], False)
    found, _more = reads.outstanding_page(statement, find="2,000.00", place=1, beside=[])
    assert [each.posting for each in found] == [back, opening]
