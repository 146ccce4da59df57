from __future__ import annotations

import base64
from datetime import datetime
from typing import Any

import pytest

from tests.world import World, office
from wellkept.connectors.email import actions, identity, queries
from wellkept.connectors.email.models import RawMail
from wellkept.conversations import tokens
from wellkept.conversations.models import Conversation, DeliveryProblem, Message
from wellkept.core import addresses, files
from wellkept.core.refusals import NotYours

from .letters import DESK, letter

NOON = office("mon 12:00")


def taken(raw: bytes, *, at: datetime = NOON, **values: Any) -> RawMail:
    stored = actions.store(raw=raw, via="smtp", at=at, **values)
    read = actions.read_next(at=at)
    return read or stored


def ours(world: World) -> Message:
    """A letter of ours in Mina's conversation."""
    from wellkept.conversations import actions as conversations

    conversation = world.asked(at=world.start)
    return conversations.reply(
        conversation=conversation,
        text="We look into it.",
        follow_up=conversations.NothingMoreOwed(),
        by=world.ana,
        at=NOON,
    )


@pytest.mark.req("B7")
def test_a_letter_becomes_a_message_with_its_bytes_and_a_clock(world: World) -> None:
    raw = taken(letter())

    message = raw.message
    assert message is not None and raw.taken_in_at == NOON and raw.reading_until is None
    assert message.conversation.client == world.bakery and message.conversation.owner == world.ana
    assert message.contact == world.mina and message.text == "Can I claim GST on an oven?"
    assert message.raw is not None and files.read(message.raw) == letter()
    assert message.conversation.next_due_at is not None


def test_the_clock_starts_when_the_mail_reached_us_not_when_it_was_read(world: World) -> None:
    actions.store(raw=letter(), via="smtp", at=office("mon 9:00"))
    raw = actions.read_next(at=office("mon 10:00"))

    assert raw is not None and raw.message is not None
    assert raw.message.at == office("mon 9:00") and raw.taken_in_at == office("mon 10:00")
    assert raw.message.conversation.next_due_at == office("mon 12:00")


def test_the_same_bytes_are_stored_and_read_once(world: World) -> None:
    first, second = taken(letter()), taken(letter())

    assert first.pk == second.pk
    assert Message.objects.filter(kind=Message.Kind.INBOUND).count() == 1


def test_one_mail_that_reaches_two_mailboxes_is_one_conversation(world: World) -> None:
    first = taken(b"Received: from a\r\n" + letter())
    second = taken(b"Received: from b\r\n" + letter())

    assert second.duplicate_at == NOON and second.message == first.message
    assert Conversation.objects.count() == 1


def test_a_letter_without_message_id_is_taken_in_once(world: World) -> None:
    first = taken(b"Received: from a\r\n" + letter(message_id=""))
    second = taken(b"Received: from b\r\n" + letter(message_id=""))

    assert first.taken_in_at and second.duplicate_at
    assert Message.objects.filter(kind=Message.Kind.INBOUND).count() == 1


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (b"From: ceo@client.example\r\n" + letter(), "two-from-headers"),
        (letter(sender=None), "no-from"),
        (letter(sender="ceo@client.example, evil@evil.example"), "two-addresses"),
        (letter(sender="Mina"), "no-address"),
        (letter(sender="Mina <mina@@x>"), "not-an-address"),
        (b"", "no-from"),
    ],
)
def test_a_mail_without_one_clear_sender_waits_in_quarantine_with_its_reason(
    world: World, raw: bytes, reason: str
) -> None:
    put = taken(raw)

    assert (put.quarantined_at, put.reason, put.message) == (NOON, reason, None)
    assert files.read(put.file) == raw
    assert list(queries.quarantine(world.admin)) == [put]
    assert list(queries.quarantine(world.ana)) == []
    assert taken(letter()).taken_in_at, "the next mail is not held up"


def test_a_person_may_name_the_sender_of_a_mail_in_quarantine(world: World) -> None:
    put = taken(b"From: ceo@client.example\r\n" + letter())

    raw = actions.take_in_as(raw=put, sender="Mina@harbourlane.example", by=world.admin, at=NOON)

    assert raw.message is not None and raw.message.contact == world.mina and raw.quarantined_at is None
    with pytest.raises(actions.NotInQuarantine):
        actions.take_in_as(raw=raw, sender="mina@harbourlane.example", by=world.admin, at=NOON)


def test_quarantine_can_be_tried_again_or_discarded_by_those_who_may(world: World) -> None:
    put = taken(letter(sender=None))

    assert actions.retry(raw=put, by=world.admin, at=office("mon 13:00")).reason == "no-from"
    with pytest.raises(NotYours):
        actions.discard(raw=put, by=world.ana, at=NOON)
    with pytest.raises(addresses.NotAnAddress):
        actions.take_in_as(raw=put, sender="not an address", by=world.admin, at=NOON)
    assert actions.discard(raw=put, by=world.lead, at=NOON).discarded_at == NOON
    assert list(queries.quarantine(world.admin)) == []


def test_bytes_that_vanished_are_named(world: World) -> None:
    stored = actions.store(raw=letter(), via="smtp", at=NOON)
    files.path_of(stored.file.sha256).unlink()

    read = actions.read_next(at=NOON)
    assert read is not None and read.reason == "missing-bytes"


def test_a_forged_display_name_and_a_staff_address_are_marked(world: World) -> None:
    misleading = taken(letter(sender="mina@harbourlane.example <evil@evil.example>"))
    staff = taken(letter(sender="ana@lantern.example", message_id="<two@x.example>"))

    assert misleading.message is not None and misleading.message.caution == "misleading"
    assert misleading.message.contact is None and misleading.message.address == "evil@evil.example"
    assert staff.message is not None and staff.message.caution == "staff_address"


def test_a_reply_to_our_signed_address_finds_its_conversation(world: World) -> None:
    sent = ours(world)
    address = tokens.address(DESK, sent.conversation_id)

    raw = taken(letter("Thanks", to=address, subject="quite another subject", message_id="<r@x.example>"))

    assert raw.message is not None
    assert (raw.message.conversation_id, raw.message.placed_by) == (sent.conversation_id, "token")


def test_the_signed_address_in_the_envelope_alone_is_enough(world: World) -> None:
    sent = ours(world)
    address = tokens.address(DESK, sent.conversation_id)

    raw = taken(letter("Thanks", to="Undisclosed recipients:;", message_id="<r@x.example>"), envelope_to=[address])

    assert raw.message is not None and raw.message.conversation_id == sent.conversation_id


def test_a_forged_token_leads_nowhere(world: World) -> None:
    sent = ours(world)
    forged = f"desk+c{sent.conversation_id:x}-aaaaaaaaaaaaaaaaaaaa@lantern.example"

    raw = taken(letter("Let me in", sender="eve@evil.example", to=forged, message_id="<e@evil.example>"))

    assert raw.message is not None and raw.message.conversation_id != sent.conversation_id


def test_references_to_our_letter_find_its_conversation(world: World) -> None:
    sent = ours(world)

    raw = taken(letter("Thanks", f"In-Reply-To: {sent.message_id}", message_id="<r@x.example>"))

    assert raw.message is not None and raw.message.conversation_id == sent.conversation_id


def report(message_id: str, action: str = "failed") -> bytes:
    return (
        f"From: MAILER-DAEMON@mx.example\r\nTo: {DESK}\r\nSubject: Undelivered\r\n"
        "Content-Type: multipart/report; report-type=delivery-status; boundary=c\r\n\r\n"
        "--c\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--c\r\nContent-Type: message/delivery-status\r\n\r\n"
        f"Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; mina@harbourlane.example\r\nAction: {action}\r\n"
        "Status: 5.1.1\r\nDiagnostic-Code: smtp; 550 5.1.1 user unknown\r\n\r\n--c\r\nContent-Type: text/rfc822-headers\r\n\r\n"
        f"Message-ID: {message_id}\r\n--c--\r\n"
    ).encode()


def test_a_bounce_is_put_on_the_conversation_it_belongs_to_in_plain_words(world: World) -> None:
    sent = ours(world)

    raw = taken(report(sent.message_id))

    [problem] = DeliveryProblem.objects.all()
    assert raw.message == sent and raw.taken_in_at
    assert problem.message == sent and problem.permanent and problem.address == "mina@harbourlane.example"
    assert problem.words == "There is no such mailbox. Check the address. The server said: 550 5.1.1 user unknown"


def test_a_bounce_of_nothing_we_sent_is_shown_and_never_answered(world: World) -> None:
    raw = taken(report("<unknown@elsewhere.example>"))

    assert raw.message is not None and raw.message.automatic == "bounce"
    assert not Message.objects.filter(kind=Message.Kind.OUTBOUND).exists()
    assert raw.message.conversation.next_due_at is None


@pytest.mark.parametrize(
    "head",
    [
        "List-Id: <x.example>",
        "List-Unsubscribe: <mailto:out@x.example>",
        "Precedence: bulk",
        "Feedback-ID: 1:AmazonSES",
        "X-SES-Outgoing: 2026.03.09-54.240.1.1",
        "X-SG-EID: abc",
        "Precedence: bulk\r\nList-Unsubscribe: <mailto:out@x.example>",
    ],
)
def test_what_a_contact_writes_through_a_mail_service_starts_a_clock(world: World, head: str) -> None:
    raw = taken(letter("Stop the payroll, it is wrong", head))

    assert raw.message is not None and raw.message.details["looked"] in ("list", "generated")
    assert raw.message.conversation.next_due_at is not None


@pytest.mark.parametrize(
    ("sender", "to", "head"),
    [
        ("mina@harbourlane.example", DESK, "Auto-Submitted: auto-replied"),
        ("somebody@elsewhere.example", DESK, "List-Id: <x.example>"),
        ("somebody@elsewhere.example", DESK, "Precedence: bulk"),
        (
            "mina@harbourlane.example",
            "friends@harbourlane.example",
            "Precedence: bulk\r\nList-Unsubscribe: <mailto:out@x.example>",
        ),
    ],
)
def test_what_a_machine_wrote_starts_no_clock(world: World, sender: str, to: str, head: str) -> None:
    raw = taken(letter("I am away", head, sender=sender, to=to), envelope_to=[DESK])

    assert raw.message is not None and raw.message.automatic
    assert raw.message.conversation.next_due_at is None


def test_our_own_letter_that_comes_back_is_known(world: World) -> None:
    raw = taken(
        letter("Hello", f"X-Wellkept-Loop: {identity.loop_id()}", sender=DESK, message_id="<x@lantern.example>")
    )
    looped = taken(letter("Hello", f"X-Wellkept-Loop: {identity.loop_id()}", message_id="<y@lantern.example>"))

    assert raw.message is not None and raw.message.automatic == "ours"
    assert looped.message is not None and looped.message.automatic == "loop"


def attached(size: int) -> bytes:
    body = base64.encodebytes(b"%PDF-1.7 " + b"x" * size).decode().replace("\n", "\r\n")
    return letter(
        "--cut\r\nContent-Type: text/plain\r\n\r\nsee file\r\n--cut\r\nContent-Type: application/pdf\r\n"
        f'Content-Disposition: attachment; filename="bill.pdf"\r\nContent-Transfer-Encoding: base64\r\n\r\n{body}\r\n--cut--',
        "Content-Type: multipart/mixed; boundary=cut",
    )


def test_attachments_come_along(world: World) -> None:
    raw = taken(attached(100))

    assert raw.message is not None
    [file] = raw.message.attachments.all()
    assert (file.name, file.media_type, files.read(file.file)[:5]) == ("bill.pdf", "application/pdf", b"%PDF-")


def test_an_attachment_of_30_mb_is_named_and_the_letter_is_read(world: World) -> None:
    raw = taken(attached(30 * 1024 * 1024))

    assert raw.message is not None and raw.message.text == "see file"
    assert raw.message.details["too_large"][0]["name"] == "bill.pdf"
    assert b"bill.pdf" in files.read(raw.file)[:2000]


def test_a_mail_that_is_too_large_is_refused_with_a_sentence(world: World) -> None:
    with pytest.raises(actions.MailTooLarge, match="larger than"):
        actions.store(raw=b"x" * (61 * 1024 * 1024), via="smtp", at=NOON)

    assert not RawMail.objects.exists()


def test_a_full_disk_postpones_the_mail_and_loses_nothing(world: World, settings: Any) -> None:
    actions.store(raw=attached(100), via="smtp", at=NOON)
    reserve = settings.DISK_RESERVE_BYTES
    settings.DISK_RESERVE_BYTES = 1 << 60

    postponed = actions.read_next(at=NOON)

    assert postponed is not None and postponed.taken_in_at is None and postponed.quarantined_at is None
    assert "disk is full" in postponed.detail
    assert not Message.objects.exists()
    assert actions.read_next(at=NOON) is None, "it waits before it is tried again"

    settings.DISK_RESERVE_BYTES = reserve
    read = actions.read_next(at=office("mon 13:00"))
    assert read is not None and read.message is not None and read.message.attachments.count() == 1
    assert read.message.at == NOON


def test_a_disk_that_stays_full_ends_in_quarantine(world: World, settings: Any) -> None:
    actions.store(raw=attached(100), via="smtp", at=NOON)
    settings.DISK_RESERVE_BYTES = 1 << 60

    for hour in range(9, 21):
        read = actions.read_next(at=office(f"tue {hour}:00"))
        if read is not None and read.quarantined_at:
            break

    assert read is not None and read.reason == "not-possible-now"


def test_a_reader_that_vanished_leaves_its_mail_to_the_next(world: World) -> None:
    stored = actions.store(raw=letter(), via="smtp", at=NOON)
    RawMail.objects.filter(pk=stored.pk).update(reading_until=office("mon 12:05"))

    assert actions.read_next(at=office("mon 12:04")) is None
    assert actions.read_next(at=office("mon 12:06")) is not None


def test_an_unknown_sender_gets_a_conversation_without_a_client(world: World) -> None:
    raw = taken(letter(sender="Someone <someone@nowhere.example>"))

    assert raw.message is not None and raw.message.conversation.client is None
