"""OFX as a tree: one tolerant cutter for 1.x SGML, whose leaves are never closed, and for 2.x XML. Knows no entity but five."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from .refusals import Unreadable
from .refusals import mark as _
from .text import row_at

DEEPEST = 40
MOST_TAGS = 2_000_000
_TOKEN = re.compile(
    r"<(/?)([A-Za-z][A-Za-z0-9_.:-]*)[^<>]*>([^<]*)|<!\[CDATA\[(.*?)\]\]>([^<]*)|<!--.*?-->|<", re.DOTALL
)
_REFERENCE = re.compile(r"&(?:#(\d{1,7})|#[xX]([0-9a-fA-F]{1,6})|(amp|lt|gt|quot|apos|nbsp));")
_NAMED = {"amp": "&", "lt": "<", "gt": ">", "quot": '"', "apos": "'", "nbsp": " "}
LEAVES = frozenset(
    [
        "ACCTID",
        "ACCTKEY",
        "ACCTTYPE",
        "BALAMT",
        "BANKID",
        "BRANCHID",
        "BROKERID",
        "CHECKNUM",
        "CODE",
        "CORRECTACTION",
        "CORRECTFITID",
        "CURDEF",
        "CURRATE",
        "CURSYM",
        "DTASOF",
        "DTAVAIL",
        "DTEND",
        "DTPOSTED",
        "DTSERVER",
        "DTSETTLE",
        "DTSTART",
        "DTTRADE",
        "DTUSER",
        "EXTDNAME",
        "FITID",
        "LANGUAGE",
        "MEMO",
        "MESSAGE",
        "NAME",
        "PAYEEID",
        "REFNUM",
        "SEVERITY",
        "SIC",
        "SRVRTID",
        "TOTAL",
        "TRNAMT",
        "TRNTYPE",
        "TRNUID",
        "UNIQUEID",
        "UNITS",
        "UNITPRICE",
        "SUBACCTFUND",
        "SUBACCTSEC",
    ]
)


_NONE: list[Node] = []  # of leaves, which are most of a file; never added to


@dataclass(slots=True)
class Node:
    """An element: a leaf with text, or one with children. `start` and `end` point into the text of the file."""

    tag: str
    start: int
    text: str = ""
    end: int = 0
    children: list[Node] = field(default_factory=lambda: _NONE)

    def child(self, *path: str) -> Node | None:
        found = self
        for tag in path:
            for one in found.children:
                if one.tag == tag:
                    found = one
                    break
            else:
                return None
        return found

    def value(self, *path: str) -> str:
        """The text at a path; empty where there is none."""
        found = self.child(*path)
        return found.text if found else ""

    def walk(self, *tags: str) -> Iterator[Node]:
        """Every element of these names below this one, in order; none inside another of them."""
        waiting = list(reversed(self.children))
        while waiting:
            node = waiting.pop()
            if node.tag in tags:
                yield node
            else:
                waiting.extend(reversed(node.children))


def tree(text: str, begin: int) -> Node:
    """The tree from `begin` on. What is not closed by its end is refused: lines may be missing."""
    _refuse_unclosed(text)
    root = Node("", begin, children=[])
    stack = [root]
    for count, token in enumerate(_TOKEN.finditer(text, begin)):
        if count > MOST_TAGS:
            raise Unreadable(_("The file has too many tags. Export a shorter period."))
        closing, tag, after, quoted, rest = token.groups()
        if quoted is not None:
            _add_quoted(stack, quoted, rest, token.end())
        elif tag is None:
            continue
        elif closing:
            _close(stack, tag.upper(), token.end() - len(after))
        else:
            _open(stack, tag.upper(), after, text, token)
    if len(stack) > 1:
        raise Unreadable(
            _("The file breaks off: %(tag)s is never closed. Download it again."),
            row=row_at(text, stack[1].start),
            tag=stack[-1].tag,
        )
    return root


def _refuse_unclosed(text: str) -> None:
    """Once the last of them is closed, every search for a close is short."""
    for opening, closing in (("<![CDATA[", "]]>"), ("<!--", "-->")):
        if (last := text.rfind(opening)) > text.rfind(closing):
            raise Unreadable(
                _("The file breaks off: %(tag)s is never closed. Download it again."),
                row=row_at(text, last),
                tag=opening,
            )


def _open(stack: list[Node], tag: str, after: str, text: str, token: re.Match[str]) -> None:
    if tag == "STMTTRN":
        _leave_line(stack)
    node = Node(tag, token.start(), end=token.end())
    stack[-1].children.append(node)
    if token[0][-len(after) - 2 : len(token[0]) - len(after)] == "/>":
        return
    if value := after.strip():
        node.text = _plain(value)
    elif tag not in LEAVES:
        node.children = []
        stack.append(node)
        if len(stack) > DEEPEST:
            raise Unreadable(_("The tags are nested deeper than any statement is."), row=row_at(text, token.start()))


def _leave_line(stack: list[Node]) -> None:
    """A line cannot hold another line, so an unclosed one ends where the next begins."""
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].tag == "STMTTRN":
            stack[depth].end = stack[-1].children[-1].end if stack[-1].children else stack[depth].end
            del stack[depth:]
            return


def _close(stack: list[Node], tag: str, end: int) -> None:
    """Closes the innermost element of that name, and whatever stands open inside it; a close without open is passed over."""
    for depth in range(len(stack) - 1, 0, -1):
        if stack[depth].tag == tag:
            stack[depth].end = end
            del stack[depth:]
            return
    last = stack[-1].children[-1] if stack[-1].children else None
    if last is not None and last.tag == tag:
        last.end = end


def _add_quoted(stack: list[Node], quoted: str, rest: str, end: int) -> None:
    """CDATA belongs to the leaf just opened, which took itself for an element with children if its name is unknown."""
    children = stack[-1].children
    node = stack[-1] if len(stack) > 1 and not children else children[-1] if children else None
    if node is not None:
        node.text += quoted.strip() if not rest.strip() else f"{quoted}{rest}".strip()
        node.end = end


def _plain(value: str) -> str:
    return _REFERENCE.sub(_referred, value) if "&" in value else value


def _referred(match: re.Match[str]) -> str:
    decimal, hexadecimal, name = match.groups()
    if name:
        return _NAMED[name]
    number = int(decimal) if decimal else int(hexadecimal, 16)
    fits = 32 <= number < 0xD800 or 0xE000 <= number <= 0x10FFFF
    return chr(number) if fits else "\ufffd"
