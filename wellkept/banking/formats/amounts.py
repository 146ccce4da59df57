"""The strict grammar of amounts in bank files: ASCII digits, one kind of grouping, one sign. No float, no Decimal() of text."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wellkept.core.money import LARGEST, exponent

from .refusals import Unreadable
from .refusals import mark as _

LONGEST_AMOUNT = 40
SYMBOLS = {"€": "EUR", "£": "GBP", "₹": "INR", "$": "", "¥": ""}
MINUS = "-\u2212\u2013"
_SPACES = " \u00a0\u202f\u2009"
_SIGNED = re.compile(
    rf"(?P<before>[{MINUS}+]?)(?P<body>[0-9][0-9.,'’{_SPACES}]*|[.,][0-9]+)"
    rf"[{_SPACES}]?(?P<after>[{MINUS}+]|[CD]R?|)",
    re.IGNORECASE,
)
_MONEY_SIGN = r"(?:[A-Z]{3}|[€£₹$¥])"
_BEFORE = re.compile(rf"(?P<sign>[{MINUS}+(]?)[{_SPACES}]*(?P<money>{_MONEY_SIGN})[{_SPACES}]*(?P<rest>.*)")
_AFTER = re.compile(rf"(?P<rest>.*?[{MINUS}+0-9.,])[{_SPACES}]*(?P<money>{_MONEY_SIGN})(?P<close>\)?)")
_PLAIN = re.compile(r"(-?)([0-9]{1,12})\.([0-9]{2})", re.ASCII)


def _bodies(point: str, groups: str) -> re.Pattern[str]:
    """Whole numbers in groups of three, or in the Indian way two and three at the end, then perhaps a decimal part."""
    grouped = rf"[0-9]{{1,3}}(?P<by>[{groups}])[0-9]{{3}}(?:(?P=by)[0-9]{{3}})*"
    indian = r"[0-9]{1,2}(?:,[0-9]{2})+,[0-9]{3}" if point == "." else r"(?!)"
    return re.compile(rf"(?P<whole>{grouped}|{indian}|[0-9]*)(?:{re.escape(point)}(?P<part>[0-9]*))?", re.ASCII)


_BODIES = {".": _bodies(".", f",'’{_SPACES}"), ",": _bodies(",", f".'’{_SPACES}")}
_NOT_DIGITS = re.compile(r"[^0-9]", re.ASCII)


@dataclass(frozen=True, slots=True)
class Grammar:
    """How one file writes amounts. `decimal` is a point or a comma; `currency` may be empty, then two places are kept."""

    decimal: str = "."
    currency: str = ""
    places: int = 2

    @classmethod
    def of(cls, currency: str, decimal: str = ".") -> Grammar:
        return cls(decimal, currency, exponent(currency))

    def read(self, text: str) -> int:
        """Minor units. Unreadable names what is wrong; the caller knows the place."""
        if self.decimal == "." and self.places == 2 and (plain := _PLAIN.fullmatch(text)):
            minor = int(plain[2]) * 100 + int(plain[3])
            return -minor if plain[1] else minor
        return self._read(text)

    def _read(self, text: str) -> int:
        rest = text.strip(_SPACES + "\t\r\n")
        if not rest or len(rest) > LONGEST_AMOUNT:
            raise _not_an_amount(text)
        rest = self._without_money_sign(rest, text)
        inside = rest[1:-1].strip(_SPACES) if rest.startswith("(") and rest.endswith(")") else ""
        match = _SIGNED.fullmatch(inside or rest)
        if match is None:
            raise _not_an_amount(text)
        signs = [bool(inside), bool(match["before"]), bool(match["after"])]
        if sum(signs) > 1:
            raise _not_an_amount(text)
        minor = self._minor(match["body"].rstrip(_SPACES), text)
        outwards = inside or _is_debit(match["before"]) or _is_debit(match["after"])
        return -minor if outwards else minor

    def _without_money_sign(self, rest: str, text: str) -> str:
        found = _BEFORE.fullmatch(rest)
        if found:
            bare = found["sign"] + found["rest"]
        elif found := _AFTER.fullmatch(rest):
            bare = found["rest"] + found["close"]
        else:
            return rest
        told = SYMBOLS.get(found["money"], found["money"])
        if told and self.currency and told != self.currency:
            raise Unreadable(
                _("“%(text)s” is not in %(currency)s, the currency of this account."), text=text, currency=self.currency
            )
        return bare

    def _minor(self, body: str, text: str) -> int:
        match = _BODIES[self.decimal].fullmatch(body)
        if match is None or not (match["whole"] or match["part"]):
            raise _not_an_amount(text)
        part = (match["part"] or "").rstrip("0")
        if len(part) > self.places:
            raise Unreadable(
                _("“%(text)s” has more decimal places than %(currency)s has (%(places)s)."),
                text=text,
                currency=self.currency or _("the currency"),
                places=self.places,
            )
        minor = int(_NOT_DIGITS.sub("", match["whole"]) or "0") * 10**self.places
        minor += int(part.ljust(self.places, "0") or "0")
        if minor > LARGEST:
            raise Unreadable(_("“%(text)s” is larger than any amount we keep."), text=text)
        return minor


def read_either(text: str, currency: str) -> int:
    """An amount whose decimal sign is its last separator, as in OFX. A lone separator is never a grouping."""
    decimal = "," if text.rfind(",") > text.rfind(".") else "."
    return Grammar.of(currency, decimal).read(text)


def _is_debit(mark: str) -> bool:
    return bool(mark) and mark.upper() in {"D", "DR", *MINUS}


def _not_an_amount(text: str) -> Unreadable:
    if not text.strip():
        return Unreadable(_("There is no amount."))
    return Unreadable(_("“%(text)s” is not an amount."), text=text)
