"""Bytes of a mail to one `ParsedMail`. Takes anything; what is wrong is named in `defects`, never raised."""

from __future__ import annotations

import email.utils
import hashlib
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime

from . import automatic, bounces, charsets, html_text, sanitise, sniff, visible, wording
from .address import NO_ADDRESS, AddressRefused, recipients, sender
from .mime import Headers, Part, Reader
from .result import Attachment, Automatic, Bounce, Mailbox, ParsedMail, Span

LONGEST_TEXT = 1_000_000
MOST_ATTACHMENTS = 300
MOST_REFERENCES = 60
_LONGEST_SUBJECT = 900
_KEPT = (
    "auto-submitted", "return-path", "sender", "list-id", "list-unsubscribe", "precedence", "x-loop", "x-mailer", "user-agent",
    "thread-index", "thread-topic", "importance", "x-priority", "x-original-to", "authentication-results", "dkim-signature",
    "received-spf", "disposition-notification-to", "x-wellkept-loop",
)  # fmt: skip
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")
_WORD = re.compile(r"\w+")


@dataclass(slots=True)
class _Body:
    """Text and HTML of a mail in reading order: each block has one or both forms of the same content."""

    blocks: list[tuple[Part | None, Part | None]] = field(default_factory=list)
    files: list[Part] = field(default_factory=list)


def parse(raw: bytes) -> ParsedMail:
    """The mail in those bytes."""
    reader = Reader(raw)
    root = reader.read()
    headers = root.headers
    from_, problem = _sender(headers)
    subject = headers.text("subject")[:_LONGEST_SUBJECT]
    shown = from_.address if from_ else ""
    to, cc = recipients(headers.all("to")), recipients(headers.all("cc"))
    delivered = _delivered_to(headers)
    body = _Body()
    _collect(root, body)
    text, from_html, spans, html, safe_html, hosts = _texts(body, from_, subject, reader)
    auto, bounce = _machine(root, reader, shown, subject, to, delivered)
    given = _ids(headers.get("message-id"), 1)
    return ParsedMail(
        message_id=given[0] if given else _derived_id(shown, headers, subject, text),
        message_id_given=bool(given),
        in_reply_to=_ids(headers.get("in-reply-to"), 5),
        references=_references(headers),
        subject=subject,
        from_=from_,
        from_problem=problem,
        reply_to=recipients(headers.all("reply-to")),
        to=to,
        cc=cc,
        delivered_to=delivered,
        date=_date(headers.get("date")),
        text=text,
        text_from_html=from_html,
        spans=spans,
        html=html,
        safe_html=safe_html,
        remote_hosts=hosts,
        attachments=_attachments(body.files, reader),
        headers=tuple((name, charsets.header(headers.get(name))[:2_000]) for name in _KEPT if headers.get(name)),
        automatic=auto,
        bounce=bounce,
        defects=tuple(reader.defects),
    )


def _machine(
    root: Part, reader: Reader, shown: str, subject: str, to: Sequence[Mailbox], delivered: Sequence[str]
) -> tuple[Automatic | None, Bounce | None]:
    own = frozenset(mailbox.address.lower() for mailbox in to) | frozenset(found.lower() for found in delivered)
    bounce = bounces.recognise(root, reader, sender=shown, subject=subject, own=own)
    if bounce:
        return Automatic(automatic.BOUNCE, "report"), bounce
    return automatic.recognise(root, shown, subject), None


def _sender(headers: Headers) -> tuple[Mailbox | None, str]:
    try:
        return sender(headers.all("from")), ""
    except AddressRefused as refused:
        if refused.code == NO_ADDRESS and "<>" in headers.get("from"):
            return None, "no-address"
        return None, refused.code


def _collect(root: Part, body: _Body) -> None:
    """Sorts the leaves into texts to read and files to keep, in order."""
    waiting = [root]
    while waiting:
        part = waiting.pop()
        if not part.parts:
            _leaf(part, body)
        elif part.content_type == "multipart/alternative":
            _alternative(part, body)
        elif part.content_type == "multipart/report":
            waiting.extend(reversed(part.parts))
        else:
            waiting.extend(reversed(part.parts))


def _leaf(part: Part, body: _Body) -> None:
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


def _alternative(part: Part, body: _Body) -> None:
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


def _texts(
    body: _Body, from_: Mailbox | None, subject: str, reader: Reader
) -> tuple[str, bool, tuple[Span, ...], str, str, tuple[str, ...]]:
    """The text to read with its spans, and the HTML with its safe form."""
    words = visible.sender_words(from_.name, from_.address) if from_ else ()
    forwarded = bool(wording.FORWARD_SUBJECT.match(subject))
    plains = [_decoded(plain) if plain is not None else "" for plain, _ in body.blocks]
    htmls = [_decoded(html) if html is not None else "" for _, html in body.blocks]
    html = _joined_html(plains, htmls, reader)
    read = html_text.read(html) if html else None
    plain = "\n\n".join(text.strip("\n") for text in plains if text.strip())
    from_html = read is not None and _html_says_more(plain, read.text, plains, htmls)
    text = read.text if from_html and read is not None else plain
    if len(text) > LONGEST_TEXT:
        reader.defects["text-cut"] = None
        text = text[:LONGEST_TEXT]
    html_spans = visible.spans(read.text, sender=words, forwarded=forwarded, marks=read.marks) if read else ()
    if from_html and read is not None and len(text) == len(read.text):
        spans = html_spans
    else:
        spans = visible.spans(text, sender=words, forwarded=forwarded)
    safe, hosts = "", tuple[str, ...]()
    if read is not None:
        if read.root is None:
            reader.defects["html-unreadable"] = None
        safe, hosts = sanitise.safe(read, html_spans)
    return text, from_html, spans, html, safe, hosts


def _decoded(part: Part) -> str:
    text = charsets.decode(part.content(), part.parameter("charset") or _meta_charset(part))
    if part.parameter("format").lower() == "flowed":
        return _unflowed(text, delete_space=part.parameter("delsp").lower() == "yes")
    return text


def _meta_charset(part: Part) -> str:
    if part.content_type != "text/html":
        return ""
    match = re.search(rb"<meta[^<>]{0,200}charset\s*=\s*[\"']?([\w.:-]{1,40})", part.content()[:4_000], re.IGNORECASE)
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


def _attachments(parts: Sequence[Part], reader: Reader) -> tuple[Attachment, ...]:
    if len(parts) > MOST_ATTACHMENTS:
        reader.defects["too-many-attachments"] = None
    files = []
    for number, part in enumerate(parts[:MOST_ATTACHMENTS], start=1):
        content = part.content()
        name = _file_name(part.filename)
        kind = sniff.content_type(content, part.content_type, name)
        identity = part.headers.get("content-id").strip().strip("<>")[:250]
        inline = bool(identity) and part.disposition != "attachment" and kind.startswith("image/")
        files.append(
            Attachment(name or _invented_name(number, kind), kind, part.content_type, content, identity, inline)
        )
    return tuple(files)


def _file_name(given: str) -> str:
    """The last piece of the name the sender gave, without what could lead out of a folder or hide an ending."""
    name = re.sub(r"[\x00-\x1f\u200b-\u200f\u202a-\u202e\u2066-\u2069]", "", given.replace("\\", "/")).rpartition("/")[
        2
    ]
    name = name.strip().lstrip(".").strip()
    if len(name) > 180:
        stem, dot, ending = name.rpartition(".")
        name = f"{stem[:160]}{dot}{ending[:15]}" if dot else name[:180]
    return name


def _invented_name(number: int, kind: str) -> str:
    endings = {"text/plain": "txt", "message/rfc822": "eml", "image/jpeg": "jpg", "image/svg+xml": "svg"}
    ending = endings.get(kind) or re.sub(r"[^a-z0-9]", "", kind.partition("/")[2])[:8] or "bin"
    return f"attachment-{number}.{'bin' if ending == 'octetstr' else ending}"


def _ids(value: str, most: int) -> tuple[str, ...]:
    found = [match[1] for match in _MESSAGE_ID.finditer(charsets.clean(value))]
    if not found and re.fullmatch(r"[^<>\s]{3,900}", value.strip()):
        found = [charsets.clean(value.strip())]
    return tuple(f"<{identity}>" for identity in dict.fromkeys(found))[:most]


def _references(headers: Headers) -> tuple[str, ...]:
    """The first reference and the latest ones: the first is the root of the thread."""
    found = _ids(" ".join(headers.all("references")), 10_000)
    return found if len(found) <= MOST_REFERENCES else (found[0], *found[-MOST_REFERENCES + 1 :])


def _derived_id(shown: str, headers: Headers, subject: str, text: str) -> str:
    """An id for a mail that has none, the same for every copy of it, whatever way each came."""
    basis = "\n".join([shown, headers.get("from"), headers.get("date"), headers.get("to"), subject, text])
    return f"<{hashlib.sha256(basis.encode('utf-8', 'replace')).hexdigest()[:40]}@no-message-id.invalid>"


def _delivered_to(headers: Headers) -> tuple[str, ...]:
    names = ("delivered-to", "x-original-to", "envelope-to", "x-delivered-to", "x-rcpt-to", "x-forwarded-to")
    found = recipients([value for name in names for value in headers.all(name)][:50])
    return tuple(mailbox.address for mailbox in found)


def _date(value: str) -> datetime | None:
    try:
        found = email.utils.parsedate_to_datetime(value[:200].strip()) if value.strip() else None
    except (ValueError, TypeError, IndexError, OverflowError):
        return None
    if found is None:
        return None
    found = found if found.tzinfo else found.replace(tzinfo=UTC)
    try:
        found = found.astimezone(UTC)
    except (OverflowError, ValueError):
        return None
    return found if 1980 <= found.year <= 2100 else None
