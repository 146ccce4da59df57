"""Somebody's iCalendar file, read in a process that can be killed."""

from django.utils.translation import gettext as _

from wellkept.calendars.rules.holidays import Reading, read_events
from wellkept.calendars.rules.ical import from_wire
from wellkept.calendars.rules.refusals import HolidaysUnreadable
from wellkept.core.killable import TOO_LARGE, Failed, Killable

FILE_BYTES = 2_000_000
_box = Killable(
    "wellkept.calendars.rules.ical:answer", from_wire, processes=1, longest=FILE_BYTES, tasks_per_process=20
)


def read_ical(content: bytes) -> Reading:
    """What the file offers and what it does not, or HolidaysUnreadable."""
    try:
        events = _box.run(content)
    except Failed as failed:
        if failed.code == TOO_LARGE:
            raise HolidaysUnreadable(_("This file is larger than 2 MB. Export only the holidays you need.")) from failed
        raise HolidaysUnreadable(
            _("This file takes too much time or memory to read. Export only the holidays you need.")
        ) from failed
    if events is None:
        raise HolidaysUnreadable(
            _("This is not an iCalendar file. Export it again as .ics from the calendar it came from.")
        )
    return read_events(events)
