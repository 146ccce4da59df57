"""Signing in with more than a password, in a firm that is no demo: an app's codes, recovery codes, a passkey."""

from __future__ import annotations

import base64
import hmac
import re
import shutil
import struct
import time
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests import template
from tests.browser.conftest import note
from wellkept.cli.tests.firms import SETUP, FirmInAFolder, free_port

EMAIL, PASSWORD = "tomas@lantern.example", SETUP[SETUP.index("--admin-password") + 1]


@pytest.fixture(scope="module")
def door(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a firm set up a moment ago. Browsers keep passkeys for names alone, so it is not 127.0.0.1."""
    firm = FirmInAFolder(tmp_path_factory.mktemp("door"), "", free_port(), free_port())
    shutil.copy(template.sqlite(), firm.data / "wellkept.sqlite3")
    firm.must(*SETUP)
    address = f"http://localhost:{firm.port}"
    with firm.serving(WELLKEPT_PUBLIC_URL=address):
        firm.wait_until_ready()
        yield address


@pytest.fixture
def visitor(browser: Browser, door: str) -> Iterator[Page]:
    context = browser.new_context(base_url=door)
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: note(message, errors))
    yield page
    context.close()
    assert errors == [], errors


def test_an_app_asks_for_its_code_and_a_recovery_code_opens_once(visitor: Page) -> None:
    with_password(visitor)
    visitor.goto("/account/2fa/totp/activate/")
    confirmed(visitor)
    visitor.get_by_label("Code").fill(code_of(visitor.locator("#secret").input_value()))
    visitor.get_by_role("button", name="Turn it on").click()
    visitor.goto("/account/2fa/recovery-codes/")
    [first, second, *_rest] = visitor.locator(".codes code").all_inner_texts()

    signed_out(visitor)
    with_password(visitor)
    expect(visitor.get_by_role("heading", name="Second step")).to_be_visible()
    visitor.get_by_label("Code").fill("000000")
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.locator(".bad, [role=alert]").first).to_be_visible()
    visitor.get_by_label("Code").fill(first)
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_role("navigation").first).to_be_visible()

    signed_out(visitor)
    with_password(visitor)
    visitor.get_by_label("Code").fill(first)
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_role("heading", name="Second step")).to_be_visible()
    visitor.get_by_label("Code").fill(second)
    visitor.get_by_role("button", name="Sign in").click()
    expect(visitor.get_by_role("navigation").first).to_be_visible()

    visitor.goto("/account/2fa/totp/deactivate/")
    confirmed(visitor, code=_rest[0])
    visitor.locator("main form button").last.click()
    visitor.goto("/me/account")
    expect(visitor.get_by_text("A second step after your password")).to_be_visible()


def test_a_passkey_signs_in_alone(visitor: Page) -> None:
    devices = visitor.context.new_cdp_session(visitor)
    devices.send("WebAuthn.enable")
    key = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True}
    key |= {"hasUserVerification": True, "isUserVerified": True, "automaticPresenceSimulation": True}
    devices.send("WebAuthn.addVirtualAuthenticator", {"options": key})
    with_password(visitor)
    visitor.goto("/account/2fa/webauthn/add/")
    confirmed(visitor)
    visitor.get_by_label("Name").fill("Office laptop")
    visitor.get_by_role("button", name="Add", exact=True).click()
    visitor.wait_for_url(lambda address: "/add/" not in address)
    visitor.goto("/me/account")
    expect(visitor.get_by_text("Office laptop")).to_be_visible()

    signed_out(visitor)
    visitor.goto("/account/login/")
    visitor.get_by_role("button", name="Use a passkey").click()

    expect(visitor.get_by_role("navigation").first).to_be_visible()
    visitor.goto("/me/account")
    expect(visitor.get_by_text(re.compile("last used"))).to_be_visible()


def with_password(page: Page) -> None:
    page.goto("/account/login/")
    page.get_by_label("E-mail address").fill(EMAIL)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in", exact=True).click()
    page.wait_for_url(lambda address: "/login" not in address)


def confirmed(page: Page, code: str = "") -> None:
    """Where the page asks again who is there."""
    if "reauthenticate" not in page.url:
        return
    if page.get_by_label("Password").count():
        page.get_by_label("Password").fill(PASSWORD)
    else:
        page.get_by_label("Code").fill(code)
    page.get_by_role("button", name="Confirm").click()
    page.wait_for_url(lambda address: "reauthenticate" not in address)


def signed_out(page: Page) -> None:
    page.context.clear_cookies()


def code_of(secret: str) -> str:
    """What an authenticator app shows now (RFC 6238)."""
    digest = hmac.digest(base64.b32decode(secret), struct.pack(">Q", int(time.time()) // 30), "sha1")
    place = digest[-1] & 15
    return f"{(struct.unpack('>I', digest[place : place + 4])[0] & 0x7FFFFFFF) % 1_000_000:06}"
