"""Asks the rooms above what they post to an account or prove against it, before it is merged or put out of use."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Use:
    """What uses an account, by its name; `is_over` when nothing new is posted for it any more."""

    name: str
    is_over: bool


Reader = Callable[[Sequence[int]], Sequence[Use]]
_readers: dict[str, Reader] = {}


def reader_of_uses(function: Reader) -> Reader:
    """Register how to read what uses any of some accounts, by their ids."""
    _readers[f"{function.__module__}.{function.__qualname__}"] = function
    return function


def uses_of(*accounts: int) -> list[Use]:
    """Everything that uses one of these accounts, over or not."""
    return [use for read in _readers.values() for use in read(accounts)]
