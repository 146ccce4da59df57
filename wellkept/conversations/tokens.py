"""Signed reply addresses: `desk+c1a-k3m9…@firm.example` leads a reply back to its conversation, and nothing else does.

Addresses may change case on their way, so a token uses lower case letters and digits only and is read case-blind.
"""

from __future__ import annotations

import base64
import hashlib
import hmac

from django.conf import settings

PREFIX = "c"
SIGNATURE_LENGTH = 20  # 100 bits


def make(conversation_id: int) -> str:
    """The token of a conversation; always the same for the same signing key."""
    return f"{PREFIX}{conversation_id:x}-{_signature(conversation_id)}"


def read(token: str | None) -> int | None:
    """The conversation the token was signed for; None for anything we did not sign."""
    head, _, signature = (token or "").lower().partition("-")
    if not head.startswith(PREFIX) or len(head) > 17:
        return None
    try:
        conversation_id = int(head[len(PREFIX) :], 16)
    except ValueError:
        return None
    if conversation_id < 0 or make(conversation_id).partition("-")[0] != head:
        return None
    return (
        conversation_id
        if hmac.compare_digest(_signature(conversation_id), signature.encode("ascii", "replace").decode())
        else None
    )


def address(mail_address: str, conversation_id: int) -> str:
    """Our address with the conversation's token, for Reply-To."""
    local, _, domain = mail_address.rpartition("@")
    return f"{local}+{make(conversation_id)}@{domain}"


def in_address(mail_address: str) -> str | None:
    """What stands after the plus of an address, when it has the shape of a token."""
    _, plus, tail = mail_address.lower().rpartition("@")[0].rpartition("+")
    return tail if plus and tail.startswith(PREFIX) and "-" in tail else None


def without_tail(mail_address: str) -> str:
    """The address without what stands after its plus."""
    local, _, domain = mail_address.rpartition("@")
    return f"{local.partition('+')[0]}@{domain}"


def _signature(conversation_id: int) -> str:
    mac = hmac.new(settings.SECRET_KEY.encode(), f"conversation:{conversation_id}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac).decode().lower()[:SIGNATURE_LENGTH]
