"""Counting what was approved, taking it back, and what is believed from it."""

from __future__ import annotations

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from wellkept.banking.learning.coder import Coder
from wellkept.banking.learning.counts import CountsInMemory
from wellkept.banking.learning.lines import Example, Features
from wellkept.banking.learning.memory import forget, learn, recall

TODAY = date(2026, 3, 2)
PAYEES, AREAS, CODES = ("Tesco", "Shell 44", "Mina Ltd", ""), ("", "kitchen", "garage"), ("400", "410", "429", "470")

features = st.builds(
    Features,
    payee=st.sampled_from(PAYEES),
    amount_minor=st.sampled_from((-500, -1250, 0, 9_900)),
    area=st.sampled_from(AREAS),
    description=st.sampled_from(("", "fuel card", "weekly shop")),
)
days = st.integers(-900, 0).map(lambda ago: TODAY + timedelta(days=ago))
examples = st.lists(st.builds(Example, features, st.sampled_from(CODES), days), max_size=25)


def counted(learned: list[Example]) -> CountsInMemory:
    counts = CountsInMemory()
    for example in learned:
        learn(counts, example)
    return counts


@given(examples, examples, st.randoms())
def test_learning_and_forgetting_gives_the_counts_back(kept: list[Example], undone: list[Example], random) -> None:
    counts = counted(kept)
    waiting = [(learn, example) for example in undone]
    for work, example in waiting:
        work(counts, example)
    random.shuffle(undone)
    for example in undone:
        forget(counts, example)

    before = counted(kept).rows
    assert {key: {code: tally.hits for code, tally in row.items()} for key, row in counts.rows.items()} == {
        key: {code: tally.hits for code, tally in row.items()} for key, row in before.items()
    }
    for key, row in before.items():
        for code, tally in row.items():
            assert counts.rows[key][code].weight == pytest.approx(tally.weight, rel=1e-6)


@given(examples, features)
def test_belief_is_a_share_of_one_over_approved_codes(learned: list[Example], line: Features) -> None:
    heard = recall(counted(learned), line, TODAY)

    assert all(0 <= share <= 1 for share in heard.belief.values())
    assert sum(heard.belief.values()) <= 1 + 1e-9
    assert set(heard.belief) <= {example.code for example in learned}
    assert list(heard.belief.values()) == sorted(heard.belief.values(), reverse=True)


@given(examples, features)
def test_suggestions_are_few_approved_and_give_their_reasons(learned: list[Example], line: Features) -> None:
    coder = Coder(CountsInMemory())
    coder.learn(learned)

    suggestion = coder.suggest(line, on=TODAY)

    codes = [choice.code for choice in suggestion.choices]
    assert len(codes) == len(set(codes)) <= 3
    assert set(codes) <= {example.code for example in learned}
    assert sum(choice.confidence for choice in suggestion.choices) <= 1 + 1e-9
    for choice in suggestion.choices:
        assert choice.basis
        assert all(0 < basis.hits <= basis.total for basis in choice.basis)


@given(examples, features)
def test_the_same_approvals_give_the_same_suggestion(learned: list[Example], line: Features) -> None:
    first, second = Coder(CountsInMemory()), Coder(CountsInMemory())
    first.learn(learned)
    second.learn(learned)

    assert first.suggest(line, on=TODAY) == second.suggest(line, on=TODAY)


def test_nothing_is_suggested_before_anything_was_approved() -> None:
    suggestion = Coder(CountsInMemory()).suggest(Features(payee="Tesco", amount_minor=-500), on=TODAY)

    assert suggestion.choices == ()
    assert (suggestion.code, suggestion.confidence, suggestion.payee_seen) == ("", 0.0, False)


@pytest.mark.req("W3")
def test_one_approval_is_known_at_once_with_its_reason() -> None:
    coder = Coder(CountsInMemory())
    coder.learn([Example(Features(payee="TESCO STORES 3421", amount_minor=-1_999), "400", TODAY)])

    suggestion = coder.suggest(Features(payee="Tesco Stores 6190 Oxford", amount_minor=-705), on=TODAY)

    assert suggestion.code == "400"
    assert suggestion.payee_seen
    [basis, *_more] = suggestion.choices[0].basis
    assert (basis.kind, basis.says, basis.hits, basis.total, basis.last_on) == ("payee", "tesco stores", 1, 1, TODAY)


def test_who_spent_tells_codes_of_one_payee_apart() -> None:
    coder = Coder(CountsInMemory())
    for code, area in (("429", "garage"), ("400", "kitchen"), ("429", "garage"), ("400", "kitchen")):
        coder.learn([Example(Features(payee="Tesco", amount_minor=-1_000, area=area), code, TODAY)])

    for code, area in (("400", "kitchen"), ("429", "garage")):
        assert coder.suggest(Features(payee="Tesco", amount_minor=-2_000, area=area), on=TODAY).code == code


def test_an_unseen_payee_backs_off_to_what_is_known() -> None:
    coder = Coder(CountsInMemory())
    for payee in ("Shell", "Esso", "BP"):
        coder.learn([Example(Features(payee=payee, amount_minor=-5_000, area="garage"), "449", TODAY)])
    coder.learn([Example(Features(payee="Lidl", amount_minor=-900, area="kitchen"), "400", TODAY)])

    suggestion = coder.suggest(Features(payee="Total", amount_minor=-4_800, area="garage"), on=TODAY)

    assert suggestion.code == "449"
    assert not suggestion.payee_seen


def test_an_undone_approval_is_forgotten() -> None:
    coder = Coder(CountsInMemory())
    wrong = Example(Features(payee="Tesco", amount_minor=-500), "999", TODAY)
    coder.learn([Example(Features(payee="Tesco", amount_minor=-500), "400", TODAY - timedelta(days=90)), wrong])
    coder.forget([wrong])

    assert [choice.code for choice in coder.suggest(wrong.features, on=TODAY).choices] == ["400"]


def test_old_habits_fade() -> None:
    coder = Coder(CountsInMemory())
    line = Features(payee="Tesco", amount_minor=-500)
    coder.learn([Example(line, "400", TODAY - timedelta(days=600))] * 10)
    coder.learn([Example(line, "410", TODAY)])

    assert coder.suggest(line, on=TODAY).code == "410"


@pytest.mark.parametrize("on", [date(1, 1, 1), date(9999, 12, 31)])
def test_dates_out_of_this_world_do_no_harm(on: date) -> None:
    coder = Coder(CountsInMemory())
    line = Features(payee="Tesco", amount_minor=-500)
    coder.learn([Example(line, "400", on), Example(line, "410", TODAY)])

    assert {choice.code for choice in coder.suggest(line, on=TODAY).choices} <= {"400", "410"}
