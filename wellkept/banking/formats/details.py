"""What the field :86: of an MT940 tells: German numbered pieces, SWIFT's words between strokes, or plain text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from .text import clean, joined, stretches

WIDTH = 64
_NUMBERED = re.compile(r"\A\s*(?:[0-9]{3})?\s*[?<|][0-9]{2}")
_PIECE = re.compile(r"[?]\s*([0-9])\s*([0-9])")
_SEPA = re.compile(r"(EREF|KREF|MREF|CRED|DEBT|SVWZ|ABWA|ABWE|IBAN|BIC|COAM|OAMT|PURP|MTLG)[+:]")
_WORD = re.compile(r"/(EREF|REMI|BENM|ORDP|NAME|IBAN|BIC|ISDT|CSID|MARF|CNTP|TRTP|PREF|ADDR|ID|RTRN|USTD|STRD)/")
TEXT_PIECES = {*range(20, 30), *range(60, 64)}


@dataclass(frozen=True, slots=True)
class Told:
    """Who, to or from which account, what for, and the reference the payer gave."""

    payee: str = ""
    counterparty: str = ""
    description: str = ""
    reference: str = ""


def told_in(details: str) -> Told:
    """Reads one or more fields; the kind is recognised by its marks, never by the bank."""
    if not details.strip():
        return Told()
    if _NUMBERED.match(details):
        return _numbered(details.replace("\n", ""))
    if _WORD.search(unwrapped := _unwrapped(details)):
        return _worded(unwrapped)
    return Told(description=clean(unwrapped))


def _unwrapped(details: str) -> str:
    """Lines cut at their full width go on in the next one; shorter lines end a word."""
    text = ""
    for line in details.split("\n"):
        text += line if len(line) >= WIDTH else f"{line} "
    return text


def _numbered(text: str) -> Told:
    pieces: dict[int, str] = {}
    marks = list(_PIECE.finditer(text))
    for mark, end in stretches(marks, len(text)):
        number = int(mark[1] + mark[2])
        pieces[number] = pieces.get(number, "") + text[mark.end() : end]
    body = "".join(pieces[number] for number in sorted(pieces) if number in TEXT_PIECES)
    words = _words(_SEPA, body)
    return Told(
        payee=clean(pieces.get(32, "") + pieces.get(33, "")),
        counterparty=clean(pieces.get(31, "") or words.get("IBAN", "")),
        description=clean(
            joined(pieces.get(0, "").strip(), words.get("SVWZ") or words[""].strip(), words.get("MTLG", ""))
        ),
        reference=clean(_given(words.get("EREF", "")) or _given(words.get("KREF", ""))),
    )


def _worded(text: str) -> Told:
    words = _words(_WORD, text)
    return Told(
        payee=clean(words.get("NAME", "")),
        counterparty=clean(words.get("IBAN", "")),
        description=clean(words.get("REMI", "") or words.get("USTD", "") or words.get("", "")),
        reference=clean(_given(words.get("EREF", ""))),
    )


def _words(marks: re.Pattern[str], text: str) -> dict[str, str]:
    """The text behind each mark, and under "" what stands before the first."""
    found: dict[str, str] = {}
    places = list(marks.finditer(text))
    found[""] = text[: places[0].start()] if places else text
    for mark, end in stretches(places, len(text)):
        found.setdefault(mark[1], text[mark.end() : end].strip("/ "))
    return found


def _given(reference: str) -> str:
    reference = reference.strip()
    return "" if reference.upper() in {"NOTPROVIDED", "NONREF"} else reference
