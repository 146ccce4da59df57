from __future__ import annotations

import smtplib
import socket
import sqlite3
import time
from collections.abc import Iterator
from contextlib import closing, contextmanager
from typing import Any

import pytest
from django.db import connection

from tests.world import World, build
from wellkept.connectors.email.intake import Intake
from wellkept.connectors.email.models import RawMail
from wellkept.conversations.models import Message
from wellkept.core import files
from wellkept.core.models import StoredFile

from .letters import DESK, letter

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def world(transactional_db: None) -> World:
    return build()


@pytest.fixture
def intake(world: World) -> Iterator[Intake]:
    door = Intake(host="127.0.0.1", port=0)
    door.start()
    yield door
    door.stop()


def send(intake: Intake, raw: bytes, to: str = DESK) -> None:
    with smtplib.SMTP("127.0.0.1", intake.port, timeout=20) as smtp:
        smtp.sendmail("mina@harbourlane.example", [to], raw)


def wait_for(count: int) -> list[Message]:
    """The messages, once the reader has taken them in."""
    for _ in range(400):
        found = list(Message.objects.filter(kind=Message.Kind.INBOUND).select_related("conversation").order_by("id"))
        if len(found) >= count:
            return found
        time.sleep(0.05)
    raise AssertionError(f"{count} messages were expected, {len(found)} came: {list(RawMail.objects.values())}")


def test_a_letter_over_the_wire_becomes_a_message(world: World, intake: Intake) -> None:
    send(intake, letter())

    [message] = wait_for(1)
    raw = RawMail.objects.get()
    assert message.conversation.client == world.bakery
    assert (raw.via, raw.envelope_from, raw.envelope_to) == ("smtp", "mina@harbourlane.example", [DESK])
    assert files.read(raw.file) == letter()


def test_the_same_letter_twice_is_one_message(world: World, intake: Intake) -> None:
    send(intake, letter())
    send(intake, letter())
    send(intake, letter("Another", message_id="<two@x.example>"))

    assert [message.text for message in wait_for(2)] == ["Can I claim GST on an oven?", "Another"]


def test_250_is_said_only_after_the_bytes_are_stored(world: World, intake: Intake) -> None:
    with smtplib.SMTP("127.0.0.1", intake.port, timeout=20) as smtp:
        smtp.ehlo()
        smtp.mail("mina@harbourlane.example")
        smtp.rcpt(DESK)
        code, words = smtp.data(letter())

    raw = RawMail.objects.get()
    assert (code, words) == (250, f"2.0.0 Kept as {raw.pk}".encode())
    assert files.read(raw.file) == letter()


def test_a_letter_over_the_limit_is_refused_with_a_sentence(world: World, intake: Intake) -> None:
    with smtplib.SMTP("127.0.0.1", intake.port, timeout=60) as smtp:
        smtp.ehlo()
        smtp.mail("mina@harbourlane.example")
        smtp.rcpt(DESK)
        code, words = smtp.data(letter("x" * 70 + "\r\n") + (b"y" * 70 + b"\r\n") * 900_000)

    assert code == 552 and b"Send smaller files" in words
    assert not RawMail.objects.exists()


def test_a_full_disk_is_said_to_the_sender_who_keeps_the_letter(world: World, intake: Intake, settings: Any) -> None:
    settings.DISK_RESERVE_BYTES = 1 << 60

    with pytest.raises(smtplib.SMTPDataError) as refused:
        send(intake, letter())

    assert refused.value.smtp_code == 452 and b"disk is full" in refused.value.smtp_error
    assert not RawMail.objects.exists()


def test_many_senders_at_once(world: World, intake: Intake) -> None:
    from threading import Thread

    def one(number: int) -> None:
        send(intake, letter(f"Question {number}", message_id=f"<n{number}@x.example>", subject=f"Question {number}"))

    threads = [Thread(target=one, args=(number,)) for number in range(12)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {message.text for message in wait_for(12)} == {f"Question {number}" for number in range(12)}


def test_a_bad_letter_does_not_hold_up_the_next(world: World, intake: Intake) -> None:
    send(intake, letter(sender=None))
    send(intake, letter())

    assert len(wait_for(1)) == 1
    assert RawMail.objects.filter(reason="no-from").exists()


def test_a_taken_port_is_a_sentence() -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken, pytest.raises(OSError, match="Set WELLKEPT_MAIL_IN_PORT"):
        Intake(host="127.0.0.1", port=taken.getsockname()[1]).start()


@contextmanager
def held() -> Iterator[None]:
    """Somebody else writes, for longer than a new connection waits."""
    options, usual = connection.settings_dict["OPTIONS"], connection.settings_dict["OPTIONS"]["timeout"]
    options["timeout"] = 0.1
    try:
        with closing(sqlite3.connect(connection.settings_dict["NAME"], isolation_level=None)) as other:
            other.execute("BEGIN IMMEDIATE")
            yield
            other.execute("ROLLBACK")
    finally:
        options["timeout"] = usual


@pytest.mark.skipif("connection.vendor != 'sqlite'", reason="one writer at a time is SQLite's own")
def test_while_others_write_the_letter_is_asked_for_again_and_nothing_of_it_is_kept(
    world: World, intake: Intake
) -> None:
    with held(), pytest.raises(smtplib.SMTPDataError) as refused:
        send(intake, letter())
    assert refused.value.smtp_code == 451
    assert not RawMail.objects.exists() and not Message.objects.exists() and not StoredFile.objects.exists()

    send(intake, letter())

    assert len(wait_for(1)) == 1 and RawMail.objects.count() == 1
