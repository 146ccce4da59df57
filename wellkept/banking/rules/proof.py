"""Does a statement prove itself, and is a stretch missing between two of them?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Proof:
    """opening + money in + money out = closing, in minor units; money out is below zero."""

    opening_minor: int | None
    in_minor: int
    out_minor: int
    closing_minor: int | None

    @property
    def difference_minor(self) -> int | None:
        """What the bank says beyond what its lines add up to; None where it does not tell both balances."""
        if self.opening_minor is None or self.closing_minor is None:
            return None
        return self.closing_minor - self.opening_minor - self.in_minor - self.out_minor

    @property
    def holds(self) -> bool:
        return self.difference_minor == 0


@dataclass(frozen=True, slots=True)
class Stretch:
    """Days of one account that a statement speaks of, both included, and the balances it tells."""

    starts_on: date
    ends_on: date
    opening_minor: int | None
    closing_minor: int | None


@dataclass(frozen=True, slots=True)
class Gap:
    """Nothing was told between two stretches: whole days, or an amount, are missing."""

    after_on: date
    before_on: date
    amount_minor: int | None

    @property
    def days(self) -> int:
        return (self.before_on - self.after_on).days - 1


def prove(amounts: Sequence[int], *, opening_minor: int | None, closing_minor: int | None) -> Proof:
    """Add the lines up between the two balances."""
    return Proof(
        opening_minor,
        sum(amount for amount in amounts if amount > 0),
        sum(amount for amount in amounts if amount < 0),
        closing_minor,
    )


def gaps(stretches: Sequence[Stretch]) -> list[Gap]:
    """Where the next stretch does not take up what came before it. Overlaps are no gaps.

    Days without a statement are a gap only where the balances do not meet across them: a bank that prints statements
    only of days with movements leaves none out.
    """
    found = []
    reached: Stretch | None = None
    for stretch in sorted(stretches, key=lambda each: (each.starts_on, each.ends_on)):
        if reached is not None and stretch.starts_on > reached.ends_on:
            missing = _missing(reached, stretch)
            if missing != 0 and (missing is not None or stretch.starts_on > reached.ends_on + timedelta(days=1)):
                found.append(Gap(reached.ends_on, stretch.starts_on, missing))
        if reached is None or stretch.ends_on >= reached.ends_on:
            reached = stretch
    return found


def _missing(before: Stretch, after: Stretch) -> int | None:
    if before.closing_minor is None or after.opening_minor is None:
        return None
    return after.opening_minor - before.closing_minor
