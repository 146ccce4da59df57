from __future__ import annotations

import email
import smtplib
from dataclasses import replace
from datetime import timedelta
from email import policy
from typing import Any

import pytest
from django.conf import settings as configured

from tests.world import World, office
from wellkept.connectors.email import actions as mail
from wellkept.connectors.email import identity, sending
from wellkept.connectors.email.models import Mailbox
from wellkept.conversations import actions as conversations
from wellkept.conversations import tokens
from wellkept.conversations.models import Conversation, DeliveryProblem, Message
from wellkept.core import files, outbox
from wellkept.core.models import Outgoing

from .conftest import Remote, free_port
from .letters import letter

NOON = office("mon 12:00")
LATER = NOON + timedelta(minutes=1)
State = Outgoing.State


def replied(
    world: World, text: str = "Yes, you can.", conversation: Conversation | None = None, **values: Any
) -> Message:
    conversation = conversation or world.asked(at=world.start)
    return conversations.reply(
        conversation=conversation, text=text, follow_up=conversations.NothingMoreOwed(), by=world.ana, at=NOON, **values
    )


def leave(at: Any = LATER) -> Outgoing:
    row = outbox.claim(at=at)
    assert row is not None
    outbox.send(row, at=at, clock=lambda: at)
    row.refresh_from_db()
    return row


def test_a_reply_leaves_with_everything_that_keeps_it_in_its_thread(world: World, remote: Remote) -> None:
    message = replied(world)
    row = leave()

    [(sender, recipients, content)] = remote.taken
    got = email.message_from_bytes(content, policy=policy.default)
    assert row.state == State.SENT and (sender, recipients) == ("desk@lantern.example", ["mina@harbourlane.example"])
    assert got["Message-ID"] == message.message_id and got["In-Reply-To"] == message.in_reply_to
    assert message.in_reply_to in got["References"]
    assert (
        tokens.make(message.conversation_id) in got["Reply-To"]
        and tokens.make(message.conversation_id) in got["Message-ID"]
    )
    assert str(got["From"]) == '"Ana Kovač, Lantern Books" <desk@lantern.example>'
    assert got["X-Loop"] == "desk@lantern.example" and got["X-Wellkept-Loop"] == identity.loop_id()
    assert got["Auto-Submitted"] is None and got["Thread-Index"]
    assert got["Subject"].startswith("Re: GST on the oven") and message.conversation.public_id in got["Subject"]
    assert got.get_body(("plain",)).get_content().strip() == "Yes, you can."


def test_the_exact_bytes_are_kept_before_they_leave(world: World, remote: Remote) -> None:
    replied(world, "A line\n.with a dot\n\nand ümlauts")
    row = leave()

    [(_sender, _recipients, content)] = remote.taken
    assert row.content is not None and files.read(row.content) == content


def test_without_a_mail_server_the_letter_is_held_with_its_bytes(world: World) -> None:
    replied(world)
    row = leave()

    assert row.state == State.HELD and "WELLKEPT_SMTP_URL" in row.reason
    assert row.content is not None and b"Yes, you can." in files.read(row.content)


def test_a_held_letter_leaves_with_the_same_bytes_once_there_is_a_server(
    world: World, remote: Remote, settings: Any
) -> None:
    url = settings.ENV.smtp_url
    settings.ENV = replace(configured.ENV, smtp_url="")
    replied(world)
    held = leave()
    settings.ENV = replace(configured.ENV, smtp_url=url)
    outbox.let_held_go(kind="email", at=LATER)

    sent = leave(LATER + timedelta(hours=1))

    assert sent.state == State.SENT and held.content is not None
    assert remote.taken[0][2] == files.read(held.content)


def test_a_machine_says_so(world: World, remote: Remote) -> None:
    from wellkept.conversations.actions import machine

    conversation = world.asked(at=world.start)
    machine.send(conversation=conversation, to=["mina@harbourlane.example"], text="We have your message.", at=NOON)
    leave()

    got = email.message_from_bytes(remote.taken[0][2])
    assert got["Auto-Submitted"] == "auto-replied" and got["X-Auto-Response-Suppress"] == "All"


def test_our_answer_lands_in_outlooks_thread(world: World, remote: Remote) -> None:
    index = "AdFuZ6XxOH+qH5H+R76f2odV/Vn8MQ=="
    mail.store(raw=letter("Question", f"Thread-Index: {index}"), via="smtp", at=world.start)
    raw = mail.read_next(at=world.start)
    assert raw is not None and raw.message is not None
    replied(world, conversation=raw.message.conversation)
    leave()

    import base64

    sent = base64.b64decode(email.message_from_bytes(remote.taken[0][2])["Thread-Index"])
    assert sent[:22] == base64.b64decode(index) and len(sent) == 27


def test_attachments_and_long_names_leave_whole(world: World, remote: Remote) -> None:
    from wellkept.conversations.incoming import IncomingFile

    content = bytes(range(256)) * 40
    replied(world, files=[IncomingFile("relatório março.pdf", "application/pdf", content)])
    leave()

    got = email.message_from_bytes(remote.taken[0][2], policy=policy.default)
    [file] = got.iter_attachments()
    assert (file.get_filename(), file.get_content()) == ("relatório março.pdf", content)


@pytest.mark.parametrize("text", ["x" * 5_000, "😀 " * 300, ".\n..\n...", "From here\nFrom there", "tab\tand  spaces "])
def test_any_text_arrives_as_it_was_written(world: World, remote: Remote, text: str) -> None:
    replied(world, text)
    leave()

    got = email.message_from_bytes(remote.taken[0][2], policy=policy.default)
    assert got.get_body(("plain",)).get_content().replace("\r\n", "\n").strip() == text.strip()
    assert all(len(line) <= 998 for line in remote.taken[0][2].split(b"\r\n"))


def test_a_refusal_for_good_is_dead_with_plain_words(world: World, remote: Remote) -> None:
    remote.answers["mina@harbourlane.example"] = "550 5.1.1 No such user"
    message = replied(world)
    row = leave()

    assert row.state == State.DEAD
    assert DeliveryProblem.objects.get().message == message
    assert row.reason == "There is no such mailbox. Check the address. The server said: 550 5.1.1 No such user"


@pytest.mark.parametrize("where", ["rcpt", "data"])
def test_a_refusal_for_now_is_tried_again_with_growing_waits(world: World, remote: Remote, where: str) -> None:
    if where == "rcpt":
        remote.answers["mina@harbourlane.example"] = "451 4.7.1 Greylisted"
    else:
        remote.after_data = "451 4.3.0 Not now"
    replied(world)
    first = leave()

    assert first.state == State.PENDING and first.not_before > LATER and "The server said: 451" in first.reason
    remote.answers.clear()
    remote.after_data = "250 OK"
    assert leave(LATER + timedelta(minutes=5)).state == State.SENT
    assert len(remote.taken) == 1


def test_a_refusal_after_the_letter_is_dead(world: World, remote: Remote) -> None:
    remote.after_data = "554 5.7.1 Spam"
    replied(world)

    row = leave()
    assert row.state == State.DEAD and "refuses our mail" in row.reason


def test_some_refused_and_some_put_off_are_told_apart(world: World, remote: Remote) -> None:
    remote.answers = {"pele@harbourlane.example": "550 5.1.1 No such user", "sam@northbank.example": "450 4.2.1 Busy"}
    message = replied(world, to=["mina@harbourlane.example"], cc=("pele@harbourlane.example", "sam@northbank.example"))
    row = leave()

    [problem] = DeliveryProblem.objects.all()
    assert (problem.message, problem.address, problem.permanent) == (message, "pele@harbourlane.example", True)
    assert row.state == State.PENDING and row.payload["left"] == ["sam@northbank.example"]
    remote.answers.clear()
    assert leave(LATER + timedelta(minutes=5)).state == State.SENT
    assert [recipients for _, recipients, _ in remote.taken] == [
        ["mina@harbourlane.example"],
        ["sam@northbank.example"],
    ]


def test_silence_after_the_whole_letter_is_unknown_and_not_sent_again(world: World, silent_remote: list[bytes]) -> None:
    replied(world)
    row = leave()

    assert row.state == State.UNKNOWN and "may have arrived" in row.reason
    assert silent_remote[-1] == b".\r\n"
    assert outbox.claim(at=LATER + timedelta(days=1)) is None


def test_a_server_that_is_down_is_tried_later(world: World, settings: Any) -> None:
    settings.ENV = replace(configured.ENV, smtp_url=f"smtp://127.0.0.1:{free_port()}")
    replied(world)

    row = leave()
    assert row.state == State.PENDING and row.reason


def test_encryption_that_is_required_and_not_offered_keeps_the_letter_here(
    world: World, remote: Remote, settings: Any
) -> None:
    settings.ENV = replace(configured.ENV, smtp_url=f"smtp://127.0.0.1:{remote.port}?starttls=required")
    replied(world)

    assert leave().state == State.PENDING
    assert remote.taken == []


@pytest.mark.parametrize(
    ("url", "host", "port", "user", "tls"),
    [
        ("smtp://mail.example", "mail.example", 25, "", False),
        ("smtp://us%40er:p%3Aw@mail.example", "mail.example", 587, "us@er", False),
        ("smtps://u:p@mail.example", "mail.example", 465, "u", True),
        ("smtp://[::1]:2525?starttls=never", "::1", 2525, "", False),
    ],
)
def test_the_address_of_a_server(url: str, host: str, port: int, user: str, tls: bool) -> None:
    found = sending.server(url)

    assert (found.host, found.port, found.user, found.tls) == (host, port, user, tls)


@pytest.mark.parametrize("url", ["http://mail.example", "smtp://", "smtp://x:99999", "smtp://x?starttls=maybe"])
def test_an_address_that_is_not_understood_is_a_sentence(url: str) -> None:
    with pytest.raises(sending.BadAddress, match="WELLKEPT_SMTP_URL"):
        sending.server(url)


def test_line_breaks_in_a_subject_or_name_make_no_header(world: World, remote: Remote) -> None:
    conversation = world.asked(at=world.start)
    Conversation.objects.filter(pk=conversation.pk).update(subject="Hi\r\nBcc: all@evil.example")
    conversation.refresh_from_db()
    replied(world, conversation=conversation)
    leave()

    assert email.message_from_bytes(remote.taken[0][2])["Bcc"] is None


def test_smtplib_is_not_needed_to_read_our_dots() -> None:
    assert (
        sending._dotted(b".a\nb\r\n..c\n")
        == b"..a\r\nb\r\n...c\r\n.\r\n"
        == smtplib._quote_periods(b".a\r\nb\r\n..c\r\n") + b".\r\n"
    )  # type: ignore[attr-defined]


def test_a_server_that_says_nothing_after_the_letter_may_have_taken_it() -> None:
    """Nobody hangs up; the time for the answer runs out."""
    import socket
    import threading

    listening = socket.create_server(("127.0.0.1", 0))
    done = threading.Event()

    def serve() -> None:
        peer, _ = listening.accept()
        with peer, peer.makefile("rb") as lines:
            peer.sendall(b"220 hello\r\n")
            for line in lines:
                peer.sendall(b"354 go on\r\n" if line[:4].upper() == b"DATA" else b"250 OK\r\n")
                if line[:4].upper() == b"DATA":
                    break
            done.wait(20)

    threading.Thread(target=serve, daemon=True).start()
    target = sending.server(f"smtp://127.0.0.1:{listening.getsockname()[1]}")
    with pytest.raises(sending.MayHaveArrived):
        sending.send(target, sender="a@x.example", recipients=["b@x.example"], content=b"Hi\r\n", seconds=0.5)
    done.set()
    listening.close()


def asked_at_help(world: World) -> Conversation:
    """Mina writes to the second mailbox of the firm."""
    mail.add_mailbox(
        address="help@lantern.example", host="imap.example", username="help", secret="x", by=world.admin, at=world.start
    )
    there = {"to": ("help@lantern.example",), "our_addresses": ("help@lantern.example",)}
    return world.asked(at=world.start, **there)


def test_an_answer_leaves_from_the_mailbox_that_was_written_to(world: World, remote: Remote) -> None:
    found = asked_at_help(world)
    replied(world, conversation=found)
    leave()

    [(sender, _recipients, content)] = remote.taken
    got = email.message_from_bytes(content, policy=policy.default)
    assert sender == "help@lantern.example" and "<help@lantern.example>" in str(got["From"])
    assert tokens.address("help@lantern.example", found.pk) in str(got["Reply-To"])


def test_an_answer_leaves_from_the_firms_address_once_that_mailbox_is_gone(world: World, remote: Remote) -> None:
    found = asked_at_help(world)
    Mailbox.objects.all().delete()
    replied(world, conversation=found)
    leave()

    [(sender, _recipients, content)] = remote.taken
    assert sender == "desk@lantern.example" and b"desk+" in content
