"""What the tests of the desk's pages share: a Tuesday, a signed-in person, one question of Mina's."""

from __future__ import annotations

from typing import Any

from django.test import Client

from tests.world import World, office
from wellkept.conversations import actions
from wellkept.conversations.models import Conversation, Message

NOW = office("tue 10:00")
HTMX = {"HX-Request": "true"}


def as_(person: Any) -> Client:
    client = Client()
    client.force_login(person)
    return client


def page(person: Any, address: str, **headers: str) -> str:
    answer = as_(person).get(address, headers=headers)
    assert answer.status_code == 200, (address, answer.status_code)
    return answer.content.decode()


def asked(world: World, **values: Any) -> Conversation:
    return world.asked(at=office("tue 9:00"), **values)


def replied(world: World, conversation: Conversation) -> Message:
    """Ana has answered; the GST figure is promised for Wednesday noon."""
    follow_up = actions.DueAt(office("wed 12:00"), "The GST figure")
    return actions.reply(conversation=conversation, text="You will have it.", follow_up=follow_up, by=world.ana, at=NOW)


def post(person: Any, address: str, data: dict[str, Any] | None = None, **headers: str) -> Any:
    return as_(person).post(address, data or {}, headers=headers)


def at_conversation(found: Conversation, name: str = "") -> str:
    return f"/conversations/{found.pk}{name}"
