"""Where the points of a chart stand. Positions across are percent, so that text keeps its size at every width. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, RIGHT = 7.0, 97.0
TOP, BOTTOM = 10.0, 100.0
MOST_LABELS = 10
SPARK_WIDTH, SPARK_HEIGHT, SPARK_EDGE = 72, 20, 2


@dataclass(frozen=True, slots=True)
class Point:
    """`x` in percent of the width, `y` in pixels; `stretched` is y inside the stretched line (0 to 100)."""

    label: str
    value: float
    x: float
    y: float
    stretched: float
    shown: bool
    bad: bool


@dataclass(frozen=True, slots=True)
class Line:
    """Shares day by day, between `low` and 100 percent."""

    points: tuple[Point, ...]
    low: int
    goal: float | None
    goal_y: float | None

    @property
    def path(self) -> str:
        return " ".join(f"{point.x:.2f},{point.stretched:.1f}" for point in self.points)

    @property
    def area(self) -> str:
        if not self.points:
            return ""
        return f"{self.points[0].x:.2f},100 {self.path} {self.points[-1].x:.2f},100"

    @property
    def worst(self) -> Point | None:
        under = [point for point in self.points if point.bad]
        return min(under, key=lambda point: point.value) if under else None


@dataclass(frozen=True, slots=True)
class Bar:
    """One row of a bar chart: the whole in the pen's colour, what went wrong at its end."""

    label: str
    value: int
    failed: int
    y: int
    text_y: int
    width: float
    failed_x: float
    failed_width: float
    end: float


def line(days: Sequence[tuple[str, float]], *, goal: float | None) -> Line:
    """`days` are labels with shares in percent; `goal` in percent."""
    lowest = min([value for _label, value in days] + ([goal] if goal is not None else []), default=90.0)
    low = max(0, min(90, int((lowest - 1) // 10 * 10)))
    every = -(-len(days) // MOST_LABELS) if days else 1
    step = (RIGHT - LEFT) / (len(days) - 1) if len(days) > 1 else 0.0
    points = tuple(
        Point(
            label=label,
            value=value,
            x=round(LEFT + step * n, 2) if step else (LEFT + RIGHT) / 2,
            y=round(_y(value, low), 1),
            stretched=round((_y(value, low) - TOP) / (BOTTOM - TOP) * 100, 1),
            shown=n % every == 0,
            bad=goal is not None and value < goal,
        )
        for n, (label, value) in enumerate(days)
    )
    return Line(points, low, goal, round(_y(goal, low), 1) if goal is not None else None)


def bars(rows: Sequence[tuple[str, int, int]], *, most: int = 5, rest: str = "") -> tuple[Bar, ...]:
    """`rows` are label, number, how many of them failed; what does not fit is summed up as `rest`."""
    shown = list(rows[:most])
    if len(rows) > most:
        others = rows[most:]
        shown.append((rest, sum(value for _label, value, _failed in others), sum(failed for *_, failed in others)))
    longest = max((value for _label, value, _failed in shown), default=0) or 1
    return tuple(_bar(n, label, value, failed, longest) for n, (label, value, failed) in enumerate(shown))


def spark(values: Sequence[float]) -> str:
    """Points of a small trend line; nothing under two values."""
    if len(values) < 2:
        return ""
    low, high = min(values), max(values)
    width, height = SPARK_WIDTH - 2 * SPARK_EDGE, SPARK_HEIGHT - 2 * 3
    step = width / (len(values) - 1)
    scale = height / (high - low) if high > low else 0
    return " ".join(
        f"{SPARK_EDGE + step * n:.0f},{3 + height - (value - low) * scale if scale else SPARK_HEIGHT / 2:.0f}"
        for n, value in enumerate(values)
    )


def _y(percent: float, low: int) -> float:
    return TOP + (100 - percent) / (100 - low) * (BOTTOM - TOP)


def _bar(n: int, label: str, value: int, failed: int, longest: int) -> Bar:
    whole = round(44 * value / longest, 1)
    bad = round(44 * failed / longest, 1)
    return Bar(
        label,
        value,
        failed,
        5 + 24 * n,
        15 + 24 * n,
        round(whole - bad, 1),
        round(42 + whole - bad, 1),
        bad,
        round(44 + whole, 1),
    )
