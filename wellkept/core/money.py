"""Money: integer minor units with a currency. No float, no Decimal() of user input."""

from __future__ import annotations

import re
from dataclasses import dataclass

from wellkept.core.refusals import Refusal

WITHOUT_PLACES = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX UYI VND VUV XAF XOF XPF"
THREE_PLACES = "BHD IQD JOD KWD LYD OMR TND"
EXPONENTS = dict.fromkeys(WITHOUT_PLACES.split(), 0) | dict.fromkeys(THREE_PLACES.split(), 3) | {"CLF": 4, "UYW": 4}
LARGEST = 10**15
NUMBER = re.compile(
    r"(?P<sign>[-\u2212+]?)(?P<whole>\d{1,3}(?:,\d{3})+|\d+)(?:\.(?P<part>\d+))?(?P<thousand>k?)", re.ASCII
)


class NotAnAmount(Refusal):
    """The text is not an amount of money."""


@dataclass(frozen=True)
class Money:
    """`minor` counts the currency's smallest unit (cents); `currency` is an ISO 4217 code."""

    minor: int
    currency: str

    def __post_init__(self) -> None:
        if not re.fullmatch(r"[A-Z]{3}", self.currency):
            raise ValueError(f"{self.currency!r} is not an ISO 4217 currency code.")
        if type(self.minor) is not int:
            raise TypeError(f"Money counts whole {self.currency} units, not {type(self.minor).__name__}.")

    def __add__(self, other: Money) -> Money:
        return Money(self.minor + self._same(other).minor, self.currency)

    def __sub__(self, other: Money) -> Money:
        return Money(self.minor - self._same(other).minor, self.currency)

    def __neg__(self) -> Money:
        return Money(-self.minor, self.currency)

    def __lt__(self, other: Money) -> bool:
        return self.minor < self._same(other, "compared").minor

    def __le__(self, other: Money) -> bool:
        return self.minor <= self._same(other, "compared").minor

    def __gt__(self, other: Money) -> bool:
        return other < self

    def __ge__(self, other: Money) -> bool:
        return other <= self

    def _same(self, other: Money, what: str = "added") -> Money:
        if other.currency != self.currency:
            raise ValueError(f"{self.currency} and {other.currency} cannot be {what}.")
        return other

    def __str__(self) -> str:
        places = exponent(self.currency)
        digits = f"{abs(self.minor):0{places + 1}d}"
        whole, part = (digits[:-places], digits[-places:]) if places else (digits, "")
        return f"{'−' if self.minor < 0 else ''}{int(whole):,}{'.' + part if part else ''}"


def exponent(currency: str) -> int:
    """Decimal places of a currency (ISO 4217): 2 for most, 0 for yen, 3 for dinars."""
    return EXPONENTS.get(currency, 2)


def parse(text: str, currency: str) -> Money:
    """Read `6900`, `6,900.00`, `−12.5` or `6.9k`. Anything else is refused: no NaN, no exponent, no other digits."""
    match = NUMBER.fullmatch(text.strip())
    if match is None:
        raise NotAnAmount(f"“{text[:40]}” is not an amount. Write it like 6,900.00.")
    places = exponent(currency) + (3 if match["thousand"] else 0)
    part = (match["part"] or "").rstrip("0")
    if len(part) > places:
        raise NotAnAmount(f"{currency} has {exponent(currency)} decimal places; “{text[:40]}” has more.")
    minor = int(match["whole"].replace(",", "")) * 10**places + int((part or "0").ljust(places, "0") if places else 0)
    if minor > LARGEST:
        raise NotAnAmount(f"“{text[:40]}” is larger than any amount we keep.")
    return Money(-minor if match["sign"] in {"-", "\u2212"} else minor, currency)
