"""Which format bytes are in, and their reading."""

from __future__ import annotations

import re

from . import camt, cells, mt940, ofx, qif, table, xlsx
from .columns import ColumnMap
from .proposals import Proposal, propose
from .refusals import Unreadable
from .refusals import mark as _
from .result import ReadFile
from .text import decode

CSV = "csv"
FORMATS = (ofx.NAME, camt.NAME, mt940.NAME, qif.NAME, CSV, xlsx.NAME)
HEAD = 65536
_OFX = re.compile(r"^\s*OFXHEADER\s*:|<OFX\b|<\?OFX\b", re.IGNORECASE | re.MULTILINE)
_CAMT = re.compile(
    r"<(?:\w+:)?(?:BkToCstmr(?:Stmt|AcctRpt|DbtCdtNtfctn))\b|urn:iso:std:iso:20022:tech:xsd:camt\.05[234]"
)
_MT940 = re.compile(r"^(?:\{1:F01|:20:|:940:|:25:|:28C?:|:60[FM]:|:61:|:62[FM]:|:64:|:NS:)", re.MULTILINE)
_WEB = re.compile(r"^\s*<(?:!doctype html|html|head|table|body)\b", re.IGNORECASE)
_XML = re.compile(r"\A\s*(?:<\?xml|<[A-Za-z!])")
_TEXTS = ((ofx.NAME, _OFX), (camt.NAME, _CAMT), (camt.NAME, _XML), (mt940.NAME, _MT940), (qif.NAME, qif.HEAD))
_BINARY: tuple[tuple[bytes, str], ...] = (
    (b"%PDF-", _("This is a PDF, not a bank file. Ask the bank for OFX, CAMT, MT940 or CSV; PDFs belong to the documents.")),
    (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", _("This is an old Excel file, or one with a password. Save it as .xlsx without a password.")),
    (b"\x1f\x8b", _("This is a compressed file. Unpack it and send what is in it.")),
    (b"Rar!", _("This is a compressed file. Unpack it and send what is in it.")),
    (b"7z\xbc\xaf", _("This is a compressed file. Unpack it and send what is in it.")),
    (b"\x89PNG", _("This is a picture, not a bank file.")),
    (b"\xff\xd8\xff", _("This is a picture, not a bank file.")),
    (b"MZ", _("This is a program, not a bank file.")),
    (b"\x7fELF", _("This is a program, not a bank file.")),
)  # fmt: skip


def detect(data: bytes) -> str:
    """One of FORMATS, by what stands in the file and never by its name; Unreadable when it is none."""
    for magic, reason in _BINARY:
        if data.startswith(magic):
            raise Unreadable(reason)
    if data.startswith(b"PK"):
        return xlsx.NAME
    head, _charset = decode(_whole_lines(data))
    if _WEB.match(head):
        raise Unreadable(_("This is a web page, not a bank file. Download the statement again."))
    for name, pattern in _TEXTS:
        if pattern.search(head):
            return name
    cells.best_delimiter(head)
    return CSV


def _whole_lines(data: bytes) -> bytes:
    """The head of the file, cut where no letter is torn."""
    if len(data) <= HEAD:
        return data
    head = data[:HEAD]
    return head[: head.rfind(b"\n") & ~1] if b"\n" in head else head[:-4]


def read(data: bytes, *, format: str = "", map: ColumnMap | None = None, currency: str = "") -> ReadFile:
    """The whole file, or Unreadable. `currency` is the account's, used where the file names none."""
    chosen = format or detect(data)
    if chosen == ofx.NAME:
        return ofx.read(data, currency=currency)
    if chosen == camt.NAME:
        return camt.read(data, currency=currency)
    if chosen == mt940.NAME:
        return mt940.read(data, currency=currency)
    if chosen == qif.NAME:
        return qif.read(data, map=map, currency=currency)
    return table.read(_cut(data, chosen, map), chosen, map, currency)


def propose_map(data: bytes) -> list[Proposal]:
    """The likeliest maps of a table, best first."""
    return propose(_cut(data, detect(data), None))


def _cut(data: bytes, format: str, map: ColumnMap | None) -> cells.Table:
    if format == xlsx.NAME:
        return xlsx.cut(data, map.sheet if map else "")
    if format != CSV:
        raise Unreadable(_("This file is no table: it needs no columns."))
    text, charset = decode(data, map.charset if map else "")
    return cells.cut(text, charset, map.delimiter if map else "")
