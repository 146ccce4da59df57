from __future__ import annotations

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


def test_a_mail_without_answer_in_time_is_given_up_and_the_next_one_read() -> None:
    box = Sandbox(wall_seconds=0.0)

    with pytest.raises(ParseFailed) as failed:
        box.parse(HELLO)

    assert failed.value.code == sandbox.TOO_SLOW


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


def test_no_hostile_mail_uses_up_two_seconds_of_processor_time() -> None:
    box = Sandbox(cpu_seconds=2)  # the kernel ends a process that uses more for one mail

    for name, raw in MAILS.items():
        assert box.parse(raw).text is not None, name
    box.close()
