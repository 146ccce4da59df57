"""How the machinery is doing: what runs, what waits, what a person must look at."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, QuerySet

from wellkept.core import heartbeats
from wellkept.core.deliveries import OWED
from wellkept.core.models import Delivery, Fact, Heartbeat, Outgoing, ScheduledRun


@dataclass(frozen=True)
class Backlog:
    """Work that is owed now. `oldest` is how long the oldest delivery has waited."""

    deliveries: int
    oldest: timedelta
    dead: int
    outgoing: dict[str, int]


def backlog(*, at: datetime) -> Backlog:
    owed = Delivery.objects.filter(OWED).aggregate(many=Count("id"), first=Min("fact__at"))
    stuck = [
        Outgoing.State.PENDING,
        Outgoing.State.SENDING,
        Outgoing.State.HELD,
        Outgoing.State.UNKNOWN,
        Outgoing.State.DEAD,
    ]
    states = Outgoing.objects.filter(state__in=stuck).order_by().values_list("state").annotate(many=Count("id"))
    return Backlog(
        deliveries=owed["many"],
        oldest=max(timedelta(0), at - owed["first"]) if owed["first"] else timedelta(0),
        dead=dead_deliveries().count(),
        outgoing={str(state): 0 for state in stuck} | dict(states),
    )


def dead_deliveries() -> QuerySet[Delivery]:
    """Newest first, with their facts. The caller slices."""
    return (
        Delivery.objects.filter(dead_at__isnull=False, done_at=None).select_related("fact").order_by("-dead_at", "-id")
    )


def outgoing(*, states: Collection[str] = ()) -> QuerySet[Outgoing]:
    """Newest first. The caller slices and limits to clients the viewer may see."""
    rows = Outgoing.objects.order_by("-id").select_related("content")
    return rows.filter(state__in=states) if states else rows


def beating() -> list[Heartbeat]:
    """Every process that works for the firm, by kind and name."""
    return list(Heartbeat.objects.order_by("kind", "name")[:200])


def worker_age(*, at: datetime) -> timedelta | None:
    """How long ago any worker was heard; None when there is none. A beat from before the clock was set back tells nothing."""
    last = (
        Heartbeat.objects.filter(kind="worker", beat_at__lte=at + heartbeats.SILENT_AFTER)
        .order_by("-beat_at")
        .values_list("beat_at", flat=True)
        .first()
    )
    return None if last is None else max(timedelta(0), at - last)


def is_silent(heartbeat: Heartbeat, *, at: datetime) -> bool:
    return at - heartbeat.beat_at > heartbeats.SILENT_AFTER


def scheduled_runs() -> list[ScheduledRun]:
    return list(ScheduledRun.objects.order_by("name")[:200])


def facts(*, after: int = 0, until: int | None = None, limit: int = 500) -> list[Fact]:
    """Lines of the book in order, from just after number `after`. For export and replay; the caller scopes."""
    rows = Fact.objects.filter(seq__gt=after).order_by("seq")
    return list((rows if until is None else rows.filter(seq__lte=until))[:limit])
