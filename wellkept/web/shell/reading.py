"""The reader of a request: zone and language of the person, and the one instant the answer is about."""

from __future__ import annotations

from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from django.http import HttpRequest
from django.utils.translation import get_language

from wellkept.core.clock import now
from wellkept.people.models import Staff
from wellkept.web.shell.words import Reader


class StaffRequest(HttpRequest):
    """A request that has come through the door: views of `pages` are only reached by one."""

    staff: Staff
    reader: Reader


def reader(request: HttpRequest) -> Reader:
    """The same reader for the whole request, so that a page shows one instant."""
    known = getattr(request, "reader", None)
    if known is None:
        staff = getattr(request, "staff", None)
        known = Reader(language=get_language() or "en", zone=zone_of(staff.time_zone if staff else "UTC"), now=now())
        request.reader = known  # type: ignore[attr-defined]
    return known


def zone_of(name: str) -> ZoneInfo:
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError):
        return ZoneInfo("UTC")
