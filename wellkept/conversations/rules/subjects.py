"""Subjects: without their Re: and Fwd:, with our number, and the first words of a text."""

from __future__ import annotations

import re

LONGEST = 300
SNIPPET = 200
NUMBER = re.compile(r"\[#([0-9a-z]{10})\]", re.IGNORECASE)
UNSTORABLE = re.compile("[\x00\ud800-\udfff]")
PREFIX = re.compile(
    r"^\s*(?:(?:re|r|fw|fwd|aw|wg|sv|vs|antw|res|enc|rv|tr|odp|ynt)\s*(?:\[\d{1,3}\]|\(\d{1,3}\))?\s*[:：]\s*)+",
    re.IGNORECASE,
)


def storable(text: str) -> str:
    """The text without what no database keeps: NUL and halves of characters become �, one for one."""
    return UNSTORABLE.sub("\ufffd", text)


def plain(subject: str) -> str:
    """The subject without reply marks, our number, and line breaks; at most 300 characters."""
    kept = NUMBER.sub(" ", " ".join(subject.split()))
    for _ in range(8):
        shorter = PREFIX.sub("", kept)
        if shorter == kept:
            break
        kept = shorter
    return " ".join(kept.split())[:LONGEST]


def number_in(subject: str) -> str:
    """The conversation number a subject carries, in lower case; empty when there is none."""
    found = NUMBER.search(subject)
    return found[1].lower() if found else ""


def numbered(subject: str, number: str) -> str:
    """A subject that leads its answers back: `GST on the oven [#7k3qx9mdab]`."""
    return f"{subject} [#{number}]".strip()


def replied(subject: str) -> str:
    return f"Re: {subject}"


def snippet(text: str) -> str:
    """The first words of a text on one line."""
    return " ".join(text[: SNIPPET * 4].split())[:SNIPPET]
