"""A firm on SQLite goes to a real PostgreSQL with everything it has."""

from __future__ import annotations

import sqlite3
from contextlib import closing

import psycopg
import pytest

from wellkept.cli.tests.firms import SERVER, SETUP, FirmInAFolder, copied, free_port
from wellkept.cli.tests.test_full_disk import LETTER, Browser

pytestmark = [pytest.mark.process, pytest.mark.skipif(not SERVER, reason="needs a PostgreSQL server")]
NOT_COUNTED = {"django_migrations", "sqlite_sequence", "core_seal"}  # the move seals what was not sealed yet


@pytest.fixture
def place(elsewhere: FirmInAFolder) -> str:
    """The address of an empty PostgreSQL database."""
    return elsewhere.database_url


@pytest.fixture(scope="module")
def small_origin(tmp_path_factory: pytest.TempPathFactory) -> FirmInAFolder:
    """A firm on SQLite with people, mail, facts and a chain."""
    data = tmp_path_factory.mktemp("small-origin") / "data"
    data.mkdir(mode=0o700)
    firm = FirmInAFolder(data, "", free_port(), free_port())
    firm.must(*SETUP)
    for number in range(3):
        firm.must("mail", "take", "-", stdin=LETTER.format(f"letter-{number}").encode())
    firm.must("token", "--for", "tomas@lantern.example")
    return firm


@pytest.fixture
def small(tmp_path_factory: pytest.TempPathFactory, small_origin: FirmInAFolder) -> FirmInAFolder:
    return copied(tmp_path_factory.mktemp("small") / "data", small_origin)


def rows_here(firm: FirmInAFolder) -> dict[str, int]:
    with closing(sqlite3.connect(firm.data / "wellkept.sqlite3")) as database:
        tables = database.execute(
            "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE 'core_searchindex%'"
        ).fetchall()
        return {
            name: database.execute(f'SELECT count(*) FROM "{name}"').fetchone()[0]
            for (name,) in tables
            if name not in NOT_COUNTED
        }


def rows_there(place: str) -> dict[str, int]:
    with psycopg.connect(place) as database:
        tables = database.execute("SELECT tablename FROM pg_tables WHERE schemaname = 'public'").fetchall()
        counted = {}
        for (name,) in tables:
            if name not in NOT_COUNTED:
                [counted[name]] = database.execute(f'SELECT count(*) FROM "{name}"').fetchone() or (0,)
        return counted


def test_everything_moves_and_the_firm_goes_on_there(small: FirmInAFolder, place: str) -> None:
    before = rows_here(small)

    told = small.must("move", "--to", place)

    moved = FirmInAFolder(small.data, place, free_port(), free_port())
    there = rows_there(place)
    assert {name: count for name, count in before.items() if count != there.get(name)} == {}
    assert sum(before.values()) > 50 and "is whole" in told and "no longer used" in told
    assert not (small.data / "wellkept.sqlite3").exists()
    assert list(small.data.glob("wellkept.sqlite3.moved-*"))
    guards_hold(place)
    with moved.serving():
        moved.wait_until_ready()
        desk = Browser(moved)
        assert desk.sign_in()[0] == 200
        for path in ("/", "/inbox", "/promises", "/search?q=letter", "/settings/people", "/score", "/outgoing"):
            status, _page = desk.get(path)
            assert status == 200, path
        assert "letter-1" in desk.get("/search?q=letter-1")[1]
    moved.must("mail", "take", "-", stdin=LETTER.format("written there").encode())
    assert rows_there(place)["email_rawmail"] == before["email_rawmail"] + 1
    assert "is whole" in moved.must("verify")


def guards_hold(place: str) -> None:
    with psycopg.connect(place) as database:
        off = database.execute("SELECT tgname FROM pg_trigger WHERE NOT tgisinternal AND tgenabled = 'D'").fetchall()
        with pytest.raises(psycopg.Error, match="append-only"):
            database.execute("UPDATE core_fact SET name = 'changed'")
    assert off == []


def test_a_place_in_use_is_refused_and_nothing_changes(small: FirmInAFolder, place: str) -> None:
    with psycopg.connect(place, autocommit=True) as database:
        database.execute("CREATE TABLE somebody_elses (id int)")

    assert "somebody_elses" in small.refused("move", "--to", place)
    assert "PostgreSQL" in small.refused("move", "--to", "sqlite:////tmp/other.sqlite3")
    assert "does not answer" in small.refused("move", "--to", "postgres://nobody@127.0.0.1:1/nothing")
    assert (small.data / "wellkept.sqlite3").exists()


def test_a_firm_at_work_is_not_moved(small: FirmInAFolder, place: str) -> None:
    with small.serving():
        small.wait_until_ready()
        assert "Stop wellkept serve" in small.refused("move", "--to", place)


def test_a_move_that_was_cut_off_is_begun_again(small: FirmInAFolder, place: str) -> None:
    """The tables stand there, without a row, as after a cut."""
    FirmInAFolder(small.data, place, free_port(), free_port()).must("migrate")

    small.must("move", "--to", place)

    assert rows_there(place)["people_firm"] == 1


def test_a_row_that_does_not_fit_stops_the_move_and_leaves_both_places_as_they_were(
    small: FirmInAFolder, place: str
) -> None:
    with closing(sqlite3.connect(small.data / "wellkept.sqlite3")) as database:
        database.execute("INSERT INTO people_team (name, lead_id) VALUES ('a' || char(0) || 'b', NULL)")
        database.commit()

    told = small.refused("move", "--to", place)

    assert "people_team" in told and "Nothing was moved" in told
    assert (
        sum(rows_there(place).values())
        == rows_there(place)["django_content_type"] + rows_there(place)["auth_permission"]
    )
    assert (small.data / "wellkept.sqlite3").exists()
