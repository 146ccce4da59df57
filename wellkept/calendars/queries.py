"""Reads: calendars, their current versions, and versions compiled to answer."""

import json
from collections.abc import Iterable
from functools import lru_cache, partial
from typing import Any

from django.db import transaction
from django.db.models import QuerySet

from wellkept.calendars import rules
from wellkept.calendars.holiday_files import read_ical
from wellkept.calendars.models import Calendar, CalendarVersion
from wellkept.calendars.rules import Compiled, Day, Reason, Stretch
from wellkept.calendars.rules.holidays import Proposal, Reading, countries, propose, regions
from wellkept.core import once

__all__ = [
    "Compiled",
    "Day",
    "Proposal",
    "Reading",
    "Reason",
    "Stretch",
    "all_calendars",
    "compiled",
    "compiled_many",
    "countries",
    "current",
    "current_id",
    "current_many",
    "proposed_holidays",
    "read_ical",
    "regions",
]

VERSIONS_KEPT = 512

_by_version: dict[int, Compiled] = {}


def all_calendars() -> QuerySet[Calendar]:
    """The calendars in use, by name."""
    return Calendar.objects.filter(retired_at=None).order_by("name")


def current(calendar: Calendar | int) -> CalendarVersion:
    """The newest version; every calendar is drawn up with one."""
    pk = calendar if isinstance(calendar, int) else calendar.pk
    return CalendarVersion.objects.filter(calendar_id=pk).order_by("-number")[0]


@once.read("calendar")
def current_id(calendar: int) -> int:
    """The id of the newest version, without its schedule: all that is needed to count on it."""
    newest = CalendarVersion.objects.filter(calendar_id=calendar).order_by("-number").values_list("pk", flat=True)
    return newest[0]


def current_many(calendars: Iterable[int]) -> dict[int, int]:
    """The newest version of each calendar, by id, in one query."""
    wanted = sorted(set(calendars))
    rows = CalendarVersion.objects.filter(calendar__in=wanted).order_by("number").values_list("calendar_id", "pk")
    return dict(rows) if wanted else {}


def compiled(version: int | None) -> Compiled:
    """The version ready to answer; None is the clock that never stops."""
    if version is None:
        return rules.ELAPSED
    return _by_version.get(version) or compiled_many([version])[version]


def compiled_many(versions: Iterable[int | None]) -> dict[int | None, Compiled]:
    """Several versions in at most one query."""
    wanted = set(versions)
    found: dict[int | None, Compiled] = {None: rules.ELAPSED}
    found |= {version: ready for version in wanted if version is not None and (ready := _by_version.get(version))}
    if missing := [version for version in wanted if version is not None and version not in found]:
        for version, schedule in CalendarVersion.objects.filter(pk__in=missing).values_list("pk", "schedule"):
            found[version] = _from_content(json.dumps(schedule, sort_keys=True))
            # An uncommitted version may be rolled back and its id given to another one, so it is not remembered yet.
            transaction.on_commit(partial(_remember, version, found[version]))
    return found


def proposed_holidays(
    country: str, subdivision: str, year: int, *, language: str = "en", years: int = 1
) -> list[Proposal]:
    """What the `holidays` package offers; nothing counts until a person confirms it."""
    return propose(country=country, region=subdivision, first_year=year, years=years, language=language)


@lru_cache(maxsize=VERSIONS_KEPT)
def _from_content(schedule: str) -> Compiled:
    data: dict[str, Any] = json.loads(schedule)
    return Compiled(rules.read(data))


def _remember(version: int, ready: Compiled) -> None:
    while len(_by_version) >= VERSIONS_KEPT:
        _by_version.pop(next(iter(_by_version)), None)
    _by_version[version] = ready
