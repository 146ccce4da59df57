"""Every page in a real browser under the strict content policy: no console error, one heading."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.browser.conftest import sign_in

DESK = ["/", "/inbox", "/promises", "/clients", "/score", "/outgoing", "/search?q=oven", "/notices", "/me/preferences"]
HOUSE = ["/settings/firm", "/settings/people", "/settings/clients", "/settings/agreements", "/settings/calendars"]
HOUSE += ["/settings/mailboxes", "/settings/templates", "/health", "/quarantine"]


@pytest.mark.parametrize("address", DESK)
def test_a_bookkeepers_page_is_clean(page: Page, address: str) -> None:
    sign_in(page, "Ana Kovač")
    page.goto(address)

    assert page.locator("h1").count() == 1


@pytest.mark.parametrize("address", HOUSE)
def test_an_administrators_page_is_clean(page: Page, address: str) -> None:
    sign_in(page, "Administrator")
    page.goto(address)

    assert page.locator("h1").count() == 1


@pytest.mark.req("W9")
def test_the_desk_speaks_portuguese(page: Page) -> None:
    sign_in(page, "Leo Marsh")
    choose_language(page, "pt-br")

    page.goto("/")
    language = page.locator("html").get_attribute("lang")
    inbox = page.get_by_role("navigation").get_by_text("Caixa de entrada").first.is_visible()
    choose_language(page, "en")

    assert (language, inbox) == ("pt-br", True)


def choose_language(page: Page, code: str) -> None:
    page.goto("/me/preferences")
    page.locator("select[name=language]").select_option(code)
    page.locator("main form button[data-send]").click()
    page.wait_for_load_state("load")
    page.wait_for_timeout(500)
