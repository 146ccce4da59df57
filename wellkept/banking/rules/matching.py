"""Which bank line a document proves. Two of amount, date and payee must agree before anything happens by itself."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

DAYS_APART = 5
MOST = 5
MARGIN = 10  # how much surer than the next one a match must be
AMOUNT, DATE, PAYEE, TEXT, REVERSED = "amount", "date", "payee", "text", "reversed"
_AMOUNT, _PAYEE, _TEXT, _REVERSED, _SAME_DAY, _PER_DAY = 50, 30, 20, 20, 30, 3
_LONG_ENOUGH = 4


@dataclass(frozen=True, slots=True)
class Paper:
    """A document, as far as it could be read. Money it asks for is above zero; `text` holds the words of all of it."""

    amount_minor: int | None = None
    currency: str = ""
    dated_on: date | None = None
    payee: frozenset[str] = frozenset()
    text: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Movement:
    """A bank line. `words` are those of its payee and text."""

    id: int
    amount_minor: int
    currency: str
    dated_on: date
    words: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Match:
    id: int
    score: int
    reasons: tuple[str, ...]

    @property
    def agrees(self) -> bool:
        """Two keys, of which the amount is one."""
        return AMOUNT in self.reasons and len(self.reasons) > 1


def compare(paper: Paper, movement: Movement) -> Match | None:
    """How well they fit; None where they have too little in common to be shown."""
    found = [_amount(paper, movement), _date(paper, movement), _payee(paper, movement)]
    reasons = tuple(reason for reason, _score in filter(None, found))
    if AMOUNT not in reasons and len(reasons) < 2:
        return None
    return Match(movement.id, sum(score for _reason, score in filter(None, found)), reasons)


def rank(paper: Paper, movements: Iterable[Movement], *, most: int = MOST) -> list[Match]:
    """The lines that fit, best first."""
    found = [match for movement in movements if (match := compare(paper, movement))]
    return sorted(found, key=lambda match: (-match.score, match.id))[:most]


def sure(ranked: Sequence[Match]) -> Match | None:
    """The one match that may be made without a person: two keys agree, and no other line comes near."""
    agreed = [match for match in ranked if match.agrees]
    if not agreed or (len(agreed) > 1 and agreed[0].score - agreed[1].score < MARGIN):
        return None
    return agreed[0]


def _amount(paper: Paper, movement: Movement) -> tuple[str, int] | None:
    if not paper.amount_minor or paper.currency not in {"", movement.currency}:
        return None
    if movement.amount_minor == -paper.amount_minor:
        return AMOUNT, _AMOUNT
    return (REVERSED, _REVERSED) if movement.amount_minor == paper.amount_minor else None


def _date(paper: Paper, movement: Movement) -> tuple[str, int] | None:
    if paper.dated_on is None:
        return None
    apart = abs((movement.dated_on - paper.dated_on).days)
    return (DATE, _SAME_DAY - _PER_DAY * apart) if apart <= DAYS_APART else None


def _payee(paper: Paper, movement: Movement) -> tuple[str, int] | None:
    if paper.payee & movement.words:
        return PAYEE, _PAYEE
    whole = bool(movement.words) and movement.words <= paper.text
    return (TEXT, _TEXT) if whole and max(map(len, movement.words)) >= _LONG_ENOUGH else None
