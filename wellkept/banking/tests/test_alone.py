"""What goes without a look, in a batch or by the machine: only what is as sure as it was thought, measured, and no sample."""

from datetime import date

import pytest

from tests.world import World
from wellkept.banking.actions import batches, coding, measuring, ruling, suggesting
from wellkept.banking.learning import trust
from wellkept.banking.models import Automation, BankLine, Coding, CodingMonth, Undecided
from wellkept.banking.rules.conditions import Conditions
from wellkept.banking.tests.desk import Desk, bakery_desk
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books
from wellkept.ledger.models import Account

FUEL = [(f"2026-03-{day:02d}", "FUELCO", f"-{day}.00") for day in range(1, 10)]


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


def expense(desk: Desk, place: int = 0) -> Account:
    return books.accounts_in_use(desk.book).filter(type="expense")[place]


def purchase_tax(desk: Desk):
    return books.tax_codes(desk.book).filter(kind="purchase", rate_basis_points=1500).first()


def ruled(desk: Desk, tax_code: str = "") -> None:
    draft = ruling.RuleDraft("Fuel", "The van", Conditions(words="fuelco"), expense(desk).code, tax_code)
    ruling.make_rule(client=desk.world.bakery, draft=draft, by=desk.world.ana, at=desk.world.start)


def may_alone(desk: Desk, threshold: int) -> None:
    """As if it had been measured so."""
    values = {"allowed_at": desk.world.start, "allowed_by": desk.world.ana, "threshold": threshold}
    Automation.objects.update_or_create(client=desk.world.bakery, defaults={"limit": 10_000, **values})


def waiting() -> list[int]:
    return list(Undecided.objects.order_by("pk").values_list("pk", flat=True))


def not_sampled(lines: list[BankLine]) -> list[BankLine]:
    return [line for line in lines if not trust.asked_anyway(line.identity)]


@pytest.fixture
def coded_both_ways(desk: Desk, world: World) -> list[BankLine]:
    """Six fuel lines, two of them coded to another account, then a rule; three lines wait."""
    lines = desk.imported(FUEL)
    for place, line in enumerate(lines[:6]):
        coding.code(line=line, account=expense(desk, 1 if place < 2 else 0), by=world.ana, at=world.start)
    ruled(desk)
    return lines[6:]


@pytest.mark.req("B3", "W3")
def test_the_second_choice_never_goes_under_the_confidence_of_the_first(
    desk: Desk, world: World, coded_both_ways: list[BankLine]
) -> None:
    first = Undecided.objects.get(pk=coded_both_ways[0].pk)
    assert first.suggestion.choices[0]["account"] == expense(desk).pk and first.confidence == 900_000
    may_alone(desk, 890_000)
    put_away, runner_up = expense(desk), expense(desk, 1)

    ledger.deactivate_account(account=put_away, by=world.ana, at=world.start)

    assert batches.decide_alone(client=world.bakery.pk, at=world.start) == 0
    assert batches.sure_lines(client=world.bakery).lines == []
    with pytest.raises(batches.NothingSure, match="FUELCO"):
        batches.approve(client=world.bakery, lines=waiting(), by=world.ana, at=world.start)
    assert len(waiting()) == 3 and not Coding.objects.filter(line__in=coded_both_ways).exists()

    world.run_reactions(at=world.start)

    again = Undecided.objects.get(pk=coded_both_ways[0].pk)
    assert again.suggestion.choices[0]["account"] == runner_up.pk and again.confidence < 890_000
    assert put_away.pk not in {row["account"] for row in again.suggestion.choices}


def test_what_comes_back_into_use_is_suggested_again(desk: Desk, world: World, coded_both_ways: list[BankLine]) -> None:
    account = expense(desk)
    ledger.deactivate_account(account=account, by=world.ana, at=world.start)
    world.run_reactions(at=world.start)

    ledger.reactivate_account(account=account, by=world.ana, at=world.start)
    world.run_reactions(at=world.start)

    assert Undecided.objects.get(pk=coded_both_ways[0].pk).confidence == 900_000


@pytest.mark.req("B3")
def test_a_retired_tax_code_is_never_no_tax_without_a_look(desk: Desk, world: World) -> None:
    lines, tax = desk.imported(FUEL), purchase_tax(desk)
    for line in lines[:8]:
        coding.code(line=line, account=expense(desk), tax_code=tax, by=world.ana, at=world.start)
    assert Undecided.objects.get().confidence > 900_000
    may_alone(desk, 100_000)

    ledger.retire_tax_code(tax_code=tax, by=world.ana, at=world.start)

    assert batches.decide_alone(client=world.bakery.pk, at=world.start) == 0
    with pytest.raises(coding.NoSuggestion):
        coding.accept(line=lines[8], rank=1, by=world.ana, at=world.start)
    world.run_reactions(at=world.start)
    again = Undecided.objects.get()
    [first] = again.suggestion.choices
    assert (first["account"], first["tax_code"], first["doubt"]) == (expense(desk).pk, None, "tax_retired")
    assert first["basis"][0]["kind"] == "tax_retired" and again.confidence <= 500_000
    assert batches.sure_lines(client=world.bakery).lines == []
    assert batches.decide_alone(client=world.bakery.pk, at=world.start) == 0


def test_a_rule_on_a_retired_tax_code_suggests_nothing_sure(desk: Desk, world: World) -> None:
    tax = purchase_tax(desk)
    ruled(desk, tax.code)
    ledger.retire_tax_code(tax_code=tax, by=world.ana, at=world.start)
    may_alone(desk, 100_000)

    desk.imported(FUEL[:3])

    said = Undecided.objects.first()
    assert said.confidence <= 500_000 and said.suggestion.choices[0]["doubt"] == "tax_retired"
    assert {"kind": "tax_retired", "code": tax.code} in said.suggestion.choices[0]["basis"]
    assert batches.decide_alone(client=world.bakery.pk, at=world.start) == 0


def a_transfer(desk: Desk, day: int = 10, amount: str = "500.00") -> tuple[BankLine, BankLine]:
    [out] = desk.imported([(f"2026-03-{day:02d}", f"TO SAVINGS {day}", f"-{amount}")])
    [into] = desk.imported([(f"2026-03-{day:02d}", f"FROM OPERATING {day}", amount)], account=desk.savings)
    desk.world.run_reactions(at=desk.world.start)
    return out, into


def an_unsampled_transfer(desk: Desk) -> tuple[BankLine, BankLine]:
    for day in range(2, 28):
        legs = a_transfer(desk, day, f"{day}00.00")
        if len(not_sampled(list(legs))) == 2:
            return legs
    raise AssertionError("every transfer was of the sample")


def test_the_leg_that_came_first_hears_of_the_other(desk: Desk) -> None:
    out, into = a_transfer(desk)

    assert Undecided.objects.get(pk=out.pk).suggestion.choices[0]["other"] == into.pk
    assert Undecided.objects.get(pk=out.pk).confidence == Undecided.objects.get(pk=into.pk).confidence == 970_000


@pytest.mark.req("B3", "W3")
def test_a_transfer_the_machine_paired_is_measured_and_its_undoing_heard(desk: Desk, world: World) -> None:
    legs = an_unsampled_transfer(desk)
    may_alone(desk, 960_000)

    assert batches.decide_alone(client=world.bakery.pk, at=world.start) >= 2

    decided = list(Coding.objects.filter(line__in=legs))
    assert [(each.by_machine, each.confidence) for each in decided] == [(True, 970_000)] * 2
    measuring.count_months(client=world.bakery.pk, since=date(2026, 1, 1), until=date(2027, 1, 1))
    before = CodingMonth.objects.get().alone

    coding.undo(coding=decided[0], by=world.ana, at=world.start)
    world.run_reactions(at=world.start)

    [outcome] = measuring.outcomes(client=world.bakery.pk)
    assert (outcome.right, outcome.confidence, outcome.kind) == (False, 0.97, "transfer")
    assert Automation.objects.get().threshold is None
    measuring.count_months(client=world.bakery.pk, since=date(2026, 1, 1), until=date(2027, 1, 1))
    month = CodingMonth.objects.get()
    assert (month.alone, month.alone_wrong) == (before, 1)


def test_a_transfer_that_a_person_paired_is_one_right_outcome(desk: Desk, world: World) -> None:
    _out, into = a_transfer(desk)

    coding.accept(line=into, rank=1, by=world.ana, at=world.start)

    [outcome] = measuring.outcomes(client=world.bakery.pk)
    assert (outcome.right, outcome.kind) == (True, "transfer")


def test_a_sort_that_was_never_measured_is_left_to_people(desk: Desk, world: World) -> None:
    an_unsampled_transfer(desk)
    may_alone(desk, 960_000)
    Automation.objects.update(excluded=["transfer"])

    assert batches.decide_alone(client=world.bakery.pk, at=world.start) == 0


def test_a_sort_counts_as_measured_after_enough_right_outcomes_of_its_own() -> None:
    on = date(2026, 3, 1)
    memory = [trust.Outcome("400", 0.98, 0, on, kind="memory") for _n in range(400)]
    transfers = [trust.Outcome("611", 0.97, 0, on, kind="transfer") for _n in range(trust.LEAST_OF_A_KIND)]

    assert trust.measured(memory).kinds == {"memory"}
    assert trust.measured([*memory, *transfers]).kinds == {"memory", "transfer"}


@pytest.mark.req("W3")
def test_two_equal_payments_and_one_receipt_do_not_block_the_batch(desk: Desk, world: World) -> None:
    outs = desk.imported([("2026-03-10", "TO SAV 1", "-500.00"), ("2026-03-10", "TO SAV 2", "-500.00")])
    [into] = desk.imported([("2026-03-10", "Y", "500.00")], account=desk.savings)
    world.run_reactions(at=world.start)
    sure = batches.sure_lines(client=world.bakery)
    assert set(sure.lines) == {outs[0].pk, into.pk}
    with pytest.raises(batches.LegTaken, match="TO SAV 2"):
        batches.approve(client=world.bakery, lines=waiting(), by=world.ana, at=world.start)

    batches.approve(client=world.bakery, lines=sure.lines, by=world.ana, at=world.start)

    left = Undecided.objects.get()
    assert left.pk == outs[1].pk
    assert all("other" not in row for row in left.suggestion.choices), "the leg is taken"
    coding.undo(coding=Coding.objects.get(line=into, undone_at=None), by=world.ana, at=world.start)
    assert Undecided.objects.get(pk=outs[1].pk).suggestion.choices[0]["other"] == into.pk


def test_a_leg_that_was_coded_otherwise_is_no_leg_any_more(desk: Desk, world: World) -> None:
    out, into = a_transfer(desk)

    coding.code(line=into, account=expense(desk), by=world.ana, at=world.start)

    assert Undecided.objects.get(pk=out.pk).suggestion.source != "transfer"


@pytest.fixture
def sixty(desk: Desk) -> list[BankLine]:
    lines = desk.imported([(f"2026-03-{1 + n % 28:02d}", "FUELCO", f"-{n + 1}.00") for n in range(60)])
    ruled(desk)
    return lines


@pytest.mark.req("B3", "W3")
def test_the_sample_is_looked_at_singly_and_a_batch_proves_nothing(
    desk: Desk, world: World, sixty: list[BankLine]
) -> None:
    may_alone(desk, 800_000)
    sample = [line.pk for line in sixty if trust.asked_anyway(line.identity)]
    sure = batches.sure_lines(client=world.bakery)
    assert sample and set(sure.sample) == set(sample)
    assert len(sure.lines) == 60 - len(sample) and not set(sure.lines) & set(sample)
    with pytest.raises(batches.LookedAtSingly, match="on its own"):
        batches.approve(client=world.bakery, lines=[*sure.lines, sample[0]], by=world.ana, at=world.start)

    batches.approve(client=world.bakery, lines=sure.lines, by=world.ana, at=world.start)
    assert measuring.outcomes(client=world.bakery.pk) == []
    line = BankLine.objects.select_related("bank_account__account__book", "client").get(pk=sample[0])
    coding.accept(line=line, rank=1, by=world.ana, at=world.start)

    assert [each.right for each in measuring.outcomes(client=world.bakery.pk)] == [True]


def test_a_transfer_with_one_leg_in_the_sample_is_looked_at_whole(desk: Desk, world: World) -> None:
    for day in range(2, 28):
        a_transfer(desk, day, f"{day}00.00")
    sure = batches.sure_lines(client=world.bakery)
    lines = {line.pk: line for line in BankLine.objects.all()}

    assert sure.sample and len(sure.sample) % 2 == 0
    assert not [pk for pk in sure.lines if trust.asked_anyway(lines[pk].identity)]
    assert len(sure.lines) + len(sure.sample) == len(lines)


def test_the_chart_is_heard_once_for_every_waiting_line(desk: Desk, world: World, sixty: list[BankLine]) -> None:
    ledger.deactivate_account(account=expense(desk), by=world.ana, at=world.start)

    suggesting.hear_chart(client=world.bakery.pk, at=world.start)

    assert set(Undecided.objects.values_list("confidence", flat=True)) == {0}


@pytest.mark.req("B3")
def test_who_spent_tells_two_drivers_apart(desk: Desk, world: World) -> None:
    rows = [(f"2026-03-{day:02d}", f"FUELCO CARD {(4821, 7733)[day % 2]}", f"-{day}.00") for day in range(1, 13)]
    *taught, one, other = desk.imported(rows)
    for line in taught:
        place = 0 if line.payee.endswith("4821") else 1
        coding.code(line=line, account=expense(desk, place), by=world.ana, at=world.start)

    firsts = {line.payee[-4:]: Undecided.objects.get(pk=line.pk).suggestion.choices[0] for line in (one, other)}

    assert firsts["4821"]["account"] == expense(desk).pk and firsts["7733"]["account"] == expense(desk, 1).pk
    assert any(basis["kind"].startswith("payee_area") for basis in firsts["4821"]["basis"])
