"""Every page at three widths, light and dark: nothing is wider than its window, and every word can be read."""

from __future__ import annotations

import pytest
from playwright.sync_api import Browser, Page

from tests.browser.conftest import Desk, sign_in

WIDTHS = (1440, 1024, 390)
DESK = ["/", "/inbox", "a.item", "/promises", "/clients", "main a[href^='/clients/']", "/score", "/search?q=oven"]
DESK += ["/coding", "/notices", "/me/preferences", "/me/account", "/keys"]
HOUSE = [
    "/settings/firm",
    "/settings/people",
    "/settings/agreements/default",
    "a.cal-card",
    "/settings/mailboxes",
    "/health",
]
HOUSE += ["/quarantine", "/outgoing", "/settings/templates"]
BOOKS = [
    "/books",
    "/books/1",
    "/books/1/profit-and-loss",
    "/books/1/balance-sheet",
    "/books/1/cash-flow",
    "/books/1/tax",
]
BOOKS += [
    "/books/1/trial-balance",
    "/books/1/general-ledger",
    "/books/1/aged",
    "/books/1/what-moved",
    "/books/1/accounts",
]
BOOKS += ["/books/1/budget", "/books/1/rates", "/books/1/entries/new", "/books/1/opening-balances", "/coding/1"]
BOOKS += [
    "/coding/1/files",
    "/coding/1/documents",
    "/coding/accounts/1",
    "/coding/1/review",
    "/coding/1/rules",
    "/coding/1/trust",
]
# WCAG 2.2, 1.4.3: 4.5 to 1, and 3 to 1 from 24 px (or 18.66 px bold). Colours are read off the page as drawn.
FAINT = """() => {
  const parts = (c) => { const m = c.match(/[\\d.]+/g).map(Number); return m.length < 4 ? [...m.slice(0, 3), 1] : m; };
  const canvas = document.createElement("canvas").getContext("2d", { willReadFrequently: true });
  const rgb = (c) => { canvas.clearRect(0, 0, 1, 1); canvas.fillStyle = c; canvas.fillRect(0, 0, 1, 1); const d = canvas.getImageData(0, 0, 1, 1).data; return [d[0], d[1], d[2], d[3] / 255]; };
  const over = (top, under) => top.slice(0, 3).map((v, i) => v * top[3] + under[i] * (1 - top[3]));
  const light = (c) => { const [r, g, b] = c.map((v) => { v /= 255; return v <= .03928 ? v / 12.92 : ((v + .055) / 1.055) ** 2.4; }); return .2126 * r + .7152 * g + .0722 * b; };
  const ground = (el) => { const layers = []; for (let e = el; e; e = e.parentElement) { const c = rgb(getComputedStyle(e).backgroundColor); layers.push(c); if (c[3] === 1) break; } return layers.reverse().reduce((under, c) => over(c, under), [255, 255, 255]); };
  const found = new Set();
  const walk = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walk.nextNode()) {
    const el = walk.currentNode.parentElement, text = walk.currentNode.textContent.trim();
    if (!text || !el.checkVisibility({ opacityProperty: true, visibilityProperty: true }) || el.closest("svg, .vh, [inert], [disabled], [aria-disabled=true], [aria-hidden=true]")) continue;
    const s = getComputedStyle(el), box = el.getBoundingClientRect();
    if (!box.width || !box.height) continue;
    let opacity = 1; for (let e = el; e; e = e.parentElement) opacity *= Number(getComputedStyle(e).opacity);
    const under = ground(el), ink = rgb(s.color); ink[3] *= opacity;
    const [a, b] = [light(over(ink, under)), light(under)].sort((x, y) => y - x), ratio = (a + .05) / (b + .05);
    const px = parseFloat(s.fontSize), large = px >= 24 || (px >= 18.66 && Number(s.fontWeight) >= 700);
    if (ratio < (large ? 3 : 4.5)) found.add(`${text.slice(0, 30)} (${el.className || el.tagName}) ${ratio.toFixed(2)}`);
  }
  return [...found];
}"""


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize(
    ("person", "addresses"),
    [("Ana Kovač", DESK), ("Ana Kovač", BOOKS), ("Administrator", HOUSE)],
    ids=["desk", "books", "house"],
)
def test_every_page_fits_and_is_legible(
    browser: Browser, desk: Desk, person: str, addresses: list[str], colours: str
) -> None:
    context = browser.new_context(base_url=desk.url, color_scheme=colours, reduced_motion="reduce")  # type: ignore[arg-type]
    page = context.new_page()
    sign_in(page, person)
    wrong = [complaint for address in addresses for complaint in complaints(page, address)]
    context.close()

    assert not wrong, "\n".join(wrong)


def complaints(page: Page, address: str) -> list[str]:
    page.set_viewport_size({"width": WIDTHS[0], "height": 900})
    open_page(page, address)
    found = []
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 900})
        page.wait_for_timeout(80)
        if page.evaluate("document.documentElement.scrollWidth > window.innerWidth + 1"):
            found.append(f"{page.url} is wider than {width} px")
        found += [f"{page.url} at {width} px: {word}" for word in page.evaluate(FAINT)]
    return found


def open_page(page: Page, address: str) -> None:
    """An address, or the first thing of its kind that the page before lists."""
    if address.startswith("/"):
        page.goto(address)
        return
    if address == "a.cal-card":
        page.goto("/settings/calendars")
    link = page.locator(address).first.get_attribute("href")
    page.goto(link or "")
