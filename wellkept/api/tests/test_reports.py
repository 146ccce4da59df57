"""Reports over the API: the figures of the page, in minor units; another client's are not found."""

from __future__ import annotations

from typing import Any

import pytest
import time_machine

from tests.world import World
from wellkept.api.tests.caller import Caller
from wellkept.web.tests.books import NOW, traded

MARCH = "since=2026-03-01&until=2026-04-01"


@pytest.fixture
def books(world: World) -> Any:
    with time_machine.travel(NOW, tick=False):
        yield traded(world)


def report(books: Any, name: str, person: Any = None) -> tuple[int, dict[str, Any]]:
    caller = Caller(person or books.world.ana, NOW)
    answer = caller.wire.get(f"/api/v1/clients/{books.world.bakery.pk}/reports/{name}?{MARCH}")
    return answer.status_code, answer.json()


@pytest.mark.parametrize(
    ("name", "result"),
    [("profit-and-loss", 100_000), ("balance-sheet", 1_800_000), ("cash-flow", 100_000), ("trial-balance", 2_550_000)],
)
def test_every_report_says_its_result_and_proves_it(books: Any, name: str, result: int) -> None:
    status, shown = report(books, name)

    assert status == 200 and shown["result_minor"] == result and shown["proof_minor"] == 0
    assert shown["currency"] == "NZD" and shown["exponent"] == 2
    for section in shown["sections"]:
        assert section["amount_minor"] == sum(line["amount_minor"] for line in section["lines"])


def test_another_clients_report_is_not_found(books: Any) -> None:
    assert report(books, "balance-sheet", books.world.stranger)[0] == 404
    assert report(books, "poem")[0] == 422
    caller = Caller(books.world.stranger, NOW)
    assert caller.wire.get(f"/api/v1/clients/{books.world.cycles.pk}/reports/cash-flow?{MARCH}").status_code == 404
    assert (
        Caller(books.world.ana, NOW)
        .wire.get(f"/api/v1/clients/{books.world.bakery.pk}/reports/cash-flow?since=2026-04-01&until=2026-04-01")
        .status_code
        == 422
    )
