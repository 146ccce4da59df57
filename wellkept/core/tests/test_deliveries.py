from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.db import transaction

from tests.world import at
from wellkept.core import actions, deliveries, facts, queries, reactions
from wellkept.core.models import Delivery, Fact, StoredFile

NOON = at("2026-03-06 12:00")


@pytest.fixture
def listener() -> Iterator[list[Fact]]:
    """A reaction to `test.happened` that stores a file row named by the fact and remembers what it heard."""
    heard: list[Fact] = []

    def hear(fact: Fact) -> None:
        heard.append(fact)
        StoredFile.objects.create(sha256=f"{fact.seq:064d}", size=1, media_type="x", stored_at=fact.at)
        if fact.data.get("fails", 0) >= len(heard):
            raise RuntimeError("not yet")

    reactions.reacts_to("test.happened")(hear)
    yield heard
    reactions._by_fact.pop("test.happened")
    for name in [name for name, function in reactions._by_name.items() if function is hear]:
        del reactions._by_name[name]


def happen(**ids: object) -> Fact:
    with transaction.atomic():
        return facts.record("test.happened", at=NOON, **ids)


def turn(moment: object = NOON, worker: str = "one") -> None:
    for delivery in deliveries.claim(worker=worker, at=moment):
        try:
            deliveries.run(delivery, at=moment)
        except (RuntimeError, LookupError) as error:
            deliveries.fail(delivery, error=error, at=moment)


@pytest.mark.django_db
def test_a_fact_reaches_its_listener_once(listener: list[Fact]) -> None:
    fact = happen(fails=0)

    turn()
    turn()

    assert [heard.seq for heard in listener] == [fact.seq]
    assert Delivery.objects.get().done_at == NOON


@pytest.mark.django_db
def test_a_failed_try_leaves_no_effect_and_is_tried_later(listener: list[Fact]) -> None:
    happen(fails=1)

    turn()

    assert not StoredFile.objects.exists()
    owed = Delivery.objects.get()
    assert (owed.attempts, owed.next_try_at) == (1, NOON + timedelta(seconds=2))
    turn(NOON + timedelta(seconds=1))
    assert len(listener) == 1
    turn(NOON + timedelta(seconds=2))
    assert StoredFile.objects.count() == 1


@pytest.mark.django_db
def test_what_never_works_becomes_a_dead_letter_a_person_can_run_again(listener: list[Fact]) -> None:
    happen(fails=deliveries.TRIES)

    for hour in range(deliveries.TRIES + 3):
        turn(NOON + timedelta(hours=hour))

    [dead] = queries.dead_deliveries()
    assert dead.error.startswith("RuntimeError: not yet (")
    assert Fact.objects.filter(name="delivery.died", data__delivery=dead.id).count() == 1
    actions.retry_delivery(delivery=dead, by=None, at=NOON)
    turn(NOON + timedelta(days=1))
    assert StoredFile.objects.count() == 1
    with pytest.raises(actions.NotDead):
        actions.retry_delivery(delivery=dead, by=None, at=NOON)


@pytest.mark.django_db
def test_a_worker_down_for_an_hour_misses_nothing(listener: list[Fact]) -> None:
    for _ in range(50):
        happen(fails=0)

    for _ in range(3):
        turn(NOON + timedelta(hours=1))

    assert len(listener) == 50


@pytest.mark.django_db
def test_a_clock_set_back_delays_nothing(listener: list[Fact]) -> None:
    happen(fails=0)

    turn(NOON - timedelta(hours=1))

    assert len(listener) == 1


@pytest.mark.django_db
def test_a_clock_set_back_a_day_does_not_strand_a_retry(listener: list[Fact]) -> None:
    happen(fails=1)
    turn(NOON)

    turn(NOON - timedelta(days=1))
    turn(NOON - timedelta(days=1))

    assert Delivery.objects.get().done_at == NOON - timedelta(days=1)


@pytest.mark.django_db
def test_a_claimed_delivery_is_left_alone_until_the_claim_runs_out(listener: list[Fact]) -> None:
    happen(fails=0)
    assert len(deliveries.claim(worker="one", at=NOON)) == 1

    assert deliveries.claim(worker="two", at=NOON + timedelta(seconds=90)) == []
    [taken] = deliveries.claim(worker="two", at=NOON + deliveries.CLAIM + timedelta(seconds=1))

    assert taken.attempts == 1
    assert deliveries.run(taken, at=NOON)
    assert not deliveries.run(taken, at=NOON), "the vanished worker comes back too late"
    assert len(listener) == 1


@pytest.mark.django_db
def test_a_delivery_that_kills_its_process_every_time_dies(listener: list[Fact]) -> None:
    happen(fails=0)
    for hour in range(deliveries.TRIES + 2):
        deliveries.claim(worker="doomed", at=NOON + timedelta(hours=hour))

    assert "process ended" in queries.dead_deliveries().get().error
    assert not listener


@pytest.mark.django_db
def test_a_worker_that_stops_gives_back_what_it_did_not_run(listener: list[Fact]) -> None:
    happen(fails=0)
    deliveries.claim(worker="one", at=NOON)

    deliveries.release(worker="one")

    assert len(deliveries.claim(worker="two", at=NOON)) == 1


@pytest.mark.django_db
def test_a_reaction_of_an_older_release_dies_with_a_plain_sentence() -> None:
    with transaction.atomic():
        fact = facts.record("test.nobody", at=NOON)
    Delivery.objects.create(fact=fact, reaction="gone.away", next_try_at=NOON)

    turn()

    assert queries.dead_deliveries().get().error == "This release no longer has this reaction."


@pytest.mark.django_db
def test_a_fact_outside_a_transaction_is_a_bug(transactional_db: None) -> None:
    with pytest.raises(RuntimeError, match="transaction"):
        facts.record("test.happened", at=NOON)


@pytest.mark.django_db
def test_a_fact_holds_no_objects_that_are_not_ids() -> None:
    with transaction.atomic(), pytest.raises(TypeError):
        facts.record("test.happened", at=NOON, what={"name": "Mina"})
