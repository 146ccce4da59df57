"""Bank files for tests: those in `files/`, and small ones made here."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import xlsxwriter

from wellkept.banking.formats import ColumnMap

FILES = Path(__file__).parent / "files"
HARBOUR = ColumnMap(
    headers=("Date", "Narrative", "Debit", "Credit", "Balance"),
    date=0,
    date_order="dmy",
    debit=2,
    credit=3,
    balance=4,
    description=(1,),
)
SIMPLE = ColumnMap(headers=("Date", "Amount", "Payee"), date=0, date_order="ymd", amount=1, payee=2)


def file(name: str) -> bytes:
    return (FILES / name).read_bytes()


def simple(*rows: str, headers: str = "Date,Amount,Payee") -> bytes:
    """A CSV for the map SIMPLE."""
    return "\n".join([headers, *rows, ""]).encode()


def ofx(
    *lines: str, currency: str = "EUR", header: str = "OFXHEADER:100\nCHARSET:1252\n\n", end: str = "</OFX>"
) -> bytes:
    """One account with these `<STMTTRN>`s."""
    return (
        f"{header}<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>{currency}\n"
        f"<BANKACCTFROM><ACCTID>1<ACCTTYPE>CHECKING</BANKACCTFROM><BANKTRANLIST>\n{''.join(lines)}"
        f"</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1>{end}"
    ).encode()


def movement(amount: str = "-1.00", *, on: str = "20260303", id: str = "1", more: str = "") -> str:
    return f"<STMTTRN><DTPOSTED>{on}<TRNAMT>{amount}<FITID>{id}<NAME>Café{more}</STMTTRN>\n"


def camt(entries: str, *, before: str = "", version: str = "053.001.02") -> bytes:
    return (
        f'<?xml version="1.0" encoding="UTF-8"?>{before}<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.{version}">'
        f"<BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><Othr><Id>1</Id></Othr></Id><Ccy>EUR</Ccy></Acct>{entries}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()


def entry(amount: str = "1.00", *, currency: str = "EUR", on: str = "2026-03-03", more: str = "") -> str:
    return (
        f'<Ntry><Amt Ccy="{currency}">{amount}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts>BOOK</Sts>'
        f"<BookgDt><Dt>{on}</Dt></BookgDt>{more}</Ntry>"
    )


def workbook(rows: Iterable[Iterable[Any]]) -> bytes:
    """A plain workbook with one sheet; dates are written as dates, texts that begin with = as formulas."""
    sink = io.BytesIO()
    book = xlsxwriter.Workbook(sink, {"in_memory": True, "default_date_format": "dd/mm/yyyy"})
    sheet = book.add_worksheet("Statement")
    for number, row in enumerate(rows):
        sheet.write_row(number, 0, row)
    book.close()
    return sink.getvalue()


def with_parts(book: bytes, parts: dict[str, bytes]) -> bytes:
    """The workbook with parts added or replaced."""
    sink = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(book)) as old, zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            if part.filename not in parts:
                new.writestr(part.filename, old.read(part))
        for name, content in parts.items():
            new.writestr(name, content)
    return sink.getvalue()
