"""A hundred thousand open promises: swept after an outage, counted anew after new hours and after a new target."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

from django.db import transaction

from bench.figures import Context, Figure, cpu_s
from bench.fill import insert
from bench.firm import NOW, WEEK
from wellkept.calendars import actions as calendars
from wellkept.clients import actions as clients
from wellkept.clients.models import Agreement
from wellkept.clients.rules import TargetDraft
from wellkept.core import bulk
from wellkept.people.models import Notice
from wellkept.promises import actions
from wellkept.promises.models import Promise, PromiseEvent

PROMISES = int(os.environ.get("BENCH_PROMISES", 100_000))
BAR_SECONDS = 60
SUBJECTS_FROM = 1_000_000_000


def run(context: Context) -> list[Figure]:
    insert(Promise, _open(context))
    mine = Promise.objects.filter(subject_id__gte=SUBJECTS_FROM)
    floor = cpu_s(lambda: _written_back(mine))
    figures = [
        _figure(context, "counted anew after new hours", cpu_s(lambda: _new_hours(context)), floor),
        _figure(context, "counted anew after a new target", cpu_s(lambda: _new_target(context)), floor),
        _figure(context, "swept, every one broken during an outage", cpu_s(_swept), floor),
        _figure(context, "swept again, nothing due", cpu_s(_swept), None),
    ]
    _clear(mine)
    return figures


def _figure(context: Context, name: str, seconds: float, floor: float | None) -> Figure:
    note = f"{PROMISES:,} open promises" + ("; floor: the rows written back unchanged" if floor else "")
    return context.figure(f"promises: {name}", seconds, "s CPU", floor=floor, bar=BAR_SECONDS, note=note)


def _open(context: Context) -> Iterator[dict[str, Any]]:
    people, target = context.shared["clients"], context.shared["targets"]["acknowledge"]
    for n in range(PROMISES):
        client, contact = people[n % len(people)]
        made = NOW - timedelta(seconds=n % 10_000)
        yield {
            "kind": "acknowledge", "title": f"Question {n}", "client_id": client.pk, "owner_id": client.bookkeeper_id,
            "to_contact_id": contact.pk, "subject_kind": "conversation", "subject_id": SUBJECTS_FROM + n,
            "channel": "email", "calendar_id": context.shared["calendar"].pk, "seconds": 180 * 60, "target_id": target.pk,
            "made_at": made, "due_at": made + timedelta(minutes=180), "next_check_at": made + timedelta(minutes=90),
        }  # fmt: skip


def _new_hours(context: Context) -> None:
    calendar = context.shared["calendar"].calendar
    schedule = {"tz": "UTC", "weekly": WEEK, "exceptions": {NOW.date().isoformat(): {"intervals": [], "note": "Moved"}}}
    calendars.change(calendar=calendar, schedule=schedule, by=None, at=NOW)
    done = actions.recompute(at=NOW, calendar=calendar)
    assert done >= PROMISES, done


def _new_target(context: Context) -> None:
    drafts = [TargetDraft(kind, hours * 3600) for kind, hours in (("acknowledge", 4), ("next_reply", 9))]
    clients.draw_up_agreement(client=None, name="Default", targets=drafts, by=context.shared["staff"][0], at=NOW)
    done = actions.recompute(at=NOW, agreement=Agreement.objects.get(client=None))
    assert done >= PROMISES, done


def _swept() -> None:
    while actions.sweep(at=NOW + timedelta(days=3), limit=2000):
        pass


def _written_back(mine: Any) -> None:
    rows = list(mine)
    for start in range(0, len(rows), 500):
        with transaction.atomic():
            bulk.write_back(rows[start : start + 500], ("due_at", "next_check_at", "recount_at"))


def _clear(mine: Any) -> None:
    """Leave the small firm as it was, but for the facts, which nobody deletes."""
    Notice.objects.filter(subject_kind="promise", subject_id__in=mine.values("pk")).delete()
    PromiseEvent.objects.filter(promise__in=mine.values("pk")).delete()
    mine.delete()
