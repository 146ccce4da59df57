"""One measured figure, and the tools every measure needs."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from typing import Any

from bench import pace

ROUNDS = 4


@dataclass(frozen=True)
class Figure:
    """`floor` is the least that the same work could cost here, measured in the same run; `bar` is what was promised."""

    name: str
    value: float
    unit: str
    floor: float | None = None
    bar: float | None = None
    database: str = ""
    size: int = 0
    note: str = ""
    at_least: bool = False  # the bar is a lower limit, such as mails a minute
    pace: float = field(default_factory=pace.last)  # ms for a fixed piece of Python just before: how quiet it was

    @property
    def ratio(self) -> float | None:
        return round(self.value / self.floor, 2) if self.floor else None

    @property
    def kept(self) -> bool | None:
        if self.bar is None:
            return None
        return self.value >= self.bar if self.at_least else self.value <= self.bar

    def row(self) -> dict[str, object]:
        return {**asdict(self), "ratio": self.ratio, "kept": self.kept}


@dataclass
class Context:
    """What a measure may use. `size` is the number of conversations in the database (0 before it is filled)."""

    database: str  # sqlite, postgresql
    size: int = 0
    say: Callable[[str], None] = print
    shared: dict[str, Any] = field(default_factory=dict)  # kept from one measure to the next

    def figure(self, name: str, value: float, unit: str = "ms CPU", **more: Any) -> Figure:
        return Figure(name=name, value=round(value, 3), unit=unit, database=self.database, size=self.size, **more)


def cpu_ms(work: Callable[[], object], *, times: int, warm: int = 3) -> float:
    """CPU milliseconds of this process for one call of `work`: the median of `times` calls, in the quietest of several rounds.

    `warm` calls before them do not count.
    """
    for _ in range(warm):
        work()
    return min(_median(work, times) for _ in range(ROUNDS)) * 1000


def cpu_ms_each(work: Callable[[Any], object], items: list[Any], *, warm: int = 3) -> float:
    """Mean CPU milliseconds for `work(item)`, over the quietest part of the items; for writes, where no call can be repeated."""
    for item in items[:warm]:
        work(item)
    parts = parted(items[warm:])
    return min(cpu_s(lambda: [work(item) for item in part]) / len(part) for part in parts) * 1000  # noqa: B023


def parted(items: list[Any]) -> list[list[Any]]:
    """The items in as many parts as there are rounds, none of them empty."""
    size = -(-len(items) // ROUNDS)
    return [items[start : start + size] for start in range(0, len(items), size)]


def cpu_s(work: Callable[[], object]) -> float:
    """CPU seconds of this process for one call of `work`, begun in a quiet moment."""
    pace.quiet()
    start = time.process_time()
    work()
    return time.process_time() - start


def _median(work: Callable[[], object], times: int) -> float:
    pace.quiet()
    taken = []
    for _ in range(times):
        start = time.process_time()
        work()
        taken.append(time.process_time() - start)
    return statistics.median(taken)
