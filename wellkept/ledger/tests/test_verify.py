import pytest
from django.db import connection

from wellkept.core import guards
from wellkept.ledger import actions, queries
from wellkept.ledger.tests.books import Desk, day


@pytest.fixture
def written(desk: Desk) -> Desk:
    for number in range(1, 6):
        desk.post(f"2026-02-0{number}", ("1000", 100 * number), ("4000", -100 * number))
    return desk


def by_force(*statements: str) -> None:
    """What a database administrator can do: take the guards off, change, put them back."""
    guards.remove(connection)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    guards.install(connection)


def kinds(desk: Desk) -> set[tuple[str, int]]:
    return {(finding.kind, finding.number) for finding in queries.verify_book(desk.book).findings}


def test_a_book_is_whole(written: Desk) -> None:
    report = queries.verify_book(written.book)

    assert (report.entries, report.findings) == (5, [])


@pytest.mark.parametrize(
    "change",
    [
        "UPDATE ledger_posting SET amount_minor = amount_minor * 2 WHERE entry_id = {3}",
        "UPDATE ledger_posting SET text = 'x' WHERE entry_id = {3} AND position = 1",
        "UPDATE ledger_entry SET narration = 'x' WHERE id = {3}",
        "UPDATE ledger_entry SET dated_on = '2026-02-09' WHERE id = {3}",
        "UPDATE ledger_entry SET posted_by = 99 WHERE id = {3}",
    ],
)
def test_an_edited_entry_is_named(written: Desk, change: str) -> None:
    ids = {entry.number: entry.pk for entry in written.book.entries.all()}
    by_force(change.replace("{3}", str(ids[3])))

    assert ("edited", 3) in kinds(written)


def test_a_deleted_entry_is_named(written: Desk) -> None:
    pk = written.book.entries.get(number=3).pk
    by_force(f"DELETE FROM ledger_posting WHERE entry_id = {pk}", f"DELETE FROM ledger_entry WHERE id = {pk}")

    assert {("deleted", 3), ("miscounted", 0)} <= kinds(written)


def test_a_book_cut_off_is_named(written: Desk) -> None:
    pk = written.book.entries.get(number=5).pk
    end = written.book.entries.get(number=4).hash
    by_force(
        f"DELETE FROM ledger_posting WHERE entry_id = {pk}",
        f"DELETE FROM ledger_entry WHERE id = {pk}",
        f"UPDATE ledger_book SET last_number = 4, last_hash = '{end}'",
    )

    assert ("truncated", 5) in kinds(written)


def test_swapped_entries_are_named(written: Desk) -> None:
    two, four = (written.book.entries.get(number=number) for number in (2, 4))
    swap = "UPDATE ledger_entry SET dated_on = '{on}', key = '{key}' WHERE id = {pk}"
    lines = "UPDATE ledger_posting SET entry_id = {to} WHERE entry_id = {pk}"
    by_force(
        swap.format(on=two.dated_on, key="spare", pk=four.pk),
        swap.format(on=four.dated_on, key=four.key, pk=two.pk),
        swap.format(on=two.dated_on, key=two.key, pk=four.pk),
        *(lines.format(pk=a, to=b) for a, b in ((two.pk, -1), (four.pk, two.pk), (-1, four.pk))),
    )

    assert {("swapped", 2), ("swapped", 4)} <= kinds(written)


def test_an_entry_put_in_by_hand_is_named(written: Desk) -> None:
    bank, sales = written.account("1000").pk, written.account("4000").pk
    end = written.book.entries.get(number=5).hash
    posting = "INSERT INTO ledger_posting (entry_id, position, account_id, dated_on, amount_minor, currency, foreign_minor, text)"
    with connection.cursor() as cursor:
        cursor.execute(f"{posting} VALUES (9999, 1, {bank}, '2026-02-03', 5, '', 0, '')")
        cursor.execute(f"{posting} VALUES (9999, 2, {sales}, '2026-02-03', -5, '', 0, '')")
        cursor.execute(
            "INSERT INTO ledger_entry (id, book_id, number, dated_on, posted_at, source, key, narration, override_reason,"
            f" lines, previous_hash, hash) VALUES (9999, {written.book.pk}, 6, '2026-02-03', '2026-03-09 00:00:00',"
            f" 'manual', 'attack', '', '', 2, '{end}', '{'0' * 64}')"
        )

    assert {("inserted", 6), ("miscounted", 0)} <= kinds(written)


def test_a_chain_made_anew_does_not_fit_the_service_book(written: Desk) -> None:
    last = written.book.entries.get(number=5)
    remade(written, last.pk)

    assert ("re-chained", 5) in kinds(written)


def remade(desk: Desk, pk: int) -> None:
    """Edit the last entry and give it, and the book, the hash that fits."""
    from wellkept.ledger.queries.verifying import said_by
    from wellkept.ledger.rules import chain

    by_force(f"UPDATE ledger_entry SET narration = 'x' WHERE id = {pk}")
    entry = desk.book.entries.get(pk=pk)
    new = chain.link(entry.previous_hash, said_by(entry, queries.lines_of([pk])[pk]))
    by_force(f"UPDATE ledger_entry SET hash = '{new}' WHERE id = {pk}", f"UPDATE ledger_book SET last_hash = '{new}'")


@pytest.mark.parametrize("table", ["ledger_balance"])
def test_balances_that_were_changed_are_found_and_rebuilt(written: Desk, table: str) -> None:
    by_force(f"UPDATE {table} SET debit_minor = debit_minor + 1")
    assert kinds(written) == {("miscounted", 0)}

    actions.rebuild_balances(book=written.book)

    assert kinds(written) == set()
    assert queries.trial_balance(written.book, day("2026-03-01")).debit_minor == 1500
