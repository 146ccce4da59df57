from __future__ import annotations

import os
import signal
import threading
from collections.abc import Iterator

import pytest

from wellkept.connectors.email.parse import sandbox
from wellkept.connectors.email.parse.message import parse
from wellkept.connectors.email.parse.sandbox import ParseFailed, Sandbox

from .hostile import MAILS

HELLO = b"From: mina@client.example\r\nSubject: Hi\r\n\r\nHello"


@pytest.fixture
def box() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


def test_the_mail_comes_back_as_if_read_here(box: Sandbox) -> None:
    assert box.parse(HELLO) == parse(HELLO)


def test_a_process_is_kept_for_the_next_mail_and_replaced_after_its_share() -> None:
    box = Sandbox(mails_per_process=2)
    box.parse(HELLO)
    [first] = box._idle
    box.parse(HELLO)

    assert first.mails == 2 and not first.alive and box._idle == []
    assert box.parse(HELLO).subject == "Hi"
    box.close()


def test_a_process_that_dies_between_mails_is_replaced(box: Sandbox) -> None:
    box.parse(HELLO)
    [process] = box._idle
    os.kill(process._child.pid, signal.SIGKILL)
    process._child.wait()

    assert box.parse(HELLO).subject == "Hi"


def test_a_mail_without_answer_in_time_is_given_up_and_the_next_one_read() -> None:
    box = Sandbox(wall_seconds=0.0)

    with pytest.raises(ParseFailed) as failed:
        box.parse(HELLO)

    assert failed.value.code == sandbox.TOO_SLOW and box._idle == []


def test_a_mail_that_needs_too_much_memory_is_named(box: Sandbox) -> None:
    small = Sandbox(memory_bytes=90 * 1024 * 1024)
    head = b"From: m@c.example\r\nContent-Type: application/pdf\r\nContent-Transfer-Encoding: base64\r\n\r\n"
    big = head + (b"QUFB" * 19 + b"\r\n") * 640_000

    with pytest.raises(ParseFailed) as failed:
        small.parse(big)

    assert failed.value.code in (sandbox.TOO_MUCH_MEMORY, sandbox.CRASHED)
    assert small.parse(HELLO).subject == "Hi"
    small.close()


def test_a_mail_over_the_limit_is_not_even_tried(box: Sandbox) -> None:
    with pytest.raises(ParseFailed) as failed:
        box.parse(b"a" * (sandbox.LONGEST_MAIL + 1))

    assert failed.value.code == sandbox.TOO_LARGE


def test_many_threads_share_a_few_processes(box: Sandbox) -> None:
    subjects: list[str] = []

    def read(number: int) -> None:
        subjects.append(box.parse(f"From: m@c.example\r\nSubject: {number}\r\n\r\nx".encode()).subject)

    threads = [threading.Thread(target=read, args=(number,)) for number in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert sorted(subjects, key=int) == [str(number) for number in range(20)]
    assert len(box._idle) <= 2


def test_no_hostile_mail_uses_up_two_seconds_of_processor_time() -> None:
    box = Sandbox(cpu_seconds=2)  # the kernel ends a process that uses more for one mail

    for name, raw in MAILS.items():
        assert box.parse(raw).text is not None, name
    box.close()


def test_the_process_knows_no_secret(box: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("WELLKEPT_SMTP_URL", "smtp://user:secret@host")
    box.parse(HELLO)
    [process] = box._idle

    with open(f"/proc/{process._child.pid}/environ", "rb") as environment:
        assert b"secret" not in environment.read()
