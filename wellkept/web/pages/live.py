"""The live stream: names the fragments that changed; closes within seconds of the person's access ending."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpRequest, HttpResponseBase, StreamingHttpResponse
from django.urls import path

from wellkept.clients import queries as clients
from wellkept.core import hub
from wellkept.core.clock import now
from wellkept.people.models import Staff

CHECK_SECONDS = 3  # a stream outlives its session by no more than this, with two seconds to spare
BEAT_SECONDS = 15
LONGEST_SCOPE = 2000


async def live(request: HttpRequest) -> HttpResponseBase:
    """One stream per viewer: his own group, the firm's and those of every client he may see."""
    staff: Staff = request.staff
    session_key = request.session.session_key or ""
    groups = await sync_to_async(groups_of)(staff)
    response = StreamingHttpResponse(stream(groups, staff.pk, session_key), content_type="text/event-stream")
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def groups_of(staff: Staff) -> list[str]:
    """The groups `core.live` tells: the firm, the person, and each client in their scope."""
    ids = clients.for_staff(staff).values_list("pk", flat=True)[:LONGEST_SCOPE]
    return ["firm", f"staff-{staff.pk}", *(f"client-{client}" for client in ids)]


async def stream(groups: list[str], staff: int, session_key: str) -> AsyncIterator[bytes]:
    subscriber = hub.join(groups)
    beat = 0.0
    try:
        yield event({"ids": [], "now": milliseconds()})
        while True:
            try:
                message = await asyncio.wait_for(subscriber.queue.get(), timeout=CHECK_SECONDS)
                yield event({**message, "now": milliseconds()})
                continue
            except TimeoutError:
                beat += CHECK_SECONDS
            if not await sync_to_async(may_listen)(staff, session_key):
                yield b"event: bye\ndata: {}\n\n"
                return
            if beat >= BEAT_SECONDS:
                beat = 0.0
                yield event({"ids": [], "now": milliseconds()})
    finally:
        hub.leave(subscriber)


def may_listen(staff: int, session_key: str) -> bool:
    """The person is still active and this very session still exists."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    return Staff.objects.filter(pk=staff, deactivated_at=None).exists() and store().exists(session_key)


def event(message: dict[str, object]) -> bytes:
    return f"data: {json.dumps(message)}\n\n".encode()


def milliseconds() -> int:
    return int(now().timestamp() * 1000)


urlpatterns = [path("live", live, name="live")]
