"""A database that others hold: every door says that it is busy, nothing is half written, and the same thing works later."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
import time_machine
from django.db import connection

from tests.world import World, office
from wellkept.conversations.models import Conversation, Message
from wellkept.core.models import Fact, Outgoing
from wellkept.people import actions as people
from wellkept.promises.models import Promise
from wellkept.web.tests.desk import HTMX, NOW, as_, asked

pytestmark = [
    pytest.mark.django_db(transaction=True),
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="one writer at a time is SQLite's own"),
]
BUSY = "Others are writing just now, so nothing was changed."


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@contextmanager
def held() -> Iterator[None]:
    """Somebody else writes, for longer than we wait."""
    connection.ensure_connection()
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout = 50")
    try:
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
    finally:
        connection.close()  # the next one waits as long as the firm chose


def reply(world: World, found: Conversation, **headers: str) -> Any:
    desk = as_(world.ana)
    desk.raise_request_exception = False
    form = {"text": "Yes.", "to": "mina@harbourlane.example", "follow_up": f"at:{office('wed 12:00').isoformat()}"}

    def press() -> Any:
        return desk.post(f"/conversations/{found.pk}/reply", form, headers=headers)

    return press


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Message, Promise, Outgoing, Fact))


def test_a_page_says_that_others_write_and_the_same_thing_works_later(world: World) -> None:
    found = asked(world)
    press, before = reply(world, found), written()

    with held():
        refused = press()

    assert (refused.status_code, refused["Retry-After"]) == (503, "5")
    assert BUSY in refused.content.decode() and "Busy just now" in refused.content.decode()
    assert written() == before
    assert press().status_code == 302 and written() > before


def test_a_form_keeps_what_was_typed_and_shows_the_sentence(world: World) -> None:
    press = reply(world, asked(world), **HTMX)

    with held():
        refused = press()

    assert refused.status_code == 503 and refused["HX-Reswap"] == "none"
    assert json.loads(refused["HX-Trigger"])["refused"]["text"].startswith(BUSY)


def test_a_page_can_be_read_meanwhile(world: World) -> None:
    found, desk = asked(world), as_(world.ana)

    with held():
        assert desk.get(f"/conversations/{found.pk}").status_code == 200


def test_the_api_answers_503_with_a_problem(world: World) -> None:
    found = asked(world)
    _token, clear = people.new_api_token(staff=world.ana, name="test", by=None, at=NOW)
    desk = as_(world.ana)
    desk.raise_request_exception = False

    with held():
        refused = desk.post(
            f"/api/v1/conversations/{found.pk}/notes",
            {"text": "She means the lease."},
            content_type="application/json",
            headers={"Authorization": f"Bearer {clear}"},
        )

    assert (refused.status_code, refused.json()["code"], refused["Retry-After"]) == (503, "busy", "5")
