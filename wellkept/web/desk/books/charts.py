"""Where bars, lines and labels of the books' charts stand. Across in percent, so that text keeps its size. Pure."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

LEFT, RIGHT = 9.0, 99.5
TOP, BOTTOM = 14.0, 150.0
HEIGHT = 176
GRID_LINES = 4
STEPS = (1, 2, 5, 10)
MOST_LABELS = 12
ROW, ROW_TEXT, ROW_BAR = 26, 17, 14
NAME_SHARE, BAR_SHARE = 38.0, 42.0


@dataclass(frozen=True, slots=True)
class Tick:
    value: int
    y: float


@dataclass(frozen=True, slots=True)
class Bar:
    """`kind` is one of the series' names; `x` and `width` are percents, `y` and `height` pixels."""

    kind: str
    x: float
    width: float
    y: float
    height: float


@dataclass(frozen=True, slots=True)
class Label:
    """A `spare` one may go where there is little room."""

    text: str
    x: float
    spare: bool


@dataclass(frozen=True, slots=True)
class Plot:
    """Bars in pairs month by month, and a line over them. `path` is drawn in a box of 100 by 100 that stretches."""

    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    labels: tuple[Label, ...]
    points: tuple[tuple[float, float], ...]
    path: str
    zero_y: float
    height: int = HEIGHT


@dataclass(frozen=True, slots=True)
class Lying:
    """One bar of a list, with its name before and its figure after it."""

    name: str
    value: int
    address: str
    y: int
    text_y: int
    width: float
    end: float


def pairs(months: Sequence[tuple[str, int, int]]) -> Plot:
    """Income and expense of each month beside each other, their difference as a line."""
    values = [value for _label, income, expense in months for value in (income, expense, income - expense)]
    scale = _Scale.of(values)
    step = (RIGHT - LEFT) / max(1, len(months))
    width = round(min(step * 0.36, 4.0), 2)
    bars = []
    for place, (_name, income, expense) in enumerate(months):
        middle = LEFT + step * (place + 0.5)
        bars.append(scale.bar("income", middle - width - 0.15, width, income))
        bars.append(scale.bar("expense", middle + 0.15, width, expense))
    nets = [income - expense for _name, income, expense in months]
    return _plot(scale, bars, [name for name, _i, _e in months], nets, step)


def run(months: Sequence[tuple[str, int]]) -> Plot:
    """One amount month by month, as a line."""
    scale = _Scale.of([value for _name, value in months])
    step = (RIGHT - LEFT) / max(1, len(months))
    return _plot(scale, [], [name for name, _value in months], [value for _name, value in months], step)


def lying(rows: Sequence[tuple[str, int, str]], *, most: int = 8, rest: str = "") -> tuple[Lying, ...]:
    """The largest first; what does not fit is summed up as `rest`."""
    ordered = sorted(rows, key=lambda row: -row[1])
    shown = ordered[:most]
    if len(ordered) > most:
        shown.append((rest, sum(value for _name, value, _address in ordered[most:]), ""))
    longest = max((value for _name, value, _address in shown), default=0) or 1
    return tuple(_lying(place, *row, longest) for place, row in enumerate(shown))


def _lying(place: int, name: str, value: int, address: str, longest: int) -> Lying:
    width = round(BAR_SHARE * max(0, value) / longest, 1)
    top = ROW * place
    return Lying(
        name, value, address, top + (ROW - ROW_BAR) // 2, top + ROW_TEXT, width, round(NAME_SHARE + width + 1.5, 1)
    )


def _plot(scale: _Scale, bars: list[Bar], names: list[str], line: list[int], step: float) -> Plot:
    every = -(-len(names) // MOST_LABELS) if names else 1
    places = [round(LEFT + step * (place + 0.5), 2) for place in range(len(names))]
    points = tuple((x, scale.y(value)) for x, value in zip(places, line, strict=True))
    return Plot(
        bars=tuple(bars),
        ticks=scale.ticks,
        labels=tuple(
            Label(name, x, (len(names) - 1 - place) // every % 2 == 1)
            for place, (name, x) in enumerate(zip(names, places, strict=True))
            if (len(names) - 1 - place) % every == 0
        ),
        points=points,
        path=" ".join(f"{x:.2f},{(y - TOP) / (BOTTOM - TOP) * 100:.2f}" for x, y in points),
        zero_y=scale.y(0),
    )


@dataclass(frozen=True, slots=True)
class _Scale:
    low: int
    high: int
    step: int

    @classmethod
    def of(cls, values: Sequence[int]) -> _Scale:
        """From nought or below to the top in at most five round steps."""
        low, high = min(0, *values, 0), max(0, *values, 0)
        step = _round_step(max(1, high - low))
        return cls((low // step) * step, -(-high // step) * step, step)

    @property
    def span(self) -> int:
        return max(self.step, self.high - self.low)

    @property
    def ticks(self) -> tuple[Tick, ...]:
        return tuple(Tick(value, self.y(value)) for value in range(self.low, self.low + self.span + 1, self.step))

    def y(self, value: int) -> float:
        return round(BOTTOM - (value - self.low) / self.span * (BOTTOM - TOP), 1)

    def bar(self, kind: str, x: float, width: float, value: int) -> Bar:
        top, bottom = sorted((self.y(value), self.y(0)))
        return Bar(kind, round(x, 2), width, top, round(bottom - top, 1))


def _round_step(span: int) -> int:
    """The smallest of 1, 2, 5 times a power of ten that needs no more than a few lines."""
    power = 1
    while True:
        for step in STEPS:
            if span <= step * power * GRID_LINES:
                return step * power
        power *= 10
