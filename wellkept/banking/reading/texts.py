"""The text of PDFs, letters and plain files. Imported by the reading process alone: what reads PDFs is slow to load."""

from __future__ import annotations

import io
import re
from email import message_from_bytes, policy
from email.message import EmailMessage, MIMEPart
from html.parser import HTMLParser

import pdfplumber
from pdfminer.pdfdocument import PDFPasswordIncorrect
from pdfplumber.utils.exceptions import PdfminerException

from .result import LONGEST_TEXT, ReadText
from .sentences import BROKEN, EMPTY, LOCKED, PICTURE, UNKNOWN
from .wire import read_how, to_wire

MOST_PAGES = 10
MOST_PARTS = 50
_HIDDEN = {"script", "style", "head", "title"}
_BREAKS = {"br", "p", "div", "tr", "li", "h1", "h2", "h3", "table"}


def answer(raw: bytes, how: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """What the reading process does with a document."""
    return to_wire(read(raw, *read_how(how))), ()


def read(raw: bytes, media_type: str, name: str) -> ReadText:
    if raw.startswith(b"%PDF-") or media_type == "application/pdf":
        return _pdf(raw)
    if media_type.startswith("image/"):
        return ReadText(problem=PICTURE)
    if media_type == "message/rfc822" or name.lower().endswith(".eml"):
        return _letter(raw)
    if media_type.startswith("text/") or media_type == "application/xml":
        return _plain(raw)
    return ReadText(problem=UNKNOWN)


def _pdf(raw: bytes) -> ReadText:
    try:
        with pdfplumber.open(io.BytesIO(raw), pages=list(range(1, MOST_PAGES + 1))) as pdf:
            pages = []
            for page in pdf.pages:
                pages.append(page.extract_text() or "")
                page.close()
    except PdfminerException as trouble:
        locked = any(isinstance(each, PDFPasswordIncorrect) for each in trouble.args)
        return ReadText(problem=LOCKED if locked else BROKEN)
    return _told("\n".join(pages))


def _letter(raw: bytes) -> ReadText:
    """Who wrote, the subject, the words; then the text of PDFs it carries."""
    letter = message_from_bytes(raw, policy=policy.default)
    if not isinstance(letter, EmailMessage):
        return ReadText(problem=UNKNOWN)
    parts = [f"From: {letter.get('from', '')}", f"Date: {letter.get('date', '')}", str(letter.get("subject", ""))]
    body = letter.get_body(preferencelist=("plain", "html"))
    if body is not None:
        parts.append(_content(body))
    for part in list(letter.iter_attachments())[:MOST_PARTS]:
        if part.get_content_type() == "application/pdf":
            parts.append(_pdf(_bytes(part)).text)
    return _told("\n".join(filter(None, parts)))


def _content(part: MIMEPart) -> str:
    text = _decoded(_bytes(part), part.get_content_charset() or "utf-8")
    return _without_tags(text) if part.get_content_type() == "text/html" else text


def _bytes(part: MIMEPart) -> bytes:
    data = part.get_payload(decode=True)
    return data if isinstance(data, bytes) else b""


def _plain(raw: bytes) -> ReadText:
    text = _decoded(raw[: LONGEST_TEXT * 4], "utf-8")
    return _told(_without_tags(text) if re.search(r"<(?:html|body|table|div)\b", text[:4096], re.IGNORECASE) else text)


def _decoded(data: bytes, charset: str) -> str:
    if data.startswith((b"\xff\xfe", b"\xfe\xff")):
        charset = "utf-16"
    try:
        return data.decode(charset)
    except (LookupError, UnicodeError):
        return data.decode("cp1252", "replace")


def _told(text: str) -> ReadText:
    clean = "".join(letter if letter.isprintable() or letter in "\n\t" else " " for letter in text[: LONGEST_TEXT * 2])
    clean = re.sub(r"[ \t]{2,}", "  ", clean).strip()[:LONGEST_TEXT]
    return ReadText(text=clean) if clean else ReadText(problem=EMPTY)


def _without_tags(text: str) -> str:
    stripped = _Stripped()
    stripped.feed(text[: LONGEST_TEXT * 8])
    return "".join(stripped.pieces)


class _Stripped(HTMLParser):
    """What a reader of the page sees, a line a block."""

    def __init__(self) -> None:
        super().__init__(convert_charrefs=True)
        self.pieces: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in _HIDDEN
        self.pieces.append("\n" if tag in _BREAKS else " " if tag in {"td", "th"} else "")

    def handle_endtag(self, tag: str) -> None:
        self._hidden = max(0, self._hidden - (tag in _HIDDEN))

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.pieces.append(data)
