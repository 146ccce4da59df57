"""A month of the bakery is looked through: the machine finds, Ana puts right, accepts, silences; Grace sees a clean month."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.world import World
from wellkept.banking.actions import coding, reviewing
from wellkept.banking.queries import review
from wellkept.banking.tests.desk import bakery_desk
from wellkept.core.models import Fact
from wellkept.ledger import queries as books

MARCH = date(2026, 3, 1)


@pytest.mark.req("B5", "B6")
def test_what_the_machine_finds_is_settled_by_people_and_stays_so(world: World) -> None:
    desk = bakery_desk(world)
    plain = list(books.accounts_in_use(desk.book).filter(type="expense", tax_code=None))
    sales = books.accounts_in_use(desk.book).filter(type="income")[0]
    takings, first, twice, fuel = desk.imported(
        [
            ("2026-03-02", "CARD TAKINGS", "4321.00"),
            ("2026-03-10", "RENT CO", "-812.00"),
            ("2026-03-11", "RENT CO", "-812.00"),
            ("2026-03-12", "FUELCO", "-90.00"),
        ]
    )
    for line, account in ((takings, sales), (first, plain[0]), (twice, plain[0]), (fuel, plain[1])):
        coding.code(line=line, account=account, by=world.ana, at=world.start)

    night = world.start + timedelta(hours=8)
    assert reviewing.review_due(at=night) == 1
    found = {(each.kind, each.line): each for each in review.open_of(world.ana, world.bakery, MARCH)}
    assert set(found) == {("duplicate", twice), ("no_document", first), ("no_document", twice), ("no_document", fuel)}

    morning = night + timedelta(hours=8)
    coding.undo(coding=twice.codings.get(), by=world.ana, at=morning)
    coding.park(line=twice, because="The bank is asked", by=world.ana, at=morning)
    reviewing.accept(finding=found["no_document", first], reason="The lease is on file", by=world.ana, at=morning)
    reviewing.never_again(finding=found["no_document", fuel], reason="Fuel card", by=world.ana, at=morning)

    assert reviewing.review_due(at=morning + timedelta(hours=8)) >= 1
    [left] = review.open_of(world.lead, world.bakery, MARCH)
    assert left.kind == "parked"
    names = set(Fact.objects.filter(name__startswith="finding.").values_list("name", flat=True))
    assert names >= {"finding.found", "finding.fixed", "finding.accepted", "finding.silenced"}
