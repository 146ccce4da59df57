"""What comes of reading a document."""

from __future__ import annotations

from dataclasses import dataclass

LONGEST_TEXT = 60_000


@dataclass(frozen=True, slots=True)
class ReadText:
    """`problem` is a sentence not yet translated; empty where there is text."""

    text: str = ""
    problem: str = ""
