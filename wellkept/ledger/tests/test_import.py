"""Earlier books brought in: looked at first, confirmed by a person, posted whole or not at all, and never twice."""

from __future__ import annotations

from datetime import timedelta
from fractions import Fraction

import pytest

from tests.world import World
from wellkept.core import files
from wellkept.core.refusals import NotYours, Refusal, TakenByAnother
from wellkept.ledger import actions, queries
from wellkept.ledger.actions import importing
from wellkept.ledger.models import Account, Book, Entry, HistoryFile, Posting, PostingTag
from wellkept.ledger.queries import histories
from wellkept.ledger.queries.exporting import export_book
from wellkept.ledger.tests.books import Desk, day
from wellkept.ledger.tests.randomly import fill

FAR = day("2030-01-01")
JOURNAL = """Date,Journal No,Account,Debit,Credit,Description,Narration
2025-04-01,1,1000 Business bank account,"1,150.00",,,Opening sale
2025-04-01,1,4000 Sales,,"1,000.00",Bread,Opening sale
2025-04-01,1,2100 GST,,150.00,,Opening sale
2025-04-02,2,6995 Flour and sugar,200,,,Flour
2025-04-02,2,1000 Business bank account,,200,,Flour
"""


@pytest.fixture
def second(world: World) -> Book:
    """The cycle shop's book, to bring the bakery's history into."""
    book = actions.open_book(client=world.cycles, template="nz", by=world.admin, at=world.start)
    assert book.last_number == 0
    return book


def taken(book: Book, data: str | bytes, *, by: object, world: World, kind: str = "history") -> HistoryFile:
    raw = data.encode() if isinstance(data, str) else data
    stored = files.store(raw, media_type="text/plain", at=world.start)
    return importing.take_in_history(book=book, stored=stored, name="old.csv", kind=kind, by=by, at=world.start)  # type: ignore[arg-type]


def brought_in(book: Book, data: str, *, world: World, kind: str = "history") -> HistoryFile:
    file = taken(book, data, by=world.admin, world=world, kind=kind)
    importing.confirm_history(file=file, choices={}, by=world.admin, at=world.start)
    world.run_reactions(at=world.start)
    file.refresh_from_db()
    return file


@pytest.mark.req("B3")
@pytest.mark.parametrize("program", ["beancount", "hledger"])
def test_a_book_told_and_brought_in_elsewhere_has_the_same_trial_balance(
    desk: Desk, second: Book, program: str
) -> None:
    fill(desk, 300)
    text = "".join(export_book(desk.book, program).pieces)

    file = brought_in(second, text, world=desk.world)

    assert file.posted_at is not None, file.reason
    assert file.entries == Entry.objects.filter(book=desk.book).count()
    assert standing(second) == standing(desk.book)
    assert [row.amount_minor for row in queries.trial_balance(second, FAR).rows] == [
        row.amount_minor for row in queries.trial_balance(desk.book, FAR).rows
    ]
    assert lines(second) == lines(desk.book)
    assert PostingTag.objects.filter(posting__account__book=second).count() > 0
    assert queries.balances_are_right(second)
    assert queries.verify_book(second).findings == []


def standing(book: Book) -> dict[str, tuple[int, int]]:
    """What every account holds, by code."""
    codes = dict(Account.objects.filter(book=book).values_list("pk", "code"))
    found = queries.totals(book, None, FAR)
    return {codes[pk]: (each.amount_minor, each.foreign_minor) for pk, each in found.items() if each.amount_minor}


def lines(book: Book) -> list[tuple[object, ...]]:
    rows = Posting.objects.filter(account__book=book).order_by("entry__number", "position")
    return [
        (number, on, merged or code, amount, currency, foreign, text.strip())
        for number, on, code, merged, amount, currency, foreign, text in rows.values_list(
            "entry__number", "dated_on", "account__code", "account__merged_into__code", "amount_minor", "currency",
            "foreign_minor", "text",
        )
    ]  # fmt: skip


@pytest.mark.req("B3")
def test_a_journal_is_looked_at_first_and_posted_when_it_is_confirmed(desk: Desk) -> None:
    file = taken(desk.book, JOURNAL, by=desk.ana, world=desk.world)
    planned = histories.plan(desk.book, histories.read(file), {})

    assert (planned.new, planned.known, planned.problems) == (2, 0, [])
    assert planned.debit_minor == 135_000
    [unknown] = planned.to_decide
    assert (unknown.name, unknown.type) == ("Flour and sugar", "expense")
    assert not Entry.objects.exists()

    choices = {"accounts": {unknown.read.key: {"code": "5110", "name": "Flour", "type": "expense"}}}
    importing.confirm_history(file=file, choices=choices, by=desk.ana, at=desk.at)
    assert not Entry.objects.exists()
    desk.world.run_reactions(at=desk.at)

    file.refresh_from_db()
    assert (file.entries, file.first_number, file.last_number) == (2, 1, 2)
    first, second = Entry.objects.order_by("number")
    assert (first.narration, first.source, first.posted_by) == ("Opening sale", "import", desk.ana.pk)
    assert standing(desk.book)["5110"] == (20_000, 0)
    assert second.dated_on == day("2025-04-02")


def test_the_same_file_or_one_that_overlaps_adds_nothing_twice(desk: Desk) -> None:
    more = JOURNAL + "2025-04-03,3,6995 Flour and sugar,5,,,\n2025-04-03,3,1000 Business bank account,,5,,\n"
    brought_in(desk.book, JOURNAL, world=desk.world)

    again = taken(desk.book, JOURNAL + "\n", by=desk.ana, world=desk.world)
    with pytest.raises(importing.NothingNew):
        importing.confirm_history(file=again, choices={}, by=desk.ana, at=desk.at)
    longer = brought_in(desk.book, more, world=desk.world)

    assert (longer.entries, longer.known) == (1, 2)
    assert Entry.objects.count() == 3
    assert importing.bring_in(file=longer.pk, at=desk.at).entries == 1
    assert Entry.objects.count() == 3


def test_an_entry_that_says_something_else_under_its_number_is_pointed_out(desk: Desk) -> None:
    brought_in(desk.book, JOURNAL, world=desk.world)
    file = taken(desk.book, JOURNAL.replace("200", "300"), by=desk.ana, world=desk.world)

    planned = histories.plan(desk.book, histories.read(file), {})

    assert [warning.row for warning in planned.warnings] == [5]
    assert (planned.new, planned.known) == (1, 1)


def test_one_bad_row_stops_all_of_it_and_names_its_place(desk: Desk) -> None:
    file = taken(desk.book, JOURNAL.replace("200,,,Flour", "210,,,Flour"), by=desk.ana, world=desk.world)

    [problem] = histories.plan(desk.book, histories.read(file), {}).problems
    with pytest.raises(importing.HasProblems, match=r"Row 5: Debits are 10\.00 more than credits"):
        importing.confirm_history(file=file, choices={}, by=desk.ana, at=desk.at)

    assert problem.row == 5
    assert not Entry.objects.exists() and not Account.objects.filter(name="Flour and sugar").exists()


def test_what_closes_between_confirming_and_posting_sends_the_file_back(desk: Desk) -> None:
    file = taken(desk.book, JOURNAL, by=desk.ana, world=desk.world)
    importing.confirm_history(file=file, choices={}, by=desk.ana, at=desk.at)
    period = actions.open_period(book=desk.book, on=day("2025-04-01"), by=desk.ana, at=desk.at)
    actions.soft_close(period=period, by=desk.ana, at=desk.at)
    desk.world.run_reactions(at=desk.at)

    file.refresh_from_db()
    assert file.is_waiting and "2025-04 is closed" in file.reason
    assert not Entry.objects.exists() and not Account.objects.filter(name="Flour and sugar").exists()


def test_a_history_from_before_the_book_lets_it_begin_earlier(desk: Desk) -> None:
    file = brought_in(desk.book, JOURNAL.replace("2025-04", "2019-04"), world=desk.world)

    desk.book.refresh_from_db()
    assert file.entries == 2
    assert desk.book.opened_on == day("2019-04-01")


def test_a_trial_balance_opens_the_book(desk: Desk) -> None:
    text = "Account Code,Account,Debit,Credit\n1000,Business bank account,500.00,\n3000,Capital,,500.00\nTotal,,500.00,500.00\n"
    file = taken(desk.book, text, by=desk.ana, world=desk.world, kind="opening")
    assert histories.read(file).needs == "day"

    how = histories.how(file)
    importing.say_how(file=file, how=type(how)("NZD", day=day("2025-03-31")), by=desk.ana, at=desk.at)
    importing.confirm_history(file=file, choices={}, by=desk.ana, at=desk.at)
    desk.world.run_reactions(at=desk.at)

    entry = Entry.objects.get()
    assert (entry.source, entry.key, entry.narration) == ("opening", "opening-2025-03-31", "Opening balances")
    assert standing(desk.book)["1000"] == (50_000, 0)


def test_foreign_amounts_without_a_worth_take_the_rate_of_the_day(desk: Desk) -> None:
    text = '2025-04-01 * "Fair" ""\n  Assets:Dollars  10.01 USD\n  Assets:Dollars  10.01 USD\n  Income:Sales\n'
    file = taken(desk.book, text, by=desk.ana, world=desk.world)
    [problem, *_more] = histories.plan(desk.book, histories.read(file), {}).problems
    assert "There is no rate of USD for 2025-04-01" in str(problem) and problem.row == 2

    actions.set_rate(
        base="NZD", currency="USD", on=day("2025-04-01"), value=Fraction(5, 3), source="x", by=desk.ana, at=desk.at
    )
    planned = histories.plan(desk.book, histories.read(file), {})

    assert planned.problems == [] and planned.rounded == 1
    [dollars] = [each for each in planned.to_decide if each.name == "Dollars"]
    assert dollars.currency == "USD"
    importing.confirm_history(file=file, choices={}, by=desk.ana, at=desk.at)
    desk.world.run_reactions(at=desk.at)
    assert sum(line.amount_minor for line in Posting.objects.all()) == 0


def test_only_one_confirms_and_a_file_set_aside_stays_so(desk: Desk) -> None:
    file = taken(desk.book, JOURNAL, by=desk.ana, world=desk.world)
    assert taken(desk.book, JOURNAL, by=desk.ana, world=desk.world) == file
    stale = HistoryFile.objects.get(pk=file.pk)
    with pytest.raises(Refusal):
        importing.set_history_aside(file=file, reason=" ", by=desk.ana, at=desk.at)
    importing.set_history_aside(file=file, reason="The wrong client", by=desk.ana, at=desk.at)

    with pytest.raises(TakenByAnother):
        importing.confirm_history(file=stale, choices={}, by=desk.ana, at=desk.at)
    assert taken(desk.book, JOURNAL, by=desk.ana, world=desk.world) != file


def test_a_stranger_sees_and_does_nothing(desk: Desk) -> None:
    file = taken(desk.book, JOURNAL, by=desk.ana, world=desk.world)
    stranger = desk.world.stranger

    assert not histories.histories_for(stranger).exists()
    with pytest.raises(NotYours):
        importing.confirm_history(file=file, choices={}, by=stranger, at=desk.at + timedelta(minutes=1))


def test_the_same_code_under_another_name_is_for_a_person_to_decide(desk: Desk) -> None:
    text = JOURNAL.replace("4000 Sales", "4000 Grants received")
    file = taken(desk.book, text, by=desk.ana, world=desk.world)

    to_decide = histories.plan(desk.book, histories.read(file), {}).to_decide

    assert [(each.name, each.account and each.account.code) for each in to_decide] == [
        ("Grants received", "4000"),
        ("Flour and sugar", None),
    ]


OPENING = (
    "Date,Code,Account,Debit,Credit\n2025-04-01,1000,Business bank account,{0},\n2025-04-01,3000,Share capital,,{0}\n"
)


def test_wrong_opening_balances_are_taken_back_and_brought_in_again(desk: Desk) -> None:
    wrong = brought_in(desk.book, OPENING.format("1000"), world=desk.world, kind="opening")
    same = taken(desk.book, OPENING.format("1200"), by=desk.ana, world=desk.world, kind="opening")
    with pytest.raises(importing.NothingNew, match="Take that entry back first"):
        importing.confirm_history(file=same, choices={}, by=desk.ana, at=desk.at)
    desk.reverse(Entry.objects.get(number=wrong.first_number), "2025-04-01")

    right = brought_in(desk.book, OPENING.format("1200"), world=desk.world, kind="opening")

    assert right.posted_at is not None and standing(desk.book) == {"1000": (120_000, 0), "3000": (-120_000, 0)}
    assert Entry.objects.get(number=right.first_number).key == "opening-2025-04-01~2"
    desk.reverse(Entry.objects.get(number=right.first_number), "2025-04-01")
    again = brought_in(desk.book, OPENING.format("1000"), world=desk.world, kind="opening")
    assert again.entries == 1 and standing(desk.book)["1000"] == (100_000, 0)


def test_a_file_is_taken_back_as_a_whole_and_can_come_again(desk: Desk) -> None:
    desk.post("2025-04-05", ("1000", 5), ("4000", -5))
    before = standing(desk.book)
    file = brought_in(desk.book, JOURNAL, world=desk.world)
    first = Entry.objects.get(number=file.first_number)
    desk.reverse(first, "2025-04-01")

    importing.ask_to_undo(file=file, reason="Wrong year", by=desk.ana, at=desk.at)
    assert standing(desk.book) != before
    with pytest.raises(TakenByAnother):
        importing.ask_to_undo(file=file, reason="Twice", by=desk.ana, at=desk.at)
    desk.world.run_reactions(at=desk.at)

    file.refresh_from_db()
    assert file.undone_at is not None and standing(desk.book) == before
    undone = Entry.objects.get(reverses__number=file.last_number)
    assert (undone.dated_on, undone.narration, undone.posted_by) == (day("2025-04-02"), "Wrong year", desk.ana.pk)
    assert queries.verify_book(desk.book).findings == [] and queries.balances_are_right(desk.book)
    assert importing.undo(file=file.pk, at=desk.at).undone_at == file.undone_at
    later = brought_in(desk.book, JOURNAL, world=desk.world)
    assert (later.entries, later.known) == (2, 0) and standing(desk.book) != before


@pytest.mark.parametrize("when", ["before", "meanwhile"])
def test_what_stands_in_a_closed_month_is_not_taken_back(desk: Desk, when: str) -> None:
    file = brought_in(desk.book, JOURNAL, world=desk.world)
    period = actions.open_period(book=desk.book, on=day("2025-04-01"), by=desk.ana, at=desk.at)
    if when == "before":
        actions.hard_close(period=period, by=desk.lead, at=desk.at)
        with pytest.raises(importing.MonthClosed, match="2025-04 is closed"):
            importing.ask_to_undo(file=file, reason="Wrong", by=desk.ana, at=desk.at)
    else:
        importing.ask_to_undo(file=file, reason="Wrong", by=desk.ana, at=desk.at)
        actions.soft_close(period=period, by=desk.ana, at=desk.at)
        desk.world.run_reactions(at=desk.at)

    file.refresh_from_db()
    assert file.undone_at is None and file.may_be_undone and Entry.objects.count() == 2
    assert (when == "meanwhile") == ("2025-04 is closed" in file.reason)
