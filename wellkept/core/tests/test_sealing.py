"""The running database is changed behind our back, as somebody with its password could, and `verify` names what was done."""

from __future__ import annotations

import os
import shutil
import threading
from collections.abc import Iterator

import psycopg
import pytest
from django.db import DatabaseError, connection, transaction

from tests import template
from tests.world import at
from wellkept.core import facts, guards, sealing
from wellkept.core.models import Fact, Seal
from wellkept.core.verifying import examine, verify

NOON = at("2026-03-06 12:00")
pytestmark = pytest.mark.req("W8")


@pytest.fixture(autouse=True)
def no_older_anchors() -> Iterator[None]:
    shutil.rmtree(sealing.anchors_folder(), ignore_errors=True)
    sealing._doubtful.clear()
    yield
    shutil.rmtree(sealing.anchors_folder(), ignore_errors=True)


@pytest.fixture
def book(django_db_reset_sequences: None) -> list[int]:
    """Ten sealed lines; the numbers."""
    write(10)
    sealing.seal(at=NOON)
    return list(Fact.objects.values_list("seq", flat=True))


def write(many: int) -> None:
    for number in range(many):
        with transaction.atomic():
            facts.record("promise.kept", at=NOON, client=number, by=7, promise=number)


def behind_our_back(*statements: str) -> None:
    """What a database administrator can do: take the guards off, change, put them back."""
    guards.remove(connection)
    with connection.cursor() as cursor:
        for statement in statements:
            cursor.execute(statement)
    guards.install(connection)


def kinds() -> list[tuple[str, int]]:
    return [(finding.kind, finding.seq) for finding in verify()]


def test_an_untouched_book_is_whole(book: list[int]) -> None:
    report = examine()
    assert (report.findings, report.lines, report.unsealed) == ([], 10, 0)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE core_fact SET client = 9",
        "DELETE FROM core_fact",
        "UPDATE core_seal SET hash = ''",
        "DELETE FROM core_seal",
    ],
)
def test_the_database_itself_refuses(book: list[int], statement: str) -> None:
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(statement)
    assert verify() == []


def test_truncate_is_refused_too(book: list[int]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no TRUNCATE")
    with pytest.raises(DatabaseError, match="append-only"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("TRUNCATE core_fact CASCADE")


def test_an_edited_line_is_named(book: list[int]) -> None:
    behind_our_back(f"UPDATE core_fact SET client = 999 WHERE seq = {book[4]}")
    assert kinds() == [("edited", book[4])]


def test_edited_data_and_time_are_named(book: list[int]) -> None:
    behind_our_back(
        f"""UPDATE core_fact SET data = '{{"promise": 77}}' WHERE seq = {book[0]}""",
        f"UPDATE core_fact SET at = '2026-03-06 12:00:01' WHERE seq = {book[9]}",
    )
    assert kinds() == [("edited", book[0]), ("edited", book[9])]


def test_a_deleted_line_is_named(book: list[int]) -> None:
    behind_our_back(f"DELETE FROM core_fact WHERE seq = {book[4]}")
    assert kinds() == [("deleted", book[4])]


def test_a_deleted_line_that_was_not_sealed_yet_is_named_on_sqlite(book: list[int]) -> None:
    if connection.vendor != "sqlite":
        pytest.skip("on PostgreSQL a missing number may be a transaction that was undone")
    write(2)
    behind_our_back(f"DELETE FROM core_fact WHERE seq = {book[-1] + 1}")
    sealing.seal(at=NOON)
    assert kinds() == [("deleted", book[-1] + 1)]


def test_an_inserted_line_is_named(book: list[int]) -> None:
    behind_our_back(f"DELETE FROM core_fact WHERE seq = {book[4]}")
    insert = "INSERT INTO core_fact (seq, name, at, data) VALUES ({seq}, 'promise.kept', '2026-03-06 12:00', '{{}}')"
    behind_our_back(insert.format(seq=-5), insert.format(seq=book[4]))
    assert kinds() == [("inserted", -5), ("edited", book[4])]


def test_a_line_put_where_there_was_none_is_named(django_db_reset_sequences: None) -> None:
    write(3)
    first = Fact.objects.order_by("seq").values_list("seq", flat=True)[0]
    behind_our_back(f"DELETE FROM core_fact WHERE seq = {first + 1}")
    sealing.seal(at=NOON)
    behind_our_back(
        f"INSERT INTO core_fact (seq, name, at, data) VALUES ({first + 1}, 'promise.kept', '2026-03-06 12:00', '{{}}')"
    )
    assert ("inserted", first + 1) in kinds()


def test_swapped_lines_are_named(book: list[int]) -> None:
    behind_our_back(
        f"UPDATE core_fact SET seq = -1 WHERE seq = {book[2]}",
        f"UPDATE core_fact SET seq = {book[2]} WHERE seq = {book[6]}",
        f"UPDATE core_fact SET seq = {book[6]} WHERE seq = -1",
    )
    [finding] = verify()
    assert (finding.kind, finding.sentence) == ("swapped", f"Lines {book[2]} and {book[6]} have changed places.")


def test_a_truncated_book_is_named(book: list[int]) -> None:
    behind_our_back(f"DELETE FROM core_fact WHERE seq > {book[5]}", f"DELETE FROM core_seal WHERE seq > {book[5]}")
    assert kinds() == [("truncated", book[9])]


def test_a_truncated_book_that_went_on_is_named(book: list[int]) -> None:
    behind_our_back(f"DELETE FROM core_fact WHERE seq > {book[5]}", f"DELETE FROM core_seal WHERE seq > {book[5]}")
    write(4)
    sealing.seal(at=NOON)
    assert ("truncated", book[9]) in kinds()


def test_a_book_sealed_anew_is_named(book: list[int]) -> None:
    behind_our_back(f"UPDATE core_fact SET client = 999 WHERE seq = {book[4]}", "DELETE FROM core_seal")
    anchors = sealing.anchors_folder()
    aside = anchors.with_name("aside")
    anchors.rename(aside)
    sealing.seal(at=NOON)
    shutil.rmtree(anchors)
    aside.rename(anchors)
    assert kinds() == [("re-chained", book[9])]


def test_an_altered_seal_is_told_from_an_altered_line(book: list[int]) -> None:
    behind_our_back(f"UPDATE core_seal SET hash = '{'0' * 64}' WHERE seq = {book[4]}")
    [finding] = verify()
    assert (finding.kind, finding.seq, "seal" in finding.sentence) == ("edited", book[4], True)


def test_a_missing_seal_is_named(book: list[int]) -> None:
    behind_our_back(f"DELETE FROM core_seal WHERE seq = {book[4]}")
    assert kinds() == [("deleted", book[4])]


def test_reading_can_go_on_from_where_it_stopped(book: list[int]) -> None:
    whole = examine()
    write(3)
    sealing.seal(at=NOON)

    rest = examine(after=whole.verified_to, hash_there=whole.hash)

    assert (rest.lines, rest.findings) == (3, [])


def test_a_line_that_commits_late_is_sealed_in_its_place(book: list[int]) -> None:
    """PostgreSQL gives numbers at once and commits in any order; the chain waits for the number, the writers do not."""
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has one writer")
    begun, commit = threading.Event(), threading.Event()

    def slow() -> None:
        with transaction.atomic():
            facts.record("promise.kept", at=NOON, client=1)
            begun.set()
            commit.wait(10)
        connection.close()

    writer = threading.Thread(target=slow)
    writer.start()
    assert begun.wait(10)
    write(2)

    assert sealing.seal(at=NOON) == 0, "a number is still on its way"
    commit.set()
    writer.join()
    assert sealing.seal(at=NOON) == 3
    assert verify() == []
    assert not Seal.objects.filter(void=True).exists()


def test_a_number_whose_transaction_was_undone_is_void_although_others_keep_writing(book: list[int]) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite gives the number again")
    with pytest.raises(RuntimeError), transaction.atomic():
        facts.record("promise.kept", at=NOON)
        raise RuntimeError("undone")
    write(1)
    begun, commit = threading.Event(), threading.Event()

    def busy() -> None:
        with transaction.atomic():
            facts.record("promise.kept", at=NOON)
            begun.set()
            commit.wait(10)
        connection.close()

    assert sealing.seal(at=NOON) == 2
    writer = threading.Thread(target=busy)
    writer.start()
    assert begun.wait(10)
    write(1)
    assert sealing.seal(at=NOON) == 0
    commit.set()
    writer.join()
    assert sealing.seal(at=NOON) == 2
    assert (verify(), Seal.objects.filter(void=True).count()) == ([], 1)


def test_a_writer_of_another_database_holds_nothing_up(book: list[int]) -> None:
    """Copies of one database have the same inner numbers; the server tells of the locks in all of them."""
    if connection.vendor != "postgresql":
        pytest.skip("a database is a file of its own")
    server = os.environ["WELLKEPT_TEST_DATABASE_URL"].partition("?")[0].rpartition("/")[0]
    beside = f"{connection.settings_dict['NAME']}_beside"
    with psycopg.connect(f"{server}/postgres", autocommit=True) as postgres:
        postgres.execute(f'CREATE DATABASE "{beside}" TEMPLATE "{template.postgresql(f"{server}/x")}"')
        with psycopg.connect(f"{server}/{beside}") as other:
            other.execute("LOCK TABLE core_fact IN ROW EXCLUSIVE MODE")
            with pytest.raises(RuntimeError), transaction.atomic():
                facts.record("promise.kept", at=NOON)
                raise RuntimeError("undone")
            write(1)
            sealed = sealing.seal(at=NOON)
        postgres.execute(f'DROP DATABASE "{beside}" WITH (FORCE)')

    assert (sealed, verify()) == (2, [])


def test_a_torn_anchor_is_passed_over(book: list[int]) -> None:
    [path] = sealing.anchors_folder().glob("*.jsonl")
    path.write_text(path.read_text() + '{"seq": 12')
    assert verify() == []
