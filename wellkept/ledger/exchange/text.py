"""From bytes to text: UTF-8 by proof, UTF-16 by its mark, else Windows."""

from __future__ import annotations

import codecs
import re

from .refusals import Unreadable
from .refusals import mark as _

LONGEST_LINE = 100_000
LONGEST_WORDS = 10_000
MOST_LINES = 2_000_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_SPACE = re.compile(r"\s+")


def decode(data: bytes) -> str:
    """The text with plain line ends. No NUL, no second byte order mark, no line without end."""
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    text = _decoded(data).replace("\r\n", "\n").replace("\r", "\n")
    for character, reason in (
        ("\x00", _("A NUL character stands here. The file is damaged, or no text.")),
        (
            "\ufeff",
            _("A second file begins here: there is a byte order mark in the middle. Send the files one by one."),
        ),
    ):
        if (found := text.find(character)) >= 0:
            raise Unreadable(reason, row=text.count("\n", 0, found) + 1)
    lines = text.split("\n")
    if len(lines) > MOST_LINES:
        raise Unreadable(_("The file has more than %(limit)s rows. Export shorter periods."), limit=MOST_LINES)
    for row, line in enumerate(lines, 1):
        if len(line) > LONGEST_LINE:
            raise Unreadable(
                _("This row is longer than any we take (%(limit)s characters)."), row=row, limit=LONGEST_LINE
            )
    return text


def clean(text: str) -> str:
    """Words as people read them: one line, single spaces, nothing invisible."""
    if len(text) > LONGEST_WORDS:
        raise Unreadable(_("A field has at most %(limit)s characters."), limit=LONGEST_WORDS)
    return _SPACE.sub(" ", _CONTROL.sub(" ", text)).strip()


def _decoded(data: bytes) -> str:
    if data.startswith((b"PK\x03\x04", b"\xd0\xcf\x11\xe0")):
        raise Unreadable(_("This is a workbook. Save its sheet as CSV, and send that."))
    try:
        if data.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            return data.decode("utf-16")
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as problem:
        if data.startswith((codecs.BOM_UTF8, codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
            raise Unreadable(_("The file is not in the charset its first bytes say.")) from problem
        return _windows(data)


def _windows(data: bytes) -> str:
    try:
        return data.decode("cp1252")
    except UnicodeDecodeError as problem:
        row = data.count(b"\n", 0, problem.start) + 1
        raise Unreadable(
            _("A byte here fits neither UTF-8 nor Windows. Export the file as UTF-8."), row=row
        ) from problem
