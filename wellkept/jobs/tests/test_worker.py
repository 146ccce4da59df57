"""The worker over real commits and real threads."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta

import pytest
from django.db import connection, transaction

from tests.world import at
from wellkept.core import deliveries, facts, outbox, reactions, schedules
from wellkept.core.clock import now
from wellkept.core.models import Delivery, Fact, Heartbeat, Outgoing, ScheduledRun, StoredFile
from wellkept.jobs import scheduler
from wellkept.jobs.worker import Worker

NOON = at("2026-03-06 12:00")
pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture(autouse=True)
def only_ours(monkeypatch: pytest.MonkeyPatch) -> None:
    """No schedule of a room runs here but those a test registers."""
    monkeypatch.setattr(schedules, "_schedules", {})


@pytest.fixture
def hears() -> Iterator[Callable[[Callable[[Fact], None]], None]]:
    names: list[str] = []

    def register(function: Callable[[Fact], None]) -> None:
        reactions.reacts_to("test.happened")(function)
        names.extend(name for name, known in reactions._by_name.items() if known is function)

    yield register
    reactions._by_fact.pop("test.happened", None)
    for name in names:
        reactions._by_name.pop(name, None)


@contextmanager
def working(**how: int) -> Iterator[Worker]:
    worker = Worker(**how)
    worker.start()
    try:
        yield worker
    finally:
        assert worker.finish(seconds=20)


def until(true: Callable[[], bool], seconds: float = 15) -> bool:
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        if true():
            return True
        time.sleep(0.01)
    return False


def happen(number: int = 0) -> None:
    with transaction.atomic():
        facts.record("test.happened", at=now(), number=number)


def done() -> int:
    return Delivery.objects.filter(done_at__isnull=False).count()


def test_a_committed_fact_is_reacted_to_by_a_running_worker(hears: Callable) -> None:
    hears(lambda fact: StoredFile.objects.create(sha256=f"{fact.seq:064d}", size=1, media_type="x", stored_at=fact.at))
    with working():
        happen()
        assert until(lambda: StoredFile.objects.count() == 1)
        assert Heartbeat.objects.filter(kind="worker").count() == 1
    assert not Heartbeat.objects.exists(), "a clean stop takes its heart-beat along"


def test_two_workers_run_each_delivery_once_in_effect(hears: Callable) -> None:
    hears(lambda fact: StoredFile.objects.create(sha256=f"{fact.seq:064d}", size=1, media_type="x", stored_at=fact.at))
    for number in range(60):
        happen(number)
    with working(deliverers=2), working(deliverers=2):
        assert until(lambda: done() == 60, 30)
    assert StoredFile.objects.count() == 60
    assert not Delivery.objects.filter(attempts__gt=0).exists()


def test_a_stop_finishes_what_is_in_hand_and_gives_back_the_rest(hears: Callable) -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow(fact: Fact) -> None:
        begun.set()
        go_on.wait(10)

    hears(slow)
    for number in range(5):
        happen(number)
    worker = Worker()
    worker.start()
    assert begun.wait(10)
    worker.stop.set()
    go_on.set()
    assert worker.finish(seconds=20)

    assert done() == 1
    assert Delivery.objects.filter(done_at=None, claimed_until=None, attempts=0).count() == 4


def test_a_locked_database_is_waited_for(hears: Callable) -> None:
    """Somebody holds the only write lock (SQLite) or the rows (PostgreSQL) for a while: nothing dies, nothing is lost."""
    hears(lambda fact: None)
    happen()
    locked, let_go = threading.Event(), threading.Event()

    def hold() -> None:
        with transaction.atomic():
            list(Delivery.objects.select_for_update())
            locked.set()
            let_go.wait(10)
        connection.close()

    holder = threading.Thread(target=hold)
    holder.start()
    assert locked.wait(10)
    with working():
        assert not until(lambda: done() == 1, 0.5)
        let_go.set()
        assert until(lambda: done() == 1)
    holder.join()


def test_a_lost_connection_is_made_again(hears: Callable) -> None:
    if connection.vendor != "postgresql":
        pytest.skip("SQLite has no server to lose")
    hears(lambda fact: None)
    with working() as worker:
        happen(1)
        assert until(lambda: done() == 1)
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity "
                "WHERE datname = current_database() AND pid <> pg_backend_pid()"
            )
        happen(2)
        assert until(lambda: done() == 2, 30)
        assert all(thread.is_alive() for thread in worker.threads)


def test_a_broken_schedule_does_not_stop_the_others() -> None:
    ran: list[str] = []

    @schedules.every(name="test.broken", seconds=0.05)
    def broken(moment: object) -> None:
        raise RuntimeError("broken")

    @schedules.every(name="test.sound", seconds=0.05)
    def sound(moment: object) -> None:
        ran.append("sound")

    with working():
        assert until(lambda: len(ran) >= 3)
        assert until(lambda: ScheduledRun.objects.filter(name="test.broken", error="RuntimeError: broken").exists())


def test_a_schedule_runs_at_the_very_moment_its_work_is_due() -> None:
    due_at, ran = now() + timedelta(seconds=1.3), []

    @schedules.every(name="test.exact", seconds=0.2, next_at=lambda moment: None if ran else due_at)
    def exact(moment: object) -> None:
        ran.append(now())

    with working():
        assert until(lambda: bool(ran))
    assert ran[0] >= due_at


def test_one_machine_runs_a_schedule() -> None:
    ran = []
    schedules.every(name="test.once", cron="0 3 * * *")(lambda moment: ran.append(moment))
    [schedule] = schedules.registered()
    ScheduledRun.objects.create(name="test.once", due_at=now() - timedelta(days=3))

    threads = [threading.Thread(target=scheduler.run, args=(schedule,)) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len(ran) == 1, "three missed nights are made up once"
    assert ScheduledRun.objects.get().due_at > now()


def test_a_clock_set_back_does_not_silence_a_schedule() -> None:
    ran = []
    schedules.every(name="test.often", seconds=2)(lambda moment: ran.append(moment))
    [schedule] = schedules.registered()
    ScheduledRun.objects.create(name="test.often", due_at=now() + timedelta(hours=1))

    assert schedules.due_times(at=now())["test.often"] <= now()
    scheduler.run(schedule)
    assert len(ran) == 1


@pytest.fixture
def way(monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """A transport that notes what leaves."""
    left: list[int] = []
    monkeypatch.setattr(outbox, "_ways", {})
    outbox.sends("test")(lambda row, moment: left.append(row.pk))
    return left


def enqueue(key: str, subject: str = "one", wait: timedelta = timedelta(0)) -> Outgoing:
    with transaction.atomic():
        return outbox.enqueue(kind="test", key=key, subject=subject, payload={}, at=now(), wait=wait)


def test_what_must_leave_leaves_in_order(way: list[int]) -> None:
    with working(senders=3):
        rows = [enqueue(str(number)).pk for number in range(8)]
        assert until(lambda: Outgoing.objects.filter(state="sent").count() == 8)
    assert way == rows


def test_nothing_leaves_before_its_time(way: list[int]) -> None:
    with working():
        row = enqueue("undo", wait=timedelta(hours=1))
        assert enqueue("other", subject="two")
        assert until(lambda: len(way) == 1)
        assert outbox.withdraw(row)
    assert row.pk not in way


def test_the_connection_of_every_thread_is_given_back(hears: Callable) -> None:
    hears(lambda fact: None)
    with working():
        happen()
        assert until(lambda: done() == 1)
    if connection.vendor == "postgresql":
        assert until(lambda: open_connections() == 1), "only ours is left"


def open_connections() -> int:
    with connection.cursor() as cursor:
        cursor.execute("SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()")
        return int(cursor.fetchone()[0])


def test_deliveries_done_long_ago_are_forgotten(hears: Callable) -> None:
    hears(lambda fact: None)
    happen()
    [delivery] = deliveries.claim(worker="one", at=now())
    deliveries.run(delivery, at=NOON)
    assert deliveries.forget_done(at=NOON + timedelta(days=31)) == 1
    assert Fact.objects.exists()
