"""Hostile bank files, one or more for each class: the bytes, how they are read, and what must become of them.

`says` is a piece of the refusal; where it is empty the file is read, and `amounts` are its lines.
"""

from __future__ import annotations

import io
import zipfile
from dataclasses import dataclass
from datetime import date

from wellkept.banking.formats import ColumnMap

from .bank_files import SIMPLE, camt, entry, file, movement, ofx, simple, with_parts, workbook

ROW = "2026-03-01,%s,A"
BOOK = workbook([["Date", "Amount", "Payee"], [date(2026, 3, 1), 1.5, "A"], [date(2026, 3, 2), 2, "B"]])
BALANCED = ColumnMap(headers=("Date", "Amount", "Balance"), amount=1, balance=2, date_order="ymd")


@dataclass(frozen=True)
class Hostile:
    """`row` and `column` are where the refusal must point, where it can."""

    content: bytes
    says: str = ""
    row: int | None = None
    column: str = ""
    map: ColumnMap | None = None
    amounts: tuple[int, ...] = ()


def cell(text: str, says: str = "is not an amount") -> Hostile:
    return Hostile(simple("2026-03-01,1.00,A", ROW % text), says, 3, "Amount", SIMPLE)


def on(text: str, says: str) -> Hostile:
    return Hostile(simple("2026-03-01,1.00,A", f"{text},1.00,A"), says, 3, "Date", SIMPLE)


def book(rows: list[list[object]], says: str, row: int | None = None, column: str = "") -> Hostile:
    return Hostile(workbook([["Date", "Amount", "Payee"], *rows]), says, row, column, SIMPLE)


def zipped(**parts: bytes) -> bytes:
    sink = io.BytesIO()
    with zipfile.ZipFile(sink, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in parts.items():
            archive.writestr(name.replace("__", "/").replace("_dot_", "."), content)
    return sink.getvalue()


def swollen() -> bytes:
    """A sheet of 300 MB in a file of 300 KB."""
    sink = io.BytesIO(BOOK)
    with zipfile.ZipFile(sink, "a", zipfile.ZIP_DEFLATED) as archive, archive.open("xl/sheet2.xml", "w") as part:
        for _chunk in range(300):
            part.write(b"<row/>" * 170_000)
    return sink.getvalue()


def locked() -> bytes:
    """The flag that says a part is encrypted."""
    content = bytearray(BOOK)
    at = content.find(b"PK\x01\x02")
    content[at + 8] |= 1
    return bytes(content)


def renamed_types() -> bytes:
    with zipfile.ZipFile(io.BytesIO(BOOK)) as archive:
        types = archive.read("[Content_Types].xml")
    return types.replace(b"spreadsheetml.sheet.main+xml", b"sheet.macroEnabled.main+xml")


def external(part: bytes) -> bytes:
    return b'<?xml version="1.0"?><!DOCTYPE x SYSTEM "file:///etc/passwd">' + part


LOL = (
    '<!DOCTYPE l [<!ENTITY a "lol">'
    + "".join(f'<!ENTITY {chr(98 + n)} "{f"&{chr(97 + n)};" * 10}">' for n in range(9))
    + "]>"
)
XXE = '<!DOCTYPE d [<!ENTITY e SYSTEM "file:///etc/passwd">]>'
TYPE = "carries a document type"

FILES: dict[str, Hostile] = {
    "formula in a csv amount": cell("=1+1"),
    "formula in a csv name is only text": Hostile(simple('2026-03-01,1.00,"=HYPERLINK(""x"")"'), map=SIMPLE, amounts=(100,)),
    "formula cell in a workbook amount": book([[date(2026, 3, 1), "=1+1", "A"]], "The cell computes", 2, "Amount"),
    "formula cell in a workbook name": book([[date(2026, 3, 1), 1, "=CHAR(65)"]], "The cell computes", 2, "Payee"),
    "field of 128 KiB in csv": Hostile(simple(f"2026-03-01,1.00,{'A' * 131072}"), "100000 are the most", 2, map=SIMPLE),
    "field of 128 KiB over many rows in csv": Hostile(
        simple("2026-03-01,1.00,A", '2026-03-01,1.00,"' + "A\n" * 65536 + '"'), "10000 are the most", 3, "C", SIMPLE
    ),
    "field of 128 KiB in ofx": Hostile(ofx(movement(more="A" * 131072)), "10000 are the most"),
    "field of 128 KiB in camt": Hostile(camt(entry(more=f"<AddtlNtryInf>{'A' * 131072}</AddtlNtryInf>")), "10000 are the most"),
    "field of 128 KiB in mt940": Hostile(
        b":20:A\n:25:1\n:60F:C260301EUR1,00\n:61:260301D1,00NTRF\n:86:" + b"A" * 131072, "10000 are the most", 4, "86"
    ),
    "nul": Hostile(simple("2026-03-01,1.00,A\x00B"), "NUL", 2, map=SIMPLE),
    "nul in ofx": Hostile(ofx(movement(more="\x00")), "NUL", 6),
    "utf-16 with mark": Hostile(simple(ROW % "1.00").decode().encode("utf-16"), map=SIMPLE, amounts=(100,)),
    "utf-16 without mark": Hostile(simple(ROW % "1.00").decode().encode("utf-16-le"), map=SIMPLE, amounts=(100,)),
    "utf-16 torn": Hostile(simple(ROW % "1.00").decode().encode("utf-16") + b"\x00", "fits no letter", map=SIMPLE),
    "utf-32": Hostile(simple(ROW % "1.00").decode().encode("utf-32"), "UTF-32", map=SIMPLE),
    "utf-7 is not decoded": Hostile(simple("2026-03-01,1.00,+ADw-script+AD4-"), map=SIMPLE, amounts=(100,)),
    "utf-7 declared in xml": Hostile(camt(entry()).replace(b"UTF-8", b"UTF-7"), "UTF-7"),
    "cp1252": Hostile(simple("2026-03-01,1.00,Café €").decode().encode("cp1252"), map=SIMPLE, amounts=(100,)),
    "cp1252 in the middle of utf-8": Hostile(simple("2026-03-01,1.00,Café", "2026-03-02,1.00,").rstrip() + b"Caf\xe9\n", map=SIMPLE, amounts=(100, 100)),
    "a byte of no charset": Hostile(simple("2026-03-01,1.00,A\x81".encode("latin-1").decode("latin-1")).replace(b"\xc2\x81", b"\x81"), "fits no letter", 2, map=SIMPLE),
    "bom in the middle": Hostile(simple(ROW % "1.00") + b"\xef\xbb\xbf" + simple(ROW % "2.00"), "second file begins", 3, map=SIMPLE),
    "nan": cell("NaN"),
    "nan in ofx": Hostile(ofx(movement("NaN")), "is not an amount", 6, "TRNAMT"),
    "nan in camt": Hostile(camt(entry("NaN")), "is not an amount", 1, "Ntry/Amt"),
    "infinity": cell("Infinity"),
    "infinity in qif": Hostile(b"!Type:Bank\nD2026-03-01\nT-inf\n^\n", "is not an amount", 2, "T"),
    "1e999999": cell("1e999999"),
    "1e999999 in ofx": Hostile(ofx(movement("1e999999")), "is not an amount", 6, "TRNAMT"),
    "1e999999 in a workbook": Hostile(
        with_parts(BOOK, {"xl/worksheets/sheet1.xml": b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1"><c r="A1" t="inlineStr"><is><t>Date</t></is></c><c r="B1" t="inlineStr"><is><t>Amount</t></is></c><c r="C1" t="inlineStr"><is><t>Payee</t></is></c></row><row r="2"><c r="A2" t="inlineStr"><is><t>2026-03-01</t></is></c><c r="B2"><v>1e999999</v></c></row></sheetData></worksheet>'}),
        "is not an amount", 2, "Amount", SIMPLE,
    ),
    "1_000": cell("1_000"),
    "1_000 in mt940": Hostile(b":20:A\n:25:1\n:60F:C260301EUR1_000,00\n", "is not a balance", 3, "60F"),
    "arabic digits": cell("١٢٣"),
    "arabic digits in a date": on("٢٠٢٦-٠٣-٠١", "is not a date"),
    "full-width digits": cell("１２．００"),
    "full-width digits in ofx": Hostile(ofx(movement("１")), "is not an amount", 6, "TRNAMT"),
    "minus zero": Hostile(simple(ROW % "-0.00", ROW % "−0.00", ROW % '"(0.00)"'), map=SIMPLE, amounts=(0, 0, 0)),
    "overflow": cell("9" * 20, "larger than any amount"),
    "overflow of digits": cell("9" * 5000),
    "overflow in camt": Hostile(camt(entry("9999999999999999.99")), "larger than any amount", 1, "Ntry/Amt"),
    "too many decimal places": cell("1.005", "more decimal places"),
    "two signs": cell("-1.00-"),
    "30 february": on("2026-02-30", "no day of the calendar"),
    "30 february in ofx": Hostile(ofx(movement(on="20260230")), "no day of the calendar", 6, "DTPOSTED"),
    "30 february in camt": Hostile(camt(entry(on="2026-02-30")), "no day of the calendar", 1),
    "30 february in qif": Hostile(b"!Type:Bank\nD2026-02-30\nT1.00\n^\n", "is not a date", 2, "D"),
    "31 april in mt940": Hostile(b":20:A\n:25:1\n:60F:C260301EUR1,00\n:61:260431D1,00NTRF\n", "no day of the calendar", 4, "61"),
    "year 9999": on("9999-12-31", "The year of"),
    "year 9999 in ofx": Hostile(ofx(movement(on="99991231")), "The year of", 6, "DTPOSTED"),
    "year 9999 in a workbook": book([[date(9999, 12, 31), 1, "A"]], "The year of", 2, "Date"),
    "excel's 1900": book([[date(1900, 1, 1), 1, "A"]], "The year of", 2, "Date"),
    "excel's day number": book([[46082, 1, "A"]], "format of a date", 2, "Date"),
    "10,000 columns in csv": Hostile(simple("," * 10_000), "200 are the most", 2, map=SIMPLE),
    "10,000 columns in a workbook": book([[1] * 10_000], "200 are the most", 2),
    "duplicate headers": Hostile(
        simple("2026-03-01,1.00,2.00", headers="Date,Amount,Amount"),
        map=ColumnMap(headers=("Date", "Amount", "Amount"), amount=2, date_order="ymd"),
        amounts=(200,),
    ),
    "balance that does not add up": Hostile(
        simple("2026-03-01,1.00,1.00", "2026-03-02,1.00,2.00", "2026-03-03,1.00,4.00", headers="Date,Amount,Balance"),
        map=BALANCED,
        amounts=(100, 100, 100),
    ),
    "xxe in camt": Hostile(camt(entry(more="<AddtlNtryInf>&e;</AddtlNtryInf>"), before=XXE), TYPE, 1),
    "xxe in ofx": Hostile(XXE.encode() + ofx(movement(more="&e;")), TYPE),
    "xxe in a workbook": Hostile(with_parts(BOOK, {"xl/sharedStrings.xml": external(b"<sst/>")}), TYPE, map=SIMPLE),
    "entity bomb in camt": Hostile(camt(entry(), before=LOL), TYPE, 1),
    "entity bomb in ofx": Hostile(ofx(movement(more="&j;")).replace(b"<OFX>", LOL.encode() + b"<OFX>"), TYPE),
    "entity bomb in a workbook": Hostile(with_parts(BOOK, {"xl/styles.xml": LOL.encode() + b"<x/>"}), TYPE, map=SIMPLE),
    "doctype": Hostile(camt(entry(), before="<!DOCTYPE Document>"), TYPE, 1),
    "doctype in utf-16": Hostile(camt(entry(), before="<!DOCTYPE Document>").decode().replace("UTF-8", "UTF-16").encode("utf-16"), TYPE, 1),
    "doctype in lower case in ofx": Hostile(ofx(movement()).replace(b"<BANKMSGSRSV1>", b"<!doctype x><BANKMSGSRSV1>"), TYPE, 4),
    "depth 100,000 in camt": Hostile(camt("<A>" * 100_000), "nested deeper"),
    "depth 100,000 in ofx": Hostile(ofx("<A>" * 100_000), "nested deeper"),
    "encoding lie: says latin, is utf-8": Hostile(ofx(movement()).replace(b"CHARSET:1252", b"CHARSET:ISO-8859-1"), amounts=(-100,)),
    "encoding lie: says utf-8, is cp1252": Hostile(camt(entry(more="<AddtlNtryInf>Café</AddtlNtryInf>")).replace("é".encode(), b"\xe9"), amounts=(-100,)),
    "encoding lie: says utf-16, is utf-8": Hostile(camt(entry()).replace(b"UTF-8", b"UTF-16"), amounts=(-100,)),
    "unclosed sgml": Hostile(file("bank.ofx").partition(b"</BANKTRANLIST>")[0], "breaks off"),
    "unclosed sgml in a line": Hostile(ofx(movement())[:200], "breaks off"),
    "unclosed xml": Hostile(camt(entry())[:-30], "XML is broken", 1),
    "unclosed quotation in csv": Hostile(simple('2026-03-01,1.00,"A'), "quotation mark", 2, map=SIMPLE),
    "duplicate fitid with another amount": Hostile(ofx(movement("-1.00", id="7"), movement("-2.00", id="7")), amounts=(-100, -200)),
    "another currency in ofx": Hostile(ofx(movement(more="<CURRENCY><CURRATE>1.1<CURSYM>USD</CURRENCY>")), "This line is in USD", 6, "CURSYM"),
    "another currency in camt": Hostile(camt(entry(currency="USD")), "This line is in USD", 1, "Ntry/Amt"),
    "another currency in mt940": Hostile(b":20:A\n:25:1\n:60F:C260301EUR1,00\n:62F:C260331USD1,00\n", "This balance is in USD", 4, "62F"),
    "another currency in csv": cell("$1.00 ").__class__(simple(ROW % "£1.00"), "is not in EUR", 2, "Amount", SIMPLE),
    "xlsx bomb": Hostile(swollen(), "unpacks to far more", map=SIMPLE),
    "xlsx with a million empty rows": Hostile(
        with_parts(BOOK, {"xl/worksheets/sheet1.xml": b'<worksheet xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"><sheetData><row r="1048576"><c r="XFD1048576"><v>1</v></c></row></sheetData></worksheet>'}),
        "empty rows", map=SIMPLE,
    ),
    "xlsx with two parts of one name": Hostile(zipped(xl__workbook_dot_xml=b"<a/>", XL__workbook_dot_xml=b"<b/>"), "two parts", map=SIMPLE),
    "xlsx torn": Hostile(BOOK[: len(BOOK) // 2], "broken", map=SIMPLE),
    "xlsx with nonsense inside": Hostile(with_parts(BOOK, {"xl/workbook.xml": b"<workbook"}), "broken", map=SIMPLE),
    "xlsx locked": Hostile(locked(), "password", map=SIMPLE),
    "macro workbook": Hostile(with_parts(BOOK, {"xl/vbaProject.bin": b"\xd0\xcf"}), "macros", map=SIMPLE),
    "macro workbook renamed": Hostile(with_parts(BOOK, {"[Content_Types].xml": renamed_types()}), "macros", map=SIMPLE),
    "external-link workbook": Hostile(with_parts(BOOK, {"xl/externalLinks/externalLink1.xml": b"<x/>"}), "links to other files", map=SIMPLE),
    "archive that is no workbook": Hostile(zipped(a_dot_txt=b"hello"), "no Excel workbook"),
    "old excel or encrypted workbook": Hostile(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"\x00" * 600, "old Excel"),
    "encrypted pdf": Hostile(b"%PDF-1.7\n1 0 obj<</Encrypt 2 0 R>>endobj\n", "This is a PDF"),
    "web page": Hostile(b"<!DOCTYPE html><html><body>Sign in</body></html>", "web page"),
    "empty": Hostile(b"", "empty"),
    "only blanks": Hostile(b" \r\n\t\r\n", "empty"),
    "no table": Hostile(b"Dear client,\nthank you.\n", "no table"),
}  # fmt: skip
