"""A disk that fills up under a running firm: a real limit on the real process, then space again."""

from __future__ import annotations

import re
import resource
import smtplib
import sqlite3
import urllib.error
import urllib.parse
import urllib.request
from collections.abc import Iterator
from contextlib import closing, contextmanager
from http.cookiejar import CookieJar

import pytest

from wellkept.cli.tests.firms import SERVER, FirmInAFolder

LETTER = "From: Mina <mina@harbourlane.example>\r\nTo: desk@lantern.example\r\nSubject: {0}\r\nMessage-ID: <{0}@x.example>\r\n\r\nHello\r\n"
LEAST = 4096

pytestmark = [
    pytest.mark.process,
    pytest.mark.skipif(bool(SERVER), reason="a server's disk cannot be filled without harming others on it"),
]


@contextmanager
def full(pid: int) -> Iterator[None]:
    """No file of that process grows beyond a few kilobytes: the next page of the database cannot be written."""
    before = resource.prlimit(pid, resource.RLIMIT_FSIZE)
    resource.prlimit(pid, resource.RLIMIT_FSIZE, (LEAST, before[1]))
    try:
        yield
    finally:
        resource.prlimit(pid, resource.RLIMIT_FSIZE, before)


def send(firm: FirmInAFolder, name: str) -> None:
    with smtplib.SMTP("127.0.0.1", firm.mail_port, timeout=30) as server:
        server.sendmail("mina@harbourlane.example", ["desk@lantern.example"], LETTER.format(name).encode())


def kept(firm: FirmInAFolder) -> tuple[int, int]:
    """Mails and facts."""
    with closing(sqlite3.connect(f"file:{firm.data / 'wellkept.sqlite3'}?mode=ro", uri=True)) as database:
        [mails] = database.execute("SELECT count(*) FROM email_rawmail").fetchone()
        [facts] = database.execute("SELECT count(*) FROM core_fact").fetchone()
        return mails, facts


class Browser:
    """Keeps cookies, follows forms, tells the status of what failed."""

    def __init__(self, firm: FirmInAFolder) -> None:
        self._address = f"http://127.0.0.1:{firm.port}"
        self._opener = urllib.request.build_opener(urllib.request.HTTPCookieProcessor(CookieJar()))

    def get(self, path: str) -> tuple[int, str]:
        return self._ask(path, None)

    def sign_in(self) -> tuple[int, str]:
        token = re.search(r'name="csrfmiddlewaretoken" value="([^"]+)"', self.get("/account/login/")[1])
        given = {"login": "tomas@lantern.example", "password": "a lantern in every window 42"}
        form = {**given, "csrfmiddlewaretoken": token[1] if token else ""}
        return self._ask("/account/login/", urllib.parse.urlencode(form).encode())

    def _ask(self, path: str, form: bytes | None) -> tuple[int, str]:
        try:
            with self._opener.open(f"{self._address}{path}", form, timeout=30) as answer:
                return answer.status, answer.read().decode()
        except urllib.error.HTTPError as error:
            return error.code, error.read().decode()


def test_a_full_disk_refuses_in_words_and_loses_nothing(firm: FirmInAFolder) -> None:
    with firm.serving() as process:
        firm.wait_until_ready()
        send(firm, "before")
        reading, writing = Browser(firm), Browser(firm)
        assert reading.sign_in()[0] == 200
        before = kept(firm)
        with full(process.pid):
            with pytest.raises(smtplib.SMTPDataError) as refused:
                send(firm, "during")
            changing = writing.sign_in()
            read = reading.get("/inbox")
            during = kept(firm)
        send(firm, "during")
        after = writing.sign_in()

    assert refused.value.smtp_code == 452 and b"The disk is full" in refused.value.smtp_error
    assert changing[0] == 503 and "The disk is full, so nothing was changed." in changing[1]
    assert read[0] == 200
    assert during[0] == before[0] and after[0] == 200
    assert kept(firm)[0] == before[0] + 1
    assert "is whole" in firm.must("verify")
