"""Asks the rooms above what was said about the thing a promise is about. Whoever is told of a miss reads it."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from wellkept.promises.models import Promise


@dataclass(frozen=True, slots=True)
class Said:
    """One thing somebody said, shortened; the reader's language does not matter to it."""

    at: datetime
    name: str
    words: str


Reader = Callable[[Sequence[int]], dict[int, list[Said]]]
_readers: dict[str, Reader] = {}


def about(subject_kind: str) -> Callable[[Reader], Reader]:
    """Register how to read what was said last about several things of a kind, by their ids, in order."""

    def register(function: Reader) -> Reader:
        _readers[subject_kind] = function
        return function

    return register


def said_about(promises: Iterable[Promise]) -> dict[int, tuple[Said, ...]]:
    """What was said about the subject of each promise; one question for each kind of subject."""
    subjects: dict[str, dict[int, list[int]]] = {}
    for promise in promises:
        if promise.subject_kind in _readers:
            subjects.setdefault(promise.subject_kind, {}).setdefault(promise.subject_id, []).append(promise.pk)
    found: dict[int, tuple[Said, ...]] = {}
    for kind, ids in subjects.items():
        for subject, said in _readers[kind](list(ids)).items():
            found.update(dict.fromkeys(ids.get(subject, []), tuple(said)))
    return found
