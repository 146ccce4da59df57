"""The ledger: posting one by one and in bulk, and reports of a book with a million postings.

WELLKEPT_BENCH_POSTINGS names other sizes, such as 1000000,10000000. All of them lie in one book of three years and a
hundred and fifty accounts, one of which, the bank, has every third posting. Database time is the time its statements
take when sent again by hand and fetched whole, the quietest of several runs; on PostgreSQL the way there and back is in it.
"""

from __future__ import annotations

import os
import random
import time
from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime, timedelta
from typing import Any

from django.db import connection, transaction

from bench import fill, pace
from bench.figures import Context, Figure, cpu_ms, cpu_s, parted
from wellkept.clients.models import Client
from wellkept.core import guards
from wellkept.ledger import actions, queries
from wellkept.ledger.models import Account, Balance, Book, Entry, Period, Posting
from wellkept.ledger.rules.months import by_span, month_of, next_month

AT = datetime(2026, 3, 9, tzinfo=UTC)
SINGLE, BATCHES, BATCH, A_DAY = 1_500, 6, 2_000, 17
ONE_EACH, IN_BULK, TRIAL_MS, MONTH_MS, PAGE_MS = 500, 20_000, 2, 5, 2
FIRST, DAYS, ACCOUNTS = date(2023, 1, 1), 3 * 365, 150
CHUNK = 50_000


def run(context: Context) -> list[Figure]:
    clients = iter(Client.objects.filter(book=None).order_by("pk"))
    figures = [*_posting(context, next(clients))]
    for size in [int(text) for text in os.environ.get("WELLKEPT_BENCH_POSTINGS", "1000000").split(",")]:
        context.say(f"filling a book with {size:,} postings")
        book = filled(next(clients), size)
        figures += _reading(context, book, size)
    return figures


def _posting(context: Context, client: Client) -> list[Figure]:
    book = actions.open_book(client=client, template="nz", opened_on=FIRST, by=None, at=AT)
    chart = [pk for (pk,) in Account.objects.filter(book=book).order_by("code").values_list("pk")]
    chance = random.Random(7)
    singles = [_draft(chart, chance, number) for number in range(SINGLE)]
    batches = [[_draft(chart, chance, SINGLE + turn * BATCH + n) for n in range(BATCH)] for turn in range(BATCHES)]
    one, bulk = (
        _per_second(lambda part: _one_by_one(book, part), parted(singles)),
        _per_second(lambda part: _in_bulk(book, part), batches),
    )
    _bare_tables()
    one_floor, bulk_floor = _per_second(_plain_one_by_one, parted(singles)), _per_second(_plain_in_bulk, batches)
    return [
        context.figure("ledger: entries posted, one action each", one, "a CPU-second", floor=round(one_floor), bar=ONE_EACH, at_least=True, note="floor: the bare rows, one transaction each"),
        context.figure("ledger: postings in bulk, same checks", bulk, "a CPU-second", floor=round(bulk_floor), bar=IN_BULK, at_least=True, note="floor: the bare rows, one transaction a batch"),
    ]  # fmt: skip


def _draft(chart: list[int], chance: random.Random, number: int) -> actions.EntryDraft:
    """A receipt or payment with its tax: three lines, some seventeen entries a day, one day after another."""
    amount = chance.randrange(1_000, 500_000)
    tax = amount * 15 // 115
    other = chance.choice(chart[40:])
    lines = [
        actions.PostingDraft(chart[0], -amount, text="Card 4821"),
        actions.PostingDraft(other, amount - tax, text="Harbour Supplies"),
        actions.PostingDraft(chart[19], tax),
    ]
    return actions.EntryDraft(
        FIRST + timedelta(days=number // A_DAY), lines, "Harbour Supplies", "bank", f"bench:{number}"
    )


def _one_by_one(book: Book, drafts: list[actions.EntryDraft]) -> int:
    for draft in drafts:
        actions.post(
            book=book, dated_on=draft.dated_on, lines=draft.lines, narration=draft.narration, source=draft.source,
            key=draft.key, by=None, at=AT,
        )  # fmt: skip
    return len(drafts)


def _in_bulk(book: Book, drafts: list[actions.EntryDraft]) -> int:
    actions.post_all(book=book, drafts=drafts, by=None, at=AT)
    return sum(len(draft.lines) for draft in drafts)


def _plain_one_by_one(drafts: list[actions.EntryDraft]) -> int:
    """The least that keeping these rows can cost: the same columns in bare tables."""
    for draft in drafts:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.executemany(BARE_POSTING, _bare_postings(draft))
            cursor.execute(BARE_ENTRY, _bare_entry(draft))
    return len(drafts)


def _plain_in_bulk(drafts: list[actions.EntryDraft]) -> int:
    rows, entries = [row for draft in drafts for row in _bare_postings(draft)], [_bare_entry(draft) for draft in drafts]
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.executemany(BARE_POSTING, rows)
        cursor.executemany(BARE_ENTRY, entries)
    return len(rows)


BARE_POSTING = "INSERT INTO bare_posting VALUES (%s, %s, %s, %s, %s)"
BARE_ENTRY = "INSERT INTO bare_entry VALUES (%s, %s, %s, %s)"


def _bare_postings(draft: actions.EntryDraft) -> list[tuple[Any, ...]]:
    day = draft.dated_on.isoformat()
    return [(draft.key, line.account, day, line.amount_minor, line.text) for line in draft.lines]


def _bare_entry(draft: actions.EntryDraft) -> tuple[Any, ...]:
    return draft.dated_on.isoformat(), draft.narration, draft.source, draft.key


def _bare_tables() -> None:
    with connection.cursor() as cursor:
        for table in ("bare_posting", "bare_entry"):
            cursor.execute(f"DROP TABLE IF EXISTS {table}")
        cursor.execute(
            "CREATE TABLE bare_posting (entry varchar(160), account bigint, day date, amount bigint, text varchar(300))"
        )
        cursor.execute("CREATE TABLE bare_entry (day date, narration text, source text, key varchar(160) UNIQUE)")


def _per_second(work: Callable[[Any], int], parts: list[Any]) -> float:
    """How many a CPU-second, in the quietest part."""
    return max(done / taken for done, taken in (_timed(work, part) for part in parts))


def _timed(work: Callable[[Any], int], part: Any) -> tuple[int, float]:
    done: list[int] = []
    taken = cpu_s(lambda: done.append(work(part)))
    return done[0], taken


def _reading(context: Context, book: Book, size: int) -> list[Figure]:
    until = month_of(FIRST + timedelta(days=DAYS - 1))
    month = month_of(until - timedelta(days=1))
    bank = Account.objects.filter(book=book).order_by("code").first()
    assert bank is not None
    start = queries.account_page(bank, None, until).next_after
    middle = queries.Place(month + timedelta(days=14), _middle(bank, month + timedelta(days=14)))
    reads: list[tuple[str, Callable[[], object], float]] = [
        ("trial balance", lambda: queries.trial_balance(book, until), TRIAL_MS),
        ("trial balance within a month", lambda: queries.trial_balance(book, month + timedelta(days=17)), TRIAL_MS),
        ("month's profit and loss", lambda: queries.profit_and_loss(book, month, until), MONTH_MS),
        ("account page, second", lambda: queries.account_page(bank, None, until, start), PAGE_MS),
        ("account page, within a busy day", lambda: queries.account_page(bank, month, until, middle), PAGE_MS),
    ]
    assert queries.trial_balance(book, until).debit_minor == queries.trial_balance(book, until).credit_minor
    figures = []
    for name, work, bar in reads:
        floor = _each_statement(["SELECT 1"], [()])
        figures.append(
            Figure(
                name=f"ledger: {name}", value=round(database_ms(work), 3), unit="ms of database", database=context.database,
                size=size, floor=round(floor, 3), bar=bar, note=f"{cpu_ms(work, times=9):.1f} ms CPU in all",
            )
        )  # fmt: skip
    return figures


def _middle(bank: Account, day: date) -> int:
    ids = list(Posting.objects.filter(account=bank, dated_on=day).order_by("pk").values_list("pk", flat=True))
    return ids[len(ids) // 2]


def database_ms(work: Callable[[], object]) -> float:
    """Milliseconds the database takes for the statements of `work`."""
    statements: list[str] = []
    values: list[Any] = []

    def note(execute: Any, sql: str, params: Any, many: bool, context: Any) -> Any:
        statements.append(sql)
        values.append(params)
        return execute(sql, params, many, context)

    with connection.execute_wrapper(note):
        work()
    return _each_statement(statements, values)


def _each_statement(statements: list[str], values: list[Any]) -> float:
    total = 0.0
    with connection.cursor() as cursor:
        for sql, params in zip(statements, values, strict=True):
            taken = []
            pace.quiet()
            for _turn in range(15):
                start = time.perf_counter()
                cursor.execute(sql, params)
                cursor.fetchall()
                taken.append(time.perf_counter() - start)
            total += min(taken)
    return total * 1000


def filled(client: Client, size: int) -> Book:
    """A book with `size` postings, written past the actions as they would leave it, chain excepted."""
    book = actions.open_book(client=client, template="nz", opened_on=FIRST, by=None, at=AT)
    for number in range(ACCOUNTS - Account.objects.filter(book=book).count()):
        actions.add_account(book=book, code=f"7{number:03}", name=f"More {number}", type="expense", by=None, at=AT)
    chart = list(Account.objects.filter(book=book).order_by("code").values_list("pk", flat=True))
    Period.objects.bulk_create(
        Period(book=book, starts_on=month, ends_on=next_month(month))
        for month in sorted({month_of(FIRST + timedelta(days=n)) for n in range(DAYS)})
    )
    guards.remove(connection)
    _trust_us(True)
    sums: dict[tuple[int, date, str], list[int]] = {}
    rows = _generated(book, chart, size // 4, sums)
    while chunk := [row for _turn, row in zip(range(CHUNK), rows, strict=False)]:
        fill.insert(Entry, (entry for entry, _postings in chunk))
        fill.insert(Posting, (posting for _entry, postings in chunk for posting in postings))
    fill.insert(Balance, _balances(book, sums))
    _trust_us(False)
    guards.install(connection)
    fill.settle()
    return book


def _generated(
    book: Book, chart: list[int], entries: int, sums: dict[tuple[int, date, str], list[int]]
) -> Iterator[tuple[dict[str, Any], list[dict[str, Any]]]]:
    """Four postings an entry: two thirds of the entries go through the bank, day after day."""
    chance = random.Random(11)
    first = (Entry.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    for turn in range(entries):
        day = FIRST + timedelta(days=turn * DAYS // entries)
        amount = chance.randrange(1_000, 500_000)
        bank = chart[0] if turn % 3 else chart[3]
        others = [bank, *(chart[chance.randrange(4, len(chart))] for _side in range(3))]
        parts = [-amount, amount // 2, amount // 3, amount - amount // 2 - amount // 3]
        postings = []
        for position, (account, part) in enumerate(zip(others, parts, strict=True), 1):
            postings.append({"entry_id": first + turn, "position": position, "account_id": account, "dated_on": day, "amount_minor": part})  # fmt: skip
            total = sums.setdefault((account, day, ""), [0, 0, 0])
            total[0 if part > 0 else 1] += abs(part)
        yield (
            {
                "id": first + turn, "book_id": book.pk, "number": turn + 1, "dated_on": day, "posted_at": AT,
                "source": "bank", "key": f"fill:{turn}", "narration": "Harbour Supplies", "lines": 4,
                "previous_hash": "0" * 64, "hash": "0" * 64,
            },
            postings,
        )  # fmt: skip


def _balances(book: Book, sums: dict[tuple[int, date, str], list[int]]) -> Iterator[dict[str, Any]]:
    for (account, span, start, currency), (debit, credit, foreign) in by_span(sums).items():
        yield {
            "book_id": book.pk, "account_id": account, "span": span, "starts_on": start, "currency": currency,
            "debit_minor": debit, "credit_minor": credit, "foreign_minor": foreign,
        }  # fmt: skip


def _trust_us(trusting: bool) -> None:
    """References are not checked while the rows go in: ten million look-ups prove nothing here."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute(f"SET session_replication_role = {'replica' if trusting else 'origin'}")
        else:
            cursor.execute(f"PRAGMA foreign_keys = {'OFF' if trusting else 'ON'}")
