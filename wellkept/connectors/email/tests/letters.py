"""Small letters for tests."""

from __future__ import annotations

DESK = "desk@lantern.example"
MINA = "Mina Okafor <mina@harbourlane.example>"


def letter(
    text: str = "Can I claim GST on an oven?",
    *head: str,
    sender: str | None = MINA,
    to: str = DESK,
    subject: str = "GST on the oven",
    message_id: str = "<one@harbourlane.example>",
) -> bytes:
    """One plain letter, as it would come over the wire."""
    lines = [
        *([f"From: {sender}"] if sender else []),
        f"To: {to}",
        f"Subject: {subject}",
        "Date: Mon, 09 Mar 2026 08:55:00 +1300",
        *([f"Message-ID: {message_id}"] if message_id else []),
        *head,
    ]
    return "\r\n".join([*lines, "", text, ""]).encode()
