"""Card numbers are not ours to keep: in what people read and search, all but the last four digits become dots.

Only what is written like a card number is touched: a known issuer, the right length, the check digit, standing alone.
The length of the text does not change.
"""

from __future__ import annotations

import re

_NUMBER = re.compile(
    r"(?<![\w.,/+=#-])(?:\d{13,19}|\d{4}(?:[ -]\d{4}){3}(?:[ -]\d{1,3})?|\d{4}[ -]\d{6}[ -]\d{4,5})(?![\w/=#-]|[.,]\d)"
)
_ISSUER = re.compile(
    r"4|5[1-5]|2(?:22[1-9]|2[3-9]\d|[3-6]\d\d|7[01]\d|720)|3[47]|6011|64[4-9]|65|35(?:2[89]|[3-8]\d)|3(?:0[0-5]|[689])"
)
_LENGTHS = {"4": {13, 16, 19}, "3": {14, 15, 16}, "5": {16}, "2": {16}, "6": {16, 19}}
MASK = "•"


def masked(text: str) -> str:
    """The text with every card number masked."""
    return _NUMBER.sub(_mask, text)


def _mask(match: re.Match[str]) -> str:
    digits = re.sub(r"\D", "", match[0])
    if len(digits) not in _LENGTHS.get(digits[0], set()) or not _ISSUER.match(digits) or not _checks(digits):
        return match[0]
    left = len(digits) - 4
    out = []
    for sign in match[0]:
        hide = sign.isdigit() and left > 0
        left -= sign.isdigit()
        out.append(MASK if hide else sign)
    return "".join(out)


def _checks(digits: str) -> bool:
    """The check digit of ISO 7812 (Luhn)."""
    total = 0
    for place, sign in enumerate(reversed(digits)):
        value = int(sign) * (2 if place % 2 else 1)
        total += value - 9 if value > 9 else value
    return total % 10 == 0
