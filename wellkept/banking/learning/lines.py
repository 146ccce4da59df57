"""A line as the coding model sees it: what is known before anybody codes it."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from datetime import date
from functools import lru_cache

# How tills, banks and card schemes dress a payee; none of it says who was paid.
DRESSING = """
ach ag bacs billpay bpay bv card cb cc chg chq co corp crd credit dd deb debit dep direct dr ecom eftpos fee fpi fpo from gmbh
inc internet into ipp limited llc llp ltd mastercard mb nv of online order pay payment payments paywave plc pmt pos pty pur
purchase recurring ref sa sarl sepa so srl standing tfr the to transfer value via visa www xfer
"""
RESELLERS = re.compile(
    r"^\s*(?:sq|sqc|sp|pp|paypal|sumup|izettle|zettle|tst|ckexpress|dnh|gpay|applepay|stripe)\s?[_*]+\s?", re.I
)
# `CARD 4821`, `card no. 4821`, `xx4821`, `**** 4821`, and the card of a CAMT entry, whole or masked.
CARD = re.compile(
    r"\b(?:card|crd|visa|mastercard|amex)\b[ .:#]*(?:(?:no|nr|number|ending(?: in)?)\b[ .:#]*)?(\d{4})(?!\d)"
    r"|[x*•]{2,}[ -]?(\d{4})(?!\d)"
    r"|<(?:\w+:)?(?:mskd)?pan>[^<]*?(\d{4})\s*</",
    re.I,
)
WORD = re.compile(r"[^\W_]+(?:[&'’.][^\W_]+)*")
DRESSED = frozenset(DRESSING.split())
LONGEST_TEXT, MOST_WORDS = 400, 12
LONGEST_RAW = 4_000


@dataclass(frozen=True, slots=True)
class Features:
    """Everything here is known when the line arrives; what is not known stays empty and then says nothing."""

    payee: str = ""
    amount_minor: int = 0  # signed: money in is above zero
    dated_on: date | None = None
    description: str = ""
    counterparty: str = ""  # the other side's account number
    area: str = ""  # who spent: department, project, card
    tax: str = ""
    account: str = ""  # the bank account or list the line stands in
    reference: str = ""


@dataclass(frozen=True, slots=True)
class Example:
    """A line somebody approved. `on` is the day that counts for forgetting, as a rule the line's own day."""

    features: Features
    code: str
    on: date


def card_of(*texts: str) -> str:
    """Who spent, where a bank says only which card: its last four digits, from the first text that names one."""
    for text in texts:
        if found := CARD.search(text[:LONGEST_RAW]):
            return f"card {next(filter(None, found.groups()))}"
    return ""


@lru_cache(maxsize=8192)
def words(text: str) -> tuple[str, ...]:
    """The words of a text without numbers, dates, terminals and dressing, in their order, each once."""
    found = (word for word in _plain(text) if not _has_digit(word) and len(word) > 1 and word not in DRESSED)
    return tuple(dict.fromkeys(found))[:MOST_WORDS]


@lru_cache(maxsize=8192)
def payee_name(text: str) -> str:
    """Who was paid, in one spelling: cut at the first number after a name, where shop numbers, dates and places begin."""
    name: list[str] = []
    for word in _plain(RESELLERS.sub("", text[:LONGEST_TEXT])):
        if _has_digit(word) and name:
            break
        if word not in DRESSED and not word.isdigit():
            name.append(word)
    return " ".join(name[:MOST_WORDS])


def _plain(text: str) -> list[str]:
    """Lower case, without accents, cut into words; a full stop or apostrophe inside a word is dropped."""
    flat = unicodedata.normalize("NFKD", text[:LONGEST_TEXT]).casefold()
    bare = "".join(letter for letter in flat if not unicodedata.combining(letter))
    return [re.sub(r"['’.]", "", word) for word in WORD.findall(bare)]


def _has_digit(word: str) -> bool:
    return any(letter.isdigit() for letter in word)
