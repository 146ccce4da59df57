from __future__ import annotations

import pytest

from wellkept.connectors.email.parse.message import parse

DAEMON = "From: MAILER-DAEMON@mx.example\r\nTo: ana@firm.example\r\n"
REPORT = (
    DAEMON
    + "Subject: Undelivered Mail\r\nContent-Type: multipart/report; report-type=delivery-status; boundary=c\r\n\r\n"
    "--c\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n--c\r\nContent-Type: message/delivery-status\r\n\r\n"
    "Reporting-MTA: dns; mx.example\r\n\r\nFinal-Recipient: rfc822; mina@client.example\r\nAction: {action}\r\nStatus: {status}\r\n"
    "Diagnostic-Code: smtp; {said}\r\n\r\n--c\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: <ours@firm.example>\r\n--c--\r\n"
)
NOTICES = [
    ("failure notice", "<mina@client.example>:\r\nSorry, no mailbox here by that name.\r\n\r\n--- Below this line is a copy of the message.\r\n"
     "\r\n<other@client.example>:", {"mina@client.example": True}),
    ("Mail delivery failed", "A message that you sent could not be delivered:\r\n\r\n  mina@client.example\r\n    550 user unknown\r\n",
     {"mina@client.example": True}),
    ("Warning: message delayed", "has not yet been delivered to:\r\n\r\n  mina@client.example\r\n\r\nDelivery attempts will continue\r\n",
     {"mina@client.example": False}),
    ("Undeliverable", "Failed Recipient: mina@client.example\r\nReason: unknown user\r\nFor help contact admin@mx.example\r\n",
     {"mina@client.example": True}),
    ("Undeliverable", "Your message to mina@client.example could not be delivered.", {"mina@client.example": True}),
    ("Undeliverable", "A message you sent could not be delivered. Ask ana@firm.example.", {}),
]  # fmt: skip


@pytest.mark.parametrize(("action", "permanent"), [("failed", True), ("delayed", False)])
def test_a_standard_report_names_who_why_and_which_mail(action: str, permanent: bool) -> None:
    bounce = parse(REPORT.format(action=action, status="5.1.1", said="550 5.1.1 user unknown").encode()).bounce

    assert bounce is not None
    [failed] = bounce.recipients
    assert (failed.address, failed.permanent, failed.reason) == (
        "mina@client.example",
        permanent,
        "550 5.1.1 user unknown",
    )
    assert bounce.returned_message_id == "<ours@firm.example>"


def test_a_report_of_success_is_no_bounce_and_no_persons_mail() -> None:
    read = parse(REPORT.format(action="delivered", status="2.0.0", said="ok").encode())

    assert read.bounce is None and read.automatic is not None


@pytest.mark.parametrize(("subject", "text", "expected"), NOTICES)
def test_notices_in_free_text(subject: str, text: str, expected: dict[str, bool]) -> None:
    bounce = parse(f"{DAEMON}Subject: {subject}\r\n\r\n{text}".encode()).bounce

    assert ({failed.address: failed.permanent for failed in bounce.recipients} if bounce else {}) == expected


@pytest.mark.parametrize(
    "head",
    [
        "From: Mina <mina@client.example>\r\nSubject: Re: Undeliverable: invoice",
        "From: Mina <mina@client.example>\r\nSubject: Invoice",
        "From: Mina <mina@client.example>\r\nSubject: Fwd: Mail delivery failed",
    ],
)
def test_a_person_who_tells_of_a_failure_is_no_bounce(head: str) -> None:
    assert (
        parse(
            f"{head}\r\n\r\nI got this:\r\nYour message could not be delivered to\r\nbo@client.example\r\n".encode()
        ).bounce
        is None
    )
