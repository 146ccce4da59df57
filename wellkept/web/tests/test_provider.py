"""Signing in through the firm's own provider, against a small one that speaks OpenID Connect over HTTP."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from tests.world import World
from wellkept.config import oidc
from wellkept.core.clock import now
from wellkept.people import actions as people
from wellkept.people import queries

pytestmark = pytest.mark.django_db


@dataclass
class Provider:
    """`who` is what it says about the person; `asked` what it was asked for a token."""

    address: str = ""
    who: dict[str, object] = field(default_factory=dict)
    asked: list[dict[str, list[str]]] = field(default_factory=list)


@pytest.fixture
def provider(settings: Any) -> Iterator[Provider]:
    state = Provider()

    class Answers(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            if self.path.startswith("/.well-known/"):
                ways = {"authorization_endpoint": "/authorize", "token_endpoint": "/token", "userinfo_endpoint": "/who"}
                self._say({"issuer": state.address, **{name: state.address + path for name, path in ways.items()}})
            else:
                self._say(state.who)

        def do_POST(self) -> None:
            body = self.rfile.read(int(self.headers["Content-Length"])).decode()
            state.asked.append(parse_qs(body))
            self._say({"access_token": "token-1", "token_type": "Bearer"})

        def _say(self, data: dict[str, object]) -> None:
            self.send_response(200)
            self.send_header("Content-Type", "application/json")
            self.end_headers()
            self.wfile.write(json.dumps(data).encode())

        def log_message(self, *_words: object) -> None:
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Answers)
    state.address = f"http://127.0.0.1:{server.server_address[1]}"
    threading.Thread(target=server.serve_forever, daemon=True).start()
    entry = {"id": "firm", "name": "Firm ID", "client_id": "wellkept", "secret": "s3cret", "server_url": state.address}
    settings.SOCIALACCOUNT_PROVIDERS = oidc.apps(oidc.providers(json.dumps(entry)))
    cache.clear()
    yield state
    server.shutdown()
    server.server_close()


def comes_back(browser: Browser, provider: Provider, **who: object) -> Any:
    """The person presses the button, signs in there, and is sent back."""
    provider.who = {"sub": str(who["email"]), "name": "Somebody", **who}
    there = browser.post("/account/oidc/firm/login/?process=login")["Location"]
    asked = parse_qs(urlsplit(there).query)
    assert there.startswith(f"{provider.address}/authorize") and asked["code_challenge_method"] == ["S256"]
    return browser.get("/account/oidc/firm/login/callback/", {"code": "c0de", "state": asked["state"][0]})


def test_the_sign_in_page_offers_the_provider(world: World, client: Browser, provider: Provider) -> None:
    assert "Continue with Firm ID" in client.get("/account/login/").content.decode()


def test_a_colleague_comes_in(world: World, client: Browser, provider: Provider) -> None:
    back = comes_back(client, provider, email=world.ana.email, email_verified=True)

    assert (back.status_code, back["Location"]) == (302, "/")
    assert world.ana.name in client.get("/me/account").content.decode()
    assert provider.asked[0]["code_verifier"] and provider.asked[0]["code"] == ["c0de"]
    again = comes_back(Browser(), provider, email=world.ana.email, email_verified=True)
    assert again["Location"] == "/"


def test_an_invited_person_joins_without_a_password(world: World, client: Browser, provider: Provider) -> None:
    people.invite(email_address="noor@lantern.example", name="Noor", roles=["support"], by=world.admin, at=now())

    comes_back(client, provider, email="noor@lantern.example", email_verified=True)

    noor = queries.by_email("noor@lantern.example")
    assert noor is not None and noor.name == "Noor" and client.get("/me/account").status_code == 200


@pytest.mark.parametrize(
    ("email", "verified"),
    [("stranger@elsewhere.example", True), ("ana@lantern.example", False), ("gone@lantern.example", True)],
)
def test_nobody_else_does(world: World, client: Browser, provider: Provider, email: str, verified: bool) -> None:
    _row, link = people.invite(
        email_address="gone@lantern.example", name="Gone", roles=["support"], by=world.admin, at=now()
    )
    gone = people.accept_invitation(token=link, password=None, at=now())
    people.deactivate(staff=gone, taker=None, by=world.admin, at=now())

    back = comes_back(client, provider, email=email, email_verified=verified)

    assert back.status_code == 403 and "by invitation" in back.content.decode()
    assert client.get("/me/account").status_code == 302
    assert queries.by_email("stranger@elsewhere.example") is None


def test_who_left_is_not_let_in_by_an_old_link_to_the_provider(
    world: World, client: Browser, provider: Provider
) -> None:
    comes_back(client, provider, email=world.leo.email, email_verified=True)
    people.deactivate(staff=world.leo, taker=world.ana, by=world.admin, at=now())

    back = comes_back(Browser(), provider, email=world.leo.email, email_verified=True)

    assert back.status_code == 403


def test_an_answer_nobody_asked_for_is_refused(world: World, client: Browser, provider: Provider) -> None:
    provider.who = {"sub": "1", "email": world.ana.email, "email_verified": True}

    page = client.get("/account/oidc/firm/login/callback/", {"code": "c0de", "state": "made-up"})

    assert "did not let you in" in page.content.decode() and client.get("/me/account").status_code == 302
