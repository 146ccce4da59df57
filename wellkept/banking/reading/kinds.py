"""What a file is that arrived without anybody saying so."""

from __future__ import annotations

import re

from wellkept.banking import formats
from wellkept.banking.formats import Unreadable

BANK, PAPER = "bank", "paper"
ENOUGH = 65_536  # bytes to tell by
_TABLES = (".csv", ".tsv", ".xlsx")
_LETTERS = (".eml",)
_TEXTS = {"text/plain", "message/rfc822", "text/html"}
_SURELY_BANK = {"ofx", "mt940", "qif"}
_STATEMENT = re.compile(rb"BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn)\b")


def kind_of(head: bytes, *, media_type: str, name: str) -> str:
    """BANK, PAPER, or "" for what is neither. A table is told by its name: any text may hold commas."""
    low = name.strip().lower()
    if media_type == "application/pdf" or media_type.startswith("image/"):
        return PAPER
    if media_type == "message/rfc822" or low.endswith(_LETTERS):
        return PAPER
    if _is_bank_file(head[:ENOUGH], low):
        return BANK
    return PAPER if media_type in _TEXTS else ""


def _is_bank_file(head: bytes, name: str) -> bool:
    if name.endswith(_TABLES):
        return True
    try:
        format = formats.detect(head)
    except Unreadable:
        return False
    if format == "camt":
        return bool(_STATEMENT.search(head.replace(b"\x00", b"")))
    return format in _SURELY_BANK
