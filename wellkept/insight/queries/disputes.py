"""The lines of a figure that somebody disputes, and what the figure would be without those that were upheld."""

from __future__ import annotations

from dataclasses import dataclass

from wellkept.insight.figures import Figure, value
from wellkept.insight.models import Counted
from wellkept.insight.queries.sights import Lens, Viewer, selected
from wellkept.insight.rules import Tally

MOST_LINES = 1000
ASKED, UPHELD, TURNED_DOWN = "asked", "upheld", "turned_down"


@dataclass(frozen=True, slots=True)
class Line:
    """One disputed event."""

    kind: str
    outcome: str
    took_seconds: int
    state: str


@dataclass(frozen=True, slots=True)
class Disputed:
    """How many events of a figure are disputed, and how. `without` is its value without the upheld ones."""

    asked: int = 0
    upheld: int = 0
    turned_down: int = 0
    without: float | None = None


NOTHING_DISPUTED = Disputed()


def lines(by: Viewer, lens: Lens) -> list[Line]:
    """Every disputed event of the lens. The roll-up is left as it is."""
    found = Counted.objects.filter(selected(by, lens), promise__dispute__isnull=False).order_by("pk")
    rows = found.values_list(
        "kind", "outcome", "took_seconds", "promise__dispute__upheld_at", "promise__dispute__turned_down_at"
    )
    return [
        Line(kind, outcome, took, UPHELD if upheld_at else TURNED_DOWN if turned_down_at else ASKED)
        for kind, outcome, took, upheld_at, turned_down_at in rows[:MOST_LINES]
    ]


def disputed_of(figure: Figure, tally: Tally, found: list[Line]) -> Disputed:
    """The lines that a figure opens to, by state."""
    mine = [
        line for line in found if line.outcome in figure.outcomes and (not figure.kinds or line.kind in figure.kinds)
    ]
    if not mine:
        return NOTHING_DISPUTED
    upheld = [line for line in mine if line.state == UPHELD]
    for line in upheld:
        tally += Tally(**{line.outcome: -1}, took_seconds=-line.took_seconds)
    return Disputed(
        asked=sum(line.state == ASKED for line in mine),
        upheld=len(upheld),
        turned_down=sum(line.state == TURNED_DOWN for line in mine),
        without=value(figure, tally) if upheld else None,
    )
