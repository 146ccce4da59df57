"""What a mail is after reading, and how it crosses from the parsing process: plain text as JSON, files as bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

VISIBLE = "visible"
QUOTATION = "quotation"
SIGNATURE = "signature"


@dataclass(frozen=True, slots=True)
class Mailbox:
    """One address. `misleading` is set when the name beside it shows another address than the real one."""

    address: str
    name: str = ""
    misleading: bool = False


@dataclass(frozen=True, slots=True)
class Span:
    """Half-open piece of the text; all spans of a mail together cover its text without gap or overlap."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True, slots=True)
class Attachment:
    """`content_type` is what the bytes are, `declared_type` what the sender said they are."""

    name: str
    content_type: str
    declared_type: str
    content: bytes
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class FailedRecipient:
    """`permanent` means the other side has given up; otherwise it is still trying."""

    address: str
    permanent: bool
    reason: str = ""


@dataclass(frozen=True, slots=True)
class Bounce:
    """A delivery failure or delay that names at least one recipient."""

    recipients: tuple[FailedRecipient, ...]
    returned_message_id: str = ""


@dataclass(frozen=True, slots=True)
class Automatic:
    """Why no machine may answer this mail: `kind` is reply, generated, list, receipt, bounce or loop."""

    kind: str
    evidence: str


@dataclass(frozen=True, slots=True)
class ParsedMail:
    """One mail, read once. `from_` is None exactly when `from_problem` names why the sender cannot be told."""

    message_id: str
    message_id_given: bool
    in_reply_to: tuple[str, ...]
    references: tuple[str, ...]
    subject: str
    from_: Mailbox | None
    from_problem: str
    reply_to: tuple[Mailbox, ...]
    to: tuple[Mailbox, ...]
    cc: tuple[Mailbox, ...]
    delivered_to: tuple[str, ...]
    date: datetime | None
    text: str
    text_from_html: bool
    spans: tuple[Span, ...]
    safe_html: str
    remote_hosts: tuple[str, ...]
    attachments: tuple[Attachment, ...]
    headers: tuple[tuple[str, str], ...]
    automatic: Automatic | None
    bounce: Bounce | None
    defects: tuple[str, ...]

    @property
    def visible_text(self) -> str:
        """What the sender newly wrote: neither quotation nor signature."""
        return "".join(self.text[span.start : span.end] for span in self.spans if span.kind == VISIBLE).strip()

    def header(self, name: str) -> str:
        """The first kept header of that name, or nothing."""
        return next((value for key, value in self.headers if key == name.lower()), "")


def to_wire(mail: ParsedMail) -> tuple[bytes, tuple[bytes, ...]]:
    """The mail as JSON and the contents of its attachments, in order."""
    plain: dict[str, Any] = {name: getattr(mail, name) for name in _PLAIN}
    plain["from_"] = _row(mail.from_)
    plain["date"] = mail.date.isoformat() if mail.date else None
    for name in ("reply_to", "to", "cc", "spans"):
        plain[name] = [_row(item) for item in getattr(mail, name)]
    plain["automatic"] = _row(mail.automatic)
    plain["bounce"] = mail.bounce and [
        [_row(recipient) for recipient in mail.bounce.recipients],
        mail.bounce.returned_message_id,
    ]
    plain["attachments"] = [
        [file.name, file.content_type, file.declared_type, len(file.content), file.content_id, file.inline]
        for file in mail.attachments
    ]
    return json.dumps(plain, separators=(",", ":")).encode(), tuple(file.content for file in mail.attachments)


def from_wire(head: bytes, blob: bytes) -> ParsedMail:
    """The inverse of `to_wire`; any nonsense raises ValueError, TypeError or KeyError and nothing else."""
    plain = json.loads(head)
    fields: dict[str, Any] = {name: _frozen(plain[name]) for name in _PLAIN}
    fields["from_"] = Mailbox(*plain["from_"]) if plain["from_"] else None
    fields["date"] = datetime.fromisoformat(plain["date"]) if plain["date"] else None
    for name in ("reply_to", "to", "cc"):
        fields[name] = tuple(Mailbox(*row) for row in plain[name])
    fields["spans"] = tuple(Span(*row) for row in plain["spans"])
    fields["automatic"] = Automatic(*plain["automatic"]) if plain["automatic"] else None
    fields["bounce"] = plain["bounce"] and Bounce(
        tuple(FailedRecipient(*row) for row in plain["bounce"][0]), plain["bounce"][1]
    )
    fields["attachments"] = tuple(_attachments(plain["attachments"], blob))
    return ParsedMail(**fields)


def _attachments(rows: list[list[Any]], blob: bytes) -> list[Attachment]:
    files, start = [], 0
    for name, content_type, declared_type, size, content_id, inline in rows:
        files.append(Attachment(name, content_type, declared_type, blob[start : start + size], content_id, inline))
        start += size
    return files


def _row(item: Any) -> list[Any] | None:
    return None if item is None else [getattr(item, name) for name in item.__slots__]


def _frozen(value: Any) -> Any:
    return tuple(_frozen(item) for item in value) if isinstance(value, list) else value


_PLAIN = (
    "message_id",
    "message_id_given",
    "in_reply_to",
    "references",
    "subject",
    "from_problem",
    "delivered_to",
    "text",
    "text_from_html",
    "safe_html",
    "remote_hosts",
    "headers",
    "defects",
)
