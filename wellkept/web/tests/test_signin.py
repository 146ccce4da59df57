"""The way in: passwords, invitations, links by mail, a second step, the provider, and the ways out."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client as Browser

from tests.world import World
from wellkept.core import secrets
from wellkept.core.clock import now
from wellkept.core.models import Fact, Outgoing
from wellkept.people import actions as people
from wellkept.people import queries
from wellkept.people.models import Staff
from wellkept.web.signin import adapters, devices

pytestmark = pytest.mark.django_db
PASSWORD = "heron copper window"


@pytest.fixture(autouse=True)
def no_limits_left_over() -> None:
    cache.clear()


def with_password(staff: Staff, password: str = PASSWORD) -> Staff:
    return people.change_password(staff=staff, password=password, by=staff, at=now())


def sign_in(browser: Browser, staff: Staff, password: str = PASSWORD) -> Any:
    return browser.post("/account/login/", {"login": staff.email, "password": password})


def letters() -> list[dict[str, str]]:
    rows = Outgoing.objects.filter(kind="account_mail").order_by("pk")
    return [json.loads(secrets.unseal(str(row.payload["sealed"]))) for row in rows]


def test_a_password_opens_the_desk_and_is_a_fact(world: World, client: Browser) -> None:
    with_password(world.ana)

    answer = sign_in(client, world.ana)

    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/me/account").status_code == 200
    assert Fact.objects.filter(name="session.started", by=world.ana.pk).count() == 1


def test_a_wrong_password_says_the_same_for_nobody_and_somebody(world: World, client: Browser) -> None:
    with_password(world.ana)
    answers = [
        client.post("/account/login/", {"login": email, "password": "not this one, sorry"}).content.decode()
        for email in (world.ana.email, "nobody@lantern.example")
    ]

    assert all("do not belong together" in page for page in answers)
    assert Fact.objects.filter(name="session.refused").count() == 1


def test_too_many_tries_are_stopped(world: World, client: Browser) -> None:
    with_password(world.ana)
    for _turn in range(6):
        page = client.post("/account/login/", {"login": world.ana.email, "password": "not this one, sorry"})

    assert "Too many tries" in page.content.decode()
    assert "Too many tries" in sign_in(client, world.ana).content.decode()


def test_a_deactivated_person_is_out_at_once(world: World, client: Browser) -> None:
    with_password(world.leo)
    sign_in(client, world.leo)
    assert client.get("/me/account").status_code == 200

    people.deactivate(staff=world.leo, taker=world.ana, by=world.admin, at=now())

    assert client.get("/me/account").status_code == 302
    assert not Session.objects.exists()
    sign_in(client, world.leo)
    assert client.get("/me/account").status_code == 302


def test_signing_out_everywhere_else_keeps_this_browser(world: World) -> None:
    with_password(world.ana)
    here, there = Browser(), Browser()
    sign_in(here, world.ana)
    sign_in(there, world.ana)

    here.post("/me/account/sessions/end-others")

    assert here.get("/me/account").status_code == 200
    assert there.get("/me/account").status_code == 302


def test_one_session_can_be_ended(world: World) -> None:
    with_password(world.ana)
    here, there = Browser(), Browser()
    sign_in(here, world.ana)
    sign_in(there, world.ana)
    there.get("/me/account")
    here.get("/me/account")
    [other] = re.findall(r"/me/account/sessions/(\d+)/end", here.get("/me/account").content.decode())

    assert here.post(f"/me/account/sessions/{other}/end").status_code == 302
    assert there.get("/me/account").status_code == 302
    assert here.get("/me/account").status_code == 200


def test_nobody_ends_anothers_session(world: World) -> None:
    with_password(world.ana)
    anas, strangers = Browser(), Browser()
    sign_in(anas, world.ana)
    anas.get("/me/account")
    from allauth.usersessions.models import UserSession

    session = UserSession.objects.get(user=world.ana)
    strangers.force_login(world.stranger)

    assert strangers.post(f"/me/account/sessions/{session.pk}/end").status_code == 422
    assert anas.get("/me/account").status_code == 200


@pytest.mark.parametrize("address", ["/account/signup/", "/account/email/", "/account/3rdparty/signup/"])
def test_nobody_makes_or_moves_an_account_alone(world: World, client: Browser, address: str) -> None:
    for browser in (client, signed_in(world.ana)):
        assert browser.get(address).status_code in (403, 404)
        assert browser.post(address, {"email": "x@lantern.example"}).status_code in (403, 404)
    assert queries.by_email("x@lantern.example") is None


def signed_in(staff: Staff) -> Browser:
    browser = Browser()
    browser.force_login(staff)
    return browser


def test_an_invitation_lets_one_person_in_once(world: World, client: Browser) -> None:
    boss = signed_in(world.admin)
    page = boss.post(
        "/settings/people/invite",
        {"name": "Noor Haddad", "email": "noor@lantern.example", "roles": ["support"], "team": str(world.team.pk)},
    ).content.decode()
    [link] = set(re.findall(r"/join/[\w-]+", page))
    assert link in letters()[0]["text"] and letters()[0]["to"] == "noor@lantern.example"

    assert "Noor Haddad" in client.get(link).content.decode()
    differing = {"name": "Noor Haddad", "password1": PASSWORD, "password2": "another thing entirely"}
    assert client.post(link, differing).status_code == 422
    assert client.post(link, {**differing, "password1": "short", "password2": "short"}).status_code == 422
    joined = client.post(link, {"name": "Noor H.", "password1": PASSWORD, "password2": PASSWORD})

    assert joined["Location"] == "/" and client.get("/me/account").status_code == 200
    noor = queries.by_email("noor@lantern.example")
    assert noor is not None and (noor.name, noor.roles, noor.team) == ("Noor H.", ["support"], world.team)
    assert Browser().get(link).status_code == 410
    assert link.removeprefix("/join/") not in "".join(str(row.payload) for row in Outgoing.objects.all())


@pytest.mark.parametrize("token", ["wrong", "a" * 43, "..", "%2e%2e%2fetc"])
def test_a_link_nobody_made_opens_nothing(world: World, client: Browser, token: str) -> None:
    assert client.get(f"/join/{token}").status_code in (404, 410)
    assert client.post(f"/join/{token}", {"password1": PASSWORD, "password2": PASSWORD}).status_code in (404, 410)


def test_a_new_password_by_mail(world: World, client: Browser) -> None:
    with_password(world.ana)
    elsewhere = Browser()
    sign_in(elsewhere, world.ana)
    for email in (world.ana.email, "nobody@lantern.example"):
        assert client.post("/account/password/reset/", {"email": email})["Location"] == "/account/password/reset/done/"
    [letter] = letters()
    assert letter["to"] == world.ana.email
    [link] = re.findall(r"https?://[^/]+(/account/password/reset/key/\S+)", letter["text"])

    page = client.get(link, follow=True)
    changed = client.post(
        page.redirect_chain[-1][0], {"password1": "otter velvet compass", "password2": "otter velvet compass"}
    )

    assert changed.status_code == 302
    world.ana.refresh_from_db()
    assert world.ana.check_password("otter velvet compass")
    assert Fact.objects.filter(name="staff.password_changed").count() == 2
    assert elsewhere.get("/me/account").status_code == 302
    assert "no longer works" in Browser().get(link, follow=True).content.decode()


def test_a_weak_new_password_is_refused(world: World) -> None:
    with_password(world.ana)
    browser = Browser()
    sign_in(browser, world.ana)

    page = browser.post(
        "/account/password/change/", {"oldpassword": PASSWORD, "password1": "password", "password2": "password"}
    )

    assert page.status_code == 200 and "invalid" in page.content.decode()
    world.ana.refresh_from_db()
    assert world.ana.check_password(PASSWORD)


def test_a_second_step_is_asked_for_and_its_secret_is_sealed(world: World) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth

    with_password(world.ana)
    secret = auth.generate_totp_secret()
    auth.TOTP.activate(world.ana, secret)
    kept = Authenticator.objects.get(user=world.ana, type=Authenticator.Type.TOTP)
    browser = Browser()

    asked = sign_in(browser, world.ana)
    assert asked["Location"].startswith("/account/2fa/authenticate/")
    assert browser.get("/me/account").status_code == 302
    wrong = browser.post("/account/2fa/authenticate/", {"code": "000000"})
    assert "This code is not right" in wrong.content.decode()
    right = auth.format_hotp_value(auth.hotp_value(secret, next(iter(auth.yield_hotp_counters_from_time()))))
    browser.post("/account/2fa/authenticate/", {"code": right})

    assert browser.get("/me/account").status_code == 200
    assert secret not in str(kept.data) and secrets.unseal(kept.data["secret"]) == secret


class Provider:
    """What allauth hands over after a provider has spoken."""

    def __init__(self, email: str, verified: bool) -> None:
        from allauth.account.models import EmailAddress

        self.is_existing = False
        self.email_addresses = [EmailAddress(email=email, verified=verified)]
        self.connected: Staff | None = None

    def connect(self, _request: object, staff: Staff) -> None:
        self.connected = staff


def asked_by_provider(rf: Any, email: str, verified: bool = True) -> Provider:
    from allauth.core.exceptions import ImmediateHttpResponse

    login = Provider(email, verified)
    request = rf.get("/")
    request.staff = None
    try:
        adapters.SocialAdapter(request).pre_social_login(request, login)
    except ImmediateHttpResponse as refused:
        assert refused.response.status_code == 403
    return login


def test_a_provider_lets_in_who_is_here_or_invited(world: World, rf: Any) -> None:
    people.invite(email_address="noor@lantern.example", name="Noor", roles=["support"], by=world.admin, at=now())

    assert asked_by_provider(rf, "Ana@Lantern.example").connected == world.ana
    assert asked_by_provider(rf, "stranger@elsewhere.example").connected is None
    assert asked_by_provider(rf, world.ana.email, verified=False).connected is None
    noor = asked_by_provider(rf, "noor@lantern.example").connected
    assert noor is not None and noor.roles == ["support"] and not noor.has_usable_password()


def test_one_click_is_for_the_demo_alone(world: World, client: Browser, settings: Any) -> None:
    settings.DEMO = False
    assert client.post(f"/demo/sign-in/{world.ana.pk}").status_code == 404
    assert world.ana.name not in client.get("/account/login/").content.decode()

    settings.DEMO = True
    assert world.ana.name in client.get("/account/login/").content.decode()
    assert client.get(f"/demo/sign-in/{world.ana.pk}").status_code == 405
    assert client.post(f"/demo/sign-in/{world.ana.pk}").status_code == 302
    assert client.get("/me/account").status_code == 200


def test_a_token_is_shown_once(world: World) -> None:
    browser = signed_in(world.ana)
    page = browser.post("/me/account/tokens", {"name": "report"}).content.decode()
    [clear] = set(re.findall(r"wk_[\w-]+", page))

    assert queries.staff_of_token(clear, now()) == world.ana
    assert clear not in browser.get("/me/account").content.decode()
    token = queries.tokens_of(world.ana).get()
    assert signed_in(world.stranger).post(f"/me/account/tokens/{token.pk}/revoke").status_code == 404
    browser.post(f"/me/account/tokens/{token.pk}/revoke")
    assert queries.staff_of_token(clear, now()) is None


@pytest.mark.parametrize(
    ("agent", "words"),
    [
        (
            "Mozilla/5.0 (X11; Linux x86_64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/130.0 Safari/537.36",
            "Chrome, Linux",
        ),
        ("Mozilla/5.0 (Windows NT 10.0) AppleWebKit/537.36 Chrome/130.0 Safari/537.36 Edg/130.0", "Edge, Windows"),
        ("Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) Version/18.0 Mobile Safari/604.1", "Safari, iPhone"),
        ("curl/8", "An unknown browser"),
    ],
)
def test_devices_are_named(agent: str, words: str) -> None:
    assert devices.words(agent) == words


def test_an_administrator_removes_a_lost_second_step(world: World) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal import auth

    auth.TOTP.activate(world.ana, auth.generate_totp_secret())
    address = f"/settings/people/{world.ana.pk}/second-step"
    ana, boss = signed_in(world.ana), signed_in(world.admin)

    assert ana.post(address).status_code == 403
    assert boss.post(f"/settings/people/{world.admin.pk}/second-step").status_code == 422
    assert boss.post(address).status_code == 302
    assert not Authenticator.objects.filter(user=world.ana).exists()
    assert ana.get("/me/account").status_code == 302
    assert boss.post(address).status_code == 422
