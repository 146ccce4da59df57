"""What the reading process does with one mail."""

from __future__ import annotations

from .message import parse
from .result import to_wire


def answer(raw: bytes, how: bytes) -> tuple[bytes, tuple[bytes, ...]]:
    """The mail in those bytes, for the wire. There is only one way to read it, so `how` says nothing."""
    return to_wire(parse(raw))
