"""A request whose body is larger than anything we take is refused before it is kept: by the size it tells, else when it gets there."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any

from django.utils.translation import gettext as _

Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
Application = Callable[..., Awaitable[None]]
MB = 1024 * 1024


class BodyTooLarge(Exception):
    """More bytes came than the limit allows."""


class BodyLimit:
    """Without it the framework writes whatever comes to the disk before any page is asked whether it wants it."""

    def __init__(self, application: Application, limit: int) -> None:
        self._application = application
        self._limit = limit

    async def __call__(self, scope: MutableMapping[str, Any], receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._application(scope, receive, send)
            return
        try:
            if _told(scope) > self._limit:
                raise BodyTooLarge
            await self._application(scope, self._counted(receive), send)
        except BodyTooLarge:
            await _refuse(send, self._limit)

    def _counted(self, receive: Receive) -> Receive:
        seen = 0

        async def next_part() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self._limit:
                raise BodyTooLarge
            return message

        return next_part


def _told(scope: MutableMapping[str, Any]) -> int:
    told = dict(scope["headers"]).get(b"content-length", b"0")
    return int(told) if told.isdigit() else 0


async def _refuse(send: Send, limit: int) -> None:
    """In a sentence for whoever looks, and as the event our own pages show beside the form."""
    sentence = _("This is more than %(megabytes)d MB at once. Send fewer or smaller files.") % {
        "megabytes": limit // MB
    }
    event = json.dumps({"refused": {"target": "body", "text": sentence, "field": ""}})
    headers = [
        (b"content-type", b"text/plain; charset=utf-8"),
        (b"hx-reswap", b"none"),
        (b"hx-trigger", event.encode()),
        (b"connection", b"close"),
    ]
    await send({"type": "http.response.start", "status": 413, "headers": headers})
    await send({"type": "http.response.body", "body": sentence.encode()})
