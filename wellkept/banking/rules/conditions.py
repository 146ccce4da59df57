"""Does a line look the way a rule says? Plain words and amounts; nothing a person writes is run as a pattern."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from typing import Any, Protocol

IN, OUT = "in", "out"
FRESH_RIGHT, FRESH_ALL = 9, 10  # a new rule is believed as if it had been right nine times of ten
MILLION = 1_000_000


class Looks(Protocol):
    """What a condition looks at."""

    @property
    def payee(self) -> str: ...
    @property
    def description(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def counterparty(self) -> str: ...
    @property
    def amount_minor(self) -> int: ...
    @property
    def bank_account_id(self) -> int: ...


@dataclass(frozen=True, slots=True)
class Conditions:
    """All that are set must hold. Amounts are without sign; `words` must all stand in the line, in any order."""

    words: str = ""
    starts: str = ""
    counterparty: str = ""
    direction: str = ""
    at_least_minor: int | None = None
    at_most_minor: int | None = None
    bank_account: int | None = None

    @property
    def is_empty(self) -> bool:
        return self == Conditions()

    def hold(self, line: Looks) -> bool:
        text = folded(f"{line.payee} {line.description} {line.reference}")
        return (
            all(word in text for word in folded(self.words).split())
            and folded(line.payee or line.description).startswith(folded(self.starts))
            and (not self.counterparty or _digits(self.counterparty) == _digits(line.counterparty))
            and self._amount_holds(line.amount_minor)
            and self.bank_account in {None, line.bank_account_id}
        )

    def _amount_holds(self, amount_minor: int) -> bool:
        size = abs(amount_minor)
        return (
            (not self.direction or self.direction == (IN if amount_minor > 0 else OUT))
            and (self.at_least_minor is None or size >= self.at_least_minor)
            and (self.at_most_minor is None or size <= self.at_most_minor)
        )

    def to_json(self) -> dict[str, Any]:
        return {name: value for name, value in asdict(self).items() if value not in {"", None}}

    @classmethod
    def from_json(cls, row: Mapping[str, Any]) -> Conditions:
        return cls(**row)


def folded(text: str) -> str:
    """Case and runs of spaces do not matter."""
    return re.sub(r"\s+", " ", text).strip().casefold()


def confidence(right: int, decided: int) -> int:
    """How far a rule is believed after `decided` lines of which `right` were left as it said, in millionths."""
    return MILLION * (right + FRESH_RIGHT) // (decided + FRESH_ALL)


def _digits(text: str) -> str:
    return re.sub(r"[^0-9A-Za-z]", "", text).upper()
