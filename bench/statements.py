"""Bank files of 5,000 lines from bytes to lines, each format beside the least that touching its bytes could cost."""

from __future__ import annotations

import csv
import io
import time
from collections.abc import Callable
from datetime import date, timedelta

from lxml import etree

from bench.figures import Context, Figure, cpu_ms
from wellkept.banking.formats import ColumnMap, ReadFile, propose_map, read_safely, wire

LINES = 5_000
BAR_MS = 500
COLUMNS = ColumnMap(
    headers=("Date", "Details", "Amount", "Balance"), date_order="ymd", amount=2, balance=3, description=(1,)
)
FIRST = date(2025, 1, 1)


def run(context: Context) -> list[Figure]:
    table = _csv()
    files: list[tuple[str, bytes, ColumnMap | None, Callable[[bytes], object], str]] = [
        ("OFX", _ofx(), None, lambda raw: raw.decode().split("<"), "split at every tag"),
        ("CSV", table, COLUMNS, lambda raw: list(csv.reader(io.StringIO(raw.decode()))), "the standard reader"),
        ("MT940", _mt940(), None, lambda raw: raw.decode().split("\n:"), "split at every field"),
        ("CAMT", _camt(), None, etree.fromstring, "the XML tree alone"),
    ]
    figures = []
    for name, raw, columns, floor, what in files:
        figures.append(
            context.figure(
                f"{name} of {LINES:,} lines read",
                _cost(raw, columns),
                floor=cpu_ms(lambda: floor(raw), times=5, warm=1),  # noqa: B023
                bar=BAR_MS if name in {"OFX", "CSV"} else None,
                note=f"bytes to lines for the wire, {len(raw) // 1024:,} KB; floor: {what}",
            )
        )
    figures.append(_columns(context, table))
    figures.append(_across(context, table))
    return figures


def _columns(context: Context, table: bytes) -> Figure:
    value = cpu_ms(lambda: propose_map(table), times=3, warm=1)
    return context.figure("columns of a CSV proposed and proved", value, bar=BAR_MS, note="of the first 2,000 rows")


def _across(context: Context, table: bytes) -> Figure:
    """The caller's own wait: sent to the killable process, read there, sent back, made into lines again."""
    read_safely(table, map=COLUMNS, currency="EUR")
    begun = time.perf_counter()
    read_safely(table, map=COLUMNS, currency="EUR")
    value = (time.perf_counter() - begun) * 1000
    head, _pieces = wire.answer(table, wire.how(wire.READ, map=COLUMNS, currency="EUR"))
    floor = cpu_ms(lambda: wire.from_wire(head, b""), times=5, warm=1)
    note = "elapsed, in the killable process; floor: the answer made into lines"
    return context.figure("CSV read safely", value, "ms", floor=floor, note=note)


def _cost(raw: bytes, columns: ColumnMap | None) -> float:
    """What the killable process spends on a file: its lines, and their way back as JSON."""
    how = wire.how(wire.READ, map=columns, currency="EUR")
    answer = wire.from_wire(wire.answer(raw, how)[0], b"")
    if not isinstance(answer, ReadFile) or answer.lines != LINES:
        raise AssertionError(f"read {answer}"[:200])
    return cpu_ms(lambda: wire.answer(raw, how), times=5, warm=1)


def _days() -> list[date]:
    return [FIRST + timedelta(number // 14) for number in range(LINES)]


def _ofx() -> bytes:
    movements = "".join(
        f"<STMTTRN>\n<TRNTYPE>DEBIT\n<DTPOSTED>{day:%Y%m%d}120000[+13:NZDT]\n<TRNAMT>-{number % 90}.{number % 100:02}\n"
        f"<FITID>{number:09}\n<NAME>Supplier {number % 300}\n<MEMO>Card purchase {number} &amp; fee\n</STMTTRN>\n"
        for number, day in enumerate(_days())
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>EUR<BANKACCTFROM><ACCTID>1"
        f"</BANKACCTFROM><BANKTRANLIST>{movements}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()


def _csv() -> bytes:
    rows, balance = ["Date,Details,Amount,Balance"], 0
    for number, day in enumerate(_days()):
        amount = (number * 7919) % 100_000 - 50_000
        balance += amount
        rows.append(f"{day},Supplier {number % 300} card purchase {number},{_written(amount)},{_written(balance)}")
    return "\n".join([*rows, ""]).encode()


def _written(minor: int) -> str:
    return f"{'-' if minor < 0 else ''}{abs(minor) // 100}.{abs(minor) % 100:02}"


def _mt940() -> bytes:
    movements = "".join(
        f":61:{day:%y%m%d}{day:%m%d}DR{number % 90},{number % 100:02}N024NONREF//{number:09}\n"
        f":86:105?00KARTENZAHLUNG?20EREF+{number}?21SVWZ+Einkauf {number}?31DE02120300000000202051?32Supplier {number % 300}\n"
        for number, day in enumerate(_days())
    )
    return f":20:A\n:25:1/2\n:28C:1/1\n:60F:C250101EUR0,00\n{movements}:62F:C251231EUR0,00\n-\n".encode()


def _camt() -> bytes:
    entries = "".join(
        f'<Ntry><Amt Ccy="EUR">{number % 90}.{number % 100:02}</Amt><CdtDbtInd>DBIT</CdtDbtInd><Sts><Cd>BOOK</Cd></Sts>'
        f"<BookgDt><Dt>{day}</Dt></BookgDt><ValDt><Dt>{day}</Dt></ValDt><AcctSvcrRef>{number}</AcctSvcrRef><NtryDtls><TxDtls>"
        f"<Refs><EndToEndId>E{number}</EndToEndId></Refs><RltdPties><Cdtr><Pty><Nm>Supplier {number % 300}</Nm></Pty></Cdtr>"
        "<CdtrAcct><Id><IBAN>DE02120300000000202051</IBAN></Id></CdtrAcct></RltdPties>"
        f"<RmtInf><Ustrd>Invoice {number}</Ustrd></RmtInf></TxDtls></NtryDtls></Ntry>\n"
        for number, day in enumerate(_days())
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n<Document xmlns="urn:iso:std:iso:20022:tech:xsd:camt.053.001.08">'
        f"<BkToCstmrStmt><Stmt><Id>1</Id><Acct><Id><IBAN>DE89370400440532013000</IBAN></Id><Ccy>EUR</Ccy></Acct>{entries}"
        "</Stmt></BkToCstmrStmt></Document>"
    ).encode()
