"""What the text of a receipt or bill says: who is paid, how much, when. What cannot be told for sure is left out."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date

from wellkept.banking.formats.amounts import Grammar, read_either
from wellkept.banking.formats.columns import DMY, MDY, YMD
from wellkept.banking.formats.dates import read_date
from wellkept.banking.formats.refusals import Unreadable
from wellkept.banking.rules.words import words
from wellkept.core.money import exponent

MOST_LINES = 400
LONGEST_LINE = 300
FIRST_YEAR = 2000
MONTH_FIRST = frozenset(("US", "PH", "PW", "FM", "MH"))
TOP = 12  # lines in which the name of the seller stands

CURRENCIES = frozenset(
    [
        "AED",
        "ARS",
        "AUD",
        "BGN",
        "BRL",
        "CAD",
        "CHF",
        "CLP",
        "CNY",
        "COP",
        "CZK",
        "DKK",
        "EUR",
        "FJD",
        "GBP",
        "HKD",
        "HUF",
        "IDR",
        "ILS",
        "INR",
        "ISK",
        "JPY",
        "KES",
        "KRW",
        "MXN",
        "MYR",
        "NGN",
        "NOK",
        "NZD",
        "PEN",
        "PHP",
        "PLN",
        "RON",
        "RUB",
        "SAR",
        "SEK",
        "SGD",
        "THB",
        "TWD",
        "UAH",
        "USD",
        "VND",
        "WST",
        "XPF",
        "ZAR",
    ]
)
SIGNS = {
    "€": "EUR",
    "£": "GBP",
    "₹": "INR",
    "R$": "BRL",
    "A$": "AUD",
    "AU$": "AUD",
    "NZ$": "NZD",
    "US$": "USD",
    "CA$": "CAD",
    "C$": "CAD",
    "S$": "SGD",
    "HK$": "HKD",
    "$": "",
    "¥": "",
}
_MARK = r"(?:[A-Z]{1,2}\$|[A-Z]{3}(?![A-Za-z])|[€£₹$¥])"
_AMOUNT = re.compile(
    rf"(?<![\w.,])(?P<minus>[-−(]?)\s?(?P<before>{_MARK})?[ \u00a0]?(?P<number>\d[\d.,'’ \u00a0\u202f]{{0,24}})"
    rf"(?P<after>{_MARK})?(?![\w%])",
    re.ASCII,
)
_WITH_PART = re.compile(r".*[.,]\d\d", re.ASCII)
_SPACES = re.compile(r"[ \u00a0\u202f]+")

# The sum somebody pays, in the words bills use; the surest first.
_DUE = re.compile(
    r"\b(?:(?:amount|total|balance) (?:due|payable)|total to pay|to pay|(?:total|amount) paid|(?:grand|invoice|order) total|"
    r"total amount|total (?:\(?incl?\b|\(?including)|total(?: da| de la| de)? (?:fatura|factura|geral|general)|"
    r"(?:total|valor|importe|montant|net) (?:a|à) (?:pagar|abonar|payer)|valor (?:total|pago)|total pago|"
    r"(?:total|montant) ttc|zu zahlen(?:der betrag)?|gesamtbetrag|gesamtsumme|rechnungsbetrag|endbetrag|importe total|"
    r"totale (?:da pagare|fattura|documento)|importo totale|te betalen|totaalbedrag)\b"
)
_TOTAL = re.compile(r"\b(?:total|totals|totaal|totale|summe|gesamt|importe|montant)\b")
_TAX = r"(?:gst|iva|vat|tax|taxes|tva|mwst|ust|btw|imposto|impuesto|icms|iss)"
_OTHER = re.compile(
    rf"\bsub[- ]?total|\btotal (?:ht|net|netto|excl|ex|sem|sin|sans|before|items?|qty|quantity|units?|savings?|discount|desconto)\b"
    rf"|\bnet total|\bzwischensumme|\bsuma base|\btotal(?: d[eo])? {_TAX}\b(?! ?(?:incl|inclu|inkl|compris))|\b{_TAX} total\b"
    r"|\bprevious balance|\bsaldo anterior|\btotal saved|\btotal points"
)
_DATE_WORDS = re.compile(r"\b(?:date|dated|issued|data|emiss[aã]o|emitida|fecha|datum|vom|le|del)\b")
_DUE_WORDS = re.compile(
    r"\b(?:due|venc\w*|vence|échéance|echeance|fällig\w*|scadenza|vervaldatum|expir\w*|valid|until|from)\b"
)
_MONTH_WORD = r"[^\W\d_]{3,10}"
_DAYS = re.compile(
    r"(?<![\d.,/-])(?:\d{4}[-/.]\d{1,2}[-/.]\d{1,2}|\d{1,2}[-/.]\d{1,2}[-/.]\d{4}|\d{1,2}[-/.]\d{1,2}[-/.]\d{2})(?![\d/-])"
    rf"|(?<!\d)\d{{1,2}}(?:st|nd|rd|th|º|\.)?[ -](?:de )?{_MONTH_WORD}\.?,?[ -](?:de )?\d{{4}}(?!\d)"
    rf"|\b{_MONTH_WORD}\.? \d{{1,2}}(?:st|nd|rd|th)?,? \d{{4}}(?!\d)",
)
_ORDINAL = re.compile(r"(?<=\d)(?:st|nd|rd|th|º)")
_NOT_A_NAME = re.compile(
    r"^\W*(?:tax )?(?:invoice|receipt|bill|statement|page|date|order|customer|bill to|ship to|sold to|invoice to|phone|tel|fax|"
    r"email|e-mail|www|http|abn|gst|vat|nif|cnpj|nipc|recibo|fatura|factura|nota fiscal|rechnung|quittung|kassenbon|facture|"
    r"reçu|ricevuta|fattura|bon|client|cliente|kunde|no|number|your|thank|thanks|welcome|hello|hi|dear|from|to|subject|sent|"
    r"fwd|fw|re|original|copy|duplicate|eftpos|merchant|terminal)\b",
)
_LETTERS = re.compile(r"[^\W\d_]", re.UNICODE)


@dataclass(frozen=True, slots=True)
class Facts:
    """What a document says of itself. A refund has an amount below zero."""

    payee: str = ""
    amount_minor: int | None = None
    currency: str = ""
    dated_on: date | None = None


@dataclass(frozen=True, slots=True)
class _Found:
    minor: int
    currency: str


def facts_of(text: str, *, received_on: date, country: str = "", own_names: Sequence[str] = ()) -> Facts:
    """`country` decides how 03/04/2026 is meant; `own_names` are the client's, who is never the one it pays."""
    lines = [line.strip()[:LONGEST_LINE] for line in text.splitlines()[: MOST_LINES * 3] if line.strip()][:MOST_LINES]
    total = _total(lines)
    currency = (total.currency if total else "") or _only_currency(lines)
    return Facts(
        payee=_payee(lines, own_names),
        amount_minor=total.minor if total else None,
        currency=currency,
        dated_on=_date(lines, MDY if country in MONTH_FIRST else DMY, received_on),
    )


def _total(lines: Sequence[str]) -> _Found | None:
    """The largest sum with the surest name; without any name, the only sum there is."""
    for label in (_DUE, _TOTAL):
        if found := list(_labelled(lines, label)):
            return max(found, key=lambda each: abs(each.minor))
    every = {each.minor: each for line in lines for each in amounts_in(line)}
    return next(iter(every.values())) if len(every) == 1 else None


def _labelled(lines: Sequence[str], label: re.Pattern[str]) -> Iterator[_Found]:
    for place, line in enumerate(lines):
        low = line.casefold()
        match = label.search(low)
        if match is None or _OTHER.search(low):
            continue
        here = amounts_in(line[match.end() :] if len(low) == len(line) else line)
        if here:
            yield here[-1]
        elif (below := lines[place + 1 : place + 2]) and not _LETTERS.search(_AMOUNT.sub("", below[0])):
            yield from amounts_in(below[0])[-1:]


def amounts_in(line: str) -> list[_Found]:
    """Every sum of money in a line: with cents, or with a currency beside it. Zero says nothing."""
    found = []
    for match in _AMOUNT.finditer(line):
        marks = [mark for mark in (match["before"], match["after"]) if mark]
        currencies = {SIGNS.get(mark, mark if mark in CURRENCIES else "") for mark in marks} - {""}
        if len(currencies) > 1:
            continue
        currency = next(iter(currencies), "")
        known = any(mark in SIGNS or mark in CURRENCIES for mark in marks)
        minor = _minor(match["number"].rstrip(" \u00a0\u202f.,'’"), currency, known)
        if minor:
            found.append(_Found(-minor if match["minus"] else minor, currency))
    return found


def _minor(number: str, currency: str, marked: bool) -> int | None:
    """By the strict grammar of amounts; a number two ways of grouping could mean is none."""
    if not _WITH_PART.fullmatch(number):
        if not marked:
            return None
    elif "," not in number or number.rfind(".") > number.rfind(","):
        number = _SPACES.split(number)[-1]  # “2 45.00” is two of something; only a comma for cents goes with spaces
    try:
        return Grammar.of(currency).read(number) if exponent(currency) == 0 else read_either(number, currency)
    except Unreadable:
        return None


def _only_currency(lines: Sequence[str]) -> str:
    """The one currency the text names, if it names one."""
    named = {code for line in lines for code in re.findall(r"\b[A-Z]{3}\b", line, re.ASCII) if code in CURRENCIES}
    return named.pop() if len(named) == 1 else ""


def _date(lines: Sequence[str], order: str, received_on: date) -> date | None:
    """The day beside a word for it, else the first one; a day still to come is when something falls due."""
    named: list[date] = []
    others: list[date] = []
    for line in lines:
        low = line.casefold()
        if _DUE_WORDS.search(low):
            continue
        days = [day for text in _DAYS.findall(line) if (day := _day(text, order, received_on))]
        (named if _DATE_WORDS.search(low) else others).extend(days)
    return next(iter(named or others), None)


def _day(text: str, order: str, received_on: date) -> date | None:
    plain = _ORDINAL.sub("", text).replace(" de ", " ").replace(", ", " ")
    for each in dict.fromkeys((order, DMY, MDY, YMD)):
        try:
            day = read_date(plain, each)
        except Unreadable:
            continue
        return day if day.year >= FIRST_YEAR and day <= received_on else None
    return None


def _payee(lines: Sequence[str], own_names: Sequence[str]) -> str:
    """The first line at the top that reads like a name and is not the client's own."""
    own = [words(name) for name in own_names]
    for line in lines[:TOP]:
        name = re.sub(r"^(?:from|von|de|da)\s*:\s*", "", line, flags=re.IGNORECASE)
        name = re.sub(r"\s*<[^>]*>\s*$", "", name).strip(" *-=_#|·\t\"'")
        known = words(name)
        if not known or _NOT_A_NAME.match(name.casefold()) or len(name) > 60 or ":" in name:
            continue
        if amounts_in(name) or _DAYS.search(name) or len(_LETTERS.findall(name)) < max(3, len(name) // 2):
            continue
        if any(each and each <= known for each in own):
            continue
        return name
    return ""
