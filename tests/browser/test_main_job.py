"""The main job, as a newcomer tries it: a real mail in, an answer with a time out, the promise counted."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import Desk, sign_in

ANA = "Ana Kovač"
MINA = "Mina Okafor <mina@harbourlane.example>"


def subject(words: str) -> str:
    """Every story writes under its own subject."""
    return f"{words} {time.time_ns() % 1_000_000}"


def asked(page: Page, desk: Desk, about: str, body: str = "Why is it higher this month?") -> None:
    """Mina writes; Ana sees it arrive and opens it."""
    page.goto("/inbox")
    desk.mail(sender=MINA, subject=about, body=body)
    row = page.get_by_role("link", name=re.compile(about))
    expect(row).to_be_visible()
    row.click()
    expect(page.get_by_role("heading", name=about)).to_be_visible()


@pytest.mark.req("B7", "B8", "W1")
def test_a_mail_is_acknowledged_with_a_time_and_the_promise_is_on_the_board(page: Page, desk: Desk) -> None:
    about = subject("Flour invoice")
    sign_in(page, ANA)

    asked(page, desk, about)
    owed = page.locator("#owed, .owed").first
    expect(owed).to_contain_text("Acknowledge")

    send = page.get_by_role("button", name=re.compile("Send"))
    page.keyboard.press("r")
    page.keyboard.type("Hello Mina, the mill raised its price. I check the contract.")
    expect(send).to_have_attribute("aria-disabled", "true")
    expect(page.get_by_text("Choose a time to send")).to_be_visible()

    page.locator("input[name=follow_up]").first.check(force=True)
    expect(send).not_to_have_attribute("aria-disabled", "true")
    page.keyboard.press("Control+Enter")

    expect(page.get_by_text("Hello Mina, the mill raised its price.").first).to_be_visible()
    expect(page.get_by_role("button", name="Undo").first).to_be_visible()
    page.goto("/promises")
    expect(page.get_by_text(about).first).to_be_visible()


@pytest.mark.req("B7")
def test_why_a_clock_ends_when_it_does_is_one_hover_away(page: Page, desk: Desk) -> None:
    about = subject("Kiln lease")
    sign_in(page, ANA)
    asked(page, desk, about)

    page.get_by_role("button", name=re.compile("Why")).first.hover()

    card = page.locator(".why:popover-open").first
    expect(card).to_be_visible()
    expect(card).to_contain_text("3 h of working time")


def test_send_is_undone_within_ten_seconds(page: Page, desk: Desk) -> None:
    about = subject("Card statement")
    sign_in(page, ANA)
    asked(page, desk, about)
    page.keyboard.press("r")
    page.keyboard.type("I send this too early.")
    page.locator("input[name=follow_up]").first.check(force=True)
    page.keyboard.press("Control+Enter")

    page.get_by_role("button", name="Undo").first.click()

    expect(page.locator(".owed").first).to_contain_text("Acknowledge")
    expect(page.locator("#reply-text")).to_have_value(re.compile("I send this too early."))


@pytest.mark.req("B8")
def test_what_is_promised_stands_on_the_clients_page(page: Page, desk: Desk) -> None:
    about = subject("Oven receipt")
    sign_in(page, ANA)
    asked(page, desk, about)
    page.keyboard.press("r")
    page.keyboard.type("You have it on the day I name.")
    page.locator("input[name=follow_up]").first.check(force=True)
    page.locator("#follow-what").fill(f"The figure for {about}")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("You have it on the day I name.").first).to_be_visible()

    page.goto("/clients")
    page.get_by_role("link", name="Harbour Lane Bakery").first.click()

    expect(page.get_by_text(f"The figure for {about}").first).to_be_visible()


def test_the_exact_bytes_wait_in_the_outgoing_box(page: Page, desk: Desk) -> None:
    about = subject("Bank feed")
    sign_in(page, ANA)
    asked(page, desk, about)
    page.keyboard.press("r")
    page.keyboard.type("It is connected again.")
    page.locator("input[value=nothing]").check(force=True)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("It is connected again.").first).to_be_visible()

    page.wait_for_timeout(11_000)  # the time in which a send can be undone
    page.goto("/outgoing")
    page.get_by_role("link", name=re.compile(about)).first.click()

    expect(page.get_by_text("It is connected again.").first).to_be_visible()
    expect(page.get_by_text(re.compile("In-Reply-To")).first).to_be_visible()


@pytest.mark.req("A12", "W1")
def test_what_was_missed_reaches_the_lead_and_every_figure_opens_to_its_events(page: Page) -> None:
    """The demo firm has missed a few: Grace reads how one came about, and counts them where the score says so."""
    sign_in(page, "Grace Tuhoe")
    page.goto("/notices")
    told = page.locator(".notice").filter(has_text="the owner was warned at 80%").first
    expect(told).to_contain_text("owes this to")
    about = re.match(r"(.+?): \w+ \w+ owes this to", told.inner_text(), re.S)
    assert about is not None
    told.get_by_role("button").first.click()
    expect(page.locator("h1")).to_contain_text(about[1].split(",")[0].strip())

    page.goto("/score")
    page.get_by_role("link", name="Harbour team").click()
    card = page.locator("main")
    expect(card).to_contain_text("Promises kept")
    page.goto(page.url.replace("/score?", "/score/kept?"))
    said = re.search(r"Counted from (\d+) promises that fell due, (\d+) in time", card.inner_text())
    assert said is not None
    due, kept = int(said[1]), int(said[2])
    broken = page.locator("tbody tr[data-state=broken]")
    assert 0 < due - kept == broken.count()
    assert f"{kept / due:.1%}" in card.inner_text()
    broken.first.get_by_role("link").first.click()
    expect(page.locator("h1")).to_be_visible()
