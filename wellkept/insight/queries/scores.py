"""The figures of a lens, from the roll-up alone."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Sum

from wellkept.insight import figures
from wellkept.insight.figures import Figure, Measure, value
from wellkept.insight.models import DailyCount
from wellkept.insight.queries.disputes import NOTHING_DISPUTED, Disputed, Line, disputed_of, lines
from wellkept.insight.queries.levels import Level, Strict, goal_of, goals, levels, strict_of, targets
from wellkept.insight.queries.sights import Lens, Viewer, selected
from wellkept.insight.rules import COUNTS, Tally, total
from wellkept.promises.rules import shares

Cell = tuple[date, str, Tally]


@dataclass(frozen=True, slots=True)
class Read:
    """A figure as it stands. `value` is a share from 0 to 1, a number or seconds; None where nothing was due."""

    figure: Figure
    tally: Tally
    value: float | None
    goal: int | None  # in hundredths of a percent
    standing: shares.Standing
    affordable: int
    back_after: int | None
    trend: tuple[float, ...]  # the same figure day by day, days without events left out
    strict: Strict | None = None  # the second level, where one was agreed
    disputed: Disputed = NOTHING_DISPUTED

    @property
    def counted(self) -> int:
        """How many events the figure opens to."""
        return self.tally.of(self.figure.outcomes)


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class Score:
    """Everything a score card shows, from the roll-up alone."""

    lens: Lens
    figures: list[Read]
    days: list[Day]
    whole: Tally

    def figure(self, name: str) -> Read:
        return next(read for read in self.figures if read.figure.name == name)


def score(by: Viewer, lens: Lens) -> Score:
    """All figures of the lens, with their days."""
    cells = _cells(by, lens)
    measures = _measures(by, lens)
    days: dict[date, list[Tally]] = defaultdict(list)
    for day, _kind, tally in cells:
        days[day].append(tally)
    return Score(
        lens=lens,
        figures=[_read(figure, cells, measures) for figure in figures.every()],
        days=[Day(day, total(tallies)) for day, tallies in sorted(days.items())],
        whole=total([tally for _day, _kind, tally in cells]),
    )


def figure(by: Viewer, name: str, lens: Lens) -> Read:
    return _read(figures.named(name), _cells(by, lens), _measures(by, lens))


@dataclass(frozen=True, slots=True)
class _Measures:
    """What a figure is held against, read once for all of them."""

    goals: dict[str, int]
    strict: list[Level]
    lines: list[Line]


def _measures(by: Viewer, lens: Lens) -> _Measures:
    found = targets(lens)
    return _Measures(goals(found), levels(by, lens, found), lines(by, lens))


def _cells(by: Viewer, lens: Lens) -> list[Cell]:
    sums = DailyCount.objects.filter(selected(by, lens)).values_list("day", "kind").order_by("day", "kind")
    return [(row[0], row[1], Tally(*row[2:])) for row in sums.annotate(*totals())]


def totals() -> list[Sum]:
    return [Sum(name) for name in COUNTS]


def _read(wanted: Figure, cells: list[Cell], measures: _Measures) -> Read:
    mine = [cell for cell in cells if not wanted.kinds or cell[1] in wanted.kinds]
    tally = total([cell[2] for cell in mine])
    by_kind = _by_kind(mine)
    shared = wanted.measure is Measure.SHARE
    goal = goal_of(by_kind, measures.goals) if shared else None
    scored = shares.Tally(kept=tally.kept, late=tally.late, missed=tally.missed)
    days: dict[date, Tally] = defaultdict(Tally)
    for day, _kind, cell in mine:
        days[day] += cell
    trend = [value(wanted, days[day]) for day in sorted(days)]
    return Read(
        figure=wanted,
        tally=tally,
        value=value(wanted, tally),
        goal=goal,
        standing=shares.standing(scored, goal) if goal is not None else shares.Standing.NONE,
        affordable=shares.affordable(scored, goal) if goal is not None else 0,
        back_after=shares.back_after(scored, goal) if goal is not None else None,
        trend=tuple(point for point in trend if point is not None),
        strict=strict_of(by_kind, measures.strict) if shared else None,
        disputed=disputed_of(wanted, tally, measures.lines),
    )


def _by_kind(cells: list[Cell]) -> dict[str, Tally]:
    tallies: dict[str, Tally] = defaultdict(Tally)
    for _day, kind, tally in cells:
        tallies[kind] += tally
    return tallies
