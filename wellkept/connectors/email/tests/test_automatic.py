from __future__ import annotations

import pytest

from wellkept.connectors.email.parse.message import parse

CASES = [
    ("", None),
    ("Auto-Submitted: no", None),
    ("X-Auto-Response-Suppress: None", None),
    ("Precedence: normal", None),
    ("Subject: Re: out of pocket", None),
    ("Auto-Submitted: auto-replied (vacation)", "reply"),
    ("Auto-Submitted: auto-generated; owner-email=x", "generated"),
    ("X-Autoreply: yes", "reply"),
    ("X-Autorespond: Away", "reply"),
    ("Precedence: auto_reply", "reply"),
    ("Subject: Automatic reply: Invoice", "reply"),
    ("Subject: Out of Office: Mina", "reply"),
    ("Subject: Resposta automática: Fatura", "reply"),
    ("Precedence: bulk", "list"),
    ("List-Id: <news.example>", "list"),
    ("List-Unsubscribe: <mailto:x@y.example>", "list"),
    ("X-Auto-Response-Suppress: OOF, AutoReply", "generated"),
    ("Return-Path: <>", "generated"),
    ("Content-Type: multipart/report; report-type=disposition-notification; boundary=x", "receipt"),
    ("\r\n".join(["Received: from a by b"] * 45), "loop"),
]


@pytest.mark.parametrize(("header", "kind"), CASES)
def test_what_a_machine_sent_is_known_as_such(header: str, kind: str | None) -> None:
    read = parse(f"From: mina@client.example\r\n{header}\r\n\r\nHello".encode())

    assert (read.automatic and read.automatic.kind) == kind


@pytest.mark.parametrize(
    "address", ["no-reply@x.example", "noreply@x.example", "MAILER-DAEMON@x.example", "postmaster@x.example"]
)
def test_addresses_that_only_machines_have(address: str) -> None:
    read = parse(f"From: {address}\r\nSubject: Hello\r\n\r\nHello".encode())

    assert read.automatic and read.automatic.kind == "generated"
