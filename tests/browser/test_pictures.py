"""The user guide's pictures, taken from the demo firm. `WELLKEPT_TEST_PICTURES=docs/pictures make browser` renews them."""

from __future__ import annotations

import os
import re
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Desk, sign_in

PAGES = [
    ("today", "/", "Ana Kovač"),
    ("inbox", "/inbox", "Ana Kovač"),
    ("promises", "/promises", "Ana Kovač"),
    ("client", "/clients", "Ana Kovač"),
    ("coding", "/coding", "Ana Kovač"),
    ("statement", "/coding", "Ana Kovač"),
    ("score", "/score", "Ana Kovač"),
    ("calendar", "/settings/calendars", "administrator"),
    ("agreement", "/settings/agreements/default", "administrator"),
    ("health", "/health", "administrator"),
]


@pytest.mark.parametrize(("name", "address", "person"), PAGES, ids=[name for name, _, _ in PAGES])
def test_picture(browser: Browser, desk: Desk, tmp_path: Path, name: str, address: str, person: str) -> None:
    folder = Path(os.environ.get("WELLKEPT_TEST_PICTURES") or tmp_path)
    folder.mkdir(parents=True, exist_ok=True)
    context = browser.new_context(base_url=desk.url, viewport={"width": 1280, "height": 860}, color_scheme="light")
    page = context.new_page()
    sign_in(page, person)
    open_first(page, address)
    if name == "statement":
        open_statement(page)

    taken = page.screenshot(path=folder / f"{name}.png")
    context.close()

    assert len(taken) > 10_000


def open_first(page: Page, address: str) -> None:
    """The page itself, or the first thing it lists where the guide shows one."""
    page.goto(address)
    if address == "/inbox":
        page.locator("a.item").first.click()
        page.wait_for_url(re.compile(r"/conversations/\d+"))
    elif address == "/clients":
        page.get_by_role("link", name="Harbour Lane Bakery").first.click()
        page.wait_for_url(re.compile(r"/clients/\d+"))
    elif address == "/settings/calendars":
        page.locator("a.cal-card").first.click()
        page.wait_for_url(re.compile(r"/calendars/\d+"))
    elif address == "/coding":
        page.get_by_role("link", name="Kestrel Freight").click()
        page.wait_for_url(re.compile(r"/coding/\d+"))
    page.wait_for_timeout(600)


def open_statement(page: Page) -> None:
    """From the lines of a client to the newest statement that may be signed."""
    page.get_by_role("link", name="Statements").click()
    page.wait_for_url(re.compile(r"/coding/accounts/\d+"))
    page.locator("tr[data-row]").filter(has_text="Not signed").last.get_by_role("link").click()
    page.wait_for_url(re.compile(r"/coding/statements/\d+"))
    page.wait_for_timeout(300)
