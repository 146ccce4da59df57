"""What a connector hands over when something arrives: plain values, already parsed, never trusted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from wellkept.conversations.rules import storable
from wellkept.core.models import StoredFile

LONGEST_ID = 255
TEXTS = ("message_id", "subject", "from_address", "from_name", "text", "in_reply_to", "html", "automatic")


@dataclass(frozen=True, slots=True)
class IncomingFile:
    """One attachment. `media_type` is what the bytes are, not what the sender said they are."""

    name: str
    media_type: str
    data: bytes
    content_id: str = ""
    inline: bool = False


@dataclass(frozen=True, slots=True)
class IncomingMail:
    """One mail from outside.

    `text` is untouched; `spans` are [start, end, kind] over it, kind visible, quotation or signature. `html` is already
    sanitised. `automatic` is empty when a person wrote it, else reply, generated, list, receipt, bounce, loop or ours.
    `token` is what stood in our signed address, checked here and nowhere else. `our_addresses` are those of our own
    addresses the mail came to; they never become participants.
    """

    message_id: str  # with angle brackets; empty when there was none
    subject: str
    from_address: str  # lower case, from the strict grammar
    text: str
    in_reply_to: str = ""
    references: tuple[str, ...] = ()
    from_name: str = ""
    from_misleading: bool = False  # the name beside the address shows another address
    to: tuple[str, ...] = ()
    cc: tuple[str, ...] = ()
    spans: tuple[tuple[int, int, str], ...] = ()
    html: str = ""
    remote_hosts: tuple[str, ...] = ()
    automatic: str = ""
    sent_at: datetime | None = None  # what the sender's clock said; never starts a clock of ours
    attachments: tuple[IncomingFile, ...] = ()
    raw: StoredFile | None = None
    token: str | None = None
    our_addresses: tuple[str, ...] = ()
    mailbox_team: int | None = None  # the team that looks after strangers of this mailbox
    bulk: bool = False  # sent to many at once, to nobody of ours by name

    @property
    def visible_text(self) -> str:
        """What the sender newly wrote: neither quotation nor signature."""
        if not self.spans:
            return self.text.strip()
        return "".join(self.text[start:end] for start, end, kind in self.spans if kind == "visible").strip()

    def storable(self) -> IncomingMail:
        """The same mail without what no database keeps; nothing moves, so the spans still fit.

        Identifiers are cut alike wherever they stand, so that what refers to a long one still finds it.
        """
        clean: dict[str, Any] = {name: storable(getattr(self, name)) for name in TEXTS}
        clean |= {name: clean[name][:LONGEST_ID] for name in ("message_id", "in_reply_to")}
        clean["references"] = tuple(storable(reference)[:LONGEST_ID] for reference in self.references)
        return replace(self, **clean)
