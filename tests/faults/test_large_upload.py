"""Two gigabytes are dropped on the page: refused by their size, and nothing of them is held in memory."""

from __future__ import annotations

import asyncio
import resource
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from asgiref.sync import async_to_sync
from django.test import Client as Visitor

from tests.world import World
from wellkept.banking.models import StatementFile
from wellkept.config.asgi import application
from wellkept.core.models import StoredFile

MB = 1024 * 1024
HEAD = (
    b'--mark\r\nContent-Disposition: form-data; name="files"; filename="march.csv"\r\n'
    b"Content-Type: text/csv\r\n\r\nDate,Amount,Payee\r\n"
)
CHUNK = b"2026-03-01,1.00,A\n" * (MB // 18)
pytestmark = [pytest.mark.django_db(transaction=True), pytest.mark.req("B3")]


class Sender:
    """A browser that sends so many megabytes, and how many were taken from it."""

    def __init__(self, address: str, megabytes: int, visitor: Visitor, *, tells: bool) -> None:
        size = len(HEAD) + megabytes * len(CHUNK) + len(b"\r\n--mark--\r\n")
        cookies = "; ".join(f"{name}={morsel.value}" for name, morsel in visitor.cookies.items())
        headers = {"host": "127.0.0.1", "cookie": cookies, "content-type": "multipart/form-data; boundary=mark"}
        headers |= {"x-csrftoken": "t" * 32} | ({"content-length": str(size)} if tells else {})
        self.scope: dict[str, Any] = {
            "type": "http", "method": "POST", "path": address, "raw_path": address.encode(), "query_string": b"",
            "http_version": "1.1", "scheme": "http", "root_path": "", "client": ("127.0.0.1", 1), "server": ("127.0.0.1", 80),
            "headers": [(name.encode(), value.encode()) for name, value in headers.items()],
        }  # fmt: skip
        self.taken = 0
        self.status, self.said = 0, b""
        self._parts = self._body(megabytes)

    def _body(self, megabytes: int) -> Iterator[bytes]:
        yield HEAD
        for _number in range(megabytes):
            yield CHUNK
        yield b"\r\n--mark--\r\n"

    async def receive(self) -> dict[str, Any]:
        part = next(self._parts, None)
        if part is None:
            await asyncio.sleep(60)  # it waits for the answer
        self.taken += len(part or b"")
        return {"type": "http.request", "body": part or b"", "more_body": part != b"\r\n--mark--\r\n"}

    async def send(self, message: dict[str, Any]) -> None:
        self.status = message.get("status", self.status)
        self.said += message.get("body", b"")

    def go(self) -> Sender:
        async_to_sync(application)(self.scope, self.receive, self.send)
        return self


def memory_mb() -> float:
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


@pytest.fixture
def drop(world: World, settings: Any, tmp_path: Path) -> Any:
    settings.DATA = tmp_path
    visitor = Visitor()
    visitor.force_login(world.ana)
    visitor.cookies["csrftoken"] = "t" * 32
    address = f"/coding/{world.bakery.pk}/files/new"
    return lambda megabytes, tells: Sender(address, megabytes, visitor, tells=tells).go()


@pytest.mark.parametrize("tells", [True, False], ids=["says how much it is", "sends without saying"])
def test_two_gigabytes_are_refused_before_they_are_kept(drop: Any, tells: bool) -> None:
    before = memory_mb()

    sender = drop(2048, tells)

    assert sender.status == 413 and b"100 MB" in sender.said
    assert sender.taken <= (0 if tells else 101 * MB)
    assert memory_mb() - before < 200
    assert not StoredFile.objects.exists() and not StatementFile.objects.exists()


def test_a_file_over_the_limit_of_files_goes_by_the_disk_and_is_refused_in_a_sentence(drop: Any) -> None:
    before = memory_mb()

    sender = drop(60, True)

    assert sender.status == 422 and b"25 MB" in sender.said
    assert memory_mb() - before < 30
    assert not StoredFile.objects.exists() and not StatementFile.objects.exists()


def test_a_file_within_the_limit_is_taken(drop: Any) -> None:
    sender = drop(1, True)

    assert sender.status == 302
    assert StatementFile.objects.get().name == "march.csv"
