"""Money between the client's own accounts: each leg on its day, fees on the way, nothing twice, and what it voids."""

from datetime import date

import pytest

from tests.world import World
from wellkept.banking.actions import coding, reconciling
from wellkept.banking.models import Coding, Reconciliation, Statement, Undecided
from wellkept.banking.queries import lines as line_reads
from wellkept.banking.queries import reconciling as reads
from wellkept.banking.tests.desk import Desk, bakery_desk
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books
from wellkept.ledger.models import Account, Entry


@pytest.fixture
def desk(world: World) -> Desk:
    return bakery_desk(world)


def expense(desk: Desk, place: int = 0) -> Account:
    return books.accounts_in_use(desk.book).filter(type="expense")[place]


def held(desk: Desk, account: Account, until: date = date(2026, 5, 1)) -> int:
    return books.account_total([account.pk], None, until).amount_minor


def test_each_leg_stands_on_the_day_its_bank_told(desk: Desk, world: World) -> None:
    [into] = desk.imported([("2026-03-31", "FROM OPERATING", "500.00")], account=desk.savings, closing="500.00")
    [out] = desk.imported([("2026-04-01", "TO SAVINGS", "-500.00")], until="20260430")

    coding.pair(line=out, other=into, by=world.ana, at=world.start)

    assert held(desk, desk.savings.account, date(2026, 4, 1)) == 50_000
    assert held(desk, desk.bank.account, date(2026, 4, 1)) == 0
    assert held(desk, desk.account("1160"), date(2026, 4, 1)) == -50_000 and held(desk, desk.account("1160")) == 0
    march = Statement.objects.get(bank_account=desk.savings)
    assert reconciling.sign(statement=march, by=world.ana, at=world.start).voided_at is None

    coding.undo(coding=Coding.objects.get(line=out), by=world.ana, at=world.start)
    assert Undecided.objects.count() == 2 and held(desk, desk.savings.account) == held(desk, desk.account("1160")) == 0
    assert Reconciliation.objects.get().voided_because == "entry"
    coding.pair(line=into, other=out, by=world.ana, at=world.start)
    assert held(desk, desk.savings.account) == 50_000


def test_a_transfer_leaves_what_was_signed_before_its_leg_alone(desk: Desk, world: World) -> None:
    [sale] = desk.imported([("2026-03-10", "SHOP", "100.00")], account=desk.savings, closing="100.00")
    coding.code(line=sale, account=expense(desk), by=world.ana, at=world.start)
    march = Statement.objects.get(bank_account=desk.savings)
    reconciling.sign(statement=march, by=world.ana, at=world.start)
    [out] = desk.imported([("2026-03-31", "TO SAVINGS", "-500.00")])
    [into] = desk.imported([("2026-04-02", "FROM OPERATING", "500.00")], account=desk.savings, until="20260430")

    coding.pair(line=out, other=into, by=world.ana, at=world.start)

    world.run_reactions(at=world.start)
    assert reads.standing(march).difference_minor == 0 and reads.signed(march) is not None


def test_without_a_clearing_account_both_signatures_lapse(desk: Desk, world: World) -> None:
    for code in ("1150", "1160"):
        ledger.deactivate_account(account=desk.account(code), by=world.ana, at=world.start)
    [sale] = desk.imported([("2026-03-10", "SHOP", "100.00")], account=desk.savings, closing="100.00")
    coding.code(line=sale, account=expense(desk), by=world.ana, at=world.start)
    march = Statement.objects.get(bank_account=desk.savings)
    reconciling.sign(statement=march, by=world.ana, at=world.start)
    [out] = desk.imported([("2026-03-31", "TO SAVINGS", "-500.00")])
    [into] = desk.imported([("2026-04-02", "FROM OPERATING", "500.00")], account=desk.savings, until="20260430")

    coding.pair(line=out, other=into, by=world.ana, at=world.start)

    assert Entry.objects.count() == 2 and reads.signed(march) is None
    [way] = reads.outstanding_page(march, find="", place=1, beside=[])[0]
    on_its_way = reconciling.Outstanding(way.posting.pk, "Left on 31 March, came on 2 April")
    assert reconciling.sign(statement=march, outstanding=[on_its_way], by=world.ana, at=world.start)


def test_coding_straight_to_another_account_voids_what_was_signed_there(desk: Desk, world: World) -> None:
    [sale] = desk.imported([("2026-03-10", "SHOP", "100.00")], account=desk.savings, closing="100.00")
    coding.code(line=sale, account=expense(desk), by=world.ana, at=world.start)
    march = Statement.objects.get(bank_account=desk.savings)
    reconciling.sign(statement=march, by=world.ana, at=world.start)
    [out] = desk.imported([("2026-03-20", "TO SAVINGS", "-500.00")])

    coding.code(line=out, account=desk.savings.account, by=world.ana, at=world.start)

    assert reads.signed(march) is None


def test_what_was_kept_on_the_way_is_a_fee(desk: Desk, world: World) -> None:
    [out] = desk.imported([("2026-03-10", "TO SAVINGS", "-505.00")])
    [into] = desk.imported([("2026-03-11", "FROM OPERATING", "500.00")], account=desk.savings)
    assert [leg.pk for leg in line_reads.legs_with_fee(out)] == [into.pk]
    assert [leg.pk for leg in line_reads.legs_with_fee(into)] == [out.pk]
    with pytest.raises(coding.NotAPair, match="fee"):
        coding.pair(line=out, other=into, by=world.ana, at=world.start)

    coding.pair(line=into, other=out, fee=expense(desk), by=world.ana, at=world.start)

    assert (held(desk, desk.bank.account), held(desk, desk.savings.account)) == (-50_500, 50_000)
    assert held(desk, expense(desk)) == 500 and held(desk, desk.account("1160")) == 0


def test_more_cannot_come_in_than_left(desk: Desk, world: World) -> None:
    [out] = desk.imported([("2026-03-10", "TO SAVINGS", "-500.00")])
    [into] = desk.imported([("2026-03-10", "FROM OPERATING", "505.00")], account=desk.savings)
    with pytest.raises(coding.NotAPair, match="More came in"):
        coding.pair(line=out, other=into, fee=expense(desk), by=world.ana, at=world.start)


def test_a_part_split_off_to_another_account_is_not_posted_again(desk: Desk, world: World) -> None:
    [out] = desk.imported([("2026-03-10", "TO SAVINGS", "-505.00")])
    parts = [coding.Part(desk.savings.account, -50_000), coding.Part(expense(desk), -500)]
    split = coding.split(line=out, parts=parts, by=world.ana, at=world.start)
    [into] = desk.imported([("2026-03-11", "FROM OPERATING", "500.00")], account=desk.savings)

    found = coding.code(line=into, account=desk.bank.account, by=world.ana, at=world.start)

    assert found.how == Coding.How.MATCH and found.entry == split.entry
    assert (held(desk, desk.bank.account), held(desk, desk.savings.account)) == (-50_500, 50_000)
    coding.undo(coding=found, by=world.ana, at=world.start)
    assert held(desk, desk.savings.account) == 50_000 and Undecided.objects.get().line == into
    coding.code(line=into, account=desk.bank.account, by=world.ana, at=world.start)
    coding.undo(coding=split, by=world.ana, at=world.start)
    assert held(desk, desk.savings.account) == 0 and Undecided.objects.count() == 2


def test_a_line_is_not_coded_to_its_own_account(desk: Desk, world: World) -> None:
    [line] = desk.imported([("2026-03-10", "CHEQUE", "-111.00")])
    with pytest.raises(coding.ToItself):
        coding.code(line=line, account=desk.bank.account, by=world.ana, at=world.start)
    assert Undecided.objects.filter(line=line).exists()
