"""What the database refuses by itself, attacked by plain SQL past every action."""

from __future__ import annotations

from typing import Any

import pytest
from django.db import DatabaseError, connection, transaction

from wellkept.core import guards
from wellkept.ledger import actions
from wellkept.ledger.models import Entry, Period, Posting
from wellkept.ledger.tests.books import Desk, day

HASH = "0" * 64


def refused(*statements: str, values: tuple[Any, ...] = ()) -> None:
    with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement, values if "%s" in statement else None)
        connection.check_constraints()


@pytest.fixture
def entry(desk: Desk) -> Entry:
    return desk.post("2026-02-03", ("1000", 100), ("4000", -100))


@pytest.mark.parametrize("table", ["ledger_entry", "ledger_posting", "ledger_accountchange"])
def test_what_is_posted_is_neither_changed_nor_deleted(entry: Entry, table: str) -> None:
    column = {"ledger_entry": "narration", "ledger_posting": "text", "ledger_accountchange": "after"}[table]
    refused(f"UPDATE {table} SET {column} = 'x'")
    refused(f"DELETE FROM {table}")
    if connection.vendor == "postgresql":
        refused(f"TRUNCATE {table} CASCADE")
    else:
        refused(f"UPDATE OR REPLACE {table} SET id = id + 0")


def new_posting(
    entry: int, account: int, amount: int, position: int, on: str = "2026-02-03", currency: str = ""
) -> str:
    return (
        "INSERT INTO ledger_posting (entry_id, position, account_id, dated_on, amount_minor, currency, foreign_minor, text)"
        f" VALUES ({entry}, {position}, {account}, '{on}', {amount}, '{currency}', {7 if currency else 0}, '')"
    )


def new_entry(desk: Desk, pk: int, number: int, **more: Any) -> str:
    values = {
        "id": pk, "book_id": desk.book.pk, "number": number, "dated_on": "2026-02-03", "posted_at": "2026-03-09 00:00:00",
        "source": "manual", "key": f"attack-{pk}", "narration": "", "override_reason": "", "lines": 2,
        "previous_hash": Entry.objects.order_by("-number").values_list("hash", flat=True)[0], "hash": HASH, **more,
    }  # fmt: skip
    columns = ", ".join(values)
    return f"INSERT INTO ledger_entry ({columns}) VALUES ({', '.join(repr(value) for value in values.values())})"


def test_a_sound_entry_by_hand_is_taken(desk: Desk, entry: Entry) -> None:
    """The guards refuse what is wrong and nothing else; the chain and the balances tell who came past the actions."""
    bank, sales = desk.account("1000").pk, desk.account("4000").pk
    with connection.cursor() as cursor:
        for statement in (new_posting(99, bank, 5, 1), new_posting(99, sales, -5, 2), new_entry(desk, 99, 2)):
            cursor.execute(statement)
    connection.check_constraints()


def test_nothing_is_added_to_an_entry_that_stands(desk: Desk, entry: Entry) -> None:
    bank, sales = desk.account("1000").pk, desk.account("4000").pk
    refused(new_posting(entry.pk, bank, 5, 3))
    refused(new_posting(entry.pk, bank, 5, 3), new_posting(entry.pk, sales, -5, 4))
    if connection.vendor == "sqlite":
        refused(new_posting(entry.pk, bank, 5, 1).replace("INSERT", "INSERT OR REPLACE"))


def test_postings_without_an_entry_do_not_stay(desk: Desk, entry: Entry) -> None:
    refused(new_posting(99, desk.account("1000").pk, 5, 1))


@pytest.mark.parametrize(
    ("amounts", "more"),
    [
        ((5, -4), {}),
        ((5,), {}),
        ((5, -5), {"lines": 3}),
        ((5, -5), {"number": 3}),
        ((5, -5), {"number": 1}),
        ((5, -5), {"previous_hash": HASH}),
        ((5, -5), {"dated_on": "2026-02-04"}),
        ((5, -5), {"dated_on": "2026-09-03"}),
        ((5, -5), {"book_id": 0}),
    ],
)
def test_an_unsound_entry_is_refused(desk: Desk, entry: Entry, amounts: tuple[int, ...], more: dict[str, Any]) -> None:
    accounts = [desk.account("1000").pk, desk.account("4000").pk]
    postings = [new_posting(99, accounts[n], amount, n + 1) for n, amount in enumerate(amounts)]
    refused(*postings, new_entry(desk, 99, more.pop("number", 2), **more))


def test_a_gap_in_the_lines_is_refused(desk: Desk, entry: Entry) -> None:
    bank, sales = desk.account("1000").pk, desk.account("4000").pk
    refused(new_posting(99, bank, 5, 1), new_posting(99, sales, -5, 3), new_entry(desk, 99, 2))


def test_another_clients_account_is_refused(desk: Desk, entry: Entry) -> None:
    other = actions.open_book(client=desk.world.cycles, template="us", by=None, at=desk.at)
    foreign = other.accounts.get(code="1000").pk
    refused(new_posting(99, foreign, 5, 1), new_posting(99, desk.account("4000").pk, -5, 2), new_entry(desk, 99, 2))


def test_other_currencies_balance_unless_exchanged(desk: Desk, entry: Entry) -> None:
    bank, sales = desk.account("1000").pk, desk.account("4000").pk
    lines = new_posting(99, bank, 5, 1, currency="USD"), new_posting(99, sales, -5, 2)
    refused(*lines, new_entry(desk, 99, 2))
    with connection.cursor() as cursor:
        for statement in (*lines, new_entry(desk, 99, 2, source="exchange")):
            cursor.execute(statement)


def test_closed_periods_take_nothing_by_any_door(desk: Desk, entry: Entry) -> None:
    period = Period.objects.get()
    lines = new_posting(99, desk.account("1000").pk, 5, 1), new_posting(99, desk.account("4000").pk, -5, 2)
    actions.soft_close(period=period, by=desk.ana, at=desk.at)
    refused(*lines, new_entry(desk, 99, 2))
    actions.hard_close(period=period, by=desk.lead, at=desk.at)
    refused(*lines, new_entry(desk, 99, 2, override_reason="I may"))
    refused("UPDATE ledger_period SET hard_closed_at = NULL")
    refused("UPDATE ledger_period SET starts_on = '2027-02-01', ends_on = '2027-03-01'")
    refused("DELETE FROM ledger_period")
    if connection.vendor == "sqlite":
        refused(
            f"INSERT OR REPLACE INTO ledger_period (id, book_id, starts_on, ends_on)"
            f" VALUES ({period.pk}, {desk.book.pk}, '2026-02-01', '2026-03-01')"
        )


def test_a_period_is_a_month(desk: Desk, entry: Entry) -> None:
    columns = f"INSERT INTO ledger_period (book_id, starts_on, ends_on) VALUES ({desk.book.pk},"
    refused(f"{columns} '2026-02-02', '2026-03-02')")
    refused(f"{columns} '2026-04-01', '2026-06-01')")


def test_accounts_and_books_keep_what_their_entries_rest_on(desk: Desk, entry: Entry) -> None:
    refused("UPDATE ledger_account SET type = 'equity'")
    refused("UPDATE ledger_account SET currency = 'USD'")
    refused("UPDATE ledger_book SET base_currency = 'USD'")
    refused("UPDATE ledger_book SET last_number = 0")
    refused("DELETE FROM ledger_account")


def test_tags_come_with_the_posting_or_not_at_all(desk: Desk, entry: Entry) -> None:
    dimension = actions.add_dimension(book=desk.book, name="Property", by=desk.ana, at=desk.at)
    tag = actions.add_tag(dimension=dimension, name="Harbour Lane 4", by=desk.ana, at=desk.at)
    posting = Posting.objects.order_by("pk")[0].pk
    refused(f"INSERT INTO ledger_postingtag (posting_id, tag_id) VALUES ({posting}, {tag.pk})")


def test_a_reversal_stays_in_its_book(desk: Desk, entry: Entry) -> None:
    other = actions.open_book(client=desk.world.cycles, template="us", by=None, at=desk.at)
    lines = [
        actions.PostingDraft(other.accounts.get(code="1000"), 5),
        actions.PostingDraft(other.accounts.get(code="4000"), -5),
    ]
    elsewhere = actions.post(
        book=other, dated_on=day("2026-02-03"), lines=lines, narration="", source="manual", key="k", by=None, at=desk.at
    )
    mine = Entry.objects.filter(book=desk.book).get()
    attack = new_entry(desk, 99, 2, reverses_id=elsewhere.pk, previous_hash=mine.hash)
    refused(new_posting(99, desk.account("1000").pk, 5, 1), new_posting(99, desk.account("4000").pk, -5, 2), attack)


def test_the_guards_are_known_to_be_there(desk: Desk) -> None:
    assert guards.present(connection)
    guards.remove(connection)
    assert not guards.present(connection)
    guards.install(connection)
    assert guards.present(connection)
