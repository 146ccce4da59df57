"""Signed mail addresses of clients: what comes to `desk+d1a-k3m9…@firm.example` brings documents and bank files of one client.

Addresses may change case on their way, so a token uses lower case letters and digits only and is read case-blind. The
number in the signature is the client's: the next one makes the address before worthless.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re

from django.conf import settings

_TOKEN = re.compile(r"d([0-9a-f]{1,15})-([a-z2-7]{20})", re.ASCII)
SIGNATURE_LENGTH = 20  # 100 bits


def address(mail_address: str, *, client: int, number: int) -> str:
    """Our address with the client's token."""
    local, _at, domain = mail_address.rpartition("@")
    return f"{local}+d{client:x}-{_signature(client, number)}@{domain}"


def client_in(mail_address: str) -> int | None:
    """Which client an address speaks of; not yet believed."""
    match = _TOKEN.fullmatch(_tail(mail_address))
    return int(match[1], 16) if match else None


def is_signed(mail_address: str, *, client: int, number: int) -> bool:
    """Whether we signed this address for the client, with the number that counts today."""
    match = _TOKEN.fullmatch(_tail(mail_address))
    return bool(match) and hmac.compare_digest(_tail(mail_address), f"d{client:x}-{_signature(client, number)}")


def _tail(mail_address: str) -> str:
    return mail_address.lower().rpartition("@")[0].rpartition("+")[2]


def _signature(client: int, number: int) -> str:
    mac = hmac.new(settings.SECRET_KEY.encode(), f"documents:{client}:{number}".encode(), hashlib.sha256).digest()
    return base64.b32encode(mac).decode().lower()[:SIGNATURE_LENGTH]
