"""Pure business-time arithmetic: what people write down, what it compiles to, what it answers. No database, no clock."""

from wellkept.calendars.rules.compiled import ELAPSED, Compiled, Day, Reason, Stretch
from wellkept.calendars.rules.refusals import BeyondCalendar, NeverOpen, ScheduleUnclear
from wellkept.calendars.rules.schedule import WEEKDAYS, Schedule, Special, clock, read, write

__all__ = [
    "ELAPSED",
    "WEEKDAYS",
    "BeyondCalendar",
    "Compiled",
    "Day",
    "NeverOpen",
    "Reason",
    "Schedule",
    "ScheduleUnclear",
    "Special",
    "Stretch",
    "clock",
    "read",
    "write",
]
