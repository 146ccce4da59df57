"""The service book: what happened, once, in order. A mistake is put right by a new fact."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction

from wellkept.core import bulk, once, reactions
from wellkept.core.models import Fact


class HasPk(Protocol):
    pk: int


Identified = HasPk | int | None
PLAIN = (int, str, bool, type(None), list)


def record(
    name: str,
    *,
    at: datetime,
    by: Identified = None,
    client: Identified = None,
    on_behalf_of: Identified = None,
    **ids: object,
) -> Fact:
    """Write one fact and owe it to every reaction that listens, in the caller's transaction.

    `ids` are ids (an object stands for its own), numbers, short codes or ISO times: never personal text.
    """
    fact = draft(name, at=at, by=by, client=client, on_behalf_of=on_behalf_of, **ids)
    _refuse_alone(fact)
    once.forget(fact.name)
    bulk.insert_one(fact)
    reactions.owe([fact])
    return fact


def record_all(facts: Sequence[Fact]) -> list[Fact]:
    """Write the drafted facts of one change together, in the order given: a sweep tells thousands of things at once."""
    if not facts:
        return []
    _refuse_alone(facts[0])
    _forget(facts)
    written = Fact.objects.bulk_create(facts)
    reactions.owe(written)
    return written


def note_all(facts: Sequence[Fact]) -> None:
    """Like `record_all`, for whoever does not need the written facts: quicker where no reaction listens either."""
    if any(reactions.heard(fact.name) for fact in facts):
        record_all(facts)
    elif facts:
        _refuse_alone(facts[0])
        _forget(facts)
        bulk.insert(facts)


def draft(
    name: str,
    *,
    at: datetime,
    by: Identified = None,
    client: Identified = None,
    on_behalf_of: Identified = None,
    **ids: object,
) -> Fact:
    """A fact not yet written, for `record_all`."""
    return Fact(
        name=name,
        at=at,
        by=_id(by),
        client=_id(client),
        on_behalf_of=_id(on_behalf_of),
        data={key: _plain(value) for key, value in ids.items()},
    )


def _forget(facts: Sequence[Fact]) -> None:
    for name in {fact.name for fact in facts}:
        once.forget(name)


def _refuse_alone(fact: Fact) -> None:
    if not transaction.get_connection().in_atomic_block:
        raise RuntimeError(f"The fact {fact.name} must be recorded in the transaction of its change.")


def _id(thing: Identified) -> int | None:
    return thing if thing is None or isinstance(thing, int) else thing.pk


def _plain(value: object) -> object:
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, PLAIN):
        return value
    pk = getattr(value, "pk", None)
    if isinstance(pk, int):
        return pk
    raise TypeError(f"A fact holds ids and plain values, not {type(value).__name__}.")
