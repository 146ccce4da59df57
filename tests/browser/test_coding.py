"""Coding by keyboard in a real browser: ten lines by ten strokes, a batch taken back, a client who answers."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Browser, Page, expect

from tests.browser.conftest import Desk, sign_in

ANA = "Ana Kovač"


def coding_of(page: Page, name: str) -> None:
    page.goto("/coding")
    page.get_by_role("link", name=name).click()
    page.wait_for_url(re.compile(r"/coding/\d+"))  # a key pressed before the page has loaded is nobody's
    expect(page.locator("#line-at-hand [data-first]")).to_be_visible()


@pytest.mark.req("W3")
def test_strokes_in_a_row_code_as_many_lines_and_none_twice(page: Page) -> None:
    sign_in(page, ANA)
    coding_of(page, "Kestrel Freight")
    lines = page.locator("tr[data-line]")
    before, sent = lines.count(), []
    page.on("request", lambda request: sent.append(request.url) if request.url.endswith("/accept") else None)

    for _ in range(5):
        page.keyboard.press("Enter")
        page.wait_for_timeout(250)

    expect(lines).to_have_count(before - 5, timeout=20_000)
    assert len(sent) == len(set(sent)) == 5


def test_a_key_pressed_right_after_moving_is_meant_for_the_new_row(page: Page) -> None:
    sign_in(page, ANA)
    coding_of(page, "Harbour Lane Bakery")
    second = page.locator("tr[data-line]").nth(1).get_attribute("data-line")

    page.keyboard.press("j")
    with page.expect_request(re.compile(r"/accept$")) as decided:
        page.keyboard.press("Enter")

    assert f"/lines/{second}/" in decided.value.url


def test_a_batch_is_approved_and_taken_back(page: Page) -> None:
    sign_in(page, ANA)
    coding_of(page, "Blue Gum Physio")
    lines = page.locator("tr[data-line]")
    before, sure = lines.count(), page.locator('input[name="line"]:checked').count()

    page.keyboard.press("Shift+A")
    expect(lines).to_have_count(before - sure, timeout=20_000)
    page.keyboard.press("z")

    expect(lines).to_have_count(before, timeout=20_000)


def test_on_a_phone_a_line_stands_alone_and_back_leads_to_the_list(browser: Browser, desk: Desk) -> None:
    context = browser.new_context(base_url=desk.url, viewport={"width": 390, "height": 844}, locale="en-NZ")
    page = context.new_page()
    sign_in(page, ANA)
    page.goto("/coding")
    page.get_by_role("link", name="Harbour Lane Bakery").click()
    row = page.locator("tr[data-line] [data-open]").first

    row.click()
    expect(page.locator("#line-at-hand [data-code]")).to_be_visible()
    expect(row).to_be_hidden()
    page.get_by_role("link", name="All lines").click()

    expect(row).to_be_visible()
    context.close()
