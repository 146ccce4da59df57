"""A real server with the demo firm in its own process, and a real Chromium in front of it."""

from __future__ import annotations

import os
import shutil
import signal
import smtplib
import socket
import subprocess
import sys
import time
import urllib.request
from collections.abc import Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, ConsoleMessage, Page, expect, sync_playwright

expect.set_options(timeout=20_000)  # CI must not fail because a machine is slow
CHROMIUM = shutil.which("chromium") or shutil.which("google-chrome")
QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-quic",
]
PATIENCE = 300


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    for item in items:
        if "tests/browser" in str(item.path):
            item.add_marker(pytest.mark.browser)


@dataclass(frozen=True)
class Desk:
    """A running Wellkept with the demo firm."""

    url: str
    mail_port: int
    data: Path

    def mail(self, *, sender: str, subject: str, body: str, to: str = "desk@lantern.example") -> None:
        """Send a real mail to the local mail port."""
        message = EmailMessage()
        message["From"], message["To"], message["Subject"] = sender, to, subject
        message["Message-ID"] = f"<{time.time_ns()}@browser.example>"
        message.set_content(body)
        with smtplib.SMTP("127.0.0.1", self.mail_port, timeout=10) as server:
            server.send_message(message)


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture(scope="session")
def desk(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Desk]:
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed.")
    if running := os.environ.get("WELLKEPT_TEST_DESK"):  # a demo that runs already: `http://127.0.0.1:8000 2525`
        url, intake = running.split()
        yield Desk(url=url, mail_port=int(intake), data=tmp_path_factory.mktemp("desk"))
        return
    data, port, mail_port = tmp_path_factory.mktemp("desk"), free_port(), free_port()
    environment = {name: value for name, value in os.environ.items() if not name.startswith("WELLKEPT_")}
    environment |= {
        "WELLKEPT_DATA": str(data),
        "WELLKEPT_DEMO": "1",
        "WELLKEPT_PORT": str(port),
        "WELLKEPT_MAIL_IN_PORT": str(mail_port),
        "WELLKEPT_SQLITE_SYNCHRONOUS": "OFF",
    }
    log = (data / "serve.log").open("w")
    server = subprocess.Popen(
        [sys.executable, "-m", "wellkept.cli.main", "serve"], env=environment, stdout=log, stderr=subprocess.STDOUT
    )
    try:
        wait_until_ready(f"http://127.0.0.1:{port}/readyz", server, data / "serve.log")
        yield Desk(url=f"http://127.0.0.1:{port}", mail_port=mail_port, data=data)
    finally:
        server.send_signal(signal.SIGTERM)
        server.wait(20)


def wait_until_ready(address: str, server: subprocess.Popen[bytes], log: Path) -> None:
    for _ in range(PATIENCE * 4):
        if server.poll() is not None:
            pytest.fail(f"The server stopped:\n{log.read_text()[-4000:]}")
        try:
            with urllib.request.urlopen(address, timeout=2) as answer:
                if answer.status == 200:
                    return
        except OSError:
            time.sleep(0.25)
    pytest.fail(f"The server was not ready in {PATIENCE} s:\n{log.read_text()[-4000:]}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as play:
        browser = play.chromium.launch(executable_path=CHROMIUM, args=QUIET)
        yield browser
        browser.close()


@pytest.fixture
def context(browser: Browser, desk: Desk) -> Iterator[BrowserContext]:
    context = browser.new_context(base_url=desk.url, viewport={"width": 1440, "height": 1000}, locale="en-NZ")
    yield context
    context.close()


@pytest.fixture
def page(context: BrowserContext) -> Iterator[Page]:
    """A page that fails its test when the console shows an error (a broken content policy is one)."""
    page = context.new_page()
    errors: list[str] = []
    page.on("console", lambda message: note(message, errors))
    page.on("pageerror", lambda error: None if "Transition was aborted" in str(error) else errors.append(str(error)))
    yield page
    assert errors == [], errors


def note(message: ConsoleMessage, errors: list[str]) -> None:
    if message.type != "error" or "favicon" in message.text or "422" in message.text:  # a refusal is an answer
        return
    signing_in = "401" in message.text and str(message.location.get("url", "")).endswith("/counts")
    if not signing_in:  # the page of the person before asked for its counts while somebody else signed in
        errors.append(f"{message.text} {message.location.get('url', '')}")


def sign_in(page: Page, name: str) -> None:
    """One click as a person of the demo firm."""
    page.goto("/")
    page.get_by_role("button", name=name).click()
    page.wait_for_url(lambda address: "/account/" not in address)
