from __future__ import annotations

import io
import json
import logging
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
import structlog
from django.db import connection
from django.test import Client, override_settings

from wellkept.config import health, logs
from wellkept.core import guards, heartbeats
from wellkept.core.clock import now


def beat(age: int) -> None:
    heartbeats.beat(name="one", kind="worker", note="", at=now() - timedelta(seconds=age))


def test_the_process_answers_without_a_database(client: Client) -> None:
    assert client.get("/healthz").content == b"ok\n"


@pytest.mark.django_db
def test_ready_when_a_worker_is_heard(client: Client) -> None:
    beat(5)
    assert (client.get("/readyz").status_code, client.get("/readyz").json()) == (200, {"ready": True, "reasons": []})


@pytest.mark.django_db
def test_not_ready_says_why(client: Client) -> None:
    assert client.get("/readyz").json()["reasons"] == ["No worker runs. Start one: wellkept work"]
    beat(300)
    answer = client.get("/readyz")
    assert answer.status_code == 503
    assert "No worker has been heard for 300" in answer.json()["reasons"][0]


@pytest.mark.django_db
@override_settings(DISK_RESERVE_BYTES=2**62)
def test_a_full_disk_is_a_reason(client: Client) -> None:
    beat(1)
    assert "are free" in client.get("/readyz").json()["reasons"][0]


@pytest.mark.django_db
def test_missing_guards_are_a_reason(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(health, "_migrated", False)
    guards.remove(connection)
    assert "triggers" in client.get("/readyz").json()["reasons"][0]


@pytest.mark.django_db
def test_figures_are_for_this_machine_or_a_token(client: Client, settings: object) -> None:
    beat(1)
    assert b"wellkept_deliveries_owed 0.0" in client.get("/metrics").content
    assert client.get("/metrics", REMOTE_ADDR="192.0.2.7").status_code == 403
    assert client.get("/metrics", headers={"X-Forwarded-For": "127.0.0.1"}).status_code == 403


@pytest.fixture
def logged() -> Iterator[Callable[[], dict[str, object]]]:
    """The line that was written."""
    formatter = logs.configure("JSON")["formatters"]["line"]
    written = io.StringIO()
    handler = logging.StreamHandler(written)
    handler.setFormatter(
        formatter["()"](foreign_pre_chain=formatter["foreign_pre_chain"], processors=formatter["processors"])
    )
    logger = logging.getLogger("wellkept.test_logs")
    logger.addHandler(handler)
    logger.propagate = False
    yield lambda: json.loads(written.getvalue())
    logger.removeHandler(handler)


def test_no_person_reaches_a_log(logged: Callable[[], dict[str, object]]) -> None:
    log = structlog.stdlib.get_logger("wellkept.test_logs")
    log.warning("mail.refused", sender="Mina <mina@harbourlane.example>", phone="+64 21 555 0199", mail=7)
    told = logged()
    assert (told["event"], told["mail"], told["level"]) == ("mail.refused", 7, "warning")
    assert (told["sender"], told["phone"]) == ("Mina <[address]>", "[number]")


def test_an_error_is_its_class_and_its_place_never_its_words(logged: Callable[[], dict[str, object]]) -> None:
    log = structlog.stdlib.get_logger("wellkept.test_logs")
    try:
        raise ValueError("Mina's salary is 6,900")
    except ValueError:
        log.exception("broke")
    told = logged()
    assert told["error"] == "ValueError"
    assert "test_health.py" in told["at"]
    assert "salary" not in json.dumps(told)


def test_the_libraries_of_others_are_held_to_it_too(logged: Callable[[], dict[str, object]]) -> None:
    logging.getLogger("wellkept.test_logs").error(
        "Bad Request: /search?q=Mina+Okafor from %s", "mina@harbourlane.example"
    )
    told = logged()
    assert told["event"] == "Bad Request: /search?… from [address]"
