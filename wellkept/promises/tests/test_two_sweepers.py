from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier

import pytest
from django.db import connection

from wellkept.core.models import Fact
from wellkept.people.models import Notice
from wellkept.promises import actions
from wellkept.promises.models import Promise, PromiseEvent
from wellkept.promises.tests.owing import World, nz

LATE = nz("2026-03-09 12:00")
SWEEPERS = 3


def together(work: object) -> list[int]:
    """Several workers begin at the same moment, each on a connection of its own."""
    start = Barrier(SWEEPERS)

    def one(_number: int) -> int:
        try:
            start.wait(timeout=10)
            done = 0
            while swept := work():  # type: ignore[operator]
                done += swept
            return done
        finally:
            connection.close()

    with ThreadPoolExecutor(SWEEPERS) as pool:
        return list(pool.map(one, range(SWEEPERS)))


@pytest.mark.req("W1")
@pytest.mark.django_db(transaction=True)
def test_several_sweepers_at_once_fire_everything_once() -> None:
    firm = World()
    for number in range(60):
        firm.owe(subject=number)

    swept = together(lambda: actions.sweep(at=LATE, limit=10))

    assert sum(swept) == 60
    missed = Promise.objects.exclude(missed_at=None).values_list("pk", flat=True)
    events = Counter(PromiseEvent.objects.filter(name="missed").values_list("promise_id", flat=True))
    facts = Counter(fact.data["promise"] for fact in Fact.objects.filter(name="promise.missed"))
    told = Counter(Notice.objects.filter(kind="promise.missed").values_list("subject_id", flat=True))
    assert events == facts == told == Counter(missed)
    assert len(missed) == 60


@pytest.mark.django_db(transaction=True)
def test_a_keep_and_a_sweep_at_the_same_moment_agree() -> None:
    firm = World()
    promises = [firm.owe(subject=number) for number in range(20)]
    left = list(promises)

    def keep_or_sweep() -> int:
        try:
            promise = left.pop()
        except IndexError:
            return actions.sweep(at=LATE, limit=5)
        actions.keep(promise=Promise.objects.get(pk=promise.pk), by=firm.ana, at=LATE)
        return 1

    together(keep_or_sweep)

    assert Promise.objects.filter(kept_at=LATE).count() == 20
    events = Counter(PromiseEvent.objects.filter(name="missed").values_list("promise_id", flat=True))
    assert events == Counter(promise.pk for promise in promises)
