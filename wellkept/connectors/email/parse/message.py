"""Bytes of a mail to one `ParsedMail`. Takes anything; what is wrong is named in `defects`, never raised."""

from __future__ import annotations

import email.utils
import hashlib
import re
from collections.abc import Sequence
from datetime import UTC, datetime

from . import automatic, bounces, cards, charsets, sniff
from .address import NO_ADDRESS, AddressRefused, recipients, sender
from .body import collect, words
from .mime import Headers, Part, Reader
from .result import Attachment, Automatic, Bounce, Mailbox, ParsedMail

MOST_ATTACHMENTS = 300
MOST_REFERENCES = 60
_LONGEST_SUBJECT = 900
_KEPT = (
    "auto-submitted", "return-path", "sender", "list-id", "list-unsubscribe", "precedence", "x-loop", "x-mailer", "user-agent",
    "thread-index", "thread-topic", "importance", "x-priority", "x-original-to", "authentication-results", "dkim-signature",
    "received-spf", "disposition-notification-to", "x-wellkept-loop",
)  # fmt: skip
_MESSAGE_ID = re.compile(r"<([^<>\s]{1,900})>")


def parse(raw: bytes) -> ParsedMail:
    """The mail in those bytes."""
    reader = Reader(raw)
    root = reader.read()
    headers = root.headers
    from_, problem = _sender(headers)
    subject = cards.masked(headers.text("subject"))[:_LONGEST_SUBJECT]
    shown = from_.address if from_ else ""
    to, cc = recipients(headers.all("to")), recipients(headers.all("cc"))
    delivered = _delivered_to(headers)
    body = collect(root)
    said = words(body, from_, subject, reader)
    auto, bounce = _machine(root, reader, shown, subject, to, delivered)
    given = _ids(headers.get("message-id"), 1)
    return ParsedMail(
        message_id=given[0] if given else _derived_id(shown, headers, subject, said.text),
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
        text=said.text,
        text_from_html=said.from_html,
        spans=said.spans,
        safe_html=said.safe_html,
        remote_hosts=said.remote_hosts,
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
