"""Mails of others, measured where WELLKEPT_CORPORA names the folder that holds them."""

from __future__ import annotations

import email
import os
import re
from email import policy
from pathlib import Path
from typing import Any

import pytest
import yaml

from wellkept.connectors.email.parse import charsets, html_text, visible
from wellkept.connectors.email.parse.message import parse
from wellkept.connectors.email.parse.result import QUOTATION, VISIBLE
from wellkept.connectors.email.parse.sandbox import Sandbox

_FOLDER = Path(os.environ.get("WELLKEPT_CORPORA", "/nowhere")) / "mail"
pytestmark = [
    pytest.mark.corpora,
    pytest.mark.skipif(not _FOLDER.is_dir(), reason="WELLKEPT_CORPORA names no folder with mails"),
]


def _cases(kind: str) -> dict[str, Any]:
    return yaml.safe_load((_FOLDER / kind / "expected.yml").read_text())["cases"]


def _bare(text: str) -> str:
    return re.sub(r"\s+", "", text)


def _words(text: str) -> list[str]:
    return re.findall(r"\w+", text)


def test_bounces_are_recognised_with_the_right_recipients() -> None:
    wrong = []
    cases = _cases("bounces")
    for name, expected in cases.items():
        bounce = parse((_FOLDER / "bounces" / name).read_bytes()).bounce
        found = {True: set(), False: set()}
        for failed in bounce.recipients if bounce else ():
            found[failed.permanent].add(failed.address.lower())
        right = {True: {a.lower() for a in expected["permanent"]}, False: {a.lower() for a in expected["temporary"]}}
        if found != right or bool(bounce) != expected["is_bounce"]:
            wrong.append(name)

    assert wrong == [], f"{len(cases) - len(wrong)} of {len(cases)}"


def test_quoted_text_replies_lose_no_word() -> None:
    wrong = []
    for name, expected in _cases("quoted_replies_text").items():
        text = charsets.decode((_FOLDER / "quoted_replies_text" / name).read_bytes())
        spans = visible.spans(text)
        assert "".join(text[span.start : span.end] for span in spans) == text
        shown = "".join(text[span.start : span.end] for span in spans if span.kind == VISIBLE).strip()
        whole = expected.get("visible_text")
        if whole is not None and _bare(shown) != _bare(whole):
            wrong.append(name)
        for key, holds in (
            ("first_fragment", lambda part, said=shown: _bare(said).startswith(_bare(part))),
            ("first_fragment_startswith", lambda part, said=shown: _bare(said).startswith(_bare(part))),
            ("first_fragment_contains", lambda part, said=shown: _bare(part) in _bare(said)),
        ):
            if key in expected and not holds(expected[key]):
                wrong.append(name)
        if expected.get("fragments") == 1 and shown != text.strip():
            wrong.append(name)
        unquoted = [line for line in text.splitlines() if line.strip() and not line.lstrip().startswith(">")]
        if "quoted" in expected and not any(expected["quoted"]) and not any(expected["signature"]):
            assert _words(" ".join(unquoted)) == _words(shown)

    assert wrong == []


def test_html_replies_lose_no_word() -> None:
    wrong = []
    folder = _FOLDER / "quoted_replies_html"
    for name, expected in _cases("quoted_replies_html").items():
        if name.endswith(".html"):
            read = html_text.read(charsets.decode((folder / name).read_bytes()))
            text, marks, reply = read.text, read.marks, expected["reply_text_nospace"]
        elif name.endswith(".eml"):
            body = email.message_from_bytes((folder / name).read_bytes(), policy=policy.default).get_body(("plain",))
            text, marks, reply = charsets.clean(body.get_content()), [], expected["reply_text"]
        else:
            continue
        shown = "".join(
            text[span.start : span.end] for span in visible.spans(text, marks=marks) if span.kind != QUOTATION
        )
        if _bare(shown) != _bare(reply):
            wrong.append(name)

    assert wrong == []


def test_signatures_never_take_a_word_of_the_body() -> None:
    folder = _FOLDER / "quoted_replies_html"
    for name, expected in _cases("quoted_replies_html").items():
        if "signature_file" not in expected:
            continue
        text = (folder / name).read_text()
        signature = (folder / "signature/emails/stripped" / Path(expected["signature_file"]).name).read_text()
        body = text.replace(signature.strip("\n"), "") if signature.strip() else text
        sender = visible.sender_words(
            (folder / "signature/emails/stripped" / Path(expected["sender_file"]).name).read_text(), ""
        )
        shown = "".join(
            text[span.start : span.end] for span in visible.spans(text, sender=sender) if span.kind == VISIBLE
        )
        assert _words(body)[:200] == _words(shown)[: len(_words(body)[:200])], name


def test_no_mail_takes_two_seconds() -> None:
    box = Sandbox(cpu_seconds=2)  # the kernel ends a process that uses more for one mail
    for path in sorted(_FOLDER.rglob("*")):
        if path.is_file():
            box.parse(path.read_bytes())
    box.close()
