"""How a promise is scored and where it is counted. Pure."""

from __future__ import annotations

from dataclasses import dataclass, fields
from datetime import date, datetime
from enum import StrEnum
from fractions import Fraction
from typing import Protocol
from zoneinfo import ZoneInfo


class Outcome(StrEnum):
    """How a promise stands. Only the first three are scored; a promise can move on from `open` and `missed`."""

    KEPT = "kept"
    LATE = "late"
    MISSED = "missed"
    OPEN = "open"
    EXTENDED = "extended"
    WITHDRAWN = "withdrawn"


SCORED = (Outcome.MISSED, Outcome.LATE, Outcome.KEPT)  # the misses first, as every list of events begins


class Promised(Protocol):
    """What scoring needs to know of a promise."""

    made_at: datetime
    kept_at: datetime | None
    missed_at: datetime | None
    withdrawn_at: datetime | None
    replaced_by_id: int | None


def outcome_of(promise: Promised) -> Outcome:
    """Once missed, a promise is kept late or missed, whatever becomes of it; a new time given before due is no score."""
    if promise.missed_at is not None:
        return Outcome.LATE if promise.kept_at is not None else Outcome.MISSED
    if promise.kept_at is not None:
        return Outcome.KEPT
    if promise.replaced_by_id is not None:
        return Outcome.EXTENDED
    return Outcome.WITHDRAWN if promise.withdrawn_at is not None else Outcome.OPEN


def day_of(at: datetime, zone: ZoneInfo) -> date:
    return at.astimezone(zone).date()


@dataclass(frozen=True, slots=True)
class Tally:
    """The sum of some cells."""

    open: int = 0
    kept: int = 0
    late: int = 0
    missed: int = 0
    extended: int = 0
    withdrawn: int = 0
    took_seconds: int = 0

    def __add__(self, other: Tally) -> Tally:
        return Tally(*(getattr(self, name) + getattr(other, name) for name in COUNTS))

    @property
    def due(self) -> int:
        """What was scored."""
        return self.kept + self.late + self.missed

    @property
    def done(self) -> int:
        return self.kept + self.late

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.kept, self.due) if self.due else None

    @property
    def average_seconds(self) -> int | None:
        return self.took_seconds // self.done if self.done else None

    def of(self, outcomes: tuple[Outcome, ...]) -> int:
        return sum(getattr(self, outcome) for outcome in outcomes)


COUNTS = tuple(field.name for field in fields(Tally))


def total(tallies: list[Tally]) -> Tally:
    return sum(tallies, Tally())


def blended_goal(goals: list[tuple[int, int]]) -> int | None:
    """One goal for several kinds, in hundredths of a percent: each kind's goal weighs as much as its promises due."""
    due = sum(count for count, _ in goals)
    return round(sum(count * goal for count, goal in goals) / due) if due else None
