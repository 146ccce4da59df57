"""How a letter looks on the wire: its text, its HTML made of that text, its signature."""

from __future__ import annotations

import email
import re
from email import policy
from email.message import EmailMessage
from html import unescape

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.world import World
from wellkept.connectors.email import actions, letters_html
from wellkept.connectors.email.parse.message import parse
from wellkept.core import files
from wellkept.people.models import Staff

from .conftest import Remote
from .test_transports import NOON, leave, replied

TYPED = """Dear Mina,

yes, you can: see https://ird.example/gst?a=1&b=2.

What I need:
- the invoice
- the date of <payment>

1. Send it here.
2. I enter it.

> Can I claim GST?

Ana"""


def got(remote: Remote) -> EmailMessage:
    found = email.message_from_bytes(remote.taken[-1][2], policy=policy.default)
    assert isinstance(found, EmailMessage)
    return found


def part(letter: EmailMessage, kind: str) -> str:
    found = letter.get_body((kind,))
    assert found is not None
    return str(found.get_content())


def changed(world: World, form: str = "html", signature: str = "", by: Staff | None = None) -> None:
    actions.change_letterhead(form=form, signature=signature, by=by or world.admin, at=NOON)


def test_a_letter_leaves_as_text_and_as_html_of_the_same_words(world: World, remote: Remote) -> None:
    replied(world, TYPED)
    row = leave()

    letter = got(remote)
    html = part(letter, "html")
    assert letter.get_content_type() == "multipart/alternative"
    assert [each.get_content_type() for each in letter.iter_parts()] == ["text/plain", "text/html"]
    assert part(letter, "plain").replace("\r\n", "\n").rstrip() == TYPED
    assert '<a href="https://ird.example/gst?a=1&amp;b=2">' in html and "<li>the date of &lt;payment&gt;</li>" in html
    assert '<ol start="1"' in html and html.count("<blockquote") == 1
    assert row.content is not None and files.read(row.content) == remote.taken[0][2]
    assert letter["Date"] and letter["Message-ID"] and letter["MIME-Version"] == "1.0"
    assert not [name for name in letter if name.lower().startswith(("list-", "precedence"))]


def test_files_stand_beside_both_forms(world: World, remote: Remote) -> None:
    from wellkept.conversations.incoming import IncomingFile

    replied(world, "See the file.", files=[IncomingFile("gst.txt", "text/plain", b"rates")])
    leave()

    letter = got(remote)
    assert letter.get_content_type() == "multipart/mixed"
    assert [each.get_content_type() for each in letter.iter_parts()] == ["multipart/alternative", "text/plain"]
    assert [each.get_filename() for each in letter.iter_attachments()] == ["gst.txt"]


def test_a_firm_that_wants_plain_letters_gets_them(world: World, remote: Remote) -> None:
    changed(world, "plain")
    replied(world)
    leave()

    assert got(remote).get_content_type() == "text/plain"


def test_the_signature_stands_under_both_forms_and_is_known_as_one(world: World, remote: Remote) -> None:
    changed(world, signature="Lantern Books\r\n12 Cuba Street  \r\nhttps://lantern.example\r\n")
    replied(world)
    leave()

    letter = got(remote)
    read = parse(remote.taken[0][2])
    assert (
        part(letter, "plain")
        .replace("\r\n", "\n")
        .endswith("\n\n-- \nLantern Books\n12 Cuba Street\nhttps://lantern.example\n")
    )
    assert '<a href="https://lantern.example">' in part(letter, "html")
    assert read.visible_text == "Yes, you can."


def test_no_line_is_too_long_for_the_wire(world: World, remote: Remote) -> None:
    replied(world, "One long paragraph. " * 80)
    leave()

    content = remote.taken[0][2]
    assert max(map(len, content.split(b"\r\n"))) <= 78
    assert part(got(remote), "plain").strip() == ("One long paragraph. " * 80).strip()


def test_what_makes_no_sense_is_refused_and_only_administrators_change_it(world: World) -> None:
    with pytest.raises(actions.LetterheadUnclear, match="Choose whether"):
        changed(world, "pdf")
    with pytest.raises(actions.LetterheadUnclear, match="1000 signs"):
        changed(world, signature="x" * 1001)
    with pytest.raises(Exception, match="Only administrators"):
        changed(world, by=world.ana)


@pytest.mark.parametrize(
    ("typed", "made"),
    [
        ("one\ntwo", "one<br>\ntwo"),
        ("15. July\n30. June", "15. July<br>\n30. June"),
        ("2) b\n3) c", '<ol start="2"'),
        ("<script>alert(1)</script>", "&lt;script&gt;"),
        ('javascript:alert(1) http://a.example/"onclick=x', 'href="http://a.example/"'),
        ("-dash", "<p"),
        ("a  b", "a&nbsp; b"),
    ],
)
def test_text_as_html(typed: str, made: str) -> None:
    assert made in letters_html.body(typed)


SIGNS = st.text(alphabet=st.sampled_from("ab<>&\"'*-1. 2)\n\t>:/htps-ü"), max_size=120)


@given(SIGNS)
def test_no_sign_is_lost_and_none_becomes_markup(typed: str) -> None:
    html = letters_html.body(typed)
    left = unescape(re.sub(r"</?(?:p|br|ul|ol|li|blockquote|a)(?: (?:style|start|href)=\"[^\"<>]*\")*>", "", html))

    assert re.sub(r"[\s>*\-.)0-9]", "", left) == re.sub(r"[\s>*\-.)0-9]", "", typed)
