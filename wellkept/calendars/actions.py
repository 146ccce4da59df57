"""The only writers of calendars: each edit is a new version, and no version ever changes."""

from collections.abc import Mapping
from datetime import date, datetime
from typing import Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellkept.calendars import queries, rules
from wellkept.calendars.holiday_files import read_ical
from wellkept.calendars.models import Calendar, CalendarVersion
from wellkept.calendars.rules.holidays import Reading
from wellkept.calendars.rules.refusals import HolidaysUnreadable
from wellkept.core.facts import Identified, record
from wellkept.core.refusals import Refusal, TakenByAnother

NAME_LENGTH = 80
Schedule = Mapping[str, Any]


class NameTaken(Refusal):
    """Another calendar has this name."""


class NameMissing(Refusal):
    """A calendar needs a name people can choose it by."""


class NothingChanged(Refusal):
    """The schedule is what it was."""


class CalendarRetired(Refusal):
    """A retired calendar gets no new versions."""


@transaction.atomic
def draw_up(*, name: str, schedule: Schedule, by: Identified, at: datetime) -> Calendar:
    """A new calendar with its first version. Refuses a schedule that is unclear or never open."""
    written = rules.write(rules.read(schedule))
    calendar = _named(name.strip())
    version = CalendarVersion.objects.create(calendar=calendar, number=1, schedule=written, made_at=at, made_by=_id(by))
    record("calendar.drawn_up", at=at, by=by, calendar=calendar, version=version)
    return calendar


@transaction.atomic
def change(*, calendar: Calendar, schedule: Schedule, by: Identified, at: datetime) -> CalendarVersion:
    """The next version. Open promises are recounted by whoever listens to the fact; closed ones keep theirs."""
    if calendar.retired_at is not None:
        raise CalendarRetired(_("%(name)s is retired. Draw up a new calendar instead.") % {"name": calendar.name})
    written = rules.write(rules.read(schedule))
    before = queries.current(calendar)
    if rules.write(rules.read(before.schedule)) == written:
        raise NothingChanged(_("These are the hours this calendar has already. Change something, then save."))
    version = _next_version(before, written, by=by, at=at)
    record("calendar.changed", at=at, by=by, calendar=calendar, version=version, before=before)
    return version


@transaction.atomic
def confirm_holidays(*, calendar: Calendar, dates: Mapping[date, str], by: Identified, at: datetime) -> CalendarVersion:
    """Add the dates a person has confirmed; a date that is a holiday already takes the new name."""
    if not dates:
        raise NothingChanged(_("Choose at least one holiday to add."))
    schedule = dict(queries.current(calendar).schedule)
    schedule["holidays"] = {**schedule["holidays"], **{day.isoformat(): name for day, name in dates.items()}}
    return change(calendar=calendar, schedule=schedule, by=by, at=at)


@transaction.atomic
def import_ical(*, calendar: Calendar, data: bytes, by: Identified, at: datetime) -> tuple[CalendarVersion, Reading]:
    """Add every all-day event of a file as a holiday; the reading names what was left out."""
    reading = read_ical(data)
    if not reading.proposals:
        raise HolidaysUnreadable(_("No event of this file is a single all-day date. Nothing was added."))
    dates = {proposal.on: proposal.name for proposal in reading.proposals}
    return confirm_holidays(calendar=calendar, dates=dates, by=by, at=at), reading


@transaction.atomic
def retire(*, calendar: Calendar, by: Identified, at: datetime) -> Calendar:
    """Take a calendar out of the pickers; what already counts on it goes on counting."""
    if Calendar.objects.filter(pk=calendar.pk, retired_at=None).update(retired_at=at) != 1:
        raise CalendarRetired(_("%(name)s is retired already.") % {"name": calendar.name})
    calendar.retired_at = at
    record("calendar.retired", at=at, by=by, calendar=calendar)
    return calendar


def _named(name: str) -> Calendar:
    if not name or len(name) > NAME_LENGTH:
        sentence = _("Give the calendar a name of up to %(limit)s characters.") % {"limit": NAME_LENGTH}
        raise NameMissing(sentence, field="name")
    if Calendar.objects.filter(name__iexact=name).exists():
        sentence = _("There is a calendar named %(name)s already. Choose another name.") % {"name": name}
        raise NameTaken(sentence, field="name")
    return Calendar.objects.create(name=name)


def _next_version(before: CalendarVersion, written: Schedule, *, by: Identified, at: datetime) -> CalendarVersion:
    try:
        with transaction.atomic():
            return CalendarVersion.objects.create(
                calendar_id=before.calendar_id,
                number=before.number + 1,
                schedule=written,
                made_at=at,
                made_by=_id(by),
            )
    except IntegrityError as problem:
        raise TakenByAnother(_("Somebody else has just changed this calendar. Load it again.")) from problem


def _id(by: Identified) -> int | None:
    return by if by is None or isinstance(by, int) else by.pk
