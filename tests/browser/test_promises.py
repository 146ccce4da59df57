"""The promise board under two pairs of hands, by keyboard alone, and every room without an error on the console."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk, sign_in

ROOMS = [
    "/",
    "/inbox",
    "/promises",
    "/clients",
    "/score",
    "/search?q=bakery",
    "/notices",
    "/outgoing",
    "/me/preferences",
    "/keys",
]


@pytest.fixture
def leo(browser: Browser, desk: Desk) -> Iterator[Page]:
    """A second person at a second machine."""
    context = browser.new_context(base_url=desk.url, viewport={"width": 1440, "height": 900})
    page = context.new_page()
    sign_in(page, "Leo Marsh")
    yield page
    context.close()


def ask_ana(leo: Page, what: str) -> None:
    """Through the dialog, with a time in words."""
    leo.goto("/promises")
    leo.get_by_role("link", name="Ask a colleague").click()
    leo.get_by_label("What do you need?").fill(what)
    leo.get_by_label("From whom").select_option(label="Ana Kovač")
    leo.get_by_label("By when").fill("wed 11:00")
    expect(leo.locator("#due_at-hint")).to_have_text(re.compile(r"Wed \d+ \w+ \d{4} 11:00"))
    leo.keyboard.press("Control+Enter")
    expect(leo.locator("dialog[open]")).to_have_count(0)


@pytest.mark.req("C1", "W1")
def test_what_a_colleague_asks_appears_and_is_kept_by_keyboard(page: Page, leo: Page) -> None:
    sign_in(page, "Ana Kovač")
    page.goto("/promises")
    ask_ana(leo, "Sign the BAS letter")
    row = page.locator(".promise", has_text="Sign the BAS letter")
    expect(row).to_be_visible()

    while not row.get_attribute("aria-current"):
        page.keyboard.press("j")
    page.keyboard.press("e")
    expect(page.locator(".toast")).to_contain_text("Kept: Sign the BAS letter.")
    expect(row).to_have_attribute("data-state", "kept")

    page.keyboard.press("z")
    expect(row).to_have_attribute("data-state", "open")


def test_nothing_moves_under_the_hand(page: Page, leo: Page) -> None:
    sign_in(page, "Ana Kovač")
    page.goto("/promises")
    page.keyboard.press("j")
    held = page.evaluate("document.activeElement.textContent")
    ask_ana(leo, "Check the freight invoice")
    waiting = page.get_by_role("button", name="1 new")
    expect(waiting).to_be_visible()
    assert page.evaluate("document.activeElement.textContent") == held

    waiting.click()
    expect(page.locator(".promise", has_text="Check the freight invoice")).to_be_visible()


def test_why_opens_on_the_time_and_a_refusal_lands_in_its_form(page: Page, leo: Page) -> None:
    ask_ana(leo, "Explain the fuel split")
    sign_in(page, "Ana Kovač")
    page.goto("/promises")
    row = page.locator(".promise", has_text="Explain the fuel split")
    row.locator(".when").hover()
    expect(page.locator("#why")).to_contain_text("Grace Tuhoe is told")

    row.get_by_role("link", name="Explain the fuel split").focus()
    page.keyboard.press("s")
    page.get_by_label("New time").fill("thu 11:00")
    page.get_by_label("Why", exact=True).fill(" ")
    page.get_by_role("button", name="Set the new time").click()
    expect(page.locator("dialog[open] [data-refusal]")).to_contain_text("Say why in a few words")


def test_the_keyboard_reaches_every_room(page: Page) -> None:
    sign_in(page, "Ana Kovač")
    for keys, place in (("gi", "/inbox"), ("gp", "/promises"), ("gl", "/clients"), ("gs", "/score"), ("gt", "/")):
        for key in keys:
            page.keyboard.press(key)
        page.wait_for_url(re.compile(rf"^https?://[^/]+{place}(\?|$)"))
        page.wait_for_load_state()
    page.keyboard.press("?")
    expect(page.locator("dialog[open]")).to_contain_text("Keyboard shortcuts")
    page.keyboard.press("Escape")

    page.keyboard.press("Control+k")
    page.keyboard.type("harbour")
    expect(page.get_by_role("option", name=re.compile("Harbour Lane Bakery")).first).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).not_to_be_visible()


def test_single_keys_rest_while_one_types_and_when_switched_off(page: Page) -> None:
    sign_in(page, "Sefa Latu")
    page.goto("/search")
    page.get_by_role("searchbox").fill("gp?")
    assert page.url.endswith("/search") and page.locator("dialog[open]").count() == 0

    page.goto("/me/preferences")
    page.get_by_label("Single-key shortcuts").uncheck()
    page.get_by_role("button", name="Save").click()
    page.goto("/")
    page.keyboard.press("?")
    page.wait_for_timeout(300)
    assert page.locator("dialog[open]").count() == 0


@pytest.mark.parametrize("person", ["Tomas Lindqvist", "Grace Tuhoe", "Bruno Azevedo"])
def test_every_room_opens_without_an_error_and_fits_a_phone(page: Page, person: str) -> None:
    sign_in(page, person)
    for width in (1440, 390):
        page.set_viewport_size({"width": width, "height": 844})
        for place in ROOMS:
            page.goto(place)
            assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), (place, width)
            assert page.locator("h1").count() == 1, place
