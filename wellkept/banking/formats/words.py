"""What banks write above their columns, in the languages of our clients. A hint beside the proof, never instead of it."""

from __future__ import annotations

import re

DATE, VALUE_DATE, BALANCE = "date", "valued", "balance"
MONEY = ("amount", "debit", "credit")
MEANINGS = ("payee", "reference", "counterparty", "bank_id", "account", "currency")
_WORDS: tuple[tuple[str, str], ...] = (
    (VALUE_DATE, r"value ?date|valuta|valutadatum|wertstellung|data valor|fecha valor|date de valeur"),
    (DATE, r"date|datum|data|fecha|buchungstag|posted|when"),
    (BALANCE, r"balance|saldo|solde|kontostand|running total"),
    ("debit", r"debit|debits|paid out|money out|withdrawal|withdrawals|soll|débit|débito|debito|cargo|saída|af"),
    ("credit", r"credit|credits|paid in|money in|deposit|deposits|haben|crédit|crédito|credito|abono|entrada|bij"),
    ("amount", r"amount|betrag|umsatz|valor|importe|montant|bedrag|gross|net|sum"),
    ("currency", r"currency|währung|moeda|moneda|devise|valuta ?code|munt|ccy"),
    ("counterparty", r"counterparty account|iban|account (?:no|number) (?:of )?payee|kontonummer|gegenkonto|tegenrekening|conta destino"),
    ("account", r"account|account (?:no|number|name)|konto|auftragskonto|conta|cuenta|compte|rekening"),
    ("payee", r"payee|name|merchant|beneficiary|counterparty|other party|empfänger|beguenstigter.*|zahlungsempfänger|auftraggeber|favorecido|beneficiario|tegenpartij"),
    ("bank_id", r"transaction ?id|id|fitid|unique ?id|trx ?id"),
    ("reference", r"reference|ref|cheque|check|cheque (?:no|number)|check (?:no|number)|referenz|referência|referencia|référence|kenmerk"),
    ("description", r"description|details|narrative|particulars|memo|text|verwendungszweck|buchungstext|descrição|histórico|concepto|libellé|omschrijving|notes?|transaction|type|code"),
)  # fmt: skip
_PATTERNS = tuple((name, re.compile(rf"(?:.*\b)?(?:{pattern})(?:\b.*)?")) for name, pattern in _WORDS)
_EXACT = tuple((name, re.compile(pattern)) for name, pattern in _WORDS)


def meant(header: str) -> str:
    """The meaning of a header: by the whole of it, else by a word in it; empty when it says nothing."""
    text = re.sub(r"[\s_./()-]+", " ", header).strip().casefold()
    if not text or len(text) > 60:
        return ""
    exact = next((name for name, pattern in _EXACT if pattern.fullmatch(text)), "")
    return exact or next((name for name, pattern in _PATTERNS if pattern.fullmatch(text)), "")
