"""The killable processes, with tasks that do what a taken-over or overwhelmed reader would."""

from __future__ import annotations

import json
import os
import signal
import threading
from collections.abc import Callable, Iterator
from typing import Any

import pytest

from wellkept.core import killable
from wellkept.core.killable import Failed, Killable

Make = Callable[..., Killable[Any]]


def task(raw: bytes, how: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """Runs in the other process: does what it is told."""
    told = raw.decode()
    if told == "loop":
        while True:
            pass
    if told == "eat":
        bytearray(400 * 1024 * 1024)
    if told == "raise":
        raise RuntimeError("of no interest")
    if told == "exit":
        os._exit(7)
    if told == "write":
        with open("/tmp/wellkept-killable", "w") as file:
            file.write("written")
    if told == "nonsense":
        return b"[", ()
    return json.dumps([told, how.decode(), sorted(os.environ)]).encode(), (b"one", b"two")


def from_wire(head: bytes, blob: bytes) -> Any:
    return json.loads(head), blob


@pytest.fixture
def make() -> Iterator[Make]:
    made: list[Killable[Any]] = []

    def box(**limits: Any) -> Killable[Any]:
        made.append(Killable(f"{__name__}:task", from_wire, **limits))
        return made[-1]

    yield box
    for one in made:
        one.close()


def test_head_and_pieces_come_back(make: Make) -> None:
    (told, how, environment), blob = make().run(b"hello", b"kindly")

    assert (told, how, blob) == ("hello", "kindly", b"onetwo")
    assert set(environment) <= {"PYTHONPATH", "PYTHONDONTWRITEBYTECODE", "LC_ALL", "LC_CTYPE"}


@pytest.mark.parametrize(
    ("told", "limits", "code"),
    [
        ("loop", {"cpu_seconds": 1}, killable.TOO_SLOW),
        ("loop", {"wall_seconds": 0.2}, killable.TOO_SLOW),
        ("eat", {"memory_bytes": 200 * 1024 * 1024}, killable.TOO_MUCH_MEMORY),
        ("raise", {}, killable.PARSER_ERROR),
        ("exit", {}, killable.CRASHED),
        ("nonsense", {}, killable.CRASHED),
        ("write", {}, killable.PARSER_ERROR),
        ("much too long", {"longest": 5}, killable.TOO_LARGE),
    ],
)
def test_a_task_that_fails_is_named_and_the_next_one_runs(make: Make, told: str, limits: Any, code: str) -> None:
    box = make(**limits)

    with pytest.raises(Failed) as failed:
        box.run(told.encode())

    assert failed.value.code == code and box._idle == []
    if "wall_seconds" not in limits:
        assert box.run(b"next")[0][0] == "next"


def test_a_process_is_kept_for_the_next_task_and_replaced_after_its_share(make: Make) -> None:
    box = make(tasks_per_process=2)
    box.run(b"one")
    [first] = box._idle
    box.run(b"two")

    assert first.tasks == 2 and not first.alive and box._idle == []
    assert box.run(b"three")[0][0] == "three"


def test_a_process_that_dies_between_tasks_is_replaced(make: Make) -> None:
    box = make()
    box.run(b"one")
    [process] = box._idle
    os.kill(process._child.pid, signal.SIGKILL)
    process._child.wait()

    assert box.run(b"two")[0][0] == "two"


def test_many_threads_share_a_few_processes(make: Make) -> None:
    box, told = make(), []
    threads = [
        threading.Thread(target=lambda number=number: told.append(box.run(str(number).encode())[0][0]))
        for number in range(20)
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(told, key=int) == [str(number) for number in range(20)]
    assert len(box._idle) <= 2


def test_the_process_knows_no_secret(make: Make, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELLKEPT_SMTP_URL", "smtp://user:secret@host")
    box = make()
    box.run(b"one")
    [process] = box._idle

    with open(f"/proc/{process._child.pid}/environ", "rb") as environment:
        assert b"secret" not in environment.read()
