"""From a bank file to coded lines: five thousand lines imported with their suggestions, one line after another accepted.

The client keeps two years of habits: its memory was taught line by line through the actions. CPU of this process, and of
the process that reads the file beside it.
"""

from __future__ import annotations

import time
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise

from django.db import connection, transaction

from bench import pages
from bench.figures import Context, Figure, cpu_ms, cpu_ms_each, cpu_s
from wellkept.banking.actions import accounts, coding, importing, remembering, suggesting
from wellkept.banking.formats import ColumnMap, wire
from wellkept.banking.learning.keys import keys_of
from wellkept.banking.models import BankAccount, BankLine, StatementFile, Undecided
from wellkept.banking.queries.deciding import features, thinking
from wellkept.clients.models import Client
from wellkept.core import files
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books
from wellkept.people.models import Staff

AT = datetime(2026, 3, 9, tzinfo=UTC)
TAUGHT, LINES, ACCEPTED, THOUGHT = 300, 5_000, 40, 500
SUPPLIERS, A_DAY = 300, 14
IMPORT_S, NEXT_MS, SUGGESTION_MS, UPDATE_MS = 3, 50, 1, 1
COLUMNS = ColumnMap(
    headers=("Date", "Payee", "Details", "Amount"), date_order="ymd", payee=1, description=(2,), amount=3
)


def run(context: Context) -> list[Figure]:
    by: Staff = context.shared["staff"][-1]
    client = Client.objects.filter(book=None, bookkeeper=by).order_by("pk")[0]
    one, other = _opened(client, by)
    context.say(f"teaching {TAUGHT} lines")
    _teach(one, by)
    figures = [
        _import(context, one, by, "OFX", _ofx(_rows(date(2025, 1, 1)), one)),
        _import(context, other, by, "CSV", _csv(_rows(date(2025, 1, 1)))),
    ]
    return [*figures, *_thinking(context, one), _accepting(context, client, one, by)]


def _opened(client: Client, by: Staff) -> tuple[BankAccount, BankAccount]:
    book = ledger.open_book(client=client, template="nz", base_currency="NZD", opened_on=date(2023, 1, 1), by=by, at=AT)
    first, second = (
        ledger.add_account(book=book, code=f"B{n}", name=f"Bank {n}", type="asset", purpose="bank", by=by, at=AT)
        for n in (1, 2)
    )
    return tuple(  # type: ignore[return-value]
        accounts.open_bank_account(
            client=client, account=account, name=account.name, kind="bank", identifier=f"06-0501-{account.pk:07}-00", by=by, at=AT
        )
        for account in (first, second)
    )  # fmt: skip


def _teach(bank: BankAccount, by: Staff) -> None:
    """Each supplier has its account, one line in nine goes elsewhere."""
    rows = _rows(date(2024, 1, 1))[:TAUGHT]
    _taken_in(bank, by, _ofx(rows, bank), "taught.ofx")
    chart = list(books.accounts_in_use(bank.account.book).filter(type="expense"))
    waiting = Undecided.objects.filter(bank_account=bank).select_related("line__bank_account__account__book__client")
    for number, each in enumerate(waiting.select_related("line__client").order_by("dated_on", "line")):
        supplier = int(each.line.payee.split()[1]) + (number % 9 == 0)
        coding.code(line=each.line, account=chart[supplier % len(chart)], by=by, at=AT)


def _import(context: Context, bank: BankAccount, by: Staff, name: str, content: bytes) -> Figure:
    file = _kept(bank, by, content, f"bench.{name.lower()}")
    how = wire.how(wire.READ, map=COLUMNS if name == "CSV" else None, currency="NZD")
    if name == "CSV":
        importing.use_mapping(file=file, columns=COLUMNS, by=by, at=AT)
    reading = cpu_ms(lambda: wire.answer(content, how), times=3, warm=1) / 1000
    value = cpu_s(lambda: importing.import_file(file=file, by=by, at=AT)) + reading
    new = BankLine.objects.filter(file=file)
    if Undecided.objects.filter(line__file=file, suggestion__isnull=False).count() != LINES:
        raise RuntimeError("Not every line came in with its suggestion.")
    floor = _bare(list(new))
    note = f"{reading:.2f} s of it in the reading process; floor: the same rows written bare"
    return context.figure(f"{name} of {LINES:,} lines imported, to suggestions", value, "s CPU", floor=round(floor, 3), bar=IMPORT_S, note=note)  # fmt: skip


def _bare(lines: Sequence[BankLine]) -> float:
    """The least that keeping the same lines, suggestions and waiting rows can cost."""
    with connection.cursor() as cursor:
        cursor.execute("DROP TABLE IF EXISTS bare_line")
        cursor.execute(
            "CREATE TABLE bare_line (id bigint, day date, amount bigint, text varchar(500), raw text, identity varchar(64) UNIQUE)"
        )
    rows = [
        (each.pk, each.dated_on.isoformat(), each.amount_minor, each.payee, each.raw, each.identity) for each in lines
    ]
    begun = time.process_time()
    with transaction.atomic(), connection.cursor() as cursor:
        for _table in ("line", "suggestion", "waiting"):
            cursor.executemany("INSERT INTO bare_line VALUES (%s, %s, %s, %s, %s, %s)", rows)
            rows = [(*row[:5], f"{_table}{row[0]}") for row in rows]
    return time.process_time() - begun


def _thinking(context: Context, bank: BankAccount) -> list[Figure]:
    lines = list(_lines(bank)[:THOUGHT])

    def think() -> None:
        mind = thinking(lines)
        for line in lines:
            mind.about(line)

    def learn(line: BankLine) -> None:
        numbers = [key.number for key in keys_of(features(line))]
        with transaction.atomic():
            remembering.add(client=line.client_id, keys=numbers, code="1", weight=1.0, on=line.dated_on)

    with transaction.atomic():
        Undecided.objects.filter(line__in=lines).delete()
        kept = cpu_s(lambda: suggesting.put_to_decide(lines=lines, at=AT)) * 1000 / len(lines)
        transaction.set_rollback(True)
    return [
        context.figure("a suggestion thought", cpu_ms(think, times=3, warm=1) / len(lines), bar=SUGGESTION_MS, note=f"{THOUGHT} lines at once, memory read from the database; thought and kept {kept:.2f} ms"),
        context.figure("a memory updated", cpu_ms_each(learn, lines), floor=round(cpu_ms(lambda: _one_row(lines[0]), times=99), 3), bar=UPDATE_MS, note="every key of a line, in its own transaction; floor: one row"),
    ]  # fmt: skip


def _one_row(line: BankLine) -> None:
    with transaction.atomic():
        remembering.add(client=line.client_id, keys=[1], code="1", weight=1.0, on=line.dated_on)


def _accepting(context: Context, client: Client, bank: BankAccount, by: Staff) -> Figure:
    """Enter: the line is posted, learned from, heard by its like, and the panel of the next one comes back."""
    visitor = pages.signed_in(context, by)
    floor = round(pages.floor(visitor), 3)
    sure = Undecided.objects.filter(bank_account=bank, confidence__gt=0).order_by("-dated_on", "-line")
    pks = list(sure.values_list("pk", flat=True)[: ACCEPTED + 1])

    def accept(pair: tuple[int, int]) -> None:
        line, following = pair
        answer = visitor.post(
            f"/coding/lines/{line}/accept", {"rank": "1", "next": str(following)}, headers={"HX-Request": "true"}
        )
        if answer.status_code != 200:
            raise RuntimeError(f"Accepting answered {answer.status_code}.")

    value = cpu_ms_each(accept, list(pairwise(pks)))
    note = f"accept to the next line's panel, {LINES:,} lines waiting; floor: an empty page"
    return context.figure("coding page: next line", value, floor=floor, bar=NEXT_MS, note=note)


def _lines(bank: BankAccount):  # type: ignore[no-untyped-def]
    waiting = BankLine.objects.filter(bank_account=bank, undecided__isnull=False)
    return waiting.select_related("bank_account__account__book__client", "client").order_by("dated_on", "pk")


def _taken_in(bank: BankAccount, by: Staff, content: bytes, name: str) -> StatementFile:
    return importing.import_file(file=_kept(bank, by, content, name), by=by, at=AT)


def _kept(bank: BankAccount, by: Staff, content: bytes, name: str) -> StatementFile:
    stored = files.store(content, media_type="application/octet-stream", at=AT)
    return importing.take_in(client=bank.client, stored=stored, name=name, arrived_by="upload", bank_account=bank, by=by, at=AT)  # fmt: skip


Row = tuple[date, str, str, str]


def _rows(first: date) -> list[Row]:
    return [
        (first + timedelta(n // A_DAY), f"Supplier {(n * 7) % SUPPLIERS}", f"Card purchase {n}", f"-{1 + n % 90}.{n % 100:02}")
        for n in range(LINES)
    ]  # fmt: skip


def _ofx(rows: Sequence[Row], bank: BankAccount) -> bytes:
    movements = "".join(
        f"<STMTTRN>\n<TRNTYPE>DEBIT\n<DTPOSTED>{day:%Y%m%d}\n<TRNAMT>{amount}\n<FITID>{n}\n<NAME>{payee}\n<MEMO>{text}\n</STMTTRN>\n"
        for n, (day, payee, text, amount) in enumerate(rows)
    )
    return (
        "OFXHEADER:100\nDATA:OFXSGML\n\n<OFX><BANKMSGSRSV1><STMTTRNRS><STMTRS><CURDEF>NZD<BANKACCTFROM><ACCTID>"
        f"{bank.identifier}</BANKACCTFROM><BANKTRANLIST>{movements}</BANKTRANLIST></STMTRS></STMTTRNRS></BANKMSGSRSV1></OFX>"
    ).encode()


def _csv(rows: Sequence[Row]) -> bytes:
    return "\n".join(["Date,Payee,Details,Amount", *(",".join(map(str, row)) for row in rows), ""]).encode()
