"""What a reader is told about who really sent a mail."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pytest
import time_machine
from django.conf import settings as configured

from tests.world import World
from wellkept.connectors.email import actions
from wellkept.connectors.email.tests.letters import letter
from wellkept.connectors.email.tests.names import Names, name_server
from wellkept.connectors.email.tests.signing import key, signed
from wellkept.core.clock import now
from wellkept.web.tests.desk import NOW, as_, page

DOMAIN = "harbourlane.example"


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def names(settings: Any) -> Iterator[Names]:
    with name_server() as names:
        names.text(f"s1._domainkey.{DOMAIN}", key()[1])
        names.text(f"_dmarc.{DOMAIN}", "v=DMARC1; p=reject")
        settings.ENV = replace(configured.ENV, dns=names.address)
        yield names


def arrived(raw: bytes, peer: str = "") -> str:
    """The address of the conversation the mail opened, after its sender was looked up."""
    mail, _new = actions.store_and_claim(
        raw=raw, via="smtp", envelope_from="mina@harbourlane.example", peer=peer, at=now()
    )
    mail = actions.read_one(raw=mail, at=now())
    assert actions.check_next_sender(at=now()) is not None and mail.message is not None
    return f"/conversations/{mail.message.conversation_id}"


@pytest.mark.django_db
def test_a_confirmed_sender_is_told_beside_the_message(world: World, names: Names) -> None:
    html = page(world.ana, arrived(signed(letter(), domain=DOMAIN)))

    assert "The sender’s domain confirms this mail (harbourlane.example)." in html
    assert "is not from them" not in html


@pytest.mark.django_db
def test_a_known_contact_whose_domain_disowns_the_mail_is_a_warning(world: World, names: Names) -> None:
    names.text(DOMAIN, "v=spf1 -all")

    html = page(world.ana, arrived(letter("Our bank account has changed."), peer="9.9.9.10"))

    assert "says this mail is not from them" in html and "call the sender at a number you know" in html


@pytest.mark.django_db
def test_the_server_we_believe_is_named_with_the_mailbox(world: World) -> None:
    given = {
        "address": "desk@lantern.example",
        "host": "imap.lantern.example",
        "port": "993",
        "security": "tls",
        "username": "desk",
        "secret": "not a real one",
        "sign_in": "password",
        "since_on": "2026-03-01",
    }
    desk = as_(world.admin)

    refused = desk.post("/settings/mailboxes/new", {**given, "trusted_server": "mx.google.com; dmarc=pass"})
    taken = desk.post("/settings/mailboxes/new", {**given, "trusted_server": "MX.Google.com"})

    assert refused.status_code == 422 and "Authentication-Results" in refused.content.decode()
    assert taken.status_code in {302, 303}


@pytest.mark.django_db
@pytest.mark.parametrize("form", ["html", "plain"])
def test_the_page_keeps_what_was_chosen(world: World, form: str) -> None:
    desk = as_(world.admin)
    taken: Any = desk.post("/settings/mailboxes/letters", {"form": form, "signature": "Lantern Books"})
    html = page(world.admin, "/settings/mailboxes")

    assert taken.status_code in {302, 303} and "Lantern Books</textarea>" in html
    assert f'value="{form}" checked' in html
    assert desk.post("/settings/mailboxes/letters", {"form": "pdf"}).status_code == 422
