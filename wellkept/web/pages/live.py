"""The live stream: names the fragments that changed; closes within seconds of the person's access ending."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from importlib import import_module
from typing import Any

from asgiref.sync import sync_to_async
from django.conf import settings
from django.http import HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path

from wellkept.clients import queries as clients
from wellkept.conversations import queries as conversations
from wellkept.core import hub
from wellkept.core.clock import now
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.web.shell.reading import StaffRequest

CHECK_SECONDS = 3  # a stream outlives its session by no more than this, with two seconds to spare
BEAT_SECONDS = 15
SIGNED_OUT = "signed-out"  # told by people when sessions end: look at once
LONGEST_SCOPE = 2000
CLOCKS_APART = 0.5  # machines that serve one firm may differ by so many seconds
LONGEST_NUMBER = 18


async def live(request: StaffRequest) -> HttpResponseBase:
    """One stream per viewer; with `conversation`, a second one for those who look at it."""
    groups = await sync_to_async(groups_asked)(request)
    response = StreamingHttpResponse(
        stream(groups, request.staff.pk, request.session.session_key or "", missed_seconds=missed_seconds(request)),
        content_type="text/event-stream",
    )
    response["Cache-Control"] = "no-store"
    response["X-Accel-Buffering"] = "no"
    return response


def groups_asked(request: StaffRequest) -> list[str]:
    asked = request.GET.get("conversation", "")
    if not asked:
        return groups_of(request.staff)
    number = int(asked) if asked.isdecimal() and len(asked) < LONGEST_NUMBER else 0
    found = get_object_or_404(conversations.for_staff(request.staff), pk=number)
    return [f"conversation-{found.pk}"]


def groups_of(staff: Staff) -> list[str]:
    """The groups `core.live` tells: the firm, the person, what they may triage, and each client in their scope."""
    ids = clients.for_staff(staff).values_list("pk", flat=True)[:LONGEST_SCOPE]
    firm = ["firm", "outgoing", "triage"] if people.may_triage(staff) else ["firm", "outgoing"]
    if people.may_see_health(staff):
        firm += ["quarantine", "mailboxes"]
    return [*firm, f"staff-{staff.pk}", *(f"client-{client}" for client in ids)]


def missed_seconds(request: StaffRequest) -> float:
    """How long ago the page was made, or last heard something: `since` in milliseconds of our clock."""
    since = request.GET.get("since", "")
    if not since.isdecimal() or len(since) >= LONGEST_NUMBER:
        return 0.0
    return max(0.0, (milliseconds() - int(since)) / 1000) + CLOCKS_APART


async def stream(
    groups: list[str], staff: int, session_key: str, *, missed_seconds: float = 0.0
) -> AsyncIterator[bytes]:
    """What changed, as it changes; access is looked at every few seconds, however much there is to tell."""
    subscriber = hub.join(groups)
    clock = asyncio.get_running_loop().time
    checked = beaten = clock()
    try:
        yield event(hub.told(groups, seconds=missed_seconds) if missed_seconds else {"ids": []})
        while True:
            message = await next_message(subscriber, until=checked + CHECK_SECONDS)
            if clock() >= checked + CHECK_SECONDS or (message and SIGNED_OUT in ids_of(message)):
                if not await sync_to_async(may_listen)(staff, session_key):
                    yield b"event: bye\ndata: {}\n\n"
                    return
                checked = clock()
            if message is not None or clock() >= beaten + BEAT_SECONDS:
                beaten = clock()
                yield event(message or {"ids": []})
    finally:
        hub.leave(subscriber)


async def next_message(subscriber: hub.Subscriber, *, until: float) -> hub.Message | None:
    wait = max(0.0, until - asyncio.get_running_loop().time())
    try:
        return await asyncio.wait_for(subscriber.queue.get(), timeout=wait)
    except TimeoutError:
        return None


def ids_of(message: hub.Message) -> list[str]:
    ids = message.get("ids")
    return ids if isinstance(ids, list) else []


def may_listen(staff: int, session_key: str) -> bool:
    """The person is still active and this very session still exists."""
    store: Any = import_module(settings.SESSION_ENGINE).SessionStore
    return Staff.objects.filter(pk=staff, deactivated_at=None).exists() and store().exists(session_key)


def event(message: hub.Message) -> bytes:
    return f"data: {json.dumps({**message, 'now': milliseconds()})}\n\n".encode()


def milliseconds() -> int:
    return int(now().timestamp() * 1000)


urlpatterns = [path("live", live, name="live")]
