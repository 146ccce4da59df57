"""A whole statement in a real browser: a book is opened, a file dropped, every line coded by keyboard, the end signed."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser.conftest import sign_in
from wellkept.banking.tests.desk import ofx

NUMBER = "06-0501-0777001-00"
ROWS = [
    ("2026-03-02", "KILN GAS CO", "-115.00"),
    ("2026-03-04", "CLAY AND GLAZE", "-230.00"),
    ("2026-03-09", "KILN GAS CO", "-120.00"),
    ("2026-03-11", "MARKET STALL SALES", "1500.00"),
    ("2026-03-16", "KILN GAS CO", "-118.50"),
    ("2026-03-23", "KILN GAS CO", "-119.00"),
]

CLIENT = "Fielding Plumbing"
OPERATING, SAVINGS = "06-0501-0666001-00", "06-0501-0666002-00"
SPENT = [
    ("2026-03-02", "HOSE CO", "-115.00"),
    ("2026-03-04", "HARDWARE", "-230.00"),
    ("2026-03-09", "HOSE CO", "-120.00"),
    ("2026-03-11", "TO SAVINGS", "-500.00"),
    ("2026-03-16", "HOSE CO", "-118.50"),
    ("2026-03-23", "WHO IS THIS", "-77.00"),
]
SAVED = [("2026-03-11", "FROM OPERATING", "500.00")]


@pytest.mark.req("B3", "W3", "W8")
def test_a_statement_is_dropped_coded_by_keyboard_and_signed(page: Page) -> None:
    sign_in(page, "Ana Kovač")
    open_book(page, "Old Mill Ceramics")
    add_account(page)
    drop(page, ofx(ROWS, number=NUMBER, closing="797.50"))

    expect(page.locator("header.head")).to_contain_text("6 new lines, 0 known already")
    expect(page.get_by_text("The period is complete.")).to_be_visible()
    page.keyboard.press("e")
    page.wait_for_url(re.compile(r"/coding/\d+(\?|$)"))

    lines = page.locator("tr[data-line]")
    expect(lines).to_have_count(6)
    name_account(page, "KILN GAS CO", "6090", left=5)
    name_account(page, "MARKET STALL SALES", "4000", left=4)
    take_the_first(page, "KILN GAS CO", left=3)
    take_the_first(page, "KILN GAS CO", left=2)
    take_the_first(page, "KILN GAS CO", left=1)
    name_account(page, "CLAY AND GLAZE", "5000", left=0)

    page.get_by_role("link", name="Statements").click()
    page.locator("tr[data-row]").filter(has_text="Not signed").get_by_role("link").first.click()
    expect(page.get_by_text("Equals the bank")).to_be_visible()
    page.keyboard.press("e")
    expect(page.get_by_text("Ana Kovač signed that book and bank agree")).to_be_visible()


@pytest.mark.req("B3", "W8")
def test_every_key_of_the_panel_decides_its_line(page: Page) -> None:
    """`2` takes the second suggestion, `s` splits, `t` pairs, `a` asks; nothing but the keyboard once the lines are here."""
    sign_in(page, "Ana Kovač")
    open_book(page, CLIENT)
    files = page.url
    for name, number, rows in (("Operating account", OPERATING, SPENT), ("Savings", SAVINGS, SAVED)):
        page.goto(files)
        add_account(page, number, name)
        drop(page, ofx(rows, number=number))
        page.keyboard.press("e")
        page.wait_for_url(re.compile(r"/coding/\d+(\?|$)"))
    lines, panel = page.locator("tr[data-line]"), page.locator("#line-at-hand")
    expect(lines).to_have_count(7)

    name_account(page, "HOSE CO", "6090", left=6)
    name_account(page, "HOSE CO", "5000", left=5)
    go_to(page, "HOSE CO")
    second = panel.locator("button[name=rank][value='2']")
    expect(second).to_be_visible()
    page.keyboard.press("2")
    expect(lines).to_have_count(4)

    go_to(page, "HARDWARE")
    page.keyboard.press("s")
    dialog = page.get_by_role("dialog")
    expect(dialog.get_by_label("Account 1")).to_be_visible()
    for place, (account, amount) in enumerate((("6090", "60%"), ("5000", "=")), 1):
        dialog.get_by_label(f"Account {place}").fill(account)
        dialog.get_by_label(f"Amount {place}").fill(amount)
    page.keyboard.press("Control+Enter")
    expect(lines).to_have_count(3)

    go_to(page, "TO SAVINGS")
    page.keyboard.press("t")
    expect(dialog.get_by_text("FROM OPERATING")).to_be_attached()
    page.keyboard.press("Control+Enter")
    expect(lines).to_have_count(1)

    go_to(page, "WHO IS THIS")
    page.keyboard.press("a")
    expect(dialog.get_by_text("Joss Fielding").first).to_be_attached()
    page.keyboard.press("Control+Enter")
    expect(panel.get_by_text("Asked Joss Fielding")).to_be_visible()
    expect(lines).to_have_count(1)


def open_book(page: Page, client: str) -> None:
    page.goto("/clients")
    page.get_by_role("link", name=client).first.click()
    page.wait_for_url(re.compile(r"/clients/\d+"))
    number = re.findall(r"/clients/(\d+)", page.url)[0]
    page.goto(f"/books/{number}")
    page.get_by_label("Chart of accounts").select_option("nz")
    page.get_by_role("button", name="Open the book").click()
    expect(page.get_by_role("button", name="Open the book")).to_have_count(0)
    page.goto(f"/coding/{number}/files")


def add_account(page: Page, number: str = NUMBER, name: str = "Operating account") -> None:
    page.get_by_role("link", name="Add an account").click()
    page.get_by_label("Name").fill(name)
    page.get_by_label("Account number").fill(number)
    bank = page.get_by_label("Account of the book")
    bank.select_option(
        bank.locator("option", has_text="Savings" if name == "Savings" else "Bank").first.get_attribute("value")
    )
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(number)).to_be_visible()


def drop(page: Page, content: bytes) -> None:
    page.locator("#bank-files").set_input_files(
        {"name": "march.ofx", "mimeType": "application/x-ofx", "buffer": content}
    )
    page.wait_for_url(re.compile(r"/coding/files/\d+"))


def name_account(page: Page, payee: str, code: str, *, left: int) -> None:
    """Go to a line of this payee with `j`, `/`, the account, Enter."""
    go_to(page, payee)
    page.keyboard.press("/")
    page.keyboard.type(code)
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-line]")).to_have_count(left)


def take_the_first(page: Page, payee: str, *, left: int) -> None:
    """Once one was coded the next are suggested: Enter takes it."""
    go_to(page, payee)
    expect(page.locator("#line-at-hand [data-first]")).to_be_visible()
    page.keyboard.press("Enter")
    expect(page.locator("tr[data-line]")).to_have_count(left)


def go_to(page: Page, payee: str) -> None:
    at_hand = page.locator("#line-at-hand h2")
    for key in ["", *"jjjjjj", *"kkkkkk"]:
        if key:
            page.keyboard.press(key)
            page.wait_for_timeout(120)
        if at_hand.inner_text() == payee:
            return
    raise AssertionError(f"{payee} is not among the lines")
