"""Where an unexplained difference may come from. The amounts are small whole numbers; the searches are the old ones.

A difference divisible by nine is the mark of two digits changed over; an even one, of an amount on the wrong side; an
amount that stands alone may be missing, written twice, or dated on the other side of the border.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import islice

MISSING, TWICE, SIGN, TRANSPOSED, BORDER, TWO = "missing", "twice", "sign", "transposed", "border", "two"
MOST_FOUND = 12
MOST_PAIRED = 4_000


@dataclass(frozen=True, slots=True)
class Item:
    """One movement on the account: a posting of the book (`posting`), a line of the bank (`line`), or both."""

    dated_on: date
    amount_minor: int
    posting: int | None = None
    line: int | None = None
    inside: bool = True
    """Whether it counts in the stretch, or stands just outside its border."""


@dataclass(frozen=True, slots=True)
class Clue:
    """`kind` of mistake that would explain `amount_minor` of the difference, and the movements it concerns."""

    kind: str
    amount_minor: int
    items: tuple[Item, ...]


def clues(difference_minor: int, items: Sequence[Item]) -> list[Clue]:
    """What could explain bank − book = `difference_minor`, the most direct first, a dozen at most."""
    if not difference_minor:
        return []
    found = _search(difference_minor, items)
    return list(islice(found, MOST_FOUND))


def _search(difference: int, items: Sequence[Item]) -> Iterator[Clue]:
    inside = [item for item in items if item.inside]
    alone = [item for item in inside if (item.posting is None) != (item.line is None)]
    yield from (Clue(MISSING, difference, (item,)) for item in alone if _weighs(item) == difference)
    yield from _twice(difference, inside)
    yield from (
        Clue(BORDER, difference, (item,)) for item in items if not item.inside and item.amount_minor == difference
    )
    yield from (
        Clue(SIGN, difference, (item,))
        for item in inside
        if 2 * item.amount_minor in {difference, -difference} and item.posting
    )
    yield from _transposed(difference, inside)
    yield from _two(difference, alone)


def _weighs(item: Item) -> int:
    """What the item does to bank − book: a line the book lacks adds to it, a posting the bank lacks takes from it."""
    return item.amount_minor if item.posting is None else -item.amount_minor


def _twice(difference: int, items: Sequence[Item]) -> Iterator[Clue]:
    """The same amount posted twice on one day, where it would be the difference."""
    alike: dict[tuple[date, int], list[Item]] = defaultdict(list)
    for item in items:
        if item.posting is not None:
            alike[item.dated_on, item.amount_minor].append(item)
    for (_day, amount), same in alike.items():
        if len(same) > 1 and -amount == difference:
            yield Clue(TWICE, difference, tuple(same))


def _transposed(difference: int, items: Sequence[Item]) -> Iterator[Clue]:
    if difference % 9:
        return
    for item in items:
        if item.posting is not None and item.amount_minor + difference in transpositions(item.amount_minor):
            yield Clue(TRANSPOSED, difference, (item,))


def transpositions(amount_minor: int) -> set[int]:
    """The amount with two neighbouring digits changed over."""
    sign, digits = (-1 if amount_minor < 0 else 1), str(abs(amount_minor))
    swapped = (digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :] for n in range(len(digits) - 1))
    return {sign * int(each) for each in swapped if each != digits}


def _two(difference: int, items: Sequence[Item]) -> Iterator[Clue]:
    """Two movements that together make it, in one pass over what was seen before."""
    seen: dict[int, Item] = {}
    for item in items[:MOST_PAIRED]:
        other = seen.get(difference - _weighs(item))
        if other is not None:
            yield Clue(TWO, difference, (other, item))
        seen.setdefault(_weighs(item), item)
