"""When a promise falls due, what is left of it, and when it is looked at next.

Everything counts whole microseconds on a calendar's `Timeline`. A promise with `seconds` runs on a clock that can
stand still; one without was promised for a date, which nothing but an extension moves.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import TYPE_CHECKING

from wellkept.core.instants import instant, micros

if TYPE_CHECKING:
    from wellkept.calendars.queries import Compiled

SECOND = 1_000_000
ALL = 100
MOST_CUTS = 12
NARROWEST_CUT = 0.015


class State(StrEnum):
    OPEN = "open"
    RISK = "risk"
    WAIT = "wait"
    BROKEN = "broken"
    KEPT = "kept"
    LATE = "late"
    WITHDRAWN = "withdrawn"
    EXTENDED = "extended"


@dataclass(frozen=True, slots=True)
class Clock:
    """What the arithmetic needs to know of one promise."""

    calendar: Compiled
    made_at: datetime
    due_at: datetime
    seconds: int | None = None
    paused_at: datetime | None = None

    @property
    def total(self) -> int:
        """The open time promised. A date promised within closed hours has none, so elapsed time stands in."""
        if self.seconds is not None:
            return self.seconds * SECOND
        made, due = micros(self.made_at), micros(self.due_at)
        return self.calendar.line.between(made, due) or due - made


@dataclass(frozen=True, slots=True)
class Pause:
    """A stretch in which the clock stood still; without an end it still does."""

    since_at: datetime
    until_at: datetime | None = None


def due(calendar: Compiled, start_at: datetime, seconds: int, pauses: Iterable[Pause] = ()) -> datetime:
    """Counted from the original start, leaving out every pause that began before the time was up."""
    line, start, left = calendar.line, micros(start_at), seconds * SECOND
    for pause in pauses:
        since = max(micros(pause.since_at), start)
        ran = line.between(start, since)
        if ran >= left:
            break
        start, left = since, left - ran
        if pause.until_at is not None:
            start = max(micros(pause.until_at), since)
    return instant(line.add(start, left))


def resumed_due(clock: Clock, at: datetime) -> datetime:
    """Where due moves when a standing clock runs on; time already up stays up."""
    if clock.paused_at is None:
        return clock.due_at
    line = clock.calendar.line
    left = line.between(micros(clock.paused_at), micros(clock.due_at))
    return instant(line.add(micros(at), left)) if left > 0 else clock.due_at


def is_late(clock: Clock, at: datetime) -> bool:
    """At the due instant a promise is still kept; while the clock stands still it cannot become late."""
    return (clock.paused_at or at) > clock.due_at


def warning_at(clock: Clock, percent: int) -> datetime:
    """The instant by which `percent` of the promised time is gone."""
    if percent >= ALL:
        return clock.due_at
    left = clock.total * (ALL - percent) // ALL
    due_at = micros(clock.due_at)
    if clock.seconds is None and not clock.calendar.line.between(micros(clock.made_at), due_at):
        return instant(due_at - left)
    return instant(clock.calendar.line.sub(due_at, left))


def passed(clock: Clock, at: datetime, *, warned: int, levels: Sequence[int]) -> list[int]:
    """The levels gone by and not yet warned about, lowest first."""
    return [level for level in levels if level > warned and warning_at(clock, level) < at]


def next_check(clock: Clock, *, warned: int, levels: Sequence[int]) -> datetime | None:
    """When the sweep must look at a running promise again: the next warning, at the latest the due instant."""
    if clock.paused_at is not None:
        return None
    ahead = [level for level in levels if warned < level < ALL]
    return min([warning_at(clock, level) for level in ahead] + [clock.due_at])


def took_seconds(clock: Clock, at: datetime, pauses: Iterable[Pause] = ()) -> int:
    """Open seconds from made to `at` without the pauses, rounded up so that nothing is faster than it was."""
    line, start, end = clock.calendar.line, micros(clock.made_at), micros(at)
    ran = line.between(start, end)
    for pause in pauses:
        until = end if pause.until_at is None else min(micros(pause.until_at), end)
        ran -= max(line.between(min(micros(pause.since_at), end), until), 0)
    return max(-(-ran // SECOND), 0)


@dataclass(frozen=True, slots=True)
class Thread:
    """How a promise is drawn: the share left, the closed hours across it, seconds of open time left or over."""

    left: float
    cuts: tuple[float, ...]
    seconds_left: int
    over_seconds: int


def thread(clock: Clock, at: datetime) -> Thread:
    """The thread as it stands at `at`; a standing clock is drawn where it stopped."""
    line, whole = clock.calendar.line, max(clock.total, 1)
    due_at, now = micros(clock.due_at), micros(clock.paused_at or at)
    left = line.between(now, due_at)
    if clock.seconds is None and not line.between(micros(clock.made_at), due_at):
        return Thread(_share(due_at - now, whole), (), max(due_at - now, 0) // SECOND, max(now - due_at, 0) // SECOND)
    # A line counts nothing while closed: just past due in the evening, "0 s over" would hide that time is up.
    over = (-left or now - due_at) if now > due_at else 0
    start = line.sub(due_at, whole)
    return Thread(
        _share(left, whole),
        _cuts(line.closures(start, due_at, limit=MOST_CUTS), whole),
        max(left, 0) // SECOND,
        over // SECOND,
    )


def _share(left: int, whole: int) -> float:
    return round(min(max(left / whole, 0.0), 1.0), 4)


def _cuts(closures: Iterable[int], whole: int) -> tuple[float, ...]:
    """As shares from the left; a cut too near the last one is left out."""
    cuts: list[float] = []
    for position in closures:
        share = round(position / whole, 4)
        if 0 < share < 1 and share - (cuts[-1] if cuts else 0) >= NARROWEST_CUT:
            cuts.append(share)
    return tuple(cuts)
