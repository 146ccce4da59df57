"""A letter as the exact bytes that leave, with everything that keeps it in its thread and out of loops."""

from __future__ import annotations

import base64
import binascii
import hashlib
import re
from dataclasses import dataclass
from datetime import datetime, timedelta
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime

from wellkept.connectors.email import letters_html
from wellkept.conversations.outgoing import OutgoingMail
from wellkept.core import files

_POLICY = SMTP.clone(max_line_length=78, cte_type="7bit")
_EPOCH = datetime.fromisoformat("1601-01-01T00:00:00+00:00")  # where Windows begins to count
_LONGEST_INDEX = 300
_LONGEST_LINE = 78
_QUOTED = "quoted-printable"
_BREAKS = re.compile(r"[\r\n\x00]+")


@dataclass(frozen=True)
class Look:
    """Whether a letter has an HTML part beside its text, and what stands under both."""

    html: bool = True
    signature: str = ""


def compose(mail: OutgoingMail, *, loop_id: str, thread_index: str, look: Look, at: datetime) -> bytes:
    """The letter, ready for the wire. `thread_index` is that of the mail it answers, where Outlook gave one."""
    letter = EmailMessage(policy=_POLICY)
    letter["From"] = _address(mail.from_name, mail.from_address)
    letter["To"] = [_address("", to) for to in mail.to]
    if mail.cc:
        letter["Cc"] = [_address("", copy) for copy in mail.cc]
    if mail.reply_to:
        letter["Reply-To"] = _address(mail.from_name, mail.reply_to)
    letter["Subject"] = _line(mail.subject)
    letter["Date"] = format_datetime(at)
    letter["Message-ID"] = mail.message_id
    if mail.in_reply_to:
        letter["In-Reply-To"] = mail.in_reply_to
    if mail.references or mail.in_reply_to:
        letter["References"] = " ".join(
            dict.fromkeys([*mail.references, *([mail.in_reply_to] if mail.in_reply_to else [])])
        )
    letter["Thread-Topic"] = _line(re.sub(r"^(?:re|fwd?)\s*:\s*", "", mail.subject, flags=re.IGNORECASE))
    letter["Thread-Index"] = next_index(thread_index, conversation=mail.conversation, at=at)
    if mail.automatic:
        letter["Auto-Submitted"] = "auto-replied"
        letter["X-Auto-Response-Suppress"] = "All"
    letter["X-Loop"] = mail.from_address
    letter["X-Wellkept-Loop"] = loop_id
    text = _signed(mail.text, look.signature)
    letter.set_content(text, cte=_encoding(text))
    if look.html:
        letter.add_alternative(letters_html.page(mail.text, signature=look.signature), subtype="html", cte=_QUOTED)
    for attachment in mail.attachments:
        main, _, sub = attachment.media_type.partition("/")
        letter.add_attachment(
            files.read(attachment.file),
            maintype=main or "application",
            subtype=sub or "octet-stream",
            filename=attachment.name,
        )
    return letter.as_bytes()


def next_index(earlier: str, *, conversation: int, at: datetime) -> str:
    """Outlook's Thread-Index for an answer to `earlier`, or the first of a thread."""
    try:
        known = base64.b64decode(earlier, validate=True) if earlier else b""
    except (binascii.Error, ValueError):
        known = b""
    if len(known) < 22 or (len(known) - 22) % 5 or len(known) > _LONGEST_INDEX:
        name = hashlib.md5(f"wellkept-{conversation}".encode(), usedforsecurity=False).digest()
        return base64.b64encode(_ticks(at).to_bytes(8, "big")[:6] + name).decode()
    begun = int.from_bytes(known[:6] + b"\x00\x00", "big")
    gap = max(0, _ticks(at) - begun)
    # 31 bits of the time since the thread began, in one of two grains, and a byte that tells answers apart.
    step = (gap >> 18) & 0x7FFFFFFF if gap < 1 << 49 else 0x80000000 | (gap >> 23) & 0x7FFFFFFF
    return base64.b64encode(known + step.to_bytes(4, "big") + bytes([_ticks(at) >> 8 & 0xFF])).decode()


def _ticks(at: datetime) -> int:
    return (at - _EPOCH) // timedelta(microseconds=1) * 10


def _address(name: str, address: str) -> Address:
    local, _, domain = address.rpartition("@")
    return Address(_line(name), local, domain)


def _line(text: str) -> str:
    return _BREAKS.sub(" ", text).strip()


def _signed(text: str, signature: str) -> str:
    """The text with the signature under the two dashes by which mail programs know one."""
    ended = text if text.endswith("\n") else f"{text}\n"
    return f"{ended}\n-- \n{signature}\n" if signature else ended


def _encoding(text: str) -> str:
    """A paragraph stays one line, which every program wraps as it likes: not `format=flowed`, which few programs know.

    Lines longer than mail should have on the wire are therefore encoded, and so is a space at the end of one.
    """
    plain = text.isascii() and all(len(line) <= _LONGEST_LINE and line == line.rstrip() for line in text.split("\n"))
    return "7bit" if plain else _QUOTED
