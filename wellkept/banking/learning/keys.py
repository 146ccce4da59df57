"""The keys a line is remembered under, from the most general to the most particular."""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from wellkept.banking.learning.lines import Features, payee_name, words

# The order in which the memory hears them: each corrects what those before it believe.
KINDS = (
    "sign",
    "account",
    "tax",
    "area",
    "size",
    "area_size",
    "amount",
    "area_amount",
    "word",
    "payee_start",
    "payee",
    "payee_size",
    "payee_amount",
    "payee_area",
    "payee_area_size",
    "payee_area_amount",
    "counterparty",
    "counterparty_amount",
    "series",
    "payee_series",
    "payee_day",
)
# So general that they hold many codes and name hardly any; asked only about codes that others offer.
BROAD = frozenset(("sign", "account", "tax", "area", "size", "area_size", "series"))
# Heard by the ranker only, beside the order above: they are neither more nor less particular than their neighbours.
ASIDE = frozenset(("series", "payee_series", "payee_day"))
SIZES_TO_A_FACTOR_E = 2
DAYS_TO_A_PART = 5


@dataclass(frozen=True, slots=True)
class Key:
    """`number` is what is stored (63 bits, so that it fits every database's integer); `says` is the part of the line it took."""

    kind: str
    number: int
    says: str


@lru_cache(maxsize=4096)
def keys_of(line: Features) -> tuple[Key, ...]:
    """A part that is empty gives no key, so that lines without payees are not taken for lines of the same payee."""
    return tuple(Key(kind, _number(kind, parts), " ".join(parts)) for kind, parts in _parts(line))


def size_of(amount_minor: int) -> str:
    """Amounts within a factor of about 1.6 are of one size; money in and out are not."""
    steps = int(math.log(abs(amount_minor) + 1) * SIZES_TO_A_FACTOR_E)
    return f"{'+' if amount_minor > 0 else '-'}{steps}"


def series_of(reference: str) -> str:
    """Document numbers of one origin begin alike and are equally long: `60048278` and `60048364` are both `600#8`."""
    first = re.split(r"[\s_/]", reference.strip(), maxsplit=1)[0].casefold()
    return f"{first[:3]}#{len(first)}" if any(letter.isdigit() for letter in first) else ""


def _parts(line: Features) -> Iterator[tuple[str, tuple[str, ...]]]:
    sign = "in" if line.amount_minor > 0 else "out"
    payee, amount, area = payee_name(line.payee), str(line.amount_minor), line.area.strip().casefold()
    size, series = size_of(line.amount_minor), series_of(line.reference)
    day = str(line.dated_on.day // DAYS_TO_A_PART) if line.dated_on else ""
    offered: list[tuple[str, tuple[str, ...]]] = [
        ("sign", (sign,)),
        ("account", (line.account, sign)),
        ("tax", (line.tax, sign)),
        ("area", (area,)),
        ("size", (size,)),
        ("area_size", (area, size)),
        ("amount", (amount,)),
        ("area_amount", (area, amount)),
        *(("word", (word, sign)) for word in words(line.description)),
        ("payee_start", (payee.partition(" ")[0],)),
        ("payee", (payee,)),
        ("payee_size", (payee, size)),
        ("payee_amount", (payee, amount)),
        ("payee_area", (payee, area)),
        ("payee_area_size", (payee, area, size)),
        ("payee_area_amount", (payee, area, amount)),
        ("counterparty", (line.counterparty, sign)),
        ("counterparty_amount", (line.counterparty, amount)),
        ("series", (series,)),
        ("payee_series", (payee, series)),
        ("payee_day", (payee, day)),
    ]
    return ((kind, parts) for kind, parts in offered if all(parts))


def _number(kind: str, parts: tuple[str, ...]) -> int:
    digest = hashlib.blake2b("\x1f".join((kind, *parts)).encode(errors="replace"), digest_size=8).digest()
    return int.from_bytes(digest) >> 1
