"""Who works for the firm and when it was last heard. A clean stop takes its row along; a crash leaves it to grow old."""

from __future__ import annotations

from datetime import datetime, timedelta

from wellkept.core.models import Heartbeat

EVERY = timedelta(seconds=10)
SILENT_AFTER = timedelta(seconds=60)


def beat(*, name: str, kind: str, note: str, at: datetime) -> None:
    Heartbeat.objects.update_or_create(
        name=name,
        defaults={"kind": kind, "beat_at": at, "note": note[:200]},
        create_defaults={"kind": kind, "beat_at": at, "note": note[:200], "started_at": at},
    )


def leave(*, name: str) -> None:
    Heartbeat.objects.filter(name=name).delete()


def forget_silent(*, at: datetime) -> int:
    """Drop what has been silent for a day."""
    return Heartbeat.objects.filter(beat_at__lt=at - timedelta(days=1)).delete()[0]
