"""Postings of plain-text journals on their way to lines: what is left out is inferred, what cannot be is refused."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction

from wellkept.core.money import exponent

from .refusals import Unreadable
from .refusals import mark as _
from .result import ReadLine


@dataclass(slots=True)
class Half:
    """One posting as it stands. `minor` is None where the file leaves the amount out; `worth` is the price of all of it."""

    row: int
    account: str
    minor: int | None = None
    currency: str = ""
    worth: tuple[int, str] | None = None
    text: str = ""
    tax: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    same_line: bool = False  # our own files tell some lines in two halves
    abroad: str = ""  # our own files: an amount in the book's currency on a line of another


def worth_of(units: int, currency: str, each: Fraction, price: str) -> tuple[int, str]:
    """What so many units come to at a price for one of them, rounded to the unit, halves to even."""
    exact = Fraction(units, 10 ** exponent(currency)) * each * 10 ** exponent(price)
    return abs(round(exact)), price


def finish(halves: Sequence[Half], base: str) -> tuple[ReadLine, ...]:
    """The lines of one entry, without those that move nothing."""
    known = [half for half in halves if half.minor is not None]
    missing = [half for half in halves if half.minor is None]
    if len(missing) > 1:
        raise Unreadable(_("Only one amount of an entry can be left out."), row=missing[1].row)
    for half in missing:
        known += _inferred(half, known, base)
    _price_the_only_foreign_one(known, base)
    lines: list[ReadLine] = []
    for half in known:
        if half.same_line and lines:
            lines[-1] = _together(lines[-1], half)
        elif half.minor or (half.worth and half.worth[0]):
            lines.append(_line(half, base))
    return tuple(lines)


def _weight(half: Half, base: str) -> tuple[str, int]:
    """What a posting counts in its entry: its price where it has one in the book's currency."""
    assert half.minor is not None  # those without an amount are counted last
    if half.currency != base and half.worth is not None and half.worth[1] == base:
        return base, half.worth[0] if half.minor > 0 else -half.worth[0]
    return half.currency, half.minor


def _sums(halves: Sequence[Half], base: str) -> dict[str, int]:
    sums: dict[str, int] = {}
    for half in halves:
        currency, minor = _weight(half, base)
        sums[currency] = sums.get(currency, 0) + minor
    return {currency: minor for currency, minor in sums.items() if minor}


def _inferred(half: Half, known: Sequence[Half], base: str) -> list[Half]:
    """What is missing, in each currency that does not come to nothing."""
    return [
        Half(half.row, half.account, -minor, currency, None, half.text, half.tax, half.tags)
        for currency, minor in _sums(known, base).items()
    ]


def _price_the_only_foreign_one(known: Sequence[Half], base: str) -> None:
    """One foreign amount against the book's own currency is worth what it stands against."""
    bare = [half for half in known if half.currency != base and half.worth is None]
    rest = _sums([half for half in known if half not in bare], base)
    if len(bare) == 1 and set(rest) == {base} and bare[0].minor and (rest[base] > 0) != (bare[0].minor > 0):
        bare[0].worth = abs(rest[base]), base


def _line(half: Half, base: str) -> ReadLine:
    assert half.minor is not None  # inferred by now
    currency, worth = half.currency, half.worth
    if currency == base:
        return ReadLine(half.row, half.account, half.minor, half.abroad, 0, half.text, half.tax, half.tags)
    amount: int | None = None
    if worth is not None and worth[1] == base:
        amount = worth[0] if half.minor > 0 else -worth[0]
    return ReadLine(half.row, half.account, amount, currency, half.minor, half.text, half.tax, half.tags)


def _together(line: ReadLine, half: Half) -> ReadLine:
    return line._replace(amount_minor=(line.amount_minor or 0) + (half.minor or 0))
