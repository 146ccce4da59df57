"""Lines get their meaning: accepted, coded, split, paired, parked; posted each time, and taken back when asked."""

import pytest

from tests.world import World
from wellkept.banking.actions import accounts, batches, coding, measuring, ruling
from wellkept.banking.models import Automation, BankLine, Coding, Remembered, Undecided
from wellkept.banking.queries import lines as reads
from wellkept.banking.rules.conditions import Conditions
from wellkept.banking.tests.desk import Desk, bakery_desk
from wellkept.core.refusals import NotYours, TakenByAnother
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books
from wellkept.ledger.models import Entry, Posting

FUEL = ("2026-03-05", "FUELCO 8841 TE RAPA", "-115.00")


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


def expense(desk: Desk, place: int = 0):
    from wellkept.ledger import queries

    return queries.accounts_in_use(desk.book).filter(type="expense")[place]


def tax(desk: Desk):
    from wellkept.ledger import queries

    return queries.tax_codes(desk.book).filter(kind="purchase", rate_basis_points=1500).first()


def amounts(entry: Entry) -> dict[str, int]:
    return {posting.account.code: posting.amount_minor for posting in Posting.objects.filter(entry=entry)}


@pytest.mark.req("B3")
def test_a_coded_line_is_posted_with_its_tax_and_balances(desk: Desk, world: World) -> None:
    [line] = desk.imported([FUEL])

    coded = coding.code(line=line, account=expense(desk), tax_code=tax(desk), by=world.ana, at=world.start)

    posted = amounts(coded.entry)
    assert posted[desk.bank.account.code] == -11_500
    assert posted[expense(desk).code] == 10_000
    assert posted[tax(desk).account.code] == 1_500
    assert not Undecided.objects.exists()


def test_only_one_person_codes_a_line(desk: Desk, world: World) -> None:
    [line] = desk.imported([FUEL])
    coding.code(line=line, account=expense(desk), by=world.ana, at=world.start)
    with pytest.raises(coding.AlreadyCoded):
        coding.code(line=line, account=expense(desk, 1), by=world.leo, at=world.start)
    assert Entry.objects.count() == 1


def test_undoing_reverses_the_entry_and_the_line_waits_again(desk: Desk, world: World) -> None:
    [line] = desk.imported([FUEL])
    coded = coding.code(line=line, account=expense(desk), by=world.ana, at=world.start)

    coding.undo(coding=coded, by=world.ana, at=world.start)

    assert Undecided.objects.filter(line=line).exists()
    assert sum(Posting.objects.filter(account=desk.bank.account).values_list("amount_minor", flat=True)) == 0
    assert not Remembered.objects.exists()
    with pytest.raises(TakenByAnother):
        coding.undo(coding=coded, by=world.ana, at=world.start)
    again = coding.code(line=line, account=expense(desk, 1), by=world.ana, at=world.start)
    assert reads.coding_of(line) == again


@pytest.mark.req("B3", "W3")
def test_what_was_approved_is_suggested_at_once_with_its_reason(desk: Desk, world: World) -> None:
    first, second = desk.imported([FUEL, ("2026-03-12", "FUELCO 8841 TE RAPA", "-98.20")])

    coding.code(line=first, account=expense(desk), tax_code=tax(desk), by=world.ana, at=world.start)

    waiting = Undecided.objects.get(line=second)
    [choice, *_more] = waiting.suggestion.choices
    assert (choice["account"], choice["tax_code"]) == (expense(desk).pk, tax(desk).pk)
    assert any(basis["kind"] == "payee" and basis["hits"] == 1 for basis in choice["basis"])
    accepted = coding.accept(line=second, rank=1, by=world.ana, at=world.start)
    assert (accepted.how, accepted.suggested_rank) == ("choice", 1)


def test_there_is_no_fourth_suggestion(desk: Desk, world: World) -> None:
    [line] = desk.imported([FUEL])
    with pytest.raises(coding.NoSuggestion):
        coding.accept(line=line, rank=1, by=world.ana, at=world.start)


def test_a_split_makes_the_whole(desk: Desk, world: World) -> None:
    [line] = desk.imported([FUEL])
    parts = [coding.Part(expense(desk), -10_000), coding.Part(expense(desk, 1), -1_000)]
    with pytest.raises(coding.PartsWrong, match=r"5\.00 is left"):
        coding.split(line=line, parts=parts, by=world.ana, at=world.start)
    coded = coding.split(line=line, parts=[*parts, coding.Part(expense(desk, 2), -500)], by=world.ana, at=world.start)
    assert coded.account is None
    assert sorted(amounts(coded.entry).values()) == [-11_500, 500, 1_000, 10_000]


def test_the_two_legs_of_a_transfer_are_one_entry(desk: Desk, world: World) -> None:
    [_out] = desk.imported([("2026-03-06", "TO SAVINGS", "-500.00")])
    [into] = desk.imported([("2026-03-06", "FROM OPERATING", "500.00")], account=desk.savings)
    assert Undecided.objects.get(line=into).suggestion.source == "transfer"

    coding.accept(line=into, rank=1, by=world.ana, at=world.start)

    [entry] = Entry.objects.all()
    assert amounts(entry) == {desk.bank.account.code: -50_000, desk.savings.account.code: 50_000}
    assert Coding.objects.filter(entry=entry).count() == 2 and not Undecided.objects.exists()
    coding.undo(coding=Coding.objects.first(), by=world.ana, at=world.start)
    assert Undecided.objects.count() == 2


def test_a_leg_that_was_coded_straight_is_taken_up_by_the_other(desk: Desk, world: World) -> None:
    [out] = desk.imported([("2026-03-06", "TO SAVINGS", "-500.00")])
    coding.code(line=out, account=desk.savings.account, by=world.ana, at=world.start)
    [into] = desk.imported([("2026-03-07", "FROM OPERATING", "500.00")], account=desk.savings)
    coding.pair(line=into, other=out, by=world.ana, at=world.start)
    assert Entry.objects.count() == 1 and not Undecided.objects.exists()


def test_legs_that_do_not_fit_are_refused(desk: Desk, world: World) -> None:
    one, other = desk.imported([("2026-03-06", "A", "-500.00"), ("2026-03-06", "B", "500.00")])
    with pytest.raises(coding.NotAPair):
        coding.pair(line=one, other=other, by=world.ana, at=world.start)


def test_a_parked_line_stands_aside_with_its_reason(desk: Desk, world: World) -> None:
    [line] = desk.imported([FUEL])
    coding.park(line=line, because="Waits for the card statement", by=world.ana, at=world.start)
    assert not reads.to_decide(world.ana, client=world.bakery).exists()
    coding.unpark(line=line, by=world.ana, at=world.start)
    assert reads.to_decide(world.ana, client=world.bakery).count() == 1


def test_a_closed_month_is_not_posted_into(desk: Desk, world: World) -> None:
    [line] = desk.imported([FUEL])
    period = ledger.open_period(book=desk.book, on=line.dated_on, by=world.ana, at=world.start)
    ledger.soft_close(period=period, by=world.lead, at=world.start)
    with pytest.raises(ledger.PeriodSoftClosed):
        coding.code(line=line, account=expense(desk), by=world.ana, at=world.start)
    assert Undecided.objects.filter(line=line).exists()


@pytest.mark.req("W3")
def test_a_whole_batch_goes_in_one_stroke_and_comes_back_in_one(desk: Desk, world: World) -> None:
    lines = desk.imported([(f"2026-03-{day:02d}", "FUELCO 8841", f"-{day}.00") for day in range(2, 12)])
    rule = ruling.make_rule(
        client=world.bakery,
        draft=ruling.RuleDraft("Fuel", "The van", Conditions(words="fuelco"), expense(desk).code),
        by=world.ana,
        at=world.start,
    )
    waiting = [line.pk for line in lines]
    assert Undecided.objects.first().suggestion.choices[0]["rule"] == rule.pk

    batch = batches.approve(client=world.bakery, lines=waiting, by=world.ana, at=world.start)

    assert batch.lines == 10 and not Undecided.objects.exists()
    with pytest.raises(batches.BatchTaken, match="10 of these"):
        batches.approve(client=world.bakery, lines=waiting, by=world.leo, at=world.start)
    assert batches.undo_batch(batch=batch, by=world.ana, at=world.start) == 10
    assert Undecided.objects.count() == 10


@pytest.mark.req("W3")
def test_the_machine_decides_alone_only_where_its_measured_error_allows(desk: Desk, world: World) -> None:
    measuring.allow(client=world.bakery, by=world.ana, at=world.start)
    taught = desk.imported([(f"2026-03-{1 + n % 28:02d}", "FUELCO 8841", f"-{n + 1}.00") for n in range(60)])
    for line in taught:
        coding.code(line=line, account=expense(desk), by=world.ana, at=world.start)
    [waiting] = desk.imported([("2026-03-30", "FUELCO 8841", "-700.00")])
    assert measuring.measure(client=world.bakery, at=world.start).threshold is None
    assert batches.decide_alone(client=world.bakery, at=world.start) == 0

    measuring.allow(client=world.bakery, limit=50_000, by=world.ana, at=world.start)
    row = measuring.measure(client=world.bakery, at=world.start)
    assert row.threshold is None or row.measured_error <= 50_000
    assert Automation.objects.get().allowed_at is not None
    assert BankLine.objects.filter(pk=waiting.pk).exists()


def test_a_stranger_codes_nothing(desk: Desk, world: World) -> None:
    [line] = desk.imported([FUEL])
    with pytest.raises(NotYours):
        coding.code(line=line, account=expense(desk), by=world.stranger, at=world.start)
    assert not reads.to_decide(world.stranger, client=world.bakery).exists()


def test_the_account_a_bank_posts_to_stays_in_use_and_apart(desk: Desk, world: World) -> None:
    """Out of use or merged away, every line of that bank would fail, and its signed statements would prove nothing."""
    mirror = desk.bank.account
    twin = ledger.add_account(
        book=desk.book, code="1090", name="Twin", type=mirror.type, purpose=mirror.purpose, by=world.ana, at=world.start
    )
    with pytest.raises(ledger.AccountInUse, match="Operating account"):
        ledger.deactivate_account(account=mirror, by=world.ana, at=world.start)
    for one, other in ((mirror, twin), (twin, mirror)):
        with pytest.raises(ledger.AccountInUse, match="Operating account"):
            ledger.merge_account(account=one, into=other, by=world.lead, at=world.start)

    accounts.close_bank_account(bank_account=desk.bank, by=world.ana, at=world.start)
    ledger.deactivate_account(account=mirror, by=world.ana, at=world.start)
    assert not books.accounts_in_use(desk.book).filter(pk=mirror.pk).exists()
