"""What the ranker makes of the memory's voices."""

from __future__ import annotations

import json
from datetime import date, timedelta

import pytest

from wellkept.banking.learning.coder import Coder
from wellkept.banking.learning.counts import CountsInMemory
from wellkept.banking.learning.lines import Example, Features
from wellkept.banking.learning.memory import learn, recall
from wellkept.banking.learning.ranker import Ranker

TODAY = date(2026, 3, 2)


def by_area(n: int) -> Example:
    """Amounts repeat by chance; what counts is who spent."""
    area, code = (("kitchen", "400"), ("garage", "449"), ("office", "453"))[n % 3]
    line = Features(payee=f"Shop {'ABCDEFGHIJK'[n % 11]}", amount_minor=-500 * (1 + n * 7 % 5), area=area)
    return Example(line, code, TODAY + timedelta(days=n // 10))


def right(coder: Coder, examples: list[Example]) -> int:
    return sum(coder.suggest(each.features, on=each.on).code == each.code for each in examples)


def test_at_first_the_memory_speaks() -> None:
    counts = CountsInMemory()
    learn(counts, by_area(0))
    learn(counts, by_area(1))
    heard = recall(counts, by_area(2).features, TODAY)

    assert Ranker().rank(heard) == heard.belief


@pytest.mark.req("W3")
def test_it_learns_which_keys_to_believe() -> None:
    alone, coder = Coder(CountsInMemory()), Coder(CountsInMemory())
    for n in range(510):
        coder.learn([by_area(n)])
        learn(alone.counts, by_area(n))
    later = [by_area(n) for n in range(510, 570)]

    assert coder.ranker.speaks
    assert right(coder, later) >= right(alone, later)
    assert (
        coder.suggest(later[0].features, on=later[0].on).confidence
        > alone.suggest(later[0].features, on=later[0].on).confidence
    )


def test_chances_are_shares_and_leave_room_for_none_of_them() -> None:
    coder = Coder(CountsInMemory())
    for n in range(510):
        coder.learn([by_area(n)])

    ranked = coder.ranker.rank(recall(coder.counts, by_area(511).features, TODAY))

    assert list(ranked.values()) == sorted(ranked.values(), reverse=True)
    assert 0 < sum(ranked.values()) < 1


def test_a_day_approved_together_is_judged_by_the_days_before() -> None:
    together, one_by_one = Coder(CountsInMemory()), Coder(CountsInMemory())
    together.learn([by_area(0), by_area(0)])
    for _ in range(2):
        one_by_one.learn([by_area(0)])

    assert together.counts.rows == one_by_one.counts.rows
    assert together.ranker.loss == 0.0 != one_by_one.ranker.loss


def test_it_is_kept_as_json_and_goes_on_where_it_was() -> None:
    coder = Coder(CountsInMemory())
    for n in range(510):
        coder.learn([by_area(n)])
    heard = recall(coder.counts, by_area(511).features, TODAY)

    kept = Ranker.from_json(json.loads(json.dumps(coder.ranker.to_json())))

    assert kept.speaks == coder.ranker.speaks
    assert kept.rank(heard) == pytest.approx(coder.ranker.rank(heard), abs=1e-4)


def test_one_kept_by_another_version_starts_anew() -> None:
    assert Ranker.from_json({"kinds": ["payee"], "weights": [[3.0]]}).weights == Ranker().weights
    assert Ranker.from_json({}).weights == Ranker().weights


@pytest.mark.parametrize(("loss", "memory_loss", "ahead"), [(0.9, 0.5, 0.0), (0.5, 0.9, -0.05)])
def test_when_the_memory_is_better_of_late_it_speaks_again(loss: float, memory_loss: float, ahead: float) -> None:
    ranker, coder = Ranker(), Coder(CountsInMemory())
    coder.learn([by_area(0), by_area(1)])
    heard = recall(coder.counts, by_area(3).features, TODAY)
    ranker.lines, ranker.loss, ranker.memory_loss, ranker.ahead = 1_000, loss, memory_loss, ahead

    assert ranker.rank(heard) == heard.belief
