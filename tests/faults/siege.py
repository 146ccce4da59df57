"""`python -m tests.faults.siege posting import …`: work goes on while it is killed with SIGKILL, again and again.

One life: a process of its own does operation after operation and says `go i` before and `ack i` after each. It is killed at
a random moment, mostly in the middle of one. A fresh process then looks at everything, and the next life does the operation
again that was not acknowledged. The processes are forks of this one, which never has a connection of its own.

Works on the database that WELLKEPT_DATABASE_URL names, migrated and empty, and on a copy of it for each kind of work.
Prints one line of JSON.
"""

from __future__ import annotations

import json
import os
import random
import shutil
import signal
import statistics
import sys
import time
import traceback
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Any

import django
from django.db import connection, connections

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "wellkept.config.settings")
django.setup()

from tests.faults.sound import complaints  # noqa: E402 - models can be named from here on
from tests.faults.works import ABSENT, DONE, WORKS, prepare  # noqa: E402

PATIENCE = 60
FIRST_GUESS = 0.03
ROUND = 5  # every kind of work comes round again after so many operations


@dataclass
class Report:
    """`within` counts the kills that fell into an operation that was begun and not acknowledged."""

    work: str
    kills: int = 0
    within: int = 0
    finished_unsaid: int = 0
    operations: int = 0
    complaints: list[str] = field(default_factory=list)
    seconds: float = 0.0
    cpu_seconds: float = 0.0


class Siege:
    """One kind of work on a database of its own."""

    def __init__(self, name: str, seed: int) -> None:
        self.report = Report(name)
        self.chance = random.Random(f"{name} {seed}")
        self.next = self.looked_until = 0
        self.took: list[float] = []

    def run(self, kills: int) -> Report:
        begun, before = time.monotonic(), _cpu_seconds()
        while self.report.kills < kills and not self.report.complaints:
            if not self.live():
                self.report.complaints.append(f"all the work was done after {self.report.kills} kills")
            else:
                self.report.complaints += self.look()
        if not self.report.complaints:
            self.report.complaints += self.end()
        self.report.seconds = round(time.monotonic() - begun, 1)
        self.report.cpu_seconds = round(_cpu_seconds() - before, 1)
        return self.report

    def live(self) -> bool:
        """One life and its end; False when it came to the end of the work instead."""
        first, goes_on = self.next, self.chance.randrange(3)
        pid, said = forked(lambda say: work_on(self.report.work, first, say))
        begun, at = time.monotonic(), first
        for word in said:
            if word[0] == "died":
                self.report.complaints.append(" ".join(word))
                return False
            if word[0] == "all":
                return False
            if word[0] == "go":
                at, begun = int(word[1]), time.monotonic()
                if at >= first + goes_on:
                    break
            else:
                self.took.append(time.monotonic() - begun)
                self.next = int(word[1]) + 1
        usual = statistics.median(self.took[-30:]) if self.took else FIRST_GUESS
        time.sleep(usual * self.chance.uniform(0, 1.2))
        os.kill(pid, signal.SIGKILL)
        for word in said:  # said before it died
            if word[0] == "ack":
                self.next = int(word[1]) + 1
        os.waitpid(pid, 0)
        self.report.kills += 1
        return True

    def look(self) -> list[str]:
        """By a fresh process: what was acknowledged is done, the next one is done or absent, nothing else has begun."""
        since, self.looked_until = self.looked_until, self.next
        found = answer_of(lambda: looked(self.report.work, since, self.next))
        self.report.within += found["state"] == "absent"
        self.report.finished_unsaid += found["state"] == "done"
        return [f"after {self.report.kills} kills: {text}" for text in found["complaints"]]

    def end(self) -> list[str]:
        """Do the rest undisturbed, then all of it once more: nothing is missing and nothing doubles."""
        self.report.operations = self.next
        return answer_of(lambda: ended(self.report.work, self.next))


def work_on(name: str, first: int, say: Callable[[str], None]) -> None:

    work = WORKS[name]()
    for i in range(first, work.length):
        say(f"go {i}")
        work.do(i)
        say(f"ack {i}")
    say("all")


def looked(name: str, since: int, following: int) -> dict[str, Any]:

    wait_for_the_database()
    work = WORKS[name]()
    found = complaints(work.book)
    found += [
        f"{name} {i} was acknowledged and is {state}"
        for i in range(since, following)
        if (state := work.state(i)) != DONE
    ]
    state = work.state(following)
    if state not in {DONE, ABSENT}:
        found.append(f"{name} {following} was interrupted and left {state}")
    if (later := work.state(following + 1)) != ABSENT:
        found.append(f"{name} {following + 1} was never begun and is {later}")
    return {"complaints": found, "state": state}


def ended(name: str, following: int) -> list[str]:

    work = WORKS[name]()
    last = min((following // ROUND + 2) * ROUND, work.length) - 1
    for i in range(following, last + 1):
        work.do(i)
    before = work.figures()
    for i in filter(work.again, range(last + 1)):
        work.do(i)
    found = [f"{name} {i} is {state}" for i in range(last + 1) if (state := work.state(i)) != DONE]
    if work.figures() != before:
        found.append(f"doing all of it again made {work.figures()} of {before}")
    return found + complaints(work.book)


def wait_for_the_database() -> None:
    """A server may still be busy with what the dead process sent it last; a file has nobody who could be."""

    if connection.vendor != "postgresql":
        return
    others = "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database() AND pid <> pg_backend_pid()"
    until = time.monotonic() + PATIENCE
    while time.monotonic() < until:
        with connection.cursor() as cursor:
            cursor.execute(others)
            if cursor.fetchone() == (0,):
                return
        time.sleep(0.005)
    raise TimeoutError("The server still holds connections of processes that are dead.")


def forked(work: Callable[[Callable[[str], None]], None]) -> tuple[int, Iterator[list[str]]]:
    """A process of its own, and the words it says as they come; the last may be cut off by its death."""
    reading, writing = os.pipe()
    pid = os.fork()
    if pid:
        os.close(writing)
        return pid, _words(reading)
    os.close(reading)
    try:
        os.setsid()
        work(lambda line: _say(writing, line))
    except BaseException:  # noqa: BLE001 - told to the process that looks
        _say(writing, "died " + traceback.format_exc().replace("\n", " | "))
    finally:
        os._exit(0)


def answer_of(work: Callable[[], Any]) -> Any:
    """What a process of its own finds, brought back as JSON."""
    pid, said = forked(lambda say: say("is " + json.dumps(work())))
    [word] = list(said)
    os.waitpid(pid, 0)
    if word[0] != "is":
        raise RuntimeError(" ".join(word))
    return json.loads(" ".join(word[1:]))


def _cpu_seconds() -> float:
    """Of this process and of all that ended under it."""
    return sum(os.times()[:4])


def _say(pipe: int, line: str) -> None:
    data = line.encode() + b"\n"
    while data:
        data = data[os.write(pipe, data) :]


def _words(pipe: int) -> Iterator[list[str]]:
    with os.fdopen(pipe, "rb") as source:
        for line in source:
            if line.endswith(b"\n"):
                yield line.decode().rstrip("\n").split(" ")


@contextmanager
def copied(name: str) -> Iterator[None]:
    """Work on a copy of the database, made while nobody is connected to it."""

    original = connection.settings_dict["NAME"]
    copy = f"{original}_{name}"
    if connection.vendor == "sqlite":
        shutil.copyfile(original, copy)
    else:
        answer_of(lambda: _create(copy, original))
    connections["default"].settings_dict["NAME"] = copy
    try:
        yield
    finally:
        connections["default"].settings_dict["NAME"] = original
        if connection.vendor != "sqlite":
            answer_of(lambda: _drop(copy))


def _create(copy: str, original: str) -> None:
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE IF EXISTS "{copy}" WITH (FORCE)')
        cursor.execute(f'CREATE DATABASE "{copy}" TEMPLATE "{original}"')


def _drop(copy: str) -> None:
    with _server() as cursor:
        cursor.execute(f'DROP DATABASE "{copy}" WITH (FORCE)')


@contextmanager
def _server() -> Iterator[Any]:

    with connection._nodb_cursor() as cursor:  # type: ignore[attr-defined]
        yield cursor


def prepared() -> None:

    prepare()
    if connection.vendor == "sqlite":
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")


def main(kills: int, seed: int, names: list[str]) -> None:
    begun = time.monotonic()
    answer_of(prepared)
    reports = []
    for name in names:
        with copied(name):
            reports.append(Siege(name, seed).run(kills).__dict__)
    print(
        json.dumps(
            {
                "prepared": round(time.monotonic() - begun - sum(each["seconds"] for each in reports), 1),
                "reports": reports,
            }
        )
    )


if __name__ == "__main__":
    main(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3:])
