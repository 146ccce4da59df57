"""Who listens to which fact. A lower room records; a higher room reacts, in the worker, exactly once in effect."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Sequence

from wellkept.core import bulk, wake
from wellkept.core.models import AT_ONCE, Delivery, Fact

Reaction = Callable[[Fact], None]
When = Callable[[Fact], bool]
_by_fact: dict[str, list[str]] = defaultdict(list)
_when: dict[str, When] = {}
_by_name: dict[str, Reaction] = {}


def reacts_to(*facts: str, when: When | None = None) -> Callable[[Reaction], Reaction]:
    """Register a function of one fact. It calls one action and must stand being called again for the same fact.

    `when` looks at nothing but the fact itself: what it leaves out is never owed, so the writer of a fact pays nothing
    for a listener that means another sort of it.
    """

    def register(function: Reaction) -> Reaction:
        name = f"{function.__module__.removeprefix('wellkept.').removesuffix('.reactions')}.{function.__name__}"
        _by_name[name] = function
        if when is not None:
            _when[name] = when
        for fact in facts:
            if name not in _by_fact[fact]:
                _by_fact[fact].append(name)
        return function

    return register


def owe(facts: Sequence[Fact]) -> None:
    """Owe `facts` to their listeners and wake the worker when the change commits."""
    owed = [
        Delivery(fact=fact, reaction=name, next_try_at=AT_ONCE)
        for fact in facts
        for name in _by_fact.get(fact.name, ())
        if name not in _when or _when[name](fact)
    ]
    if not owed:
        return
    bulk.insert(owed)
    wake.at_commit()


def heard(name: str) -> bool:
    """Whether any reaction listens to facts of this name."""
    return bool(_by_fact.get(name))


def named(name: str) -> Reaction:
    """The reaction registered as `name`; LookupError when a release has removed it."""
    return _by_name[name]
