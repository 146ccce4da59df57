"""Letters about an account, over a real socket; sealed until they leave."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from dataclasses import replace
from email import message_from_bytes, policy
from typing import Any

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message

from tests.world import World, office
from wellkept.core import outbox
from wellkept.people import actions as people
from wellkept.web.transports import send_account_letter

pytestmark = pytest.mark.django_db


class Kept(Message):
    def __init__(self) -> None:
        super().__init__()
        self.letters: list[Any] = []

    def handle_message(self, message: Any) -> None:
        self.letters.append(message_from_bytes(message.as_bytes(), policy=policy.default))


@pytest.fixture
def server() -> Iterator[Controller]:
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    controller = Controller(Kept(), hostname="127.0.0.1", port=port)
    controller.start()
    yield controller
    controller.stop()


def link_for_noor(world: World) -> tuple[Any, str]:
    people.invite(
        email_address="noor@lantern.example", name="Noor", roles=["support"], link="https://books.example/join/{token}",
        by=world.admin, at=office("mon 9:00"),
    )  # fmt: skip
    from wellkept.core.models import Outgoing

    row = Outgoing.objects.get(kind="account_mail")
    return row, str(row.payload)


def test_an_invitation_leaves_sealed_and_arrives_readable(world: World, settings: Any, server: Controller) -> None:
    row, kept = link_for_noor(world)
    settings.ENV = replace(settings.ENV, smtp_url=f"smtp://127.0.0.1:{server.port}?starttls=never")

    send_account_letter(row, office("mon 9:01"))

    [letter] = server.handler.letters
    body = letter.get_content()
    assert letter["To"] == "noor@lantern.example" and letter["From"] == world.firm.mail_address
    assert letter["Auto-Submitted"] == "auto-generated" and "https://books.example/join/" in body
    assert "join/" not in kept and "noor" not in kept


def test_without_a_mail_server_it_waits_unread(world: World, settings: Any) -> None:
    row, _kept = link_for_noor(world)
    settings.ENV = replace(settings.ENV, smtp_url="")

    with pytest.raises(outbox.Held) as held:
        send_account_letter(row, office("mon 9:01"))
    assert held.value.content is None


def test_a_server_that_is_away_is_tried_again(world: World, settings: Any) -> None:
    row, _kept = link_for_noor(world)
    settings.ENV = replace(settings.ENV, smtp_url="smtp://127.0.0.1:1")

    with pytest.raises(outbox.TryLater):
        send_account_letter(row, office("mon 9:01"))
