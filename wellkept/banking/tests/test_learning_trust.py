"""When a suggestion may act alone, and how that right is lost."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellkept.banking.learning.coder import Coder
from wellkept.banking.learning.counts import CountsInMemory
from wellkept.banking.learning.lines import Example, Features
from wellkept.banking.learning.measures import by_period, coverage, figures, miscalibration
from wellkept.banking.learning.trust import Outcome, asked_anyway, errors_allowed, measured, threshold

TODAY = date(2026, 3, 2)
RIGHT = Outcome("400", 0.99, 0, TODAY)
WRONG = replace(RIGHT, rank=1)

outcomes = st.lists(
    st.builds(
        Outcome,
        st.sampled_from(("400", "410")),
        st.sampled_from((0.2, 0.5, 0.9, 0.97, 0.99)),
        st.sampled_from((0, 0, 0, 0, 1, 2, None)),
        st.just(TODAY),
    ),
    max_size=400,
)


@pytest.mark.parametrize(
    ("lines", "limit", "allowed"),
    [  # 1 - 0.05 ** (1 / 299) is just under 1%
        (298, 0.01, 0),
        (299, 0.01, 1),
        (472, 0.01, 1),
        (473, 0.01, 2),
        (148, 0.02, 0),
        (149, 0.02, 1),
        (0, 0.01, 0),
    ],
)
def test_errors_allowed_are_those_of_clopper_and_pearson(lines: int, limit: float, allowed: int) -> None:
    assert errors_allowed(lines, limit) == allowed


def test_nothing_acts_alone_before_enough_was_measured() -> None:
    assert measured([RIGHT] * 298).threshold is None
    assert measured([RIGHT] * 299).allows("400", 0.99)


def test_the_threshold_lies_below_the_sure_and_above_the_doubtful() -> None:
    doubtful = [replace(RIGHT, confidence=0.6, rank=n % 2) for n in range(200)]

    trust = measured([*doubtful, *[RIGHT] * 400])

    assert trust.threshold == 0.99
    assert (trust.lines, trust.sure, trust.errors) == (600, 400, 0)
    assert not trust.allows("400", 0.6)


@given(outcomes, st.sampled_from((0.01, 0.02, 0.05)))
def test_the_error_above_the_threshold_is_within_the_limit(found: list[Outcome], limit: float) -> None:
    cut = threshold(found, limit)

    sure = [outcome for outcome in found if cut is not None and outcome.confidence >= cut]
    assert sum(not outcome.right for outcome in sure) <= limit * len(sure)


@pytest.mark.req("W3")
def test_recent_errors_stop_everything_at_once() -> None:
    trust = measured([*[RIGHT] * 1_900, *[WRONG, *[RIGHT] * 9] * 5])

    assert trust.threshold is None
    assert not trust.allows("400", 1.0)


def test_it_starts_again_when_it_has_been_right_long_enough() -> None:
    assert measured([*[RIGHT] * 1_800, *[WRONG] * 5, *[RIGHT] * 195]).threshold is not None


@pytest.mark.req("W3")
def test_a_code_that_changed_its_meaning_is_left_to_people_alone() -> None:
    other = replace(RIGHT, code="429")
    changed = [replace(WRONG, code="429"), *[other] * 8] * 2

    trust = measured([*[RIGHT] * 1_200, *changed, *[RIGHT] * 85])

    assert trust.excluded == {"429"}
    assert trust.allows("400", 0.99)
    assert not trust.allows("429", 0.99)


def test_one_line_in_twenty_is_asked_anyway_and_always_the_same_ones() -> None:
    asked = [n for n in range(4_000) if asked_anyway(f"line-{n}")]

    assert 140 < len(asked) < 260
    assert asked == [n for n in range(4_000) if asked_anyway(f"line-{n}")]


@pytest.mark.req("W3")
def test_automatic_posting_of_a_payee_stops_when_its_code_changes() -> None:
    """The machine is sure of Tesco until people begin to decide otherwise; three such lines at most pass before it asks."""
    coder, said, allowed = Coder(CountsInMemory()), [], []
    for n in range(440):
        payee, code = (("Tesco", "400" if n < 420 else "410"), ("Shell", "449"))[n % 2]
        line = Features(payee=payee, amount_minor=-1_000 - n // 2 % 5 * 100)
        on = TODAY + timedelta(days=n // 4)
        suggestion = coder.suggest(line, on=on)
        rank = suggestion.rank_of(code)
        allowed.append(measured(said, 0.01).allows(suggestion.code, suggestion.confidence))
        said.append(Outcome(suggestion.code, suggestion.confidence, rank, on, suggestion.payee_seen))
        coder.learn([Example(line, code, on)])

    tesco = allowed[0::2]
    assert all(tesco[200:210])
    assert not any(tesco[213:220])


def test_figures_of_a_stretch() -> None:
    found = [
        replace(RIGHT, confidence=0.9),
        replace(RIGHT, confidence=0.8, rank=2),
        replace(RIGHT, confidence=0.3, rank=None, payee_seen=False),
        replace(RIGHT, confidence=0.2, payee_seen=False),
    ]

    told = figures(found)

    assert (told.lines, told.accuracy, told.top_three) == (4, 0.5, 0.75)
    assert (told.coverage_one, told.coverage_two) == (0.25, 0.25)
    assert (told.unseen, told.unseen_accuracy) == (2, 0.5)
    assert told.miscalibration == pytest.approx((0.1 + 0.8 + 0.3 + 0.8) / 4)


def test_figures_of_nothing_are_not_nought() -> None:
    told = figures([])

    assert told.lines == 0
    assert told.accuracy is told.top_three is told.coverage_one is told.unseen_accuracy is told.miscalibration is None


def test_equal_confidences_are_covered_together_or_not_at_all() -> None:
    assert coverage([*[RIGHT] * 60, *[WRONG] * 2], 0.02) == 0
    assert coverage([*[RIGHT] * 99, WRONG], 0.01) == 1


def test_confidence_that_comes_true_is_well_calibrated() -> None:
    assert miscalibration([replace(RIGHT, confidence=0.75, rank=0 if n % 4 else 1) for n in range(400)]) == 0


def test_figures_by_period_keep_their_order() -> None:
    later = replace(WRONG, on=TODAY + timedelta(days=40))

    told = by_period([RIGHT, later, RIGHT], lambda outcome: outcome.on.strftime("%Y-%m"))

    assert [(name, each.lines, each.accuracy) for name, each in told.items()] == [
        ("2026-03", 2, 1.0),
        ("2026-04", 1, 0.0),
    ]
