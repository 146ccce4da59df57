from __future__ import annotations

import asyncio
import json
import os
import uuid
from collections import deque
from collections.abc import Iterator

import pytest
import redis
from django.db import transaction

from wellkept.core import carrying, hub, live

REDIS = os.environ.get("WELLKEPT_TEST_REDIS_URL", "redis://127.0.0.1:6379/9")


async def next_of(subscriber: hub.Subscriber, seconds: float = 10) -> dict[str, object]:
    return await asyncio.wait_for(subscriber.queue.get(), seconds)


def test_a_message_reaches_each_subscriber_of_a_group_once() -> None:
    async def story() -> None:
        mine, both, other = hub.join(["client-1"]), hub.join(["client-1", "firm"]), hub.join(["client-2"])
        hub.publish(["client-1", "firm"], {"ids": ["promise-1"]})
        assert await next_of(mine) == await next_of(both) == {"ids": ["promise-1"]}
        await asyncio.sleep(0.01)
        assert (both.queue.empty(), other.queue.empty()) == (True, True)
        for subscriber in (mine, both, other):
            hub.leave(subscriber)
        assert not hub._groups

    asyncio.run(story())


def test_who_reads_too_slowly_is_told_to_reload() -> None:
    async def story() -> None:
        slow = hub.join(["firm"])
        for number in range(hub.LONGEST_QUEUE + 1):
            hub.publish(["firm"], {"ids": [str(number)]})
        await asyncio.sleep(0.05)
        assert await next_of(slow) == {"reload": True}
        assert slow.queue.empty()
        hub.leave(slow)

    asyncio.run(story())


@pytest.fixture
def fresh_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(hub, "_told", deque(maxlen=hub.LONGEST_MEMORY))


@pytest.mark.usefixtures("fresh_memory")
def test_who_joins_late_is_told_what_was_said_since_the_page_was_made() -> None:
    hub.publish(["client-1"], {"ids": ["promise-1"]})
    hub.publish(["client-2"], {"ids": ["promise-2"]})
    hub.publish(["client-1", "firm"], {"ids": ["promise-1", "inbox"]})

    assert hub.told(["client-1"], seconds=1) == {"ids": ["inbox", "promise-1"]}
    assert hub.told(["client-3"], seconds=1) == {"ids": []}
    assert hub.told(["client-3"], seconds=1_000_000) == hub.RELOAD, "a page from before this process began"


@pytest.mark.usefixtures("fresh_memory")
def test_more_than_is_remembered_makes_a_late_page_reload() -> None:
    hub.publish(["client-1"], {"ids": ["promise-1"]})
    for number in range(hub.LONGEST_MEMORY):
        hub.publish(["client-2"], {"ids": [str(number)]})
    assert hub.told(["client-1"], seconds=30) == hub.RELOAD


@pytest.mark.django_db(transaction=True)
def test_screens_are_told_after_the_commit_and_only_then() -> None:
    told: list[object] = []

    async def listen() -> dict[str, object]:
        subscriber = hub.join(["firm"])
        await asyncio.to_thread(change, told)
        message = await next_of(subscriber)
        hub.leave(subscriber)
        return message

    assert asyncio.run(listen()) == {"ids": ["promise-7"]}


def change(told: list[object]) -> None:
    from django.db import connection

    try:
        with transaction.atomic():
            live.tell(["firm"], ["promise-6"])
            raise RuntimeError("undone")
    except RuntimeError:
        pass
    with transaction.atomic():
        live.tell(["firm"], ["promise-7"])
    connection.close()


@pytest.fixture
def with_redis(settings: object, monkeypatch: pytest.MonkeyPatch) -> Iterator[redis.Redis]:
    server = redis.Redis.from_url(REDIS, socket_connect_timeout=1)
    try:
        server.ping()
    except redis.RedisError:
        pytest.skip("no Redis here; WELLKEPT_TEST_REDIS_URL names one")
    monkeypatch.setattr(carrying, "CHANNEL", f"wellkept:test:{uuid.uuid4()}")
    monkeypatch.setattr(hub, "_carrier", None)
    settings.REDIS_URL = REDIS  # type: ignore[attr-defined]
    yield server
    if hub._carrier is not None:
        hub._carrier.close()


async def until_listening() -> None:
    for _ in range(500):
        if hub._carrier is not None and hub._carrier._listens.is_set():
            return
        await asyncio.sleep(0.01)
    raise AssertionError("the listener did not start")


def test_another_process_is_heard_through_redis(with_redis: redis.Redis) -> None:
    async def story() -> None:
        mine = hub.join(["client-1"])
        await until_listening()
        assert await next_of(mine) == hub.RELOAD, "what was told before we listened is read again"
        with_redis.publish(carrying.CHANNEL, json.dumps([["client-1"], {"ids": ["from-elsewhere"]}]))
        assert await next_of(mine) == {"ids": ["from-elsewhere"]}
        hub.publish(["client-1"], {"ids": ["from-here"]})
        assert await next_of(mine) == {"ids": ["from-here"]}
        await asyncio.sleep(0.05)
        assert mine.queue.empty(), "our own message comes back once, not twice"
        hub.leave(mine)

    asyncio.run(story())


def test_redis_lost_and_found_makes_pages_reload(with_redis: redis.Redis) -> None:
    async def story() -> None:
        mine = hub.join(["client-1"])
        await until_listening()
        assert await next_of(mine) == hub.RELOAD
        for client in with_redis.client_list(_type="pubsub"):
            with_redis.client_kill_filter(_id=client["id"])
        assert await next_of(mine) == {"reload": True}
        hub.leave(mine)

    asyncio.run(story())


def test_without_redis_this_process_still_hears_itself(settings: object, monkeypatch: pytest.MonkeyPatch) -> None:
    settings.REDIS_URL = "redis://127.0.0.1:1/0"  # type: ignore[attr-defined]
    monkeypatch.setattr(hub, "_carrier", None)

    async def story() -> None:
        mine = hub.join(["client-1"])
        hub.publish(["client-1"], {"ids": ["alone"]})
        assert await next_of(mine) == {"ids": ["alone"]}
        hub.leave(mine)

    asyncio.run(story())
    assert hub._carrier is not None
    hub._carrier.close()
