"""The expected noes of calendar arithmetic."""

from wellkept.core.refusals import Refusal


class ScheduleUnclear(Refusal):
    """The schedule as written cannot be understood."""


class NeverOpen(ScheduleUnclear):
    """The schedule has no open hour, so nothing could ever fall due on it."""


class BeyondCalendar(Refusal):
    """The instant asked for lies outside the years a calendar answers for."""


class HolidaysUnreadable(Refusal):
    """The holidays asked for, or the file they came in, cannot be used."""
