"""Which waiting lines are sure: what a batch takes, what the machine may take alone, and the sample that people look at singly."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.db.models import Exists, OuterRef, QuerySet

from wellkept.banking.learning.trust import asked_anyway
from wellkept.banking.models import BankLine, QuestionLine, Undecided
from wellkept.banking.queries.deciding import GATED, kind_of, stands
from wellkept.ledger import queries as ledger

MOST_LINES = 500
Choice = Mapping[str, Any]


@dataclass(frozen=True)
class Sure:
    """`lines` can go in one stroke, all of them together. `sample` is as sure, and somebody looks at each of them all the same."""

    lines: Sequence[int]
    sample: Sequence[int]


def unasked() -> QuerySet[Undecided]:
    """Lines the client is being asked about wait for the answer, however sure the machine is."""
    asked = QuestionLine.objects.filter(line=OuterRef("pk"), question__settled_at=None, question__withdrawn_at=None)
    return Undecided.objects.filter(~Exists(asked))


def sure(*, client: int, book: int, least: int, bank_account: int | None = None) -> Sure:
    """The newest lines whose first choice has at least that confidence and still stands as it was thought."""
    waiting = unasked().filter(client=client, parked_at=None, suggestion__isnull=False, confidence__gte=least)
    if bank_account is not None:
        waiting = waiting.filter(bank_account=bank_account)
    rows = waiting.order_by("-dated_on", "-line").values_list("pk", "line__identity", "suggestion__choices")
    accounts, taxes = ledger.chart_in_use(book), ledger.taxes_in_use(book)
    standing = {
        pk: (identity, choices[0])
        for pk, identity, choices in rows[: 2 * MOST_LINES]
        if choices and stands(choices[0], accounts, taxes)
    }
    seen = sampled(
        {pk: first for pk, (_identity, first) in standing.items()},
        {pk: identity for pk, (identity, _first) in standing.items()},
    )
    firsts = {pk: first for pk, (_identity, first) in standing.items() if pk not in seen}
    return Sure(each_leg_once(firsts)[:MOST_LINES], [pk for pk in standing if pk in seen][:MOST_LINES])


def sampled(firsts: Mapping[int, Choice], identities: Mapping[int, str]) -> set[int]:
    """Of lines that are sure: those that are looked at all the same, with both legs where one leg of a transfer is."""
    away = {first["other"] for first in firsts.values() if "other" in first} - set(identities)
    others = dict(BankLine.objects.filter(pk__in=away).values_list("pk", "identity")) if away else {}
    own = {pk for pk, identity in {**identities, **others}.items() if asked_anyway(identity)}
    return {pk for pk, first in firsts.items() if pk in own or first.get("other") in own}


def each_leg_once(firsts: Mapping[int, Choice]) -> list[int]:
    """The lines that can be decided together, in the order given: no transfer takes a leg that another line takes.

    Where two lines name the same leg, the one that the leg names has it; where it names none, the older line.
    """
    named = _named(firsts)
    taken: set[int] = set()
    kept: set[int] = set()
    for pk in sorted(firsts):
        other = firsts[pk].get("other")
        if other is None:
            taken.add(pk)
            kept.add(pk)
        elif pk in taken:
            kept.add(pk)
        elif other not in taken and named.get(other) in (None, pk) and _waits_for_nothing_else(other, firsts):
            taken |= {pk, other}
            kept.add(pk)
    return [pk for pk in firsts if pk in kept]


def may_alone(first: Choice, excluded: Collection[Any]) -> bool:
    """Neither its account nor its sort was put out of the machine's hands."""
    return first["account"] not in excluded and not (kind_of(first) in GATED and kind_of(first) in excluded)


def _waits_for_nothing_else(other: int, firsts: Mapping[int, Choice]) -> bool:
    return other not in firsts or firsts[other].get("other") is not None


def _named(firsts: Mapping[int, Choice]) -> dict[int, int | None]:
    """The leg each leg names itself, where it waits."""
    others = {first["other"] for first in firsts.values() if "other" in first}
    away = Undecided.objects.filter(pk__in=others - set(firsts)).values_list("pk", "suggestion__choices")
    found = {pk: first.get("other") for pk, first in firsts.items()}
    return found | {pk: _other(choices) for pk, choices in away}


def _other(choices: Iterable[Choice] | None) -> int | None:
    return next((each.get("other") for each in choices or ()), None)
