"""Money in other currencies: exact rates, one way to round, and what is gained or lost. All amounts in minor units."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from wellkept.core.money import exponent


@dataclass(frozen=True, slots=True)
class Rounded:
    """Amounts converted one by one, and what they miss to add up to the conversion of their sum."""

    amounts: tuple[int, ...]
    rounding_minor: int


@dataclass(frozen=True, slots=True)
class Realised:
    """What the settled part was carried at, and what settling it gained (above zero) or lost."""

    carried_minor: int
    gain_minor: int


def whole(value: Fraction) -> int:
    """To the nearest unit, halves away from zero, so that a reversal rounds to the same amount."""
    doubled = (2 * abs(value.numerator) + value.denominator) // (2 * value.denominator)
    return doubled if value >= 0 else -doubled


def converted(minor: int, rate: Fraction, currency: str, base: str) -> int:
    """An amount of `currency` in `base`, where one unit costs `rate`."""
    return whole(minor * rate * Fraction(10) ** (exponent(base) - exponent(currency)))


def rounded(amounts: Sequence[int], rate: Fraction, currency: str, base: str) -> Rounded:
    """Convert the lines of a balanced entry; `rounding_minor` is the line that makes them balance again.

    At most half a unit a line can be lost, so the rounding is never larger than half the number of lines.
    """
    each = tuple(converted(amount, rate, currency, base) for amount in amounts)
    return Rounded(each, converted(sum(amounts), rate, currency, base) - sum(each))


def realised(open_foreign: int, open_base: int, settled_foreign: int, settled_base: int) -> Realised:
    """Settle a part of an open amount, carried in proportion. Settling the last of it takes all that is carried.

    `open_foreign` and `open_base` are what an account or item holds, `settled_foreign` the part that goes (of the same
    sign), `settled_base` what it fetched or cost on the day.
    """
    if settled_foreign == open_foreign:
        carried = open_base
    elif not open_foreign:
        carried = settled_base
    else:
        carried = whole(Fraction(open_base * settled_foreign, open_foreign))
    return Realised(carried, settled_base - carried)


def moved(open_foreign: int, open_base: int, foreign: int, worth: int) -> int:
    """What a movement of `foreign`, worth `worth` that day, is written at. All four have the sign of their side.

    What it takes off the open amount, held or owed, leaves at what that was carried at; what it adds comes at its worth.
    So a balance that comes to nothing comes to nothing in both currencies (IAS 21, 28: the difference is realised).
    """
    if open_foreign * foreign >= 0:
        return worth
    settled = foreign if abs(foreign) <= abs(open_foreign) else -open_foreign
    settled_worth = worth if settled == foreign else whole(Fraction(worth * settled, foreign))
    return worth - settled_worth - realised(open_foreign, open_base, -settled, -settled_worth).carried_minor
