"""What runs by the clock. Each calls one action; `next_at` tells when there is something to do, so idleness writes nothing."""

from __future__ import annotations

from datetime import datetime, timedelta

import structlog
from django.db.models import Min

from wellkept.conversations.actions import closing, waiting
from wellkept.conversations.models import UNRESOLVED, Conversation, Looking
from wellkept.core import deliveries, files, heartbeats, sealing, verifying
from wellkept.core.schedules import every
from wellkept.promises import actions as promises
from wellkept.promises.models import OPEN, Promise

log = structlog.get_logger("wellkept.jobs")


def _next_promise(at: datetime) -> datetime | None:
    """When the next warning or miss is due: the sweep then runs at that very moment."""
    if Promise.objects.filter(OPEN, recount_at__isnull=False).exists():
        return at
    found = Promise.objects.filter(OPEN, next_check_at__isnull=False, recount_at=None).aggregate(
        first=Min("next_check_at")
    )["first"]
    return None if found is None else found + timedelta(milliseconds=1)


@every(name="promises.sweep", seconds=2, next_at=_next_promise)
def sweep_promises(at: datetime) -> None:
    promises.sweep(at=at)


def _next_wake_up(at: datetime) -> datetime | None:
    waiting = Conversation.objects.filter(UNRESOLVED, snoozed_until__isnull=False)
    return waiting.aggregate(first=Min("snoozed_until"))["first"]


@every(name="conversations.wake_up", seconds=5, next_at=_next_wake_up)
def wake_up_conversations(at: datetime) -> None:
    closing.wake_due(at=at)


def _next_look(at: datetime) -> datetime | None:
    waits = Conversation.objects.filter(UNRESOLVED, waiting_since__isnull=False, look_again_at__isnull=False)
    return waits.aggregate(first=Min("look_again_at"))["first"]


@every(name="conversations.look_again", seconds=60, next_at=_next_look)
def look_at_what_waits(at: datetime) -> None:
    waiting.look_again(at=at)


@every(name="core.seal", seconds=3, next_at=sealing.pending)
def seal_facts(at: datetime) -> None:
    sealing.seal(at=at)


@every(name="core.verify", cron="40 2 * * *", limit=timedelta(hours=2))
def verify_facts(at: datetime) -> None:
    """Every night from where the last good reading stopped; a finding is told loudly and stays until a person looks."""
    report = verifying.examine_on(at=at)
    for finding in report.findings:
        log.error("book.finding", kind=finding.kind, seq=finding.seq)
    if report.findings:
        raise verifying.BookIsNotWhole(report.findings[0].sentence)


@every(name="core.clean", cron="10 3 * * *", limit=timedelta(hours=1))
def clean(at: datetime) -> None:
    """Forget what only the machinery needed: marks of old deliveries, silent processes, drafts of files, old presence."""
    for _ in range(200):
        if not deliveries.forget_done(at=at):
            break
    heartbeats.forget_silent(at=at)
    files.forget_drafts(at=at)
    Looking.objects.filter(seen_at__lt=at - timedelta(days=1)).delete()
