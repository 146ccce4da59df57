"""How good the suggestions were over a stretch of time, from the outcomes of its lines."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass

from wellkept.banking.learning.trust import Outcome

ONE, TWO = 0.01, 0.02
TOP = 3
BANDS = 10


@dataclass(frozen=True, slots=True)
class Figures:
    """Shares of `lines`. A share of nothing is None, not nought."""

    lines: int
    accuracy: float | None
    top_three: float | None
    coverage_one: float | None  # of the lines, at 1% error
    coverage_two: float | None
    unseen: int  # lines of payees never coded before
    unseen_accuracy: float | None
    miscalibration: float | None  # how far confidence and truth are apart, on average


def figures(outcomes: Sequence[Outcome]) -> Figures:
    unseen = [outcome for outcome in outcomes if not outcome.payee_seen]
    return Figures(
        lines=len(outcomes),
        accuracy=share(outcome.right for outcome in outcomes),
        top_three=share(outcome.rank is not None and outcome.rank < TOP for outcome in outcomes),
        coverage_one=coverage(outcomes, ONE),
        coverage_two=coverage(outcomes, TWO),
        unseen=len(unseen),
        unseen_accuracy=share(outcome.right for outcome in unseen),
        miscalibration=miscalibration(outcomes),
    )


def by_period(outcomes: Iterable[Outcome], period: Callable[[Outcome], str]) -> dict[str, Figures]:
    """In the order in which the periods first appear."""
    parts: dict[str, list[Outcome]] = {}
    for outcome in outcomes:
        parts.setdefault(period(outcome), []).append(outcome)
    return {name: figures(part) for name, part in parts.items()}


def share(held: Iterable[bool]) -> float | None:
    values = list(held)
    return sum(values) / len(values) if values else None


def coverage(outcomes: Sequence[Outcome], limit: float) -> float | None:
    """The largest share of lines at and above one confidence with an error within the limit. Equal confidences stay together."""
    covered = errors = 0
    ordered = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    for place, outcome in enumerate(ordered, start=1):
        errors += not outcome.right
        ends = place == len(ordered) or ordered[place].confidence < outcome.confidence
        if ends and errors <= limit * place:
            covered = place
    return covered / len(ordered) if ordered else None


def miscalibration(outcomes: Sequence[Outcome]) -> float | None:
    """Mean distance of stated confidence from the share that was right, in ten bands (expected calibration error)."""
    bands: list[list[Outcome]] = [[] for _ in range(BANDS)]
    for outcome in outcomes:
        bands[min(BANDS - 1, int(outcome.confidence * BANDS))].append(outcome)
    apart = sum(abs(sum(each.confidence - each.right for each in band)) for band in bands)
    return apart / len(outcomes) if outcomes else None
