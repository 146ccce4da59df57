"""Letters truly signed in the test, with a key made in the test."""

from __future__ import annotations

import base64
from functools import cache

import dkim
from cryptography.hazmat.primitives.asymmetric import rsa
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat, PublicFormat


@cache
def key() -> tuple[bytes, str]:
    """The private key, and what the domain publishes of it."""
    private = rsa.generate_private_key(public_exponent=65537, key_size=2048)
    public = private.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    pem = private.private_bytes(Encoding.PEM, PrivateFormat.TraditionalOpenSSL, NoEncryption())
    return pem, f"v=DKIM1; k=rsa; p={base64.b64encode(public).decode()}"


def signed(
    raw: bytes, *, domain: str, selector: str = "s1", covers: tuple[str, ...] = (), length: bool = False
) -> bytes:
    """The letter with the domain's signature on top."""
    line = dkim.sign(
        raw,
        selector.encode(),
        domain.encode(),
        key()[0],
        include_headers=[name.encode() for name in covers] or None,
        canonicalize=(b"relaxed", b"relaxed"),
        length=length,
    )
    return bytes(line) + raw
