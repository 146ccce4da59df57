from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from tests.world import build
from wellkept.ledger import actions, queries
from wellkept.ledger.models import Entry
from wellkept.ledger.tests.books import Desk, day, open_bakery

WRITERS = 3


def together(work: Callable[[int], object]) -> list[object]:
    """Several writers begin at the same moment, each on a connection of its own."""
    start = Barrier(WRITERS)

    def one(number: int) -> object:
        try:
            start.wait(timeout=30)
            return work(number)
        except actions.PeriodHardClosed as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(WRITERS) as pool:
        return list(pool.map(one, range(WRITERS)))


@pytest.fixture
def desk(transactional_db: None) -> Desk:
    return open_bakery(build())


@pytest.mark.django_db(transaction=True)
def test_writers_at_once_keep_one_chain(desk: Desk) -> None:
    drafts = [[desk.draft("2026-02-03", ("1000", 5), ("4000", -5)) for _turn in range(8)] for _writer in range(WRITERS)]

    def write(number: int) -> None:
        for draft in drafts[number]:
            actions.post_all(book=desk.book, drafts=[draft], by=None, at=desk.at)

    together(write)

    assert list(Entry.objects.order_by("number").values_list("number", flat=True)) == list(range(1, 25))
    assert queries.verify_book(desk.book).findings == []
    assert queries.trial_balance(desk.book, day("2026-03-01")).debit_minor == 120


@pytest.mark.django_db(transaction=True)
def test_one_key_from_several_writers_is_one_entry(desk: Desk) -> None:
    draft = desk.draft("2026-02-03", ("1000", 5), ("4000", -5), key="once")

    found = together(lambda _number: actions.post_all(book=desk.book, drafts=[draft], by=None, at=desk.at)[0].pk)

    assert len(set(found)) == 1
    assert Entry.objects.count() == 1


@pytest.mark.django_db(transaction=True)
def test_posting_and_closing_at_once_agree(desk: Desk) -> None:
    period = actions.open_period(book=desk.book, on=day("2026-02-03"), by=None, at=desk.at)
    drafts = [[desk.draft("2026-02-03", ("1000", 5), ("4000", -5)) for _turn in range(8)] for _writer in range(WRITERS)]

    def work(number: int) -> None:
        for turn, draft in enumerate(drafts[number]):
            if number == 0 and turn == 4:
                actions.hard_close(period=period, by=desk.lead, at=desk.at)
            actions.post_all(book=desk.book, drafts=[draft], by=None, at=desk.at)

    outcomes = together(work)

    assert isinstance(outcomes[0], actions.PeriodHardClosed)
    assert 4 <= Entry.objects.count() <= 20
    assert queries.verify_book(desk.book).findings == []
