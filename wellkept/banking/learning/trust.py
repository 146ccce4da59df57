"""How far the suggestions may be trusted, measured on lines that people have decided.

An outcome is a suggestion and what a person then approved. Only a person's look counts: what was posted automatically is an
outcome when it is undone or when it was one of those `asked_anyway`; what was approved in a batch never is.
"""

from __future__ import annotations

import hashlib
import math
from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

DOUBT = 0.05  # one-sided; the bounds are those of Clopper and Pearson (1934)
WINDOW = 2_000  # outcomes that count for the confidence needed
RECENT, RECENT_OF_A_CODE = 100, 40  # outcomes in which drift must show
LEAST_OF_A_KIND = 20  # outcomes before a sort of suggestion counts as measured
ASKED_ONE_IN = 20
MOST_ERRORS = 400


@dataclass(frozen=True, slots=True)
class Outcome:
    """`code` and `confidence` are the first choice's; `rank` is where the approved code stood, 0 for first, None for not among them."""

    code: str
    confidence: float
    rank: int | None
    on: date
    payee_seen: bool = True
    kind: str = ""  # what sort of suggestion it was

    @property
    def right(self) -> bool:
        return self.rank == 0


@dataclass(frozen=True, slots=True)
class Trust:
    """`threshold` is the least confidence that may act alone, None where nothing may."""

    limit: float
    threshold: float | None
    excluded: frozenset[str]
    lines: int  # measured
    sure: int  # of them at or above the threshold
    errors: int  # of those
    kinds: frozenset[str] = (
        frozenset()
    )  # sorts of suggestions that were measured often enough themselves, and were right

    def allows(self, code: str, confidence: float) -> bool:
        return self.threshold is not None and confidence >= self.threshold and code not in self.excluded


def measured(outcomes: Sequence[Outcome], limit: float = 0.01) -> Trust:
    """From the latest outcomes, oldest first. Nothing is trusted while the recent ones are worse than the limit allows."""
    window = outcomes[-WINDOW:]
    cut = threshold(window, limit)
    sure = [outcome for outcome in window if cut is not None and outcome.confidence >= cut]
    errors = sum(not outcome.right for outcome in sure)
    if too_many(sure[-RECENT:], limit):
        return Trust(limit, None, frozenset(), len(window), 0, 0)
    return Trust(limit, cut, excluded(sure, limit), len(window), len(sure), errors, proved(sure, limit))


def threshold(outcomes: Iterable[Outcome], limit: float) -> float | None:
    """The lowest confidence at and above which the upper bound of the error is within the limit."""
    lowest, errors = None, 0
    ordered = sorted(outcomes, key=lambda outcome: -outcome.confidence)
    for seen, outcome in enumerate(ordered, start=1):
        errors += not outcome.right
        ends = seen == len(ordered) or ordered[seen].confidence < outcome.confidence
        if ends and errors < errors_allowed(seen, limit):
            lowest = outcome.confidence
    return lowest


def excluded(sure: Sequence[Outcome], limit: float) -> frozenset[str]:
    """Codes whose own latest sure suggestions were wrong more often than the limit can explain: their meaning has changed."""
    of_code: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in sure:
        of_code[outcome.code].append(outcome)
    return frozenset(code for code, own in of_code.items() if too_many(own[-RECENT_OF_A_CODE:], limit))


def proved(sure: Sequence[Outcome], limit: float) -> frozenset[str]:
    """Sorts of suggestions with enough sure outcomes of their own, of late no more of them wrong than the limit can explain."""
    of_kind: dict[str, list[Outcome]] = defaultdict(list)
    for outcome in sure:
        of_kind[outcome.kind].append(outcome)
    return frozenset(
        kind
        for kind, own in of_kind.items()
        if len(own) >= LEAST_OF_A_KIND and not too_many(own[-RECENT_OF_A_CODE:], limit)
    )


def too_many(outcomes: Sequence[Outcome], limit: float) -> bool:
    """Whether so many errors would be a rare accident (under `DOUBT`) if the limit were kept."""
    errors = sum(not outcome.right for outcome in outcomes)
    return errors > 0 and 1 - _at_most(errors - 1, len(outcomes), limit) < DOUBT


def errors_allowed(lines: int, limit: float) -> int:
    """One more than the errors in so many lines for which the upper bound of the error is still within the limit; 0 for none."""
    return bisect_right(_lines_needed(limit), lines)


def asked_anyway(line: str) -> bool:
    """One sure line in twenty goes to a person all the same, or nobody would notice a change; which ones is in the line's own key."""
    return hashlib.blake2b(line.encode(), digest_size=8).digest()[0] * ASKED_ONE_IN < 256


@lru_cache(maxsize=16)
def _lines_needed(limit: float) -> list[int]:
    """For 0, 1, 2, … errors: the least number of lines in which so many are within the limit beyond doubt."""
    needed: list[int] = []
    lines = 1
    for errors in range(MOST_ERRORS):
        while _at_most(errors, lines, limit) > DOUBT:
            lines += max(1, round(0.02 / limit)) if lines > WINDOW else 1
            if lines > WINDOW:
                return needed
        needed.append(lines)
    return needed


def _at_most(errors: int, lines: int, rate: float) -> float:
    """The probability of at most so many errors in so many lines (binomial)."""
    if errors >= lines:
        return 1.0
    term = math.exp(lines * math.log1p(-rate))
    total = term
    for n in range(errors):
        term *= (lines - n) / (n + 1) * rate / (1 - rate)
        total += term
    return min(1.0, total)
