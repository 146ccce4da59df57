"""A few desks to count time on."""

from typing import Any

from wellkept.calendars.rules import Compiled, read

WORKDAYS = ("mon", "tue", "wed", "thu", "fri")


def desk(tz: str = "Pacific/Auckland", *openings: list[str], **more: Any) -> Compiled:
    hours = [list(opening) for opening in openings] or [["09:00", "17:00"]]
    return Compiled(read({"tz": tz, "weekly": dict.fromkeys(WORKDAYS, hours), **more}))
