"""From bytes to text: byte order marks, then UTF-8 by proof, then what the file says of itself, then Windows."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator, Sequence

from stdnum import luhn

from .refusals import Unreadable
from .refusals import mark as _

UTF8, WINDOWS = "utf-8", "cp1252"
MARKS = ((codecs.BOM_UTF8, UTF8), (codecs.BOM_UTF16_LE, "utf-16-le"), (codecs.BOM_UTF16_BE, "utf-16-be"))
WIDE_MARKS = (codecs.BOM_UTF32_LE, codecs.BOM_UTF32_BE)
CHARSETS = {
    "utf-8", "ascii", "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1257", "iso8859-1", "iso8859-2", "iso8859-9",
    "iso8859-15", "cp437", "cp850", "cp852", "mac-roman", "shift_jis", "cp932", "euc_jp", "gb18030", "big5", "cp949", "koi8-r",
    "utf-16-le", "utf-16-be",
}  # fmt: skip
LONGEST_FIELD = 10_000
_CONTROL = re.compile(r"[\x00-\x1f\x7f-\x9f\u200b-\u200f\u2028-\u202e\u2060-\u2069\ufeff]+")
_SPACE = re.compile(r"\s+")
_TYPES = re.compile(r"<!\s*(?:DOCTYPE|ENTITY|ELEMENT|ATTLIST|NOTATION)", re.IGNORECASE)
_CARD = re.compile(r"[3-6][0-9]{13,18}", re.ASCII)
_PLAIN = re.compile(r"[\x21-\x7e]+(?: [\x21-\x7e]+)*", re.ASCII)


def decode(data: bytes, told: str = "") -> tuple[str, str]:
    """The text and its charset. UTF-8 is believed when every byte fits, whatever the file says of itself."""
    if not data.strip():
        raise Unreadable(_("The file is empty."))
    if data.startswith(WIDE_MARKS):
        raise Unreadable(_("The file is written in UTF-32, which no bank uses. Export it again."))
    for mark, charset in MARKS:
        if data.startswith(mark):
            return _checked(_strict(data[len(mark) :], charset), charset)
    text, charset = _unmarked(data, told)
    return _checked(text, charset)


def _unmarked(data: bytes, told: str) -> tuple[str, str]:
    if data[1:2] == b"\x00" or data[:1] == b"\x00":
        guess = "utf-16-le" if data[1:2] == b"\x00" else "utf-16-be"
        return _strict(data, guess), guess
    try:
        return data.decode(UTF8), UTF8
    except UnicodeDecodeError:
        charset = known(told) or WINDOWS
        return _strict(
            data, WINDOWS if charset in {UTF8, "ascii"} or charset.startswith("utf-16") else charset
        ), charset


def known(name: str) -> str:
    """Our name of a charset a file may be written in; empty for any other, such as UTF-7."""
    try:
        found = codecs.lookup(f"cp{name}" if name.isascii() and name.isdigit() else name).name
    except (LookupError, ValueError):
        return ""
    return found if found in CHARSETS else ""


def _strict(data: bytes, charset: str) -> str:
    try:
        return data.decode(charset)
    except UnicodeDecodeError as problem:
        row = data.count(b"\n", 0, problem.start) + 1
        raise Unreadable(
            _("A byte here fits no letter of %(charset)s, the charset of the file."), row=row, charset=charset
        ) from None


def _checked(text: str, charset: str) -> tuple[str, str]:
    """No NUL, no second byte order mark. An end-of-file mark of old systems is taken off."""
    text = text.rstrip("\x1a\x00")
    for character, reason in (
        ("\x00", _("A NUL character stands here. The file is damaged.")),
        (
            "\ufeff",
            _("A second file begins here: there is a byte order mark in the middle. Send the files one by one."),
        ),
    ):
        if (found := text.find(character)) >= 0:
            raise Unreadable(reason, row=row_at(text, found))
    return text, charset


def refuse_types(text: str) -> None:
    """A document type or an entity is refused wherever it stands: nothing that a bank sends has one."""
    if found := _TYPES.search(text):
        raise Unreadable(
            _("The file carries a document type, which no statement needs."), row=row_at(text, found.start())
        )


def row_at(text: str, position: int) -> int:
    return text.count("\n", 0, position) + 1


def stretches(marks: Sequence[re.Match[str]], end: int) -> Iterator[tuple[re.Match[str], int]]:
    """Each mark with where what follows it ends: at the next mark, or at the end."""
    for number, found in enumerate(marks):
        yield found, marks[number + 1].start() if number + 1 < len(marks) else end


def clean(value: str) -> str:
    """A field as people read it: one line, single spaces, nothing invisible. Refused when it is no field any more."""
    if len(value) > LONGEST_FIELD:
        raise Unreadable(
            _("A field here has %(size)s characters; %(limit)s are the most we take."),
            size=len(value),
            limit=LONGEST_FIELD,
        )
    if not value or _PLAIN.fullmatch(value):
        return value
    return _SPACE.sub(" ", _CONTROL.sub(" ", value)).strip()


def joined(*values: str) -> str:
    """The different ones of some texts, in order, with a space between."""
    return " ".join(dict.fromkeys(value for value in values if value))


def masked(identifier: str) -> str:
    """A card number keeps its last four digits; anything else is left as it is."""
    digits = identifier.replace(" ", "").replace("-", "")
    return hidden(digits) if _CARD.fullmatch(digits) and luhn.is_valid(digits) else identifier


def hidden(digits: str) -> str:
    """Only the last four, for what is known to be a card."""
    digits = digits.replace(" ", "").replace("-", "")
    return "*" * (len(digits) - 4) + digits[-4:]
