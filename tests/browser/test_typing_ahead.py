"""Hands faster than the machine: on a slow line and a slow processor nothing typed is lost or reaches another line."""

from __future__ import annotations

import re
import time

import pytest
from playwright.sync_api import APIResponse, BrowserContext, Page, Request, Route, expect

from tests.browser.conftest import sign_in
from tests.browser.test_statement import add_account, drop, open_book
from wellkept.banking.tests.desk import ofx

ANA, CLIENT, NUMBER = "Ana Kovač", "Quarry Road Vineyard", "06-0501-0888001-00"
PAYEES = ["BARREL HIRE", "CORKS DIRECT", "GLASS WORKS", "PRUNING CREW", "LABEL PRESS"]
ACCOUNTS = ["6090", "5000", "6100"]


def lines_of_its_own(page: Page) -> list[str]:
    """Every story drops a file with lines nobody has seen; the list is open and the first line is at hand."""
    sign_in(page, ANA)
    page.goto("/clients")
    page.get_by_role("link", name=CLIENT).first.click()
    page.wait_for_url(re.compile(r"/clients/\d+"))
    page.goto(f"/coding/{re.findall(r'/clients/([0-9]+)', page.url)[0]}/files")
    if page.get_by_text(NUMBER).count() == 0:
        open_book(page, CLIENT)
        add_account(page, NUMBER)
    run = time.time_ns() % 1_000_000_000
    rows = [
        (f"2026-03-{9 + place:02}", f"{payee} {run}", f"-{80 + place}.{run % 100:02}")
        for place, payee in enumerate(PAYEES)
    ]
    drop(page, ofx(rows, number=NUMBER).replace(b"<FITID>", b"<FITID>%d-" % run))
    page.keyboard.press("e")
    page.wait_for_url(re.compile(r"/coding/\d+(\?|$)"))
    expect(page.locator("#another-account")).to_be_visible()
    return numbers(page)


def numbers(page: Page) -> list[str]:
    return [row.get_attribute("data-line") or "" for row in page.locator("tr[data-line]").all()]


def slowly(page: Page) -> None:
    """From now on the processor is slow and every answer far away."""
    session = page.context.new_cdp_session(page)
    session.send("Emulation.setCPUThrottlingRate", {"rate": 6})
    conditions = {"offline": False, "latency": 400, "downloadThroughput": -1, "uploadThroughput": -1}
    session.send("Network.emulateNetworkConditions", conditions)


def decisions(page: Page) -> list[tuple[str, str]]:
    """What is sent from now on: the line, and the account named for it."""
    sent: list[tuple[str, str]] = []

    def note(request: Request) -> None:
        if found := re.search(r"/lines/(\d+)/(?:code|accept)$", request.url):
            account = re.search(r"(?:^|&)account=([^&]*)", request.post_data or "")
            sent.append((found[1], account[1] if account else ""))

    page.on("request", note)
    return sent


def name_account(page: Page, account: str) -> None:
    """`/`, the account, Enter, and no look at the screen."""
    page.keyboard.type(f"/{account}")
    page.keyboard.press("Enter")


@pytest.mark.req("W3")
def test_what_is_typed_ahead_takes_the_lines_that_come_up_in_order(page: Page) -> None:
    lines, sent = lines_of_its_own(page), decisions(page)
    slowly(page)

    for account in ACCOUNTS:
        name_account(page, account)

    expect(page.locator("tr[data-line]")).to_have_count(len(lines) - 3)
    assert sent == list(zip(lines[:3], ACCOUNTS, strict=True))


@pytest.mark.req("W3")
def test_what_is_typed_after_moving_is_meant_for_the_line_that_is_named(page: Page) -> None:
    lines, sent = lines_of_its_own(page), decisions(page)
    texts = page.locator("tr[data-line] [data-open]").all_inner_texts()
    slowly(page)

    for _ in range(3):
        page.keyboard.press("j")
    assert page.locator("#line-at-hand h2").inner_text() == texts[3]
    name_account(page, ACCOUNTS[0])
    page.keyboard.press("k")
    name_account(page, ACCOUNTS[1])

    expect(page.locator("tr[data-line]")).to_have_count(len(lines) - 2)
    after = lines[:3] + lines[4:]  # the keyboard stood on the one that followed; `k` is the one above it
    assert sent == [(lines[3], ACCOUNTS[0]), (after[2], ACCOUNTS[1])]


def test_a_line_that_comes_up_late_does_not_take_the_field_from_under_the_hand(page: Page) -> None:
    _, sent = lines_of_its_own(page), decisions(page)
    field = page.locator("#another-account")
    slowly(page)

    page.keyboard.press("j")
    page.keyboard.type("/glass", delay=60)
    expect(field).to_be_focused()
    page.keyboard.type(" works", delay=60)
    page.wait_for_timeout(1_500)  # what was asked for twice would have come by now

    expect(field).to_be_focused()
    expect(field).to_have_value("glass works")
    assert sent == []


def test_a_refusal_drops_what_was_typed_ahead(page: Page) -> None:
    lines, sent = lines_of_its_own(page), decisions(page)
    field = page.locator("#another-account")
    slowly(page)

    name_account(page, "nowhere")
    name_account(page, ACCOUNTS[0])

    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_be_focused()
    expect(field).to_have_value("nowhere")
    assert numbers(page) == lines
    assert sent == [(lines[0], "nowhere")]


def test_a_line_leaves_the_list_though_the_stream_was_faster_than_the_answer(page: Page) -> None:
    lines = lines_of_its_own(page)
    held: list[tuple[Route, APIResponse]] = []
    page.route(re.compile(r"/code$"), lambda route: held.append((route, route.fetch())))

    name_account(page, ACCOUNTS[0])
    expect(page.locator(f"#line-{lines[0]}[data-gone]")).to_have_count(1)
    route, answer = held[0]
    route.fulfill(response=answer)

    expect(page.locator("tr[data-line]")).to_have_count(len(lines) - 1)
    expect(page.locator("#line-at-hand")).to_have_attribute("data-line", lines[1])


def test_what_others_code_leaves_the_field_under_the_hand_alone(page: Page, context: BrowserContext) -> None:
    line, field = lines_of_its_own(page)[0], page.locator("#another-account")
    other = context.new_page()
    other.goto(page.url)
    page.bring_to_front()
    page.keyboard.type("/ab")

    name_account(other, ACCOUNTS[0])
    expect(page.locator(f"#line-{line}")).to_have_count(0)
    page.keyboard.type("cd")

    expect(field).to_be_focused()
    expect(field).to_have_value("abcd")
    expect(page.locator("#line-at-hand")).to_have_attribute("data-line", line)
