"""A letter as simple HTML, made from its text and from nothing else: paragraphs, lists, quotations and links as they were typed.

Always true: every sign of the text is in it, escaped; it loads nothing, and its only addresses are those that were typed.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from html import escape
from itertools import groupby

_LINK = re.compile(r"\bhttps?://[^\s<>\"'“”()\[\]]{3,400}[^\s<>\"'“”()\[\].,;:!?]", re.IGNORECASE)
_BULLET = re.compile(r"\s{0,3}[-*•–]\s+(?=\S)")
_NUMBER = re.compile(r"\s{0,3}(\d{1,3})[.)]\s+(?=\S)")
_QUOTE = re.compile(r"\s?>\s?")
_FONT = "font-family:-apple-system,'Segoe UI',Roboto,Helvetica,Arial,sans-serif;font-size:14px;line-height:1.5"
_BESIDE = "margin:0 0 1em;padding:0 0 0 .8em;border-left:2px solid #ccc;color:#555"


def page(text: str, *, signature: str = "") -> str:
    """The whole document. `signature` stands under it, set apart."""
    under = f'<p style="margin:1.5em 0 0;color:#555">{_lines(signature.splitlines())}</p>' if signature else ""
    return (
        '<!DOCTYPE html>\n<html><head><meta charset="utf-8"></head>\n'
        f'<body style="{_FONT}">\n<div dir="auto">\n{body(text)}{under}\n</div>\n</body></html>\n'
    )


def body(text: str) -> str:
    """The text in paragraphs: an empty line ends one, a run of dashes or numbers makes a list."""
    blocks = (
        list(run)
        for filled, run in groupby(text.replace("\r\n", "\n").split("\n"), key=lambda line: bool(line.strip()))
        if filled
    )
    return "".join(_block(kind, list(run)) for block in blocks for kind, run in groupby(block, key=_kind))


def _kind(line: str) -> str:
    if _QUOTE.match(line):
        return "quote"
    if _BULLET.match(line):
        return "bullets"
    return "numbers" if _NUMBER.match(line) else "words"


def _block(kind: str, lines: list[str]) -> str:
    if kind == "quote":
        return f'<blockquote style="{_BESIDE}">{body(chr(10).join(_QUOTE.sub("", line, 1) for line in lines))}</blockquote>\n'
    if kind == "bullets":
        return f'<ul style="margin:0 0 1em">{_items(_BULLET.sub("", line, 1) for line in lines)}</ul>\n'
    if kind == "numbers" and _in_order(lines):
        return f'<ol start="{_number(lines[0])}" style="margin:0 0 1em">{_items(_NUMBER.sub("", line, 1) for line in lines)}</ol>\n'
    return f'<p style="margin:0 0 1em">{_lines(lines)}</p>\n'


def _in_order(lines: list[str]) -> bool:
    """Numbers that count on make a list; 30. June above 15. July does not."""
    numbers = [_number(line) for line in lines]
    return numbers == list(range(numbers[0], numbers[0] + len(numbers)))


def _number(line: str) -> int:
    found = _NUMBER.match(line)
    return int(found[1]) if found else 0


def _items(lines: Iterable[str]) -> str:
    return "".join(f"<li>{_linked(line)}</li>" for line in lines)


def _lines(lines: Iterable[str]) -> str:
    return "<br>\n".join(_linked(line) for line in lines)


def _linked(text: str) -> str:
    out, at = [], 0
    for match in _LINK.finditer(text):
        out += [_kept(text[at : match.start()]), f'<a href="{escape(match[0])}">{escape(match[0])}</a>']
        at = match.end()
    return "".join([*out, _kept(text[at:])])


def _kept(text: str) -> str:
    """Escaped, with the spaces somebody typed to set figures below each other."""
    return escape(text).replace("  ", "&nbsp; ").replace("\t", "&nbsp;&nbsp;&nbsp; ")
