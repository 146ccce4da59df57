"""Several people at the same moment: each on a thread and a connection of their own, released together."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

from django.db import connection

from wellkept.core.refusals import Refusal

PATIENCE = 60


def together(*works: Callable[[], object]) -> list[object]:
    """What each of them got: a result, or the refusal they were told. Anything else fails the test."""
    start = Barrier(len(works))

    def one(work: Callable[[], object]) -> object:
        try:
            connection.ensure_connection()
            start.wait(timeout=PATIENCE)
            return work()
        except Refusal as refusal:
            return refusal
        finally:
            connection.close()

    with ThreadPoolExecutor(len(works)) as pool:
        return list(pool.map(one, works))


def refusals(outcomes: Sequence[object]) -> list[Refusal]:
    return [outcome for outcome in outcomes if isinstance(outcome, Refusal)]
