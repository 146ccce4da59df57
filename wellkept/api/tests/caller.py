"""Calls the API as a person, over the whole road of a request."""

from __future__ import annotations

import json
from datetime import datetime, timedelta
from typing import Any

from django.http import HttpResponse
from django.test import Client as Wire

from tests.world import World
from wellkept.conversations.models import Conversation
from wellkept.core.clock import now
from wellkept.people import actions as people
from wellkept.people.models import Staff
from wellkept.promises import actions as promises
from wellkept.promises.models import Promise

V1 = "/api/v1"


class Caller:
    """One person's token."""

    def __init__(self, staff: Staff, at: datetime) -> None:
        self.staff = staff
        self.row, self.token = people.new_api_token(staff=staff, name="test", by=staff, at=at)
        self.wire = Wire(headers={"authorization": f"Bearer {self.token}", "host": "127.0.0.1"})

    def get(self, path: str, **asked: Any) -> HttpResponse:
        return self.wire.get(V1 + path, asked)  # type: ignore[return-value]

    def post(self, path: str, body: Any, **headers: str) -> HttpResponse:
        sent = body if isinstance(body, str | bytes) else json.dumps(body)
        named = {name.replace("_", "-"): value for name, value in headers.items()}
        return self.wire.post(V1 + path, sent, content_type="application/json", headers=named)  # type: ignore[return-value]


class Callers:
    """The small world with a conversation and a commitment at each client, as of now: the API reads the real clock."""

    def __init__(self, world: World) -> None:
        self.world = world
        self.at = now() - timedelta(minutes=5)
        self.ana, self.stranger, self.admin = (
            Caller(staff, self.at) for staff in (world.ana, world.stranger, world.admin)
        )
        self.conversation = world.asked(at=self.at)
        theirs = world.mail(sender="sam@northbank.example", subject="Wages")
        self.other_conversation = world.received(theirs, at=self.at).conversation
        self.promise = self.commit(world.ana, self.conversation)
        self.other_promise = self.commit(world.stranger, self.other_conversation)

    def commit(self, owner: Staff, conversation: Conversation) -> Promise:
        promise = promises.make(
            kind="commitment", title="Send the answer", client=conversation.client, owner=owner,
            to_contact=conversation.contact, subject_kind="conversation", subject_id=conversation.pk, channel="email",
            due_at=self.open_hour(3), by=owner, at=self.at,
        )  # fmt: skip
        assert promise is not None
        return promise

    def open_hour(self, days: int) -> datetime:
        """An hour in which the office is open, so many days from now or a little later."""
        from wellkept.calendars import queries as calendars

        hours = calendars.compiled(calendars.current(self.world.office).pk)
        return hours.next_open(now() + timedelta(days=days, hours=1))


def body(answer: HttpResponse) -> Any:
    return json.loads(answer.content)
