from __future__ import annotations

import smtplib
import socket
import sqlite3
import subprocess
import sys
import time
from contextlib import closing

import psycopg
import pytest

from wellkept.cli.tests.firms import SETUP, FirmInAFolder

LETTER = "From: Mina <mina@harbourlane.example>\r\nTo: desk@lantern.example\r\nSubject: {0}\r\nMessage-ID: <{0}@x.example>\r\n\r\nHello\r\n"

pytestmark = pytest.mark.process


def test_help_names_every_command(firm: FirmInAFolder) -> None:
    told = firm.must("--help")
    for command in [
        "serve",
        "work",
        "migrate",
        "move",
        "setup",
        "demo",
        "token",
        "check",
        "verify",
        "backup",
        "restore",
        "mail",
        "insight",
        "bench",
    ]:
        assert command in told


def test_a_wrong_setting_is_a_sentence_that_names_it(firm: FirmInAFolder) -> None:
    assert "WELLKEPT_PORT" in firm.refused("verify", WELLKEPT_PORT="eighty")
    assert "WELLKEPT_DATA" in firm.refused("verify", WELLKEPT_DATA="/proc/nowhere")
    away = "postgres://nobody@127.0.0.1:1/nothing"
    assert "WELLKEPT_DATABASE_URL" in firm.refused("verify", WELLKEPT_DATABASE_URL=away)


def test_a_firm_is_set_up_once(firm: FirmInAFolder) -> None:
    assert "set up already" in firm.refused(*SETUP)
    assert "empty folder" in firm.refused("demo")


def test_a_token_is_printed_alone(firm: FirmInAFolder) -> None:
    assert len(firm.must("token", "--for", "tomas@lantern.example").strip().split()) == 1
    assert (
        firm.refused("token", "--for", "nobody@lantern.example")
        == "Nobody active has the address nobody@lantern.example."
    )


def test_check_gives_a_reason_for_each_setting(firm: FirmInAFolder) -> None:
    (firm.data / "keys" / "signing").chmod(0o644)
    told = firm.refused(
        "check",
        WELLKEPT_DEMO="1",
        WELLKEPT_DEBUG="1",
        WELLKEPT_PUBLIC_URL="http://desk.lantern.example",
        WELLKEPT_HOST="0.0.0.0",
    )
    for variable in (
        "WELLKEPT_DEMO",
        "WELLKEPT_DEBUG",
        "WELLKEPT_PUBLIC_URL",
        "WELLKEPT_HOST",
        "WELLKEPT_SMTP_URL",
        "keys/signing",
    ):
        assert variable in told
    (firm.data / "keys" / "signing").chmod(0o600)


def test_check_passes_a_sound_installation(firm: FirmInAFolder) -> None:
    told = firm.must(
        "check",
        WELLKEPT_PUBLIC_URL="https://desk.lantern.example",
        WELLKEPT_SMTP_URL="smtps://u:p@mail.example",
        WELLKEPT_SQLITE_SYNCHRONOUS="FULL",
    )
    assert "Nothing stands against" in told


def test_postgresql_that_may_lose_a_commit_is_refused(firm: FirmInAFolder) -> None:
    if not firm.database_url:
        pytest.skip("needs PostgreSQL")
    unsafe = f"{firm.database_url}?options=-c%20synchronous_commit%3Doff"
    assert "synchronous_commit off" in firm.refused("serve", WELLKEPT_DATABASE_URL=unsafe)
    assert "synchronous_commit off" in firm.refused("work", WELLKEPT_DATABASE_URL=unsafe)
    assert "synchronous_commit off" in firm.refused("check", WELLKEPT_DATABASE_URL=unsafe)


def test_an_older_database_is_not_touched_without_being_asked(elsewhere: FirmInAFolder) -> None:
    assert "wellkept migrate" in elsewhere.refused("serve", WELLKEPT_EMBEDDED="0")
    assert "wellkept migrate" in elsewhere.refused("work")


def test_a_taken_port_is_a_sentence(firm: FirmInAFolder) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        assert "WELLKEPT_PORT" in firm.refused("serve", WELLKEPT_PORT=port)
        assert "WELLKEPT_MAIL_IN_PORT" in firm.refused("serve", WELLKEPT_MAIL_IN_PORT=port)


def test_serve_takes_mail_tells_its_health_and_stops_cleanly(firm: FirmInAFolder) -> None:
    with firm.serving() as process:
        firm.wait_until_ready()
        assert firm.get("/healthz") == (200, "ok\n")
        with smtplib.SMTP("127.0.0.1", firm.mail_port, timeout=10) as smtp:
            smtp.sendmail("mina@harbourlane.example", ["desk@lantern.example"], LETTER.format("served"))
        assert until(lambda: "wellkept_deliveries_owed 0.0" in firm.get("/metrics")[1] and facts(firm) > 4)
    assert process.returncode == 0
    assert firm.log().rstrip().endswith("Stopped.")
    assert "mina@" not in firm.log()


def test_work_runs_beside_pages_that_do_not_work(firm: FirmInAFolder) -> None:
    with firm.serving(WELLKEPT_EMBEDDED="0"):
        assert until(lambda: answers(firm))
        status, told = firm.get("/readyz")
        assert (status, "No worker runs" in told) == (503, True)
        worker = subprocess.Popen(
            [sys.executable, "-m", "wellkept.cli.main", "work"], env=firm.environment(), stdout=subprocess.PIPE
        )
        assert until(lambda: firm.get("/readyz")[0] == 200)
        worker.terminate()
        assert worker.wait(30) == 0
        assert firm.get("/readyz")[0] == 503


def test_rebuild_and_mail_say_what_they_did(firm: FirmInAFolder) -> None:
    assert "promises counted" in firm.must("insight", "rebuild")
    assert "no file" in firm.refused("mail", "take", "/nowhere.eml").lower()


@pytest.mark.req("W8")
def test_verify_names_what_was_done_and_fails(firm: FirmInAFolder) -> None:
    assert "is whole" in firm.must("verify")
    tamper(firm, "UPDATE core_fact SET name = 'other' WHERE seq = 1")

    assert "edited: Line 1 was edited" in firm.refused("verify")


def tamper(firm: FirmInAFolder, statement: str) -> None:
    if firm.database_url:
        with psycopg.connect(firm.database_url, autocommit=True) as database:
            database.execute("ALTER TABLE core_fact DISABLE TRIGGER USER")
            database.execute(statement)
            database.execute("ALTER TABLE core_fact ENABLE TRIGGER USER")
        return
    with closing(sqlite3.connect(firm.data / "wellkept.sqlite3", isolation_level=None)) as database:
        [guard] = database.execute("SELECT sql FROM sqlite_master WHERE name = 'core_fact_no_update'").fetchone()
        database.execute("DROP TRIGGER core_fact_no_update")
        database.execute(statement)
        database.execute(guard)


def facts(firm: FirmInAFolder) -> float:
    [line] = [line for line in firm.get("/metrics")[1].splitlines() if line.startswith("wellkept_facts ")]
    return float(line.split()[1])


def answers(firm: FirmInAFolder) -> bool:
    try:
        return firm.get("/healthz")[0] == 200
    except OSError:
        return False


def until(true: object, seconds: float = 30) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():  # type: ignore[operator]
            return True
        time.sleep(0.2)
    return False
