"""Small words of the desk pages."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from django import template
from django.utils.timezone import get_current_timezone
from django.utils.translation import get_language

from wellkept.core.clock import now
from wellkept.web.desk import items
from wellkept.web.shell.words import Reader

register = template.Library()


@register.filter
def soon(at: datetime | None) -> str:
    """The shortest time that says all: `11:30`, `Fri 10:00` within the week, else the day."""
    zone = get_current_timezone()
    here = zone if isinstance(zone, ZoneInfo) else ZoneInfo("UTC")
    return items.soon(at, Reader(language=get_language() or "en", zone=here, now=now())) if at else ""
