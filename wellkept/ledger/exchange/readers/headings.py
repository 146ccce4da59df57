"""Which column of a table holds what, known by the headings that other programs write."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

DATE, NUMBER, REFERENCE, KIND = "date", "number", "reference", "kind"
ACCOUNT, CODE, NAME = "account", "code", "name"
DEBIT, CREDIT, AMOUNT = "debit", "credit", "amount"
TEXT, NARRATION, TAX, CURRENCY, FOREIGN = "text", "narration", "tax", "currency", "foreign"
ROLES = (
    DATE, NUMBER, REFERENCE, KIND, ACCOUNT, CODE, NAME, DEBIT, CREDIT, AMOUNT, TEXT, NARRATION, TAX, CURRENCY, FOREIGN,
)  # fmt: skip
ALIASES: Mapping[str, tuple[str, ...]] = {
    DATE: ("date", "journal date", "transaction date", "txn date", "entry date", "posting date", "as at"),
    NUMBER: (
        "number", "trans #", "trans no", "trans no.", "transaction id", "journal no", "journal no.", "journal number",
        "journal id", "journalid", "journalno", "entry", "entry no", "entry no.", "entry number", "entry id", "voucher",
    ),
    REFERENCE: ("num", "ref", "ref no", "ref no.", "reference", "doc no", "document"),
    KIND: ("type", "transaction type", "source", "source type", "journal type"),
    ACCOUNT: ("account", "account name", "accountname", "ledger", "ledger account", "full name", "account full name"),
    CODE: ("account code", "accountcode", "account no", "account no.", "account number", "code", "nominal code", "account #"),
    NAME: ("name", "contact", "contact name", "payee", "customer", "vendor", "supplier"),
    DEBIT: ("debit", "debits", "debit amount", "dr", "debit (source)", "debit - year to date"),
    CREDIT: ("credit", "credits", "credit amount", "cr", "credit (source)", "credit - year to date"),
    AMOUNT: ("amount", "net", "net amount", "balance", "value", "gross"),
    TEXT: ("memo", "description", "memo/description", "line description", "text", "details", "line memo"),
    NARRATION: ("narration", "journal narration", "journal memo", "entry description", "narrative"),
    TAX: ("tax", "tax code", "taxcode", "tax rate", "taxrate", "tax rate name", "gst code", "vat code"),
    CURRENCY: ("currency", "currency code", "ccy"),
    FOREIGN: ("foreign amount", "foreign", "amount in currency", "foreign currency amount", "source amount"),
}  # fmt: skip
_ROLE = {alias: role for role, aliases in ALIASES.items() for alias in aliases}
_CURRENCY_BEHIND = re.compile(r"\s*\(?\b[A-Z]{3}\)?$")


def roles(row: Sequence[str]) -> dict[str, int]:
    """The role of each column whose heading is known; the first of each counts."""
    found: dict[str, int] = {}
    for index, cell in enumerate(row):
        role = _ROLE.get(_plain(cell)) or _ROLE.get(_plain(_CURRENCY_BEHIND.sub("", cell.strip())))
        if role is not None:
            found.setdefault(role, index)
    return found


def is_heading(row: Sequence[str]) -> bool:
    """Whether a row names enough columns to be read by."""
    return enough(roles(row))


def enough(found: Mapping[str, int]) -> bool:
    has_amount = AMOUNT in found or (DEBIT in found and CREDIT in found)
    return has_amount and bool({ACCOUNT, CODE, DATE} & set(found))


def program(row: Sequence[str]) -> str:
    """Whose headings these are: quickbooks, xero, or a plain table."""
    plain = {_plain(cell) for cell in row}
    if "trans #" in plain or "transaction type" in plain or "memo/description" in plain:
        return "quickbooks"
    if plain & {"journal id", "narration", "running balance", "trackingname1"} or {"source", "reference"} <= plain:
        return "xero"
    return "table"


def _plain(cell: str) -> str:
    return " ".join(cell.strip().strip("*").lower().split())
