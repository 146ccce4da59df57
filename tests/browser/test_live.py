"""No change is lost between a page and its stream, or while a part of the page is being read."""

from __future__ import annotations

import re
import time

from playwright.sync_api import APIResponse, Page, Route, expect

from tests.browser.conftest import Desk, sign_in

ANA, MINA = "Ana Kovač", "Mina Okafor <mina@harbourlane.example>"
STREAM = re.compile(r"/live(\?since=\d+)?$")
PATIENCE = 120


def arrived(page: Page, desk: Desk, words: str) -> str:
    """Mina writes, and the desk knows it, whatever this page shows."""
    about = f"{words} {time.time_ns() % 1_000_000}"
    desk.mail(sender=MINA, subject=about, body="Do you see it at once?")
    for _ in range(PATIENCE):
        if about in page.context.request.get("/inbox/rows").text():
            return about
        page.wait_for_timeout(500)
    raise AssertionError("the mail did not arrive")


def test_what_arrives_before_the_stream_is_open_shows_when_it_opens(page: Page, desk: Desk) -> None:
    sign_in(page, ANA)
    held: list[Route] = []
    page.route(STREAM, lambda route: held.append(route))
    page.goto("/inbox")
    about = arrived(page, desk, "Between page and stream")
    expect(page.get_by_role("link", name=about)).to_have_count(0)

    for route in held:
        route.continue_()

    expect(page.get_by_role("link", name=about)).to_be_visible()


def test_what_arrives_while_the_list_is_read_is_read_again(page: Page, desk: Desk) -> None:
    sign_in(page, ANA)
    held: list[tuple[Route, APIResponse]] = []

    def hold(route: Route) -> None:
        if held:
            route.continue_()
        else:
            held.append((route, route.fetch()))

    page.goto("/inbox")
    page.wait_for_timeout(1_000)  # the stream is open
    page.route("**/inbox/rows*", hold)
    page.evaluate("document.dispatchEvent(new CustomEvent('refresh', { detail: { ids: ['inbox'] } }))")
    about = arrived(page, desk, "While reading")
    page.wait_for_timeout(3_000)  # the stream has told it, and what follows from it

    route, before = held[0]
    route.fulfill(response=before)

    expect(page.get_by_role("link", name=about)).to_be_visible()


def test_a_second_tab_asks_what_it_missed_before_it_listened(page: Page, desk: Desk) -> None:
    sign_in(page, ANA)
    page.goto("/inbox")
    second = page.context.new_page()
    scripts: list[Route] = []
    second.route(re.compile(r"/js/live[^/]*\.js$"), lambda route: scripts.append(route))
    second.goto("/inbox", wait_until="commit")
    about = arrived(page, desk, "A second tab")
    expect(page.get_by_role("link", name=about)).to_be_visible()

    for route in scripts:
        route.continue_()

    expect(second.get_by_role("link", name=about)).to_be_visible()
