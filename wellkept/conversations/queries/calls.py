"""By when a call is returned: the same day, and within 24 hours at the very most."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wellkept.calendars import queries as calendars
from wellkept.clients import queries as clients
from wellkept.conversations.models import Conversation
from wellkept.promises import queries as promises

if TYPE_CHECKING:
    from wellkept.clients.models import Client, Target
    from wellkept.promises.models import Promise

LATEST = timedelta(hours=24)
SOONEST = timedelta(minutes=15)
MINUTE = timedelta(minutes=1)


def call_back_by(client: Client, at: datetime) -> datetime:
    """Until when a call promised at `at` may be made.

    24 hours later. Where the office is closed then, the last closing before; where it does not open for a quarter of an
    hour until then, the closing of the next opening.
    """
    hours = calendars.compiled(calendars.current_id(client.calendar_id))
    latest = at + LATEST
    if hours.is_open(latest):
        return latest
    opens = hours.next_open(at + SOONEST)
    if opens >= latest:
        return hours.next_close(opens)
    return hours.cuts(opens, latest + MINUTE)[-1][0]


def call_back_today(client: Client, at: datetime) -> datetime:
    """The end of today's opening where a quarter of an hour of it is left, else of the next one; within 24 hours."""
    hours = calendars.compiled(calendars.current_id(client.calendar_id))
    return min(hours.next_close(hours.next_open(at + SOONEST)), call_back_by(client, at))


def call_agreed(conversation: Conversation, at: datetime) -> datetime | None:
    """When a call promised at `at` falls due by the agreement; None where it promises nothing, or more than a call may take."""
    client = conversation.client
    choice = clients.target_for(client, "call_back", conversation.channel, conversation.priority)
    if choice is None or client is None:
        return None
    due_at = _due(client, choice.target, at)
    return due_at if due_at <= call_back_by(client, at) else None


def call_times(client: Client, at: datetime, *, zone: ZoneInfo | None = None) -> list[tuple[str, datetime]]:
    """Quick times to offer for a call, by time, the last moment among them."""
    latest = call_back_by(client, at)
    offered = dict(promises.suggest_times(client, at=at, zone=zone)) | {"latest": latest.astimezone(zone)}
    times = {due_at: key for key, due_at in offered.items() if due_at <= latest}
    return [(key, due_at) for due_at, key in sorted(times.items())]


def open_calls(conversation: Conversation) -> list[Promise]:
    """The calls that are owed on it, soonest first."""
    owed = promises.open_for_subject("conversation", conversation.pk)
    return [promise for promise in owed if promise.kind == "call_back"]


def _due(client: Client, target: Target, at: datetime) -> datetime:
    if target.clock == "elapsed":
        return at + timedelta(seconds=target.seconds)
    hours = calendars.compiled(calendars.current_id(client.calendar_id))
    return hours.add(at, -(-target.seconds // 60))
