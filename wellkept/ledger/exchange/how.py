"""What a person has said of how a file is to be read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

HISTORY, OPENING = "history", "opening"


@dataclass(frozen=True, slots=True)
class How:
    """`base` is the book's currency; `columns` say which column of a table is what, counted from nought."""

    base: str
    kind: str = HISTORY
    columns: Mapping[str, int] = field(default_factory=dict)
    order: str = ""  # of day and month
    day: date | None = None  # of a trial balance that names none

    def to_json(self) -> dict[str, Any]:
        day = None if self.day is None else self.day.isoformat()
        return {"base": self.base, "kind": self.kind, "columns": dict(self.columns), "order": self.order, "day": day}

    @classmethod
    def from_json(cls, told: Mapping[str, Any]) -> How:
        day = told["day"]
        return cls(
            told["base"], told["kind"], told["columns"], told["order"], None if day is None else date.fromisoformat(day)
        )
