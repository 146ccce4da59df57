"""Which part of a mail its sender newly wrote, which is quoted and which is a signature, as spans over the text.

Losing a word of the sender is the severe error, showing a quoted line the mild one. So a stretch is called quotation
only on evidence that people do not type by hand, a cut to the end needs words of the sender above it and a header that
only a program writes, and where the sender says that the answers stand below, nothing below is cut.
"""

from __future__ import annotations

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass

from . import wording
from .html_text import ATTRIBUTION, MAYBE_QUOTED, QUOTED, RULE, SIGNED
from .result import QUOTATION, SIGNATURE, VISIBLE, Span

Mark = tuple[int, int, str]
_QUOTED_LINE = re.compile(r"[ \t]{0,3}>")
_NUMBER_LINE = re.compile(r"[ \t]{0,3}>=?\s{0,3}[\d$€£%]")
_WORD = re.compile(r"\w")
_MOST_ATTRIBUTION_LINES = 4
_LONGEST_ATTRIBUTION = 400
_LONGEST_SIGNATURE = 80
_MOST_LINES = 60_000


@dataclass(slots=True)
class _Line:
    start: int
    end: int
    text: str
    kind: str = VISIBLE

    @property
    def blank(self) -> bool:
        return not self.text

    @property
    def visible(self) -> bool:
        return self.kind == VISIBLE and bool(self.text)


def spans(
    text: str, *, sender: Sequence[str] = (), forwarded: bool = False, marks: Sequence[Mark] = ()
) -> tuple[Span, ...]:
    """The text cut into visible, quotation and signature, without gap or overlap.

    `sender` holds the words by which the sender is known (name, local part), `forwarded` says that the subject calls
    the mail a forward (what is passed on is then not hidden), `marks` come from the HTML the text was made of.
    """
    lines = _lines(text)
    if len(lines) > _MOST_LINES:
        return (Span(0, len(text), VISIBLE),)
    _mark_quoted_lines(lines)
    _mark_html(lines, marks)
    _mark_attributions(lines, marks)
    if not forwarded:
        _cut_to_the_end(lines, marks)
    _mark_signatures(lines, [word.lower() for word in sender if len(word) > 1], marks)
    return _merged(lines)


def sender_words(name: str, address: str) -> tuple[str, ...]:
    """The words by which a sender may sign."""
    return tuple(re.findall(r"[^\W\d_]+", f"{name} {address.partition('@')[0]}"))


def _lines(text: str) -> list[_Line]:
    lines, start = [], 0
    for piece in text.splitlines(keepends=True) if "\n" in text else [text]:
        lines.append(_Line(start, start + len(piece), piece.strip()))
        start += len(piece)
    return lines


def _mark_quoted_lines(lines: list[_Line]) -> None:
    marked = [index for index, line in enumerate(lines) if _QUOTED_LINE.match(line.text)]
    if len(marked) == 1 and _NUMBER_LINE.match(lines[marked[0]].text) and not _attribution_above(lines, marked[0]):
        return  # `>30 days: 1,200` is a line of figures
    for index in marked:
        lines[index].kind = QUOTATION


def _mark_html(lines: list[_Line], marks: Sequence[Mark]) -> None:
    starts = [line.start for line in lines]
    for start, end, mark in marks:
        if mark not in (QUOTED, MAYBE_QUOTED):
            continue
        inside = _inside(lines, starts, start, end)
        while inside and not inside[-1].text:
            inside.pop()
        first = next((number for number, line in enumerate(inside) if line.text), None)
        if first is None or all(line.kind == QUOTATION for line in (inside[first], inside[-1])):
            continue
        if mark == QUOTED or _attribution_above(lines, bisect_left(starts, inside[first].start)):
            for line in inside[first:]:
                line.kind = QUOTATION


def _inside(lines: list[_Line], starts: list[int], start: int, end: int) -> list[_Line]:
    """The lines that lie wholly between two places."""
    found = lines[bisect_left(starts, start) : bisect_right(starts, end)]
    while found and found[-1].end - 1 > end:
        found.pop()
    return found


def _attribution_above(lines: list[_Line], index: int) -> bool:
    above = next((number for number in range(index - 1, -1, -1) if lines[number].text), None)
    return above is not None and _attribution(lines, above) is not None


def _mark_attributions(lines: list[_Line], marks: Sequence[Mark]) -> None:
    """Lines such as `On Monday Ana wrote:` belong to the quotation that follows them."""
    starts = [line.start for line in lines]
    declared = {
        line.start
        for start, end, mark in marks
        if mark == ATTRIBUTION
        for line in _inside(lines, starts, start, end)[:8]
    }
    for index, line in enumerate(lines):
        if line.kind != VISIBLE or not line.text.endswith((":", "：")):
            continue
        below = next((other for other in lines[index + 1 : index + 8] if other.text), None)
        if below is None or below.kind != QUOTATION:
            continue
        found = _attribution(lines, index)
        first = found[0] if found else index
        if found or line.start in declared:
            for number in range(first, index + 1):
                lines[number].kind = QUOTATION


def _attribution(lines: list[_Line], last: int) -> tuple[int, bool] | None:
    """Where the attribution that ends in this line begins, and whether it is beyond doubt; None if it is none."""
    joined, found = "", None
    for first in range(last, max(-1, last - _MOST_ATTRIBUTION_LINES), -1):
        text = lines[first].text
        if not text or lines[first].kind != VISIBLE or (first < last and text[-1] in ".!?;:"):
            break
        joined = f"{text} {joined}".strip()
        if len(joined) > _LONGEST_ATTRIBUTION:
            break
        read = wording.attribution(joined)
        if read and read.anchored:
            return first, read.certain
        if read and found is None:
            found = (first, read.certain)
    return found


def _cut_to_the_end(lines: list[_Line], marks: Sequence[Mark]) -> None:
    """Below a header that a mail program wrote over the earlier mail, everything is quoted."""
    rules = sorted(start for start, _, mark in marks if mark == RULE)
    above: list[str] = []
    for index, line in enumerate(lines):
        if line.kind != VISIBLE or not line.text:
            continue
        if wording.FORWARD_MARK.match(line.text):
            return
        first = _cut_at(lines, index, rules)
        if first is not None:
            wrote = "\n".join(text for number, text in enumerate(above) if number < first)
            if _WORD.search(wrote) and not wording.ANSWERS_BELOW.search(wrote):
                _quote_from(lines, first, index)
            return
        above.extend("" for _ in range(index - len(above)))
        above.append(line.text)


def _cut_at(lines: list[_Line], index: int, rules: list[int]) -> int | None:
    """The first line of the program's header, when it stands at this line."""
    line = lines[index]
    if wording.ORIGINAL_MARK.match(line.text):
        return index
    if line.text.endswith((":", "：")):
        found = _attribution(lines, index)
        if found and found[1]:
            return found[0]
    if not wording.opens_header_block(line.text):
        return None
    separator = _separator_above(lines, index, rules)
    if wording.is_header_block(
        [other.text for other in lines[index : index + 24]], after_separator=separator is not None
    ):
        return index if separator is None else separator
    return None


def _separator_above(lines: list[_Line], index: int, rules: list[int]) -> int | None:
    above = index - 1
    while above >= 0 and not lines[above].text:
        above -= 1
    if above >= 0 and wording.SEPARATOR.match(lines[above].text):
        return above
    floor = lines[above].end - 1 if above >= 0 else 0
    next_rule = bisect_left(rules, floor)
    return index if next_rule < len(rules) and rules[next_rule] <= lines[index].start else None


def _quote_from(lines: list[_Line], first: int, last: int) -> None:
    block_end = last + wording.header_block_size([line.text for line in lines[last : last + 24]])
    below = next((line for line in lines[block_end:] if line.text), None)
    if below is not None and below.kind == QUOTATION and _QUOTED_LINE.match(below.text):
        # The earlier mail is marked line by line: what is not marked below it is the sender's.
        for line in lines[first:block_end]:
            line.kind = QUOTATION
        return
    for line in lines[first:]:
        line.kind = QUOTATION


def _mark_signatures(lines: list[_Line], sender: list[str], marks: Sequence[Mark]) -> None:
    before = [line.kind for line in lines]
    starts = [line.start for line in lines]
    for start, end, mark in marks:
        if mark == SIGNED and end - start <= 1_500:
            for line in _inside(lines, starts, start, end):
                line.kind = SIGNATURE if line.visible else line.kind
    for first, last in _visible_blocks(lines):
        _sign_block(lines, first, last, sender)
    if not any(line.visible and _WORD.search(line.text) for line in lines):
        for line, kind in zip(lines, before, strict=True):
            line.kind = kind


def _visible_blocks(lines: list[_Line]) -> list[tuple[int, int]]:
    """First and last line of each run of visible lines; blank lines do not part a run."""
    blocks: list[tuple[int, int]] = []
    joined = False
    for index, line in enumerate(lines):
        if line.visible:
            blocks.append((blocks.pop()[0] if joined else index, index))
            joined = True
        elif line.text:
            joined = False
    return blocks


def _sign_block(lines: list[_Line], first: int, last: int, sender: list[str]) -> None:
    for index in range(max(first, last - _LONGEST_SIGNATURE), last + 1):
        if not wording.may_open_signature(lines[index].text):
            continue
        rest = [line.text for line in lines[index + 1 : last + 1] if line.text]
        if wording.is_signature_line(lines[index].text, rest):
            _sign(lines, index, last)
            last = index - 1
            break
    for _ in range(3):
        while last >= first and not lines[last].text:
            last -= 1
        if last <= first or not wording.is_closing_line(lines[last].text, lines[last - 1].text, sender):
            return
        _sign(lines, last, last)
        last -= 1


def _sign(lines: list[_Line], first: int, last: int) -> None:
    for line in lines[first : last + 1]:
        line.kind = SIGNATURE


def _merged(lines: list[_Line]) -> tuple[Span, ...]:
    merged: list[Span] = []
    kind = next((line.kind for line in lines if line.text), VISIBLE)
    for line in lines:
        kind = line.kind if line.text else kind
        if merged and merged[-1].kind == kind:
            merged[-1] = Span(merged[-1].start, line.end, kind)
        elif line.end > line.start:
            merged.append(Span(line.start, line.end, kind))
    return tuple(merged)
