"""Looking a month of 500 lines through, with a year of the same behind it."""

from __future__ import annotations

import random
from datetime import UTC, date, datetime, timedelta
from zlib import crc32

from bench.figures import Context, Figure, cpu_ms
from wellkept.banking.actions import accounts, reviewing
from wellkept.banking.models import BankAccount, BankLine, Coding, Statement, StatementFile
from wellkept.clients.models import Client
from wellkept.core import files
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books
from wellkept.ledger.models import Book

AT = datetime(2026, 4, 2, tzinfo=UTC)
FIRST, MONTHS, LINES, PAYEES = date(2025, 3, 1), 13, 500, 90
BAR_MS = 1_000


def run(context: Context) -> list[Figure]:
    client = Client.objects.filter(book=None).order_by("pk")[0]
    filled(client)
    month = date(2026, 3, 1)
    first = cpu_ms(lambda: reviewing.review(client=client, month=month, by=None, at=AT), times=1, warm=0)
    again = cpu_ms(lambda: reviewing.review(client=client, month=month, by=None, at=AT), times=5, warm=1)
    note = f"{LINES} lines, {MONTHS - 1} months of {LINES} before"
    return [
        context.figure("review of a month, first time", first, bar=BAR_MS, note=note),
        context.figure("review of a month, again", again, bar=BAR_MS, note=note),
    ]


def filled(client: Client) -> None:
    """Thirteen months of lines, all coded, mostly as always."""
    book = ledger.open_book(client=client, template="nz", opened_on=FIRST, by=None, at=AT)
    mirror = ledger.add_account(book=book, code="B1", name="Operating", type="asset", purpose="bank", by=None, at=AT)
    bank = accounts.open_bank_account(
        client=client, account=mirror, name="Operating", kind="bank", by=client.bookkeeper, at=AT
    )
    month = FIRST
    for _number in range(MONTHS):
        _month(book, bank, month)
        month = (month + timedelta(days=32)).replace(day=1)


def _month(book: Book, bank: BankAccount, month: date) -> None:
    chance = random.Random(month.toordinal())
    chart = list(books.accounts_in_use(book).filter(type="expense"))
    stored = files.store(month.isoformat().encode(), media_type="text/csv", at=AT)
    file = StatementFile.objects.create(
        client=book.client,
        stored=stored,
        name="b.csv",
        format="csv",
        arrived_by="upload",
        received_at=AT,
        imported_at=AT,
    )
    statement = Statement.objects.create(bank_account=bank, file=file, starts_on=month, ends_on=month + timedelta(27))
    lines = []
    for row in range(LINES):
        payee = chance.randrange(PAYEES)
        lines.append(BankLine(
            client=book.client, bank_account=bank, file=file, statement=statement, row=row, dated_on=month + timedelta(row % 28),
            amount_minor=-(1_000 + payee * 97 + chance.randrange(900)), payee=f"Supplier {chr(65 + payee % 26) * 3}{chr(65 + payee // 26)}",
            raw=str(row), occurrence=1, identity=f"{month}-{row}",
        ))  # fmt: skip
    lines = BankLine.objects.bulk_create(lines)
    drafts = [
        ledger.EntryDraft(
            line.dated_on,
            [ledger.PostingDraft(bank.account, line.amount_minor), ledger.PostingDraft(chart[crc32(line.payee.encode()) % len(chart)], -line.amount_minor)],
            line.payee, "bank", f"line-{line.pk}-1",
        )
        for line in lines
    ]  # fmt: skip
    entries = ledger.post_all(book=book, drafts=drafts, by=None, at=AT)
    Coding.objects.bulk_create(
        Coding(
            line=line,
            client=book.client,
            entry=entry,
            account=chart[crc32(line.payee.encode()) % len(chart)],
            how="own",
            decided_at=AT,
        )
        for line, entry in zip(lines, entries, strict=True)
    )
