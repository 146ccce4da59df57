"""How the text crosses from the reading process: a JSON list of two strings. Never objects."""

from __future__ import annotations

import json

from .result import LONGEST_TEXT, ReadText


def how(media_type: str, name: str) -> bytes:
    return json.dumps([media_type, name]).encode()


def read_how(how: bytes) -> tuple[str, str]:
    media_type, name = json.loads(how)
    return str(media_type), str(name)


def to_wire(told: ReadText) -> bytes:
    return json.dumps([told.text, told.problem]).encode()


def from_wire(head: bytes, blob: bytes) -> ReadText:
    """The inverse of `to_wire`; any nonsense raises ValueError or TypeError."""
    text, problem = json.loads(head)
    if not isinstance(text, str) or not isinstance(problem, str):
        raise TypeError("no text")
    return ReadText(text[:LONGEST_TEXT], problem[:300])
