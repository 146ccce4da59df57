"""Calls and hasty fingers: a call is promised and made from the conversation; two presses of Send leave one letter."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk, sign_in
from tests.browser.test_main_job import ANA, asked, subject


@pytest.mark.req("C2", "P14")
def test_a_call_is_promised_and_how_it_went_written_down(page: Page, desk: Desk) -> None:
    about = subject("Call me back")
    sign_in(page, ANA)
    asked(page, desk, about)

    page.keyboard.press("l")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_role("heading", name="Promise a call")).to_be_visible()
    dialog.get_by_label("Number").fill("+64 4 555 0101")
    dialog.get_by_label("What it is about").fill(about)
    page.keyboard.press("Control+Enter")

    owed = page.locator("#owed .strip", has_text=f"Call Mina Okafor (+64 4 555 0101): {about}")
    expect(owed).to_be_visible()
    expect(page.locator("#side")).to_contain_text("Call Mina Okafor")

    owed.get_by_role("link", name="Call made").click()
    dialog.locator("input[value=yes]").check(force=True)
    dialog.get_by_label("What was said and agreed").fill("She sends the lease tonight.")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#thread")).to_contain_text("She sends the lease tonight.")
    expect(owed).to_have_count(0)


def test_two_presses_of_send_leave_one_letter(page: Page, desk: Desk) -> None:
    about = subject("Twice")
    sign_in(page, ANA)
    asked(page, desk, about)
    page.keyboard.press("r")
    page.keyboard.type("You have it tonight.")
    page.locator("input[name=follow_up]").first.check(force=True)

    page.locator("#reply-text").focus()
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Control+Enter")

    expect(page.locator("#thread .msg.ours")).to_have_count(1)
    expect(page.locator("#reply-text")).to_have_value("")
    page.reload()
    expect(page.locator("#thread .msg.ours")).to_have_count(1)


@pytest.mark.req("B7")
def test_what_was_not_read_stops_send_once(page: Page, desk: Desk) -> None:
    about = subject("Lease")
    sign_in(page, ANA)
    asked(page, desk, about)
    page.keyboard.press("r")
    page.keyboard.type("You have it tonight.")
    page.locator("input[name=follow_up]").first.check(force=True)
    page.wait_for_timeout(1500)  # what is in sight has been read by now
    page.locator("#reply [name=seen]").evaluate("field => { field.value = '1'; }")  # as on a page older than the mail

    page.locator("#reply-text").focus()
    page.keyboard.press("Control+Enter")

    expect(page.locator("#reply [data-refusal]")).to_contain_text("Mina Okafor wrote again at")
    expect(page.locator("#reply-text")).to_have_value("You have it tonight.")
    expect(page.locator("#reply [name=seen]")).not_to_have_value("1")
    page.locator("#reply-text").focus()
    page.keyboard.press("Control+Enter")
    expect(page.locator("#thread .msg.ours")).to_have_count(1)
