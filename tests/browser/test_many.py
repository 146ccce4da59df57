"""Several rows at once, a person's own keys, a disputed line: by keyboard, in a real browser."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in

ANA, GRACE = "Ana Kovač", "Grace Tuhoe"


@pytest.mark.req("W8")
def test_x_selects_rows_and_one_key_puts_them_all_aside(page: Page) -> None:
    sign_in(page, ANA)
    page.goto("/inbox?view=clients")
    for key in ("j", "x", "j", "x"):
        page.keyboard.press(key)
    bar = page.locator("#picks")
    expect(bar.get_by_role("status")).to_have_text("2 selected")

    page.reload()  # what is selected stays with the page
    expect(bar.get_by_role("status")).to_have_text("2 selected")
    bar.get_by_role("button", name="All on this page").click()
    page.keyboard.press("s")
    expect(page.get_by_role("heading", name=re.compile(r"Put \d+ conversations aside"))).to_be_visible()
    page.get_by_label("Another time").last.fill("+5m")
    page.keyboard.press("Control+Enter")
    done = page.locator(".toast").filter(has_text="put aside")
    expect(done).to_contain_text("due")  # what breaks before then is left, and says so

    page.keyboard.press("z")

    expect(page.locator(".toast").filter(has_text="back in the inbox")).to_be_visible()


def test_esc_lets_go_of_what_is_selected_first(page: Page) -> None:
    sign_in(page, ANA)
    page.goto("/inbox?view=clients")
    page.keyboard.press("j")
    page.keyboard.press("x")
    expect(page.locator("#picks")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.locator("#picks")).to_be_hidden()
    expect(page.locator(".pick input:checked")).to_have_count(0)


def test_a_persons_own_key_does_what_the_usual_one_did(page: Page) -> None:
    sign_in(page, "Joon Park")
    page.goto("/me/keys")
    page.get_by_label("Today", exact=True).fill("w")
    page.get_by_role("button", name="Save").click()
    expect(page.locator(".toast").filter(has_text="Your keys are kept.")).to_be_visible()

    page.goto("/promises")
    for key in "gt":  # the usual one has lost its meaning
        page.keyboard.press(key)
    expect(page).to_have_url(re.compile("/promises"))
    for key in "gw":
        page.keyboard.press(key)

    expect(page).to_have_url(re.compile(r"/$"))


def test_a_line_is_disputed_where_it_stands_and_decided_by_the_lead(page: Page) -> None:
    sign_in(page, ANA)
    page.goto("/score")
    page.locator("#figure-kept summary").click()
    page.locator("#figure-kept").get_by_role("link", name=re.compile("^Dispute")).first.click()
    page.get_by_label("Why it is counted wrongly").fill("She rang at nine.")
    page.keyboard.press("Control+Enter")
    expect(page.locator("#figure-kept .disputed").first).to_contain_text("Disputed: Grace Tuhoe decides")

    page.context.clear_cookies()
    sign_in(page, GRACE)
    page.goto("/promises")
    page.get_by_role("link", name=re.compile("Decide a disputed line")).first.click()
    page.get_by_role("link", name="Uphold").click()
    page.get_by_role("button", name="Uphold").click()

    expect(page.locator("#dispute")).to_contain_text("Upheld by Grace Tuhoe")
