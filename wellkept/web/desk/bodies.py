"""A message's text as it is read: links can be followed, quotations and signatures are folded, not a character is lost."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter

from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import gettext as _

LINK = re.compile(r"\bhttps?://[^\s<>\"'“”()\[\]]{3,400}[^\s<>\"'“”()\[\].,;:!?]", re.IGNORECASE)
VISIBLE = "visible"
FOLDED = {"quotation", "quote", "signature"}

Span = Sequence[object]


def body(text: str, spans: Sequence[Span]) -> SafeString:
    """The whole text in pieces: what the sender wrote, and what is folded until asked for."""
    shown = [_piece(kind, piece) for kind, piece in _pieces(text, spans) if piece.strip()]
    return mark_safe("".join(shown))


def visible(text: str, spans: Sequence[Span]) -> str:
    """Only what the sender newly wrote."""
    return "".join(piece for kind, piece in _pieces(text, spans) if kind not in FOLDED).strip()


def _pieces(text: str, spans: Sequence[Span]) -> list[tuple[str, str]]:
    """Kinds and texts in order; what no span covers counts as written by the sender."""
    pieces: list[tuple[str, str]] = []
    at = 0
    for start, end, kind in sorted((int(str(s[0])), int(str(s[1])), str(s[2])) for s in spans):
        start = max(start, at)
        end = max(end, start)
        pieces += [(VISIBLE, text[at:start]), (kind, text[start:end])]
        at = end
    pieces.append((VISIBLE, text[at:]))
    runs = groupby((piece for piece in pieces if piece[1]), key=itemgetter(0))
    return [(kind, "".join(piece for _kind, piece in run)) for kind, run in runs]


def _piece(kind: str, piece: str) -> str:
    inside = f'<div class="pre">{_linked(piece.strip(chr(10) + chr(13)).rstrip())}</div>'
    if kind not in FOLDED:
        return inside
    word = _("Show signature") if kind == "signature" else _("Show quoted text")
    return f'<details class="fold"><summary><span>{escape(word)}</span></summary>{inside}</details>'


def _linked(text: str) -> str:
    out, at = [], 0
    for match in LINK.finditer(text):
        out += [escape(text[at : match.start()]), _link(match[0])]
        at = match.end()
    return "".join([*out, escape(text[at:])])


def _link(address: str) -> str:
    safe = escape(address)
    return f'<a href="{safe}" target="_blank" rel="noopener noreferrer nofollow">{safe}</a>'
