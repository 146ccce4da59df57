"""Follow-up times to offer: in open hours, never past."""

from __future__ import annotations

from datetime import datetime, time, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from wellkept.calendars import queries as calendars
from wellkept.promises.queries.clocks import calendar_for

if TYPE_CHECKING:
    from wellkept.calendars.queries import Compiled
    from wellkept.clients.models import Client

SOONEST = timedelta(minutes=30)
NOON = time(12)
DAYS_AHEAD = 30


def suggest_times(client: Client | None, *, at: datetime, zone: ZoneInfo | None = None) -> list[tuple[str, datetime]]:
    """Quick choices as (key, instant) by time: in three hours, end of today, tomorrow, in two days, next week.

    Days are the client's working days; `zone` is only how the instants are expressed.
    """
    hours = calendars.compiled(calendar_for(client=client, owner=None, internal=False))
    choices = {"hours_3": hours.add(at, 180)}
    if (today := _end_of_today(hours, at)) is not None:
        choices["today_end"] = today
    days = _working_days(hours, at)
    for key, index in (("tomorrow", 0), ("in_two_days", 1), ("next_week", 4)):
        if index < len(days):
            choices[key] = days[index]
    return _told_apart(choices, zone or hours.tz)


def is_closed(client: Client | None, due_at: datetime) -> bool:
    """Whether a time falls into closed hours; the closing instant itself does not."""
    hours = calendars.compiled(calendar_for(client=client, owner=None, internal=False))
    return not hours.is_open(due_at) and not hours.is_open(due_at - timedelta(microseconds=1))


def _end_of_today(hours: Compiled, at: datetime) -> datetime | None:
    closing = hours.cuts(at, _midnight_after(hours, at))
    if not hours.is_open(at) and not closing:
        return None
    ends = [start for start, _end in closing if start > at]
    last = ends[-1] if ends else None
    return last if last is not None and last - at >= SOONEST else None


def _working_days(hours: Compiled, at: datetime) -> list[datetime]:
    """About noon of the coming working days, at the opening where noon is closed."""
    found: list[datetime] = []
    day = at.astimezone(hours.tz).date()
    for _step in range(DAYS_AHEAD):
        day += timedelta(days=1)
        noon = hours.next_open(datetime.combine(day, NOON, tzinfo=hours.tz))
        morning = hours.next_open(datetime.combine(day, time(0), tzinfo=hours.tz))
        if morning.astimezone(hours.tz).date() == day:
            found.append(noon if noon.astimezone(hours.tz).date() == day else morning)
    return found


def _midnight_after(hours: Compiled, at: datetime) -> datetime:
    day = at.astimezone(hours.tz).date() + timedelta(days=1)
    return datetime.combine(day, time(0), tzinfo=hours.tz)


def _told_apart(choices: dict[str, datetime], zone: ZoneInfo) -> list[tuple[str, datetime]]:
    """By time; of two that fall together the first named stays."""
    seen: dict[datetime, str] = {}
    for key, due_at in choices.items():
        seen.setdefault(due_at, key)
    return [(key, due_at.astimezone(zone)) for due_at, key in sorted(seen.items())]
