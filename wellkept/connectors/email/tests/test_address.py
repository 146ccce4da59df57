from __future__ import annotations

import pytest

from wellkept.connectors.email.parse import address
from wellkept.connectors.email.parse.address import AddressRefused, recipients, sender

READ = [
    ("mina@client.example", "mina@client.example", "", False),
    ("Mina Ito <mina@Client.EXAMPLE>", "mina@client.example", "Mina Ito", False),
    ('"Ito, Mina" <mina@client.example>', "mina@client.example", "Ito, Mina", False),
    ("Ito, Mina <mina@client.example>", "mina@client.example", "Ito, Mina", False),
    ("mina@client.example (Mina Ito)", "mina@client.example", "Mina Ito", False),
    ("=?utf-8?q?Andr=C3=A9?= <andre@client.example>", "andre@client.example", "André", False),
    ("<mina@client.example>", "mina@client.example", "", False),
    ("Mina <mina+books@client.example> ", "mina+books@client.example", "Mina", False),
    ('"System Administrator"@example.com', '"System Administrator"@example.com', "", False),
    ("mina@client.example <mina@client.example>", "mina@client.example", "mina@client.example", False),
    ("ceo@client.example <evil@evil.example>", "evil@evil.example", "ceo@client.example", True),
    ('"ceo@client.example" <evil@evil.example>', "evil@evil.example", "ceo@client.example", True),
    ("=?utf-8?q?ceo=40client.example?= <evil@evil.example>", "evil@evil.example", "ceo@client.example", True),
    ("ceo\uff20client.example <evil@evil.example>", "evil@evil.example", "ceo\uff20client.example", True),
    ("evil@evil.example (ceo@client.example)", "evil@evil.example", "ceo@client.example", True),
    ("ceo@client\u200b.example <evil@evil.example>", "evil@evil.example", "ceo@client.example", True),
    ("José <josé@münchen.example>", "josé@münchen.example", "José", False),
]
REFUSED = [
    ([], address.NO_FROM),
    (["mina@client.example", "evil@evil.example"], address.TWO_FROM_HEADERS),
    (["ceo@client.example, evil@evil.example"], address.TWO_ADDRESSES),
    (["ceo@client.example, Evil <evil@evil.example>"], address.TWO_ADDRESSES),
    (["<ceo@client.example> <evil@evil.example>"], address.TWO_ADDRESSES),
    (["<ceo@client.example>,<evil@evil.example>"], address.TWO_ADDRESSES),
    (["ceo@client.example; evil@evil.example"], address.TWO_ADDRESSES),
    (["Mina Ito"], address.NO_ADDRESS),
    (["Postmaster <>"], address.NO_ADDRESS),
    ([""], address.NO_ADDRESS),
    (["Mina <mina@client.example>, Ito"], address.NOT_AN_ADDRESS),
    (["ceo@client.example evil@evil.example"], address.NOT_AN_ADDRESS),
    (["<ceo@client.example@evil.example>"], address.NOT_AN_ADDRESS),
    (["<@relay.example:mina@client.example>"], address.NOT_AN_ADDRESS),
    (["Mina <=?utf-8?q?ceo=40client.example?=>"], address.NOT_AN_ADDRESS),
    (["Mina <mina@>"], address.NOT_AN_ADDRESS),
    (["Mina <mina@-client.example>"], address.NOT_AN_ADDRESS),
    (["Mina <mina@client..example>"], address.NOT_AN_ADDRESS),
    ([f"{'a' * 80}@client.example"], address.NOT_AN_ADDRESS),
    (["mina@" + "a." * 200 + "example"], address.NOT_AN_ADDRESS),
]


@pytest.mark.parametrize(("header", "found", "name", "misleading"), READ)
def test_the_sender_is_what_stands_in_the_angle_brackets(header: str, found: str, name: str, misleading: bool) -> None:
    mailbox = sender([header])

    assert (mailbox.address, mailbox.name, mailbox.misleading) == (found, name, misleading)


@pytest.mark.parametrize(("headers", "code"), REFUSED)
def test_a_from_that_does_not_name_one_sender_is_refused(headers: list[str], code: str) -> None:
    with pytest.raises(AddressRefused) as refused:
        sender(headers)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (["a@x.example, B <b@x.example>", "c@x.example"], ["a@x.example", "b@x.example", "c@x.example"]),
        (["Undisclosed recipients:;"], []),
        (["Team: a@x.example, b@x.example; c@x.example"], ["a@x.example", "b@x.example", "c@x.example"]),
        (["a@x.example, A@X.EXAMPLE, nonsense, <b@x.example"], ["a@x.example", "b@x.example"]),
        (['"Ito, Mina" <m@x.example>; Doe, Jane <j@x.example>'], ["m@x.example", "j@x.example"]),
    ],
)
def test_recipients_are_read_one_by_one_and_nonsense_is_passed_over(headers: list[str], found: list[str]) -> None:
    assert [mailbox.address for mailbox in recipients(headers)] == found


def test_a_name_with_a_comma_is_kept_whole_beside_its_address() -> None:
    assert [mailbox.name for mailbox in recipients(["Doe, Jane <j@x.example>, Ito, Mina <m@x.example>"])] == [
        "Doe, Jane",
        "Ito, Mina",
    ]
