"""Asks the rooms above what a person still holds, before they leave. A higher room registers its question here."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.utils.functional import Promise as Lazy

if TYPE_CHECKING:
    from wellkept.people.models import Staff

Count = Callable[["Staff"], int]
_questions: dict[str, tuple[Count, Callable[[int], str]]] = {}


@dataclass(frozen=True)
class Held:
    """What a person holds: `clients`, 4, “4 clients”."""

    name: str
    count: int
    words: str


def asks(name: str, words: Callable[[int], str | Lazy]) -> Callable[[Count], Count]:
    """Register how many things called `name` a person holds; `words(3)` says it, as in “3 open promises”."""

    def register(count: Count) -> Count:
        _questions[name] = (count, lambda number: str(words(number)))
        return count

    return register


def held_by(staff: Staff) -> list[Held]:
    """Everything the person holds now; empty when nobody needs to take over."""
    counts = [(name, count(staff), words) for name, (count, words) in sorted(_questions.items())]
    return [Held(name, number, words(number)) for name, number, words in counts if number]
