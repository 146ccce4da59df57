"""What does not change while one request, mail or reaction is worked on is asked for once in it.

A door opens a scope. A read marked with `read` is then made once for the same arguments, until a fact of one of the
nouns it names is written: from there to the end of the scope it is made each time, because the change may yet be
undone. Without a scope it is made each time. So every action that changes such a row already says so, with its fact.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import wraps
from typing import Any, ParamSpec, TypeVar, cast

P = ParamSpec("P")
T = TypeVar("T")


@dataclass(slots=True)
class _Scope:
    answers: dict[Any, Any] = field(default_factory=dict)
    changed: set[str] = field(default_factory=set)
    over: bool = False


_opened: ContextVar[_Scope | None] = ContextVar("once", default=None)


@contextmanager
def scope() -> Iterator[None]:
    """Remember until the end of the block; within a scope that is open already, that one goes on."""
    if _current() is not None:
        yield
        return
    mine = _Scope()
    token = _opened.set(mine)
    try:
        yield
    finally:
        mine.over = True  # a thread or task begun in here took the context with it, and may outlive us
        _opened.reset(token)


def read(*nouns: str) -> Callable[[Callable[P, T]], Callable[P, T]]:
    """Mark a read whose answer stands until something happens to one of `nouns`: the first word of a fact's name."""

    def mark(ask: Callable[P, T]) -> Callable[P, T]:
        @wraps(ask)
        def answer(*args: P.args, **kwargs: P.kwargs) -> T:
            here = _current()
            if here is None or not here.changed.isdisjoint(nouns):
                return ask(*args, **kwargs)
            key = (ask, args, *sorted(kwargs.items()))
            if key not in here.answers:
                here.answers[key] = ask(*args, **kwargs)
            return cast(T, here.answers[key])

        return answer

    return mark


def forget(fact: str) -> None:
    """Something of this name happened: what was read about its noun no longer counts."""
    here = _current()
    if here is not None:
        here.changed.add(fact.partition(".")[0])


def _current() -> _Scope | None:
    here = _opened.get()
    return None if here is None or here.over else here
