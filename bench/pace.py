"""How fast this machine is at the moment.

Two processors that share a core slow each other down, and so does a neighbour nobody sees: the same work then takes up to
twice its CPU time. A measure therefore waits for a quiet moment and each figure says how quiet it was; no figure is divided
by it.
"""

from __future__ import annotations

import statistics
import time

STEPS, PROBES = 10_000, 7
QUIET = 1.2  # of the quickest this machine has shown
PATIENCE_S, PATIENCE_IN_ALL_S = 15.0, 600.0
LOOK_S = 3.0

_quickest = float("inf")
_waited = 0.0
_last = 0.0


def quiet() -> float:
    """Wait until the machine is about as quick as it has been, but not for ever; returns and remembers its pace, in ms."""
    global _waited
    if _quickest == float("inf"):
        _look_around()
    begun = time.perf_counter()
    while probe() > QUIET * _quickest and time.perf_counter() - begun < PATIENCE_S and _waited < PATIENCE_IN_ALL_S:
        time.sleep(0.05)
        _waited += 0.05
    return _last


def probe() -> float:
    """CPU milliseconds of a hundred thousand steps of plain Python, from a few short runs."""
    global _last, _quickest
    _last = round(statistics.median(_steps() for _ in range(PROBES)) * 100_000 / STEPS * 1000, 2)
    _quickest = min(_quickest, _last)
    return _last


def last() -> float:
    """The pace when the last measure began, in ms."""
    return _last


def _look_around() -> None:
    end = time.perf_counter() + LOOK_S
    while time.perf_counter() < end:
        probe()


def _steps() -> float:
    seen: dict[int, int] = {}
    begun = time.process_time()
    for number in range(STEPS):
        seen[number & 1023] = number
    return time.process_time() - begun
