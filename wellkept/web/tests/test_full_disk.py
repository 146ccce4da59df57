"""A database that takes no more: every door says so in words, nothing is half written, and it goes on when there is space."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
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
    pytest.mark.skipif("connection.vendor != 'sqlite'", reason="the limit is one of SQLite's own"),
]
LONG = "This does not fit any more. " * 2000


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@contextmanager
def full() -> Iterator[None]:
    """SQLite's own limit on the number of pages: the same answer as from a full disk."""
    with connection.cursor() as cursor:
        cursor.execute("VACUUM")  # pages that other tests left free would still take something
        cursor.execute("PRAGMA page_count")
        [pages] = cursor.fetchone()
        cursor.execute(f"PRAGMA max_page_count = {pages}")
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA max_page_count = 1073741823")


def reply(world: World, found: Conversation, **headers: str) -> Any:
    desk = as_(world.ana)
    desk.raise_request_exception = False
    form = {
        "text": LONG,
        "to": "mina@harbourlane.example",
        "follow_up": f"at:{office('wed 12:00').isoformat()}",
    }
    return desk.post(f"/conversations/{found.pk}/reply", form, headers=headers)


def written() -> tuple[int, ...]:
    return tuple(model.objects.count() for model in (Message, Promise, Outgoing, Fact))


def test_a_page_says_that_the_disk_is_full_and_writes_nothing(world: World) -> None:
    found = asked(world)
    before = written()

    with full():
        refused = reply(world, found)
    done = reply(world, found)

    assert refused.status_code == 503 and refused["Retry-After"] == "60"
    assert "The disk is full, so nothing was changed." in refused.content.decode()
    assert done.status_code in {204, 302} and written() > before


def test_a_form_keeps_what_was_typed_and_shows_the_sentence(world: World) -> None:
    found = asked(world)
    before = written()

    with full():
        refused = reply(world, found, **HTMX)

    told = json.loads(refused["HX-Trigger"])["refused"]["text"]
    assert refused.status_code == 503 and refused["HX-Reswap"] == "none" and told.startswith("The disk is full")
    assert written() == before


def test_the_api_answers_503_with_a_problem(world: World) -> None:
    found = asked(world)
    _token, clear = people.new_api_token(staff=world.ana, name="test", by=None, at=NOW)
    desk = as_(world.ana)
    desk.raise_request_exception = False

    with full():
        refused = desk.post(
            f"/api/v1/conversations/{found.pk}/notes",
            {"text": LONG[:15_000]},
            content_type="application/json",
            headers={"Authorization": f"Bearer {clear}"},
        )

    assert (refused.status_code, refused.json()["code"]) == (503, "disk-full")
