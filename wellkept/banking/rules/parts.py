"""Cutting an amount into parts that add up to it, to the last cent."""

from __future__ import annotations

from collections.abc import Sequence

WHOLE = 10_000  # basis points


class PartsDoNotAddUp(ValueError):
    """The parts are not the whole; `left_minor` is what is missing (or too much, below zero)."""

    def __init__(self, left_minor: int) -> None:
        super().__init__(left_minor)
        self.left_minor = left_minor


def by_shares(amount_minor: int, shares: Sequence[int]) -> list[int]:
    """Cut by shares in basis points that make 10,000 together.

    Every part is the exact share rounded down towards zero; the cents left over go to the largest remainders, the
    earlier part first where they are equal (the Hamilton method).
    """
    if sum(shares) != WHOLE or any(share <= 0 for share in shares):
        raise PartsDoNotAddUp(WHOLE - sum(shares))
    sign = -1 if amount_minor < 0 else 1
    whole = abs(amount_minor)
    parts = [whole * share // WHOLE for share in shares]
    remainders = sorted(range(len(shares)), key=lambda place: (-(whole * shares[place] % WHOLE), place))
    for place in remainders[: whole - sum(parts)]:
        parts[place] += 1
    return [sign * part for part in parts]


def check_sum(amount_minor: int, parts: Sequence[int]) -> None:
    """Parts given as amounts make the whole, or `PartsDoNotAddUp` says what is left."""
    if left := amount_minor - sum(parts):
        raise PartsDoNotAddUp(left)


def tax_within(gross_minor: int, rate_basis_points: int) -> int:
    """The tax contained in a gross amount, half a cent rounded away from zero.

    gross × rate ÷ (1 + rate): of 115.00 at 15% it is 15.00. The sign is the amount's.
    """
    if rate_basis_points <= 0:
        return 0
    sign = -1 if gross_minor < 0 else 1
    numerator, denominator = abs(gross_minor) * rate_basis_points, WHOLE + rate_basis_points
    return sign * ((2 * numerator + denominator) // (2 * denominator))
