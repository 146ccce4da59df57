"""What the banks of the demo's clients tell: invented payees, believable days and amounts, from one seed."""

from __future__ import annotations

import random
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta


@dataclass(frozen=True, slots=True)
class Recipe:
    """A kind of line: payee, account of the book, amounts in cents between two bounds, and when it comes.

    `day` is a day of the month; without one it comes `times` a month on any working day. Below zero is money out.
    """

    payee: str
    code: str
    low: int
    high: int
    day: int = 0
    times: int = 1
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a statement and the account it belongs to; `code` is empty where nobody can know without asking."""

    on: date
    payee: str
    amount_minor: int
    code: str


EVERYONE = (
    Recipe("Harbourside Property rent", "6140", -245_000, -245_000, day=1),
    Recipe("Brightline Energy DD", "6090", -42_000, -21_000, day=12),
    Recipe("Southern Telecom", "6170", -18_990, -18_990, day=15),
    Recipe("Haldane Insurance DD", "6080", -61_890, -61_890, day=26),
    Recipe("Ledgerleaf software", "6060", -7_400, -7_400, day=3),
    Recipe("Monthly account fee", "6030", -1_250, -1_250, day=28),
    Recipe("Kowhai Cafe", "6070", -4_200, -900, times=3),
    Recipe("Stationery House", "6120", -13_000, -2_500, times=2),
    Recipe("Speedline Couriers", "6130", -9_500, -2_200, times=2, numbered=True),
)
TRADES: dict[str, tuple[Recipe, ...]] = {
    "bakery": (
        Recipe("Tidemark Mills flour DD", "5000", -186_000, -142_000, day=20),
        Recipe("Greenmeadow Dairy", "5000", -38_000, -22_000, times=4, numbered=True),
        Recipe("Card settlement", "4000", 240_000, 465_000, times=8),
        Recipe("Wages", "6400", -512_000, -488_000, times=2),
        Recipe("Fuelco", "6100", -14_000, -7_000, times=2, numbered=True),
    ),
    "freight": (
        Recipe("Fuelco", "6100", -28_000, -12_000, times=6, numbered=True),
        Recipe("Transit Tolls", "6110", -6_400, -1_900, times=4, numbered=True),
        Recipe("Tyreworks", "6110", -138_000, -62_000, numbered=True),
        Recipe("Hargreave Ltd inv", "4010", 240_000, 620_000, times=3, numbered=True),
        Recipe("Northgate Depot inv", "4010", 180_000, 410_000, times=3, numbered=True),
        Recipe("Wages", "6400", -842_000, -780_000, times=2),
        Recipe("D Whitlock", "", -80_000, -20_000),
    ),
    "maker": (
        Recipe("Ridge Timber Supplies", "5000", -215_000, -68_000, times=3, numbered=True),
        Recipe("Fastener World", "5000", -24_000, -6_000, times=3),
        Recipe("Customer deposit", "4000", 120_000, 480_000, times=5, numbered=True),
        Recipe("Wages", "6400", -498_000, -455_000, times=2),
        Recipe("Skip and Bin Hire", "6050", -38_000, -24_000),
    ),
    "practice": (
        Recipe("Patient payments", "4010", 160_000, 340_000, times=8),
        Recipe("Linen Service", "6050", -19_500, -14_000, times=2),
        Recipe("Medisupply", "5000", -62_000, -18_000, times=2, numbered=True),
        Recipe("Wages", "6400", -615_000, -560_000, times=2),
        Recipe("Registration board", "6210", -48_000, -48_000, day=9),
    ),
}


def lines(trade: str, since: date, until: date, *, seed: int) -> list[Line]:
    """Every line from `since` and before `until`, by day. The same seed gives the same lines."""
    told: list[Line] = []
    month = since.replace(day=1)
    while month < until:
        draw = random.Random(f"{seed}-{trade}-{month}")  # noqa: S311 - a story, not a secret
        for recipe in (*EVERYONE, *TRADES[trade]):
            told += [_line(recipe, on, draw) for on in _days(recipe, month, draw)]
        month = (month + timedelta(days=32)).replace(day=1)
    return sorted((line for line in told if since <= line.on < until), key=lambda line: (line.on, line.payee))


def _days(recipe: Recipe, month: date, draw: random.Random) -> Iterator[date]:
    if recipe.day:
        yield month.replace(day=recipe.day)
        return
    for _time in range(recipe.times):
        on = month.replace(day=draw.randint(1, 28))
        yield on + timedelta(days=(7 - on.weekday()) % 7 if on.weekday() > 4 else 0)


def _line(recipe: Recipe, on: date, draw: random.Random) -> Line:
    payee = f"{recipe.payee} {draw.randint(1000, 9999)}" if recipe.numbered else recipe.payee
    return Line(on, payee.upper(), draw.randint(recipe.low, recipe.high), recipe.code)


def as_ofx(told: Sequence[Line], *, number: str, currency: str, since: date, until: date, closing_minor: int) -> bytes:
    """The lines as a bank writes them; `until` is the last day it speaks of."""
    rows = "".join(
        f"<STMTTRN><TRNTYPE>{'CREDIT' if line.amount_minor > 0 else 'DEBIT'}<DTPOSTED>{line.on:%Y%m%d}"
        f"<TRNAMT>{_plain(line.amount_minor)}<FITID>{line.on:%Y%m%d}{place:04}<NAME>{line.payee}</STMTTRN>\n"
        for place, line in enumerate(told, start=1)
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\nVERSION:102\nSECURITY:NONE\nENCODING:USASCII\nCHARSET:1252\nCOMPRESSION:NONE\n"
        "OLDFILEUID:NONE\nNEWFILEUID:NONE\n\n"
        f"<OFX><BANKMSGSRSV1><STMTTRNRS><TRNUID>1<STMTRS><CURDEF>{currency}<BANKACCTFROM><BANKID>1<ACCTID>{number}"
        f"<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST><DTSTART>{since:%Y%m%d}<DTEND>{until:%Y%m%d}\n{rows}</BANKTRANLIST>"
        f"<LEDGERBAL><BALAMT>{_plain(closing_minor)}<DTASOF>{until:%Y%m%d}</LEDGERBAL></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode("ascii", "replace")


def _plain(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"
