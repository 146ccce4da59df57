"""The live stream names what changed, to those who may see it, and ends with the person's access."""

from __future__ import annotations

import asyncio
import json
from collections import deque
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.contrib.sessions.backends.db import SessionStore
from django.test import Client

from tests.world import World, office
from wellkept.core import hub, live
from wellkept.people import actions as people
from wellkept.web.pages import live as page


def open_session() -> str:
    store = SessionStore()
    store.create()
    assert store.session_key
    return store.session_key


async def heard(stream: Any) -> dict[str, Any] | str:
    line = (await asyncio.wait_for(anext(stream), timeout=8)).decode()
    return json.loads(line.removeprefix("data: ")) if line.startswith("data: ") else line.strip()


def test_groups_are_those_of_the_persons_scope(world: World) -> None:
    assert f"client-{world.bakery.pk}" in page.groups_of(world.ana)
    assert f"client-{world.bakery.pk}" not in page.groups_of(world.stranger)
    assert f"client-{world.bakery.pk}" in page.groups_of(world.admin)


@pytest.mark.django_db(transaction=True)
def test_a_change_reaches_the_open_page_and_a_deactivation_ends_it(world: World) -> None:
    key = open_session()

    async def listen() -> None:
        stream = page.stream(page_groups, world.ana.pk, key)
        first = await heard(stream)
        assert isinstance(first, dict) and first["ids"] == [] and first["now"] > 0
        hub.publish([f"staff-{world.ana.pk}"], {"ids": ["promise-1"]})
        told = await heard(stream)
        assert isinstance(told, dict) and told["ids"] == ["promise-1"]
        await asyncio.to_thread(leave)
        ended = await heard(stream)
        while isinstance(ended, dict):
            ended = await heard(stream)
        assert ended.startswith("event: bye")

    def leave() -> None:
        from django.db import connection

        people.deactivate(staff=world.ana, taker=world.leo, by=world.admin, at=office("tue 10:00"))
        connection.close()

    page_groups = page.groups_of(world.ana)
    async_to_sync(listen)()


@pytest.mark.django_db(transaction=True)
def test_what_changed_between_the_page_and_its_stream_is_told_first(
    world: World, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(hub, "_told", deque(maxlen=hub.LONGEST_MEMORY))
    key, groups = open_session(), page.groups_of(world.ana)
    hub.publish([f"staff-{world.ana.pk}"], {"ids": ["promise-4"]})

    async def first(**since: float) -> dict[str, Any] | str:
        stream = page.stream(groups, world.ana.pk, key, **since)
        try:
            return await heard(stream)
        finally:
            await stream.aclose()

    late, early = async_to_sync(first)(missed_seconds=1.0), async_to_sync(first)()
    assert isinstance(late, dict) and late["ids"] == ["promise-4"]
    assert isinstance(early, dict) and early["ids"] == []


@pytest.mark.parametrize(
    ("since", "least", "most"), [("", 0, 0), ("soon", 0, 0), ("9" * 30, 0, 0), ("-2000", 2.4, 4), ("+9000", 0.4, 0.6)]
)
def test_a_page_says_how_old_it_is(rf: Any, since: str, least: float, most: float) -> None:
    asked = str(page.milliseconds() + int(since)) if since[:1] in {"-", "+"} else since
    assert least <= page.missed_seconds(rf.get("/live", {"since": asked})) <= most


@pytest.mark.django_db(transaction=True)
def test_signing_out_everywhere_ends_the_stream(world: World) -> None:
    key = open_session()
    assert page.may_listen(world.ana.pk, key)
    SessionStore(key).delete()
    assert not page.may_listen(world.ana.pk, key)


def test_telling_waits_for_the_commit(world: World, django_capture_on_commit_callbacks: Any) -> None:
    with django_capture_on_commit_callbacks() as callbacks:
        live.tell(["firm"], ["x"])
    assert len(callbacks) == 1


def test_who_looks_at_a_conversation_is_told_only_to_those_who_may_open_it(world: World) -> None:
    conversation = world.asked(at=office("tue 9:00"))
    for person, status in ((world.ana, 200), (world.stranger, 404)):
        client = Client()
        client.force_login(person)
        assert client.get(f"/live?conversation={conversation.pk}").status_code == status
