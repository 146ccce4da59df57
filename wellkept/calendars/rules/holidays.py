"""Holidays offered to a person, who confirms them: from the `holidays` package, or from somebody's iCalendar file."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import lru_cache

import holidays
from django.utils.translation import gettext as _

from wellkept.calendars.rules.ical import Event
from wellkept.calendars.rules.refusals import HolidaysUnreadable
from wellkept.calendars.rules.schedule import NOTE_LENGTH

YEARS_AT_ONCE = 5
DAYS_AN_EVENT = 31


@dataclass(frozen=True, slots=True, order=True)
class Proposal:
    """One date offered as a holiday."""

    on: date
    name: str


@dataclass(frozen=True, slots=True)
class Skipped:
    """An event of a file that was not offered, and why."""

    name: str
    why: str


@dataclass(frozen=True, slots=True)
class Reading:
    """What a file offers and what it does not."""

    proposals: tuple[Proposal, ...]
    skipped: tuple[Skipped, ...]


@lru_cache(maxsize=1)
def countries() -> dict[str, tuple[str, ...]]:
    """ISO country codes with their regions, for the two pickers."""
    return {code: tuple(regions) for code, regions in holidays.list_supported_countries().items() if len(code) == 2}


def regions(country: str) -> dict[str, str]:
    """The regions of a country by their codes, in the order of their names; empty where nobody distinguishes any."""
    if country not in countries():
        return {}
    aliases = holidays.country_holidays(country).subdivisions_aliases
    named = {code: next((name for name, of in aliases.items() if of == code), code) for code in countries()[country]}
    return dict(sorted(named.items(), key=lambda pair: pair[1].casefold()))


def propose(*, country: str, region: str, first_year: int, years: int, language: str) -> list[Proposal]:
    """Public holidays of a country (and region) in the nearest language the package knows."""
    if country not in countries():
        raise HolidaysUnreadable(_("No holidays are known for this country. Add them one by one or from a file."))
    if region and region not in countries()[country]:
        raise HolidaysUnreadable(_("No such region is known in this country. Choose one from the list."))
    span = range(first_year, first_year + min(max(years, 1), YEARS_AT_ONCE))
    found = holidays.country_holidays(country, subdiv=region or None, years=span, language=_nearest(country, language))
    return sorted(Proposal(day, name[:NOTE_LENGTH]) for day, name in found.items() if day.year in span)


def _nearest(country: str, language: str) -> str | None:
    """`pt-br` finds `pt_BR`, `en` finds `en_US`; None means the country's own."""
    known = holidays.country_holidays(country).supported_languages
    wanted = language.replace("-", "_").lower()
    exact = [name for name in known if name.lower() == wanted]
    near = [name for name in known if name.lower().split("_")[0] == wanted.split("_")[0]]
    return (exact or near or [None])[0]


def read_events(events: Sequence[Event]) -> Reading:
    """All-day events become proposals; a timed, cancelled, repeating or endless one is named with the reason."""
    proposals: set[Proposal] = set()
    skipped: list[Skipped] = []
    for event in events:
        name = (event.name or _("Holiday"))[:NOTE_LENGTH]
        if why := _unusable(event):
            skipped.append(Skipped(name, why))
        else:
            proposals.update(Proposal(day, name) for day in _dates(event))
    if not proposals and not skipped:
        raise HolidaysUnreadable(_("This file holds no events. Choose another one."))
    return Reading(tuple(sorted(proposals)), tuple(skipped))


def _unusable(event: Event) -> str:
    if event.cancelled:
        return _("It was cancelled.")
    if event.starts_on is None:
        return _("It is not an all-day event.")
    if event.repeats:
        return _("It repeats. Export single dates, or add it year by year.")
    if event.ends_on is not None and (event.ends_on - event.starts_on).days > DAYS_AN_EVENT:
        return _("It lasts longer than a month.")
    return ""


def _dates(event: Event) -> list[date]:
    start, end = event.starts_on, event.ends_on
    assert start is not None
    last = end if end is not None and end > start else start + timedelta(1)
    return [start + timedelta(days) for days in range((last - start).days)]
