"""Templates as pure text: which fields exist, how a text is filled, and what was left unfilled."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

FIELDS = (
    "contact.name",
    "contact.first_name",
    "client.name",
    "staff.name",
    "staff.first_name",
    "firm.name",
    "conversation.subject",
)
"""What a template may ask for; everything else is written by hand where it says [FILL IN: what]."""

FIELD = re.compile(r"\{\{?\s*([A-Za-z][\w .-]{0,60}?)\s*\}\}?")
BY_HAND = re.compile(r"\[\s*fill\s+in\b[^\]\n]{0,80}\]", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Rendered:
    """A filled text and the fields that had no value, in the order they appear."""

    text: str
    unfilled: list[str]


def render(body: str, fields: Mapping[str, str]) -> Rendered:
    """Fill `body` once, left to right; braces inside a value are text, not fields."""
    text = FIELD.sub(lambda found: fields.get(_name(found)) or found[0], body)
    missing = [found[0] for found in FIELD.finditer(body) if not fields.get(_name(found))]
    return Rendered(text, _once([*missing, *(found[0] for found in BY_HAND.finditer(body))]))


def unfilled(text: str) -> list[str]:
    """Every {field} and [FILL IN: …] still standing in `text`, each once, in order."""
    found = [(match.start(), match[0]) for pattern in (FIELD, BY_HAND) for match in pattern.finditer(text)]
    return _once([words for _, words in sorted(found)])


def unknown_fields(body: str) -> list[str]:
    """The fields `body` asks for that nobody can fill."""
    return _once([found[0] for found in FIELD.finditer(body) if _name(found) not in FIELDS])


def first_name(name: str) -> str:
    """How a letter greets: the first word of a name."""
    return name.split()[0] if name.split() else ""


def _name(found: re.Match[str]) -> str:
    return found[1].strip().lower()


def _once(items: list[str]) -> list[str]:
    return list(dict.fromkeys(items))
