"""How often somebody may do a thing: a bucket for each caller, refilled evenly."""

from __future__ import annotations

import threading
import time
from collections import OrderedDict

MOST_CALLERS = 10_000


class Allowance:
    """It is of this process: several processes allow more."""

    def __init__(self) -> None:
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def take(self, caller: str, a_minute: int) -> int:
        """Take one; 0 when it was there, else the seconds until there is one."""
        each = a_minute / 60
        with self._lock:
            clock = time.monotonic()
            left, since = self._buckets.pop(caller, (float(a_minute), clock))
            left = min(float(a_minute), left + (clock - since) * each)
            granted = left >= 1
            self._buckets[caller] = (left - 1 if granted else left, clock)
            while len(self._buckets) > MOST_CALLERS:
                self._buckets.popitem(last=False)
        return 0 if granted else int((1 - left) / each) + 1
