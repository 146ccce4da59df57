"""One door for every format: bytes in, a frozen `ReadBook` out."""

from __future__ import annotations

import re

from .how import HISTORY, How
from .readers import beancount, hledger, table
from .refusals import Unreadable
from .refusals import mark as _
from .result import ReadBook
from .text import decode

FORMATS = ("quickbooks", "xero", "table", "beancount", "hledger")
MOST_ENTRIES, MOST_ACCOUNTS = 200_000, 2_000
LOOKED_AT = 200_000
_BEANCOUNT = re.compile(
    r'^(?:option\s+"|plugin\s+"|[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}\s+(?:open|commodity|txn|balance|pad|custom|price)\b'
    r'|[0-9]{4}[-/][0-9]{2}[-/][0-9]{2}\s+[*!]\s+")',
    re.MULTILINE,
)
_HLEDGER = re.compile(
    r"^(?:account\s|commodity\s|decimal-mark\s|include\s|[0-9]{4}[-/.][0-9]{1,2}[-/.][0-9]{1,2}[^\n]*\n[ \t]+\S)",
    re.MULTILINE,
)


def read(data: bytes, how: How) -> ReadBook:
    """The whole file, or Unreadable."""
    text = decode(data)
    head = text[:LOOKED_AT]
    if _BEANCOUNT.search(head):
        found = beancount.read(text, _history(how))
    elif _HLEDGER.search(head):
        found = hledger.read(text, _history(how))
    else:
        found = table.read(text, how)
    if len(found.entries) > MOST_ENTRIES or len(found.accounts) > MOST_ACCOUNTS:
        raise Unreadable(
            _("The file holds more than %(entries)s entries or %(accounts)s accounts. Export shorter periods."),
            entries=MOST_ENTRIES, accounts=MOST_ACCOUNTS,
        )  # fmt: skip
    return found


def _history(how: How) -> How:
    if how.kind != HISTORY:
        raise Unreadable(
            _("Opening balances are read from a table (CSV) with an account, a debit and a credit column.")
        )
    return how
