"""The keyboard map: everything the mouse does, the keys do, and none of them while typing."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in

ANA = "Ana Kovač"


@pytest.mark.parametrize(
    ("keys", "address"),
    [
        ("gt", r"/$"),
        ("gi", r"/inbox"),
        ("gp", r"/promises"),
        ("gl", r"/clients"),
        ("gs", r"/score"),
        ("go", r"/outgoing"),
        ("gn", r"/notices"),
    ],
)
def test_g_and_a_letter_go_to_a_room(page: Page, keys: str, address: str) -> None:
    sign_in(page, ANA)
    page.goto("/clients" if keys != "gl" else "/promises")

    for key in keys:
        page.keyboard.press(key)

    expect(page).to_have_url(re.compile(address))


def test_j_k_and_enter_walk_the_inbox(page: Page) -> None:
    sign_in(page, ANA)
    page.goto("/inbox")
    page.keyboard.press("j")
    page.keyboard.press("j")
    page.keyboard.press("k")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/conversations/\d+"))


def test_keys_rest_while_typing(page: Page) -> None:
    sign_in(page, ANA)
    page.goto("/inbox")
    page.keyboard.press("j")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"/conversations/\d+"))
    page.keyboard.press("r")

    page.keyboard.type("gi jk?")

    expect(page).to_have_url(re.compile(r"/conversations/\d+"))
    expect(page.locator("#reply-text")).to_have_value(re.compile(re.escape("gi jk?")))


def test_question_mark_lists_the_keys(page: Page) -> None:
    sign_in(page, ANA)
    page.goto("/promises")

    page.keyboard.press("?")

    expect(page.get_by_text("Internal note").first).to_be_visible()


def test_ctrl_k_finds_a_client_and_goes_there(page: Page) -> None:
    sign_in(page, ANA)
    page.goto("/")
    page.keyboard.press("Control+k")
    page.keyboard.type("Harbour Lane")
    expect(page.get_by_role("option", name=re.compile("Harbour Lane Bakery")).first).to_be_visible()

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/(clients|conversations)/\d+"))
