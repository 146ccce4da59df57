"""A mailbox is connected by consent: through a real provider, there and back."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
import requests
import time_machine

from tests.world import World
from wellkept.config import mail_oauth
from wellkept.connectors.email import consent, oauth
from wellkept.connectors.email.models import Mailbox
from wellkept.connectors.email.tests.provider import CLIENT, SECRET, Provider, provider
from wellkept.core import secrets
from wellkept.core.models import Fact
from wellkept.web.tests.desk import NOW, as_, page

CONNECT = {"provider": "ours", "address": "desk@lantern.example", "since_on": "2026-03-01"}


@pytest.fixture
def there(settings: Any) -> Iterator[Provider]:
    with provider() as known:
        entry = {
            "id": "ours",
            "name": "Our provider",
            "client_id": CLIENT,
            "secret": SECRET,
            "authorize_url": f"{known.address}/authorize",
            "token_url": f"{known.address}/token",
            "scope": "mail",
            "host": "imap.provider.example",
        }
        settings.MAIL_OAUTH = mail_oauth.providers(json.dumps(entry))
        yield known


def asked(desk: Any, **more: Any) -> str:
    """The provider's address the person is sent to."""
    sent = desk.post("/settings/mailboxes/connect", {**CONNECT, **more})
    assert sent.status_code == 302, sent.content.decode()
    return str(sent["Location"])


def agreed(address: str) -> str:
    """What the provider sends the browser back to, without the name of our machine."""
    back = urlsplit(requests.get(address, allow_redirects=False, timeout=5).headers["Location"])
    return f"{back.path}?{back.query}"


@pytest.mark.django_db
def test_there_and_back_a_mailbox_is_read_by_consent(world: World, there: Provider) -> None:
    desk = as_(world.admin)
    assert "Connect Our provider" in page(world.admin, "/settings/mailboxes/new")

    address = asked(desk)
    done = desk.get(agreed(address))

    mailbox = Mailbox.objects.get()
    query = parse_qs(urlsplit(address).query)
    assert query["redirect_uri"] == ["http://127.0.0.1:8000/settings/mailboxes/connected"]
    assert SECRET not in address and query["login_hint"] == ["desk@lantern.example"]
    assert done.status_code == 302 and done["Location"] == "/settings/mailboxes"
    assert (mailbox.provider, mailbox.sign_in, mailbox.host) == ("ours", "oauth2", "imap.provider.example")
    assert secrets.unseal(mailbox.sealed_secret) in there.tokens and not mailbox.sealed_client_secret
    assert consent.access(mailbox).access == "fresh"
    assert Fact.objects.filter(name="mailbox.added").count() == 1


@pytest.mark.django_db
def test_access_taken_back_is_told_and_given_again(world: World, there: Provider) -> None:
    desk = as_(world.admin)
    desk.get(agreed(asked(desk)))
    mailbox = Mailbox.objects.get()
    there.tokens.clear()

    with pytest.raises(oauth.TokenRefused, match="taken back or has expired"):
        consent.access(mailbox)
    done = desk.get(agreed(asked(desk, mailbox=mailbox.pk)))

    mailbox.refresh_from_db()
    assert done.status_code == 302 and consent.access(mailbox).access == "fresh"
    assert Mailbox.objects.count() == 1 and Fact.objects.filter(name="mailbox.connected").count() == 1


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("change", "sentence"),
    [
        ({"refuses": True}, "Access was not given at Our provider"),
        ({"lasting": False}, "for an hour only"),
    ],
)
def test_a_no_at_the_provider_is_a_sentence(
    world: World, there: Provider, change: dict[str, bool], sentence: str
) -> None:
    for name, value in change.items():
        setattr(there, name, value)
    desk = as_(world.admin)

    refused = desk.get(agreed(asked(desk)))

    assert refused.status_code == 422 and sentence in refused.content.decode()
    assert not Mailbox.objects.exists()


@pytest.mark.django_db
def test_a_way_back_counts_once_in_time_and_for_who_asked(world: World, there: Provider) -> None:
    desk, other = as_(world.admin), as_(world.admin)
    back = agreed(asked(desk))
    asked(other)

    stolen = other.get(back)
    forged = desk.get(f"{back.partition('state=')[0]}state=guessed&code=any")
    replayed = desk.get(back)
    with time_machine.travel(NOW, tick=False) as clock:
        late_back = agreed(asked(desk))
        clock.shift(timedelta(minutes=11))
        late = desk.get(late_back)

    for refused in (stolen, forged, replayed, late):
        assert refused.status_code == 422 and "came too late" in refused.content.decode()
    assert not Mailbox.objects.exists()


@pytest.mark.django_db
def test_a_provider_nobody_set_up_and_a_wrong_address_are_refused(world: World, there: Provider) -> None:
    desk = as_(world.admin)

    unknown = desk.post("/settings/mailboxes/connect", {**CONNECT, "provider": "elsewhere"})
    wrong = desk.post("/settings/mailboxes/connect", {**CONNECT, "address": "nobody"})

    assert "WELLKEPT_MAIL_OAUTH" in unknown.content.decode()
    assert (unknown.status_code, wrong.status_code) == (422, 422)


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("{", "not valid JSON"),
        ("/nowhere/oauth.json", "cannot be read"),
        ("[1]", "one object"),
        ('{"id": "google"}', "client_id"),
        ('{"id": "google", "client_id": "x", "token_url": "http://example.com"}', "https://"),
        ('{"id": "google", "client_id": "x", "password": "x"}', "password"),
    ],
)
def test_a_wrong_setting_names_the_variable(raw: str, words: str) -> None:
    with pytest.raises(Exception, match="WELLKEPT_MAIL_OAUTH") as wrong:
        mail_oauth.providers(raw)
    assert words in str(wrong.value)


def test_google_and_microsoft_need_only_what_they_gave_us() -> None:
    found = mail_oauth.providers('[{"id": "google", "client_id": "a"}, {"id": "microsoft", "client_id": "b"}]')

    assert [each.host for each in found] == ["imap.gmail.com", "outlook.office365.com"]
    assert mail_oauth.origins(found) == ["https://accounts.google.com", "https://login.microsoftonline.com"]
