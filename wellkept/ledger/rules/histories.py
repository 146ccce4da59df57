"""Bringing in what another program kept: what an account is by its name, and what makes an entry the same entry."""

from __future__ import annotations

import hashlib
import json
import re
from collections.abc import Iterable, Sequence
from datetime import date

from wellkept.ledger.exchange.result import ReadEntry

KEY, OPENING, AGAIN = "import:", "opening-", "~"
LONGEST_NUMBER = 60
FIRST_CODES = {"asset": 1000, "liability": 2000, "equity": 3000, "income": 4000, "expense": 6000}
# The first that a name holds counts, so the particular stand before the general.
WORDS: tuple[tuple[tuple[str, ...], str, str], ...] = (
    (("accumulated depreciation", "accum. dep", "acc dep"), "asset", "fixed"),
    (("depreciation", "amortisation", "amortization"), "expense", "depreciation"),
    (("prepaid", "prepayment", "deposit paid"), "asset", "current"),
    (("accounts receivable", "debtors", "receivable"), "asset", "receivable"),
    (("accounts payable", "creditors", "payable", "accrual", "accrued", "owed", "owing"), "liability", "payable"),
    (("gst", "vat", "sales tax", "paye", "withholding"), "liability", "tax"),
    (("credit card", "visa", "mastercard", "amex"), "liability", "card"),
    (("loan", "mortgage", "overdraft", "hire purchase", "borrowing"), "liability", "loan"),
    (("interest income", "interest received", "interest earned", "dividend"), "income", "other_income"),
    (("bank fee", "bank charge", "merchant fee"), "expense", "overhead"),
    (("opening balance", "owner", "capital", "equity", "retained", "drawing", "share"), "equity", ""),
    (("checking", "cheque", "savings", "bank", "paypal", "stripe"), "asset", "bank"),
    (("petty cash", "cash", "till", "undeposited"), "asset", "cash"),
    (("inventory", "stock on hand"), "asset", "inventory"),
    (("cost of", "cogs", "purchase", "subcontractor"), "expense", "cost_of_sales"),
    (("equipment", "vehicle", "furniture", "building", "land", "plant", "computer hardware"), "asset", "fixed"),
    (("sales", "revenue", "income", "turnover", "fees earned", "fee income"), "income", "sales"),
)  # fmt: skip


def guess(name: str) -> tuple[str, str]:
    """Type and purpose of an account by the words of its name; an expense when none of them says otherwise."""
    plain = f" {' '.join(re.split(r'[^a-z.]+', name.casefold()))} "
    for words, type_, purpose in WORDS:
        if any(f" {word} " in plain or f" {word}s " in plain for word in words):
            return type_, purpose
    return "expense", "overhead"


def free_code(type_: str, taken: Iterable[str]) -> str:
    """The next number of that type's thousand; its last ten are for what the book itself needs."""
    numbers = {int(code) for code in taken if code.isdecimal() and len(code) < 10}
    first = FIRST_CODES[type_]
    number = max((each for each in numbers if first <= each < first + 990), default=first - 1) + 1
    while number in numbers:
        number += 1
    return str(number)


def keys(entries: Sequence[ReadEntry]) -> list[str]:
    """A key for each entry, of what it says and which of its equals it is. The same file, or one that overlaps, has the same."""
    seen: dict[str, int] = {}
    found = []
    for entry in entries:
        mark = f"{KEY}{entry.number[:LONGEST_NUMBER]}:{_digest(entry)}"
        seen[mark] = seen.get(mark, 0) + 1
        found.append(f"{mark}:{seen[mark]}")
    return found


def opening_key(on: date) -> str:
    """The opening balances of a day are one entry."""
    return f"{OPENING}{on.isoformat()}"


def again(key: str, times: int) -> str:
    """The key of an entry that comes in once more after it was taken back."""
    return f"{key}{AGAIN}{times + 1}" if times else key


def first_key(key: str) -> str:
    """The key it had the first time."""
    before, mark, turn = key.rpartition(AGAIN)
    return before if mark and turn.isdecimal() else key


def number_of(key: str) -> str:
    """The number an imported entry had in its file; empty when it had none."""
    return key.removeprefix(KEY).rsplit(":", 2)[0]


def _digest(entry: ReadEntry) -> str:
    lines = [
        [line.account, line.amount_minor, line.currency, line.foreign_minor, line.text, line.tax]
        for line in entry.lines
    ]
    said = json.dumps([entry.dated_on.isoformat(), entry.narration, lines], ensure_ascii=False)
    return hashlib.sha256(said.encode("utf-8", "replace")).hexdigest()[:32]
