from __future__ import annotations

import threading
from contextvars import copy_context
from datetime import UTC, datetime

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from django.db import transaction

from wellkept.core import once
from wellkept.core.facts import draft, note_all, record, record_all

AT = datetime(2026, 3, 2, 9, tzinfo=UTC)


class Asked:
    """A read that counts how often it is made."""

    def __init__(self) -> None:
        self.times = 0
        self.read = once.read("lamp", "shelf")(self._read)

    def _read(self, of: int = 0) -> str:
        self.times += 1
        return f"{of}: {self.times}"


def test_without_a_scope_it_is_read_each_time() -> None:
    asked = Asked()

    assert [asked.read(), asked.read()] == ["0: 1", "0: 2"]


def test_in_a_scope_it_is_read_once_for_the_same_arguments() -> None:
    asked = Asked()

    with once.scope():
        assert [asked.read(), asked.read(), asked.read(7), asked.read(of=7), asked.read(7)] == [
            "0: 1",
            "0: 1",
            "7: 2",
            "7: 3",
            "7: 2",
        ]


def test_two_scopes_do_not_share() -> None:
    asked = Asked()

    for expected in ("0: 1", "0: 2"):
        with once.scope():
            assert [asked.read(), asked.read()] == [expected, expected]


def test_a_scope_within_another_goes_on_with_it() -> None:
    asked = Asked()

    with once.scope():
        asked.read()
        with once.scope():
            asked.read()
            once.forget("lamp.lit")
        assert asked.read() == "0: 2"


def test_what_fails_ends_the_scope() -> None:
    asked = Asked()
    with pytest.raises(LookupError), once.scope():
        asked.read()
        raise LookupError

    assert [asked.read(), asked.read()] == ["0: 2", "0: 3"]


@pytest.mark.django_db
@pytest.mark.parametrize("noun", ["lamp", "shelf"])
def test_a_fact_about_what_was_read_is_seen_from_then_on(noun: str) -> None:
    asked, name = Asked(), f"{noun}.moved"
    ways = (
        lambda: record(name, at=AT),
        lambda: record_all([draft(name, at=AT)]),
        lambda: note_all([draft(name, at=AT)]),
    )

    for write in ways:
        asked.times = 0
        with once.scope(), transaction.atomic():
            asked.read()
            record("door.opened", at=AT)
            assert asked.read() == "0: 1"
            write()
            assert [asked.read(), asked.read()] == ["0: 2", "0: 3"]


@pytest.mark.django_db
def test_a_change_that_was_undone_leaves_nothing_behind() -> None:
    asked = Asked()

    with once.scope():
        asked.read()
        with pytest.raises(LookupError), transaction.atomic():
            record("lamp.lit", at=AT)
            assert asked.read() == "0: 2"
            raise LookupError
        assert asked.read() == "0: 3"


def test_another_thread_has_nothing_of_ours() -> None:
    asked, told = Asked(), []

    with once.scope():
        asked.read()
        thread = threading.Thread(target=lambda: told.append(asked.read()))
        thread.start()
        thread.join()

    assert told == ["0: 2"]


def test_a_request_that_goes_through_threads_is_one_scope() -> None:
    asked = Asked()

    async def request() -> list[str]:
        with once.scope():
            return [await sync_to_async(asked.read)(), await sync_to_async(asked.read)(), asked.read()]

    assert async_to_sync(request)() == ["0: 1"] * 3


def test_what_outlives_the_scope_reads_each_time() -> None:
    asked = Asked()
    with once.scope():
        asked.read()
        later = copy_context()

    assert [later.run(asked.read), later.run(asked.read)] == ["0: 2", "0: 3"]
