"""What comes with a message is served so that it can do nothing, and only to those who may see it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine

from tests.world import World, office
from wellkept.conversations.incoming import IncomingFile
from wellkept.conversations.models import Message
from wellkept.core import files
from wellkept.web.tests.desk import NOW, as_

HTML = '<p>Yes, <b>that</b> one.</p><img data-remote-src="https://tracker.example/p.png"><img src="cid:logo@x">'


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def message(world: World) -> Message:
    raw = files.store(b"From: mina@harbourlane.example\r\n\r\nHi", media_type="message/rfc822", at=NOW)
    parts = (
        IncomingFile('oven "receipt"\r\n.html', "text/html", b"<script>alert(1)</script>"),
        IncomingFile("logo.png", "image/png", b"\x89PNG\r\n\x1a\n", "logo@x", True),
    )
    mail = world.from_mina(html=HTML, remote_hosts=("tracker.example",), attachments=parts, raw=raw)
    return world.received(mail, at=office("tue 9:00"))


def test_a_file_is_always_a_download(world: World, message: Message) -> None:
    address = f"/attachments/{message.attachments.order_by('pk')[0].pk}"

    answer = as_(world.ana).get(address)

    assert answer["Content-Type"] == "application/octet-stream" and answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Disposition"].startswith("attachment; ") and "\n" not in answer["Content-Disposition"]
    assert b"".join(answer.streaming_content) == b"<script>alert(1)</script>"
    assert as_(world.stranger).get(address).status_code == 404


def test_the_original_stands_in_a_frame_that_can_run_nothing(world: World, message: Message) -> None:
    answer = as_(world.ana).get(f"/messages/{message.pk}/original", headers={"Sec-Fetch-Dest": "iframe"})

    policy, html = answer["Content-Security-Policy"], answer.content.decode()
    assert "default-src 'none'" in policy and "script-src" not in policy and "sandbox" in policy
    assert "img-src data:" in policy and "https:" not in policy
    assert answer["X-Frame-Options"] == "SAMEORIGIN"
    assert ' src="https://tracker.example' not in html and "data:image/png;base64," in html
    assert as_(world.stranger).get(f"/messages/{message.pk}/original").status_code == 404


def test_pictures_from_elsewhere_are_loaded_when_asked_for(world: World, message: Message) -> None:
    answer = as_(world.ana).get(f"/messages/{message.pk}/original?images=1")

    assert "img-src data: https:" in answer["Content-Security-Policy"]
    assert ' src="https://tracker.example/p.png"' in answer.content.decode()


def test_the_raw_mail_is_for_those_who_may(world: World, message: Message) -> None:
    address = f"/messages/{message.pk}/raw"

    assert b"".join(as_(world.ana).get(address).streaming_content).startswith(b"From: mina@")
    assert as_(world.leo).get(address).status_code == 404
    assert as_(world.stranger).get(address).status_code == 404


def test_a_mail_without_html_has_no_original(world: World) -> None:
    plain = world.received(world.from_mina(), at=office("tue 9:00"))

    assert as_(world.ana).get(f"/messages/{plain.pk}/original").status_code == 404
