from __future__ import annotations

import pytest

from wellkept.connectors.email.parse import cards
from wellkept.connectors.email.parse.message import parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("pay with 4111111111111111 please", "pay with ••••••••••••1111 please"),
        ("4111 1111 1111 1111", "•••• •••• •••• 1111"),
        ("card: 5500-0000-0000-0004.", "card: ••••-••••-••••-0004."),
        ("amex 3782 822463 10005", "amex •••• •••••• •0005"),
        ("4111111111111112", "4111111111111112"),  # the check digit is wrong
        ("invoice 9111111111111111", "invoice 9111111111111111"),
        ("IBAN DE89370400440532013000", "IBAN DE89370400440532013000"),
        ("12-3456-4111111111111111-00", "12-3456-4111111111111111-00"),  # a bank account with its dashes
        ("411111111111111100000000", "411111111111111100000000"),
        ("4111111111111111,50", "4111111111111111,50"),
        ("nothing", "nothing"),
    ],
)
def test_only_what_is_written_like_a_card_number_is_masked(text: str, expected: str) -> None:
    assert cards.masked(text) == expected and len(cards.masked(text)) == len(text)


def test_a_card_number_in_a_mail_is_masked_in_text_html_and_subject() -> None:
    html = "<p>My card: <b>4111 1111 1111 1111</b></p>"
    read = parse(
        b"From: m@c.example\r\nSubject: Card 4111111111111111\r\nContent-Type: text/html\r\n\r\n" + html.encode()
    )

    assert "4111" not in read.text + read.safe_html + read.subject
    assert read.text == "My card: •••• •••• •••• 1111" and "card-masked" in read.defects
