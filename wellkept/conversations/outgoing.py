"""What a connector needs to send one of our messages: plain values, nothing to decide."""

from __future__ import annotations

from dataclasses import dataclass, replace

from wellkept.conversations import tokens
from wellkept.core.models import StoredFile


@dataclass(frozen=True, slots=True)
class OutgoingFile:
    name: str
    media_type: str
    file: StoredFile


@dataclass(frozen=True, slots=True)
class OutgoingMail:
    """One letter. `automatic` letters say so (Auto-Submitted), so that no machine answers them."""

    message_id: str  # with angle brackets
    from_address: str
    from_name: str
    reply_to: str  # our signed address
    to: tuple[str, ...]
    cc: tuple[str, ...]
    subject: str
    text: str
    in_reply_to: str
    references: tuple[str, ...]
    automatic: bool
    attachments: tuple[OutgoingFile, ...]
    conversation: int
    mailbox: str = ""  # the address of ours the client last wrote to, where that is not the firm's own

    def sent_from(self, address: str) -> OutgoingMail:
        """The same letter from another address of ours; answers come back there, and to this conversation."""
        return replace(self, from_address=address, reply_to=tokens.address(address, self.conversation))
