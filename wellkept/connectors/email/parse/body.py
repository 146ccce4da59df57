"""What a mail says: its texts in reading order, the words newly written, and its HTML made safe."""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field

from . import cards, charsets, html_text, sanitise, visible, wording
from .html_text import HtmlText
from .mime import Part, Reader
from .result import Mailbox, Span

LONGEST_TEXT = 1_000_000
_LONGEST_PART = 6_000_000  # bytes as sent; the rest stays in the raw mail
_META = re.compile(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", re.IGNORECASE)
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class Body:
    """Text and HTML of a mail in reading order: each block has one or both forms of the same content."""

    blocks: list[tuple[Part | None, Part | None]] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Words:
    """The text to read with its spans, and the HTML in its safe form with the hosts its images wait for."""

    text: str
    from_html: bool
    spans: tuple[Span, ...]
    safe_html: str
    remote_hosts: tuple[str, ...]


def collect(root: Part) -> Body:
    """Sorts the leaves into texts to read and files to keep, in order."""
    body = Body()
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if not part.parts:
            _leaf(part, body)
        elif part.content_type == "multipart/alternative":
            _alternative(part, body)
        else:
            waiting.extend(reversed(part.parts))
    return body


def words(body: Body, from_: Mailbox | None, subject: str, reader: Reader) -> Words:
    """What the parts say. Card numbers are masked before anybody sees them."""
    plains = [_decoded(plain, reader) if plain is not None else "" for plain, _ in body.blocks]
    htmls = [_decoded(html, reader) if html is not None else "" for _, html in body.blocks]
    html = _joined_html(plains, htmls, reader)
    read = html_text.read(html) if html else None
    plain = "\n\n".join(text.strip("\n") for text in plains if text.strip())
    from_html = read is not None and _html_says_more(plain, read.text, plains, htmls)
    text = _kept(read.text if from_html and read is not None else plain, reader)
    known = visible.sender_words(from_.name, from_.address) if from_ else ()
    forwarded = bool(wording.FORWARD_SUBJECT.match(subject))
    html_spans = visible.spans(read.text, sender=known, forwarded=forwarded, marks=read.marks) if read else ()
    same = from_html and read is not None and len(text) == len(read.text)
    spans = html_spans if same else visible.spans(text, sender=known, forwarded=forwarded)
    safe, hosts = _safe(read, html_spans, reader)
    return Words(text, from_html, spans, safe, hosts)


def _kept(text: str, reader: Reader) -> str:
    if len(text) > LONGEST_TEXT:
        reader.defects["text-cut"] = None
        text = text[:LONGEST_TEXT]
    masked = cards.masked(text)
    if masked != text:
        reader.defects["card-masked"] = None
    return masked


def _safe(read: HtmlText | None, spans: Sequence[Span], reader: Reader) -> tuple[str, tuple[str, ...]]:
    if read is None:
        return "", ()
    if read.root is None:
        reader.defects["html-unreadable"] = None
    return sanitise.safe(read, spans)


def _leaf(part: Part, body: Body) -> None:
    if not _is_text(part):
        body.files.append(part)
    elif part.content_type == "text/html":
        body.blocks.append((None, part))
    else:
        body.blocks.append((part, None))


def _is_text(part: Part) -> bool:
    if part.disposition == "attachment" or part.content_type not in ("text/plain", "text/html", "text/enriched"):
        return False
    return not (part.filename and part.disposition == "inline" and part.content_type == "text/html")


def _alternative(part: Part, body: Body) -> None:
    plain: Part | None = None
    html: Part | None = None
    for leaf in part.walk():
        if leaf.parts or leaf.content_type.startswith("multipart/"):
            continue
        if _is_text(leaf) and leaf.content_type == "text/html" and html is None:
            html = leaf
        elif _is_text(leaf) and leaf.content_type != "text/html" and plain is None:
            plain = leaf
        elif leaf.body.nbytes:
            body.files.append(leaf)
    if plain is not None or html is not None:
        body.blocks.append((plain, html))


def _decoded(part: Part, reader: Reader) -> str:
    if part.body.nbytes > _LONGEST_PART:
        reader.defects["text-cut"] = None
    content = part.content(_LONGEST_PART)
    text = charsets.decode(content, part.parameter("charset") or _meta_charset(part, content))
    if part.parameter("format").lower() == "flowed":
        return _unflowed(text, delete_space=part.parameter("delsp").lower() == "yes")
    return text


def _meta_charset(part: Part, content: bytes) -> str:
    if part.content_type != "text/html":
        return ""
    match = _META.search(content, 0, 4_000)
    return match[1].decode("ascii", "replace") if match else ""


def _unflowed(text: str, *, delete_space: bool) -> str:
    """format=flowed (RFC 3676): a line that ends with a space goes on in the next, unless it is quoted or a signature."""
    out: list[str] = []
    open_line = False
    for line in text.split("\n"):
        joinable = open_line and not line.startswith((">", "-- ")) and line
        if joinable:
            out[-1] += line[1:] if line.startswith(" ") else line
        else:
            out.append(line[1:] if line.startswith(" ") and not line.startswith("  ") else line)
        open_line = line.endswith(" ") and line != "-- " and not line.startswith(">")
        if open_line and delete_space:
            out[-1] = out[-1][:-1]
    return "\n".join(out)


def _joined_html(plains: Sequence[str], htmls: Sequence[str], reader: Reader) -> str:
    if not any(html.strip() for html in htmls):
        return ""
    pieces = []
    for plain, html in zip(plains, htmls, strict=True):
        if html.strip():
            pieces.append(html)
        elif plain.strip():
            escaped = plain.strip("\n").replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
            pieces.append(f'<div style="white-space: pre-wrap">{escaped}</div>' if len(htmls) > 1 else "")
    html = "\n".join(pieces)
    if len(html) > html_text.LONGEST_HTML:
        reader.defects["html-cut"] = None
        html = html[: html_text.LONGEST_HTML]
    return html


def _html_says_more(plain: str, derived: str, plains: Sequence[str], htmls: Sequence[str]) -> bool:
    """Whether the text must come from the HTML: a block without plain text, or a plain text that only excuses itself."""
    if any(html.strip() and not text.strip() for text, html in zip(plains, htmls, strict=True)):
        return bool(derived.strip())
    said, shown = len(_WORD.findall(plain[:20_000])), len(_WORD.findall(derived[:20_000]))
    return said < 25 and shown > said * 3 + 10
