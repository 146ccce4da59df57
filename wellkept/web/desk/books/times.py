"""Which time a report is about: a month, a quarter, a fiscal year or any days, read from the address and said in words. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from django.utils.translation import gettext as _

from wellkept.web.shell.words import Reader, day
from wellkept.web.shell.words import month as month_words

MONTH, QUARTER, YEAR, TO_DATE, DAYS = "month", "quarter", "year", "to_date", "days"
SPANS = (MONTH, QUARTER, YEAR, TO_DATE)
EARLIEST, LATEST = date(1970, 1, 1), date(2150, 12, 31)
ONE_DAY = timedelta(days=1)


@dataclass(frozen=True, slots=True)
class Stretch:
    """Half-open: `since` belongs to it, `until` does not."""

    span: str
    since: date
    until: date

    @property
    def last_on(self) -> date:
        return self.until - timedelta(days=1)

    def words(self, reader: Reader) -> str:
        if self.span == MONTH:
            return month_words(self.since, reader)
        if self.span == YEAR:
            return _("year to %(day)s") % {"day": day(self.last_on, reader)}
        return _("%(first)s to %(last)s") % {"first": day(self.since, reader), "last": day(self.last_on, reader)}

    def short(self, reader: Reader) -> str:
        """For the head of a column."""
        return (
            month_words(self.since, reader)
            if self.span == MONTH
            else _("to %(day)s") % {"day": day(self.last_on, reader)}
        )

    def asked(self) -> dict[str, str]:
        """How the address says it."""
        if self.span == DAYS:
            return {"since": self.since.isoformat(), "until": self.last_on.isoformat()}
        return {"span": self.span, "month": f"{self.last_on:%Y-%m}"}


def read(asked: Mapping[str, str], *, today: date, fiscal_month: int, span: str = MONTH) -> Stretch:
    """The stretch named in the address; what cannot be read is this month."""
    since, last = a_day(asked.get("since", "")), a_day(asked.get("until", ""))
    if since is not None and last is not None and since <= last:
        return Stretch(DAYS, since, last + timedelta(days=1))
    named = asked.get("span", "")
    first = a_month(asked.get("month", "")) or today.replace(day=1)
    return stretch(named if named in SPANS else span, first, fiscal_month)


def stretch(span: str, month: date, fiscal_month: int) -> Stretch:
    """The month, its quarter or its year; `to_date` is the year up to the end of the month."""
    if span == QUARTER:
        first = months_later(month, -((month.month - fiscal_month) % 12 % 3))
        return Stretch(QUARTER, first, months_later(first, 3))
    year = year_start(month, fiscal_month)
    if span == YEAR:
        return Stretch(YEAR, year, months_later(year, 12))
    if span == TO_DATE:
        return Stretch(TO_DATE, year, months_later(month, 1))
    return Stretch(MONTH, month, months_later(month, 1))


def before(found: Stretch) -> Stretch:
    """As long a time just before: the month before a month, the year before a year."""
    if found.span == TO_DATE:
        return year_before(found)
    if found.span == DAYS:
        length = found.until - found.since
        return Stretch(DAYS, found.since - length, found.since)
    months = months_between(found.since, found.until)
    return Stretch(found.span, months_later(found.since, -months), found.since)


def year_before(found: Stretch) -> Stretch:
    """The same days a year earlier."""
    return Stretch(found.span, _year_earlier(found.since), _year_earlier(found.until))


def after(found: Stretch) -> Stretch:
    """The time that follows, for the button beside the words."""
    if found.span == DAYS:
        return Stretch(DAYS, found.until, found.until + (found.until - found.since))
    if found.span == TO_DATE:
        month = found.until
        return Stretch(TO_DATE, found.since, months_later(month, 1))
    return Stretch(found.span, found.until, months_later(found.until, months_between(found.since, found.until)))


def months_of(since: date, until: date) -> list[date]:
    """First days of the months a stretch touches."""
    first = since.replace(day=1)
    count = months_between(first, until) + (until.day > 1)
    return [months_later(first, n) for n in range(max(0, count))]


def months_between(since: date, until: date) -> int:
    return (until.year - since.year) * 12 + until.month - since.month


def months_later(on: date, months: int) -> date:
    count = on.year * 12 + on.month - 1 + months
    return date(count // 12, count % 12 + 1, 1)


def year_start(on: date, fiscal_month: int) -> date:
    return date(on.year - (on.month < fiscal_month), fiscal_month, 1)


def a_day(text: str) -> date | None:
    """A day as a date field sends it; nothing when it is none, or out of reach."""
    try:
        found = date.fromisoformat(text)
    except ValueError:
        return None
    return found if len(text) == 10 and EARLIEST <= found <= LATEST else None


def a_month(text: str) -> date | None:
    """A month as a month field sends it."""
    return a_day(f"{text}-01") if len(text) == 7 else None


def _year_earlier(on: date) -> date:
    try:
        return on.replace(year=on.year - 1)
    except ValueError:  # 29 February
        return date(on.year - 1, 3, 1)
