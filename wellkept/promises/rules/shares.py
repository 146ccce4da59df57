"""Running shares: how many promises of a period were kept in time, and how far that is from the line.

Percent are whole hundredths (9800 is 98%), so that no comparison with a goal is ever decided by rounding.
"""

from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

WHOLE = 10_000


class Standing(StrEnum):
    HOLDING = "holding"
    TIGHT = "tight"
    UNDER = "under"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Tally:
    """Scored promises: kept in time, kept late, and never kept by the end of the look."""

    kept: int = 0
    late: int = 0
    missed: int = 0

    @property
    def due(self) -> int:
        return self.kept + self.late + self.missed

    @property
    def failed(self) -> int:
        return self.late + self.missed

    @property
    def share(self) -> Fraction | None:
        return Fraction(self.kept, self.due) if self.due else None


def affordable(tally: Tally, goal: int) -> int:
    """How many more may be missed before the share falls under the goal."""
    return max((WHOLE - goal) * tally.due - WHOLE * tally.failed, 0) // goal if goal else 0


def back_after(tally: Tally, goal: int) -> int | None:
    """How many in time, one after another, bring the share back to the goal; None where no number can."""
    short = goal * tally.due - WHOLE * tally.kept
    if short <= 0:
        return 0
    return -(-short // (WHOLE - goal)) if goal < WHOLE else None


def standing(tally: Tally, goal: int) -> Standing:
    if not tally.due:
        return Standing.NONE
    if tally.kept * WHOLE < goal * tally.due:
        return Standing.UNDER
    return Standing.HOLDING if affordable(tally, goal) else Standing.TIGHT
