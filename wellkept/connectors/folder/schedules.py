"""Looks into the incoming folder twice a minute, while something lies in it."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings

from wellkept.connectors.folder.watching import Watch
from wellkept.core.schedules import every

_watch = Watch()


def _next_round(at: datetime) -> datetime | None:
    return at if _watch.anything_waits(settings.INCOMING) else None


@every(name="folder.watch", seconds=30, next_at=_next_round)
def watch_incoming(at: datetime) -> None:
    _watch.go_round(settings.INCOMING, at=at)
