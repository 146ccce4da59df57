"""Why an account moved is kept beside its figure; saying it again keeps both and shows the newest."""

from __future__ import annotations

from datetime import date

import pytest

from tests.world import World, office
from wellkept.core.models import Fact
from wellkept.core.refusals import NotYours
from wellkept.ledger import queries
from wellkept.ledger.actions.books import open_book
from wellkept.ledger.actions.explaining import NothingCompared, WhyMissing, explain_variance
from wellkept.ledger.models import VarianceNote
from wellkept.ledger.queries.notes import variance_notes

AT = office("tue 10:00")
MARCH = {"since": date(2026, 3, 1), "until": date(2026, 4, 1)}


def test_the_newest_explanation_speaks(world: World) -> None:
    book = open_book(client=world.bakery, template="nz", by=world.ana, at=AT)
    rent = queries.accounts(book)[0]

    explain_variance(account=rent, **MARCH, against="previous", text="Paid late.", by=world.ana, at=AT)
    explain_variance(account=rent, **MARCH, against="previous", text=" Two months at once. ", by=world.leo, at=AT)
    explain_variance(account=rent, **MARCH, against="budget", text="Rent rose.", by=world.ana, at=AT)

    assert variance_notes(book, MARCH["since"], MARCH["until"], "previous")[rent.pk].text == "Two months at once."
    assert variance_notes(book, date(2026, 2, 1), date(2026, 3, 1), "previous") == {}
    assert VarianceNote.objects.count() == 3 and Fact.objects.filter(name="variance.explained").count() == 3


def test_an_explanation_says_something_about_a_comparison(world: World) -> None:
    book = open_book(client=world.bakery, template="nz", by=world.ana, at=AT)
    rent = queries.accounts(book)[0]

    with pytest.raises(WhyMissing):
        explain_variance(account=rent, **MARCH, against="previous", text="  ", by=world.ana, at=AT)
    with pytest.raises(WhyMissing):
        explain_variance(account=rent, **MARCH, against="previous", text="x" * 501, by=world.ana, at=AT)
    with pytest.raises(NothingCompared):
        explain_variance(account=rent, **MARCH, against="nothing", text="So.", by=world.ana, at=AT)
    with pytest.raises(NothingCompared):
        explain_variance(
            account=rent, since=MARCH["until"], until=MARCH["since"], against="year", text="So.", by=world.ana, at=AT
        )
    with pytest.raises(NotYours):
        explain_variance(account=rent, **MARCH, against="previous", text="So.", by=world.stranger, at=AT)
