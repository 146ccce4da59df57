"""What the mail itself carries about its sender: its signatures, and what servers on its way wrote on top.

Runs in a process that can be killed, like everything that reads a stranger's bytes. First it says which keys it needs;
called again with them it says which domains have truly signed the mail.
"""

from __future__ import annotations

import json
from typing import Any

import dkim

MOST_SIGNATURES = 5
MOST_RESULTS = 20
_LONGEST = 4000
_SOUND = {b"rsa-sha256", b"ed25519-sha256"}  # rsa-sha1 proves nothing any more


def answer(raw: bytes, how: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """The head is what `carried` or, with keys, `signers` finds."""
    given = json.loads(how) if how else None
    found: Any = carried(raw) if given is None else signers(raw, given)
    return json.dumps(found).encode(), ()


def carried(raw: bytes) -> dict[str, list[str]]:
    """The names of the keys its signatures need, and the lines receiving servers wrote, the last hop first."""
    try:
        headers, _body = dkim.rfc822_parse(raw)
    except (dkim.DKIMException, IndexError):
        return {"keys": [], "results": [], "received": []}
    return {
        "keys": [name for number in range(MOST_SIGNATURES) if (name := _key_name(raw, number))],
        "results": _values(headers, b"authentication-results")[:MOST_RESULTS],
        "received": _values(headers, b"received")[:1],
    }


def signers(raw: bytes, keys: dict[str, str]) -> list[str]:
    """The domains whose signature covers the From line and the whole body, and fits."""
    found = (_signer(raw, number, keys) for number in range(MOST_SIGNATURES))
    return list(dict.fromkeys(domain for domain in found if domain))


def from_wire(head: bytes, blob: bytes) -> Any:
    return json.loads(head)


def _key_name(raw: bytes, number: int) -> str:
    reading = _reading(raw)
    try:
        prepared = reading.verify_headerprep(number)
        return _plain(reading.selector + b"._domainkey." + reading.domain) if prepared else ""
    except (dkim.DKIMException, ValueError, KeyError, IndexError, AssertionError):
        return ""


def _signer(raw: bytes, number: int, keys: dict[str, str]) -> str:
    def key(name: bytes, timeout: int = 0) -> bytes | None:
        return keys[_plain(name)].encode("latin-1") if _plain(name) in keys else None

    reading = _reading(raw)
    try:
        if not reading.verify(number, dnsfunc=key):
            return ""
    except Exception:  # noqa: BLE001 - whatever a stranger's signature breaks, it proves nothing
        return ""
    fields = reading.signature_fields
    whole = b"l" not in fields and b"from" in reading.include_headers and fields.get(b"a") in _SOUND
    return _plain(reading.domain) if whole else ""


def _reading(raw: bytes) -> Any:
    return dkim.DKIM(raw, minkey=1024)


def _values(headers: list[Any], name: bytes) -> list[str]:
    return [value.decode("ascii", "replace")[:_LONGEST] for key, value in headers if key.lower() == name]


def _plain(name: bytes) -> str:
    return name.decode("ascii", "replace").strip().rstrip(".").lower()
