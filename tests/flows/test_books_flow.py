"""A bank file becomes books: dropped, proved, imported, coded, signed; each step through the page a person uses."""

from __future__ import annotations

import pytest
import time_machine
from django.core.files.uploadedfile import SimpleUploadedFile

from tests.world import World
from wellkept.banking.models import Coding, Reconciliation, StatementFile, Undecided
from wellkept.banking.tests.desk import bakery_desk, ofx
from wellkept.ledger import queries as ledger
from wellkept.web.tests.desk import HTMX, NOW, as_

ROWS = [
    ("2026-03-04", "FUELCO 8841", "-115.00"),
    ("2026-03-06", "KOWHAI CAFE", "-23.50"),
    ("2026-03-09", "NORTHGATE SALES", "500.00"),
]


@pytest.mark.req("B3")
def test_a_bank_file_becomes_signed_books(world: World) -> None:
    books, ana = bakery_desk(world), as_(world.ana)
    client = world.bakery.pk
    with time_machine.travel(NOW, tick=False):
        dropped = SimpleUploadedFile("march.ofx", ofx(ROWS, closing="361.50"), content_type="application/x-ofx")
        answer = ana.post(f"/coding/{client}/files/new", {"files": dropped}, headers=HTMX)
        file = StatementFile.objects.get(name="march.ofx")
        assert answer["HX-Redirect"] == f"/coding/files/{file.pk}"

        preview = ana.get(f"/coding/files/{file.pk}").content.decode()
        assert "3 new lines" in preview and "361.50" in preview and not Undecided.objects.exists()

        ana.post(f"/coding/files/{file.pk}/import")
        assert Undecided.objects.filter(client=world.bakery).count() == 3

        account = ledger.accounts_in_use(books.book)
        spent = next(each for each in account if each.type == "expense")
        for line in file.lines.all():
            assert ana.post(f"/coding/lines/{line.pk}/code", {"account": spent.code}, headers=HTMX).status_code == 200
        assert not Undecided.objects.exists() and Coding.objects.filter(undone_at=None).count() == 3
        assert "Equals the bank" in ana.get(f"/coding/{client}?account={books.bank.pk}").content.decode()

        statement = file.statements.get()
        assert ana.post(f"/coding/statements/{statement.pk}/sign").status_code == 302
        assert Reconciliation.objects.get(statement=statement, voided_at=None).signed_by == world.ana
    assert ledger.account_total([books.bank.account_id], None, statement.ends_on).amount_minor == 361_50
