"""What must be true of a client's books at every moment, whoever was interrupted and wherever."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator

from django.db.models import Count, Q, Sum

from wellkept.banking.learning.keys import keys_of
from wellkept.banking.models import BankLine, Batch, Coding, Remembered, Statement, StatementFile, Undecided
from wellkept.banking.queries.deciding import features
from wellkept.core.models import Fact
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Book, Entry, Period, Posting


def complaints(book: Book) -> list[str]:
    """Everything that is wrong with a client's books; nothing when all is well."""
    return [*_ledger(book), *_periods(book), *_lines(book), *_files(book), *_batches(book), *_memory(book)]


def _ledger(book: Book) -> Iterator[str]:
    """The chain and the roll-ups, by the ledger's own check; and that each entry balances."""
    for finding in ledger.verify_book(book).findings:
        yield f"ledger: {finding.kind}: {finding.sentence}"
    off = Posting.objects.filter(entry__book=book).order_by().values("entry").annotate(sum=Sum("amount_minor"))
    for row in off.exclude(sum=0):
        yield f"ledger: entry {row['entry']} is off by {row['sum']}"
    lines = Entry.objects.filter(book=book).annotate(there=Count("postings")).values_list("number", "lines", "there")
    for number, told, there in lines.order_by():
        if told != there:
            yield f"ledger: entry {number} has {there} of {told} lines"


def _periods(book: Book) -> Iterator[str]:
    """A period is closed exactly where its life says so."""
    for period in Period.objects.filter(book=book).prefetch_related("changes"):
        names = [change.name for change in sorted(period.changes.all(), key=lambda each: each.pk)]
        last = names[-1] if names else "reopened"
        expected = {"soft_closed": "soft", "hard_closed": "hard", "reopened": "open"}[last]
        if period.state != expected or names.count("hard_closed") > 1:
            yield f"period {period}: {period.state} after {names}"


def _lines(book: Book) -> Iterator[str]:
    """A line waits, has one living coding, or was left out; a note of 0.00 does none of it. A coding has its entry, an undone one its reversal."""
    for line in BankLine.objects.filter(client=book.client_id).annotate(
        waiting=Count("undecided", distinct=True),
        coded=Count("codings", filter=Q(codings__undone_at=None), distinct=True),
        apart=Count("left_out", filter=Q(left_out__brought_back_at=None), distinct=True),
    ):
        if line.waiting + line.coded + line.apart != (line.amount_minor != 0):
            yield f"line {line.pk}: {line.waiting} waiting, {line.coded} coded, {line.apart} left out"
    mine = Coding.objects.filter(client=book.client_id)
    posted_for = mine.exclude(how=Coding.How.MATCH)  # what was matched had its entry before, and keeps it
    if lost := posted_for.filter(Q(undone_at=None) ^ Q(reversal=None)).count():
        yield f"codings: {lost} undone without a reversal, or the other way round"
    entries = Counter(posted_for.values_list("entry", flat=True))
    if doubled := [entry for entry, count in entries.items() if count > 1 and not _is_transfer(entry)]:
        yield f"codings: entries {doubled} stand for several lines"
    posted = set(Entry.objects.filter(book=book, key__startswith="line-").values_list("pk", flat=True))
    if loose := posted ^ set(entries):
        yield f"codings: entries {sorted(loose)} without a coding, or codings without their entry"
    facts = Fact.objects.filter(client=book.client_id)
    for name, count in (("line.coded", mine.count()), ("coding.undone", mine.exclude(undone_at=None).count())):
        if facts.filter(name=name).count() != count:
            yield f"facts: {facts.filter(name=name).count()} of {name} for {count}"


def _is_transfer(entry: int) -> bool:
    return not Coding.objects.filter(entry=entry).exclude(how=Coding.How.TRANSFER).exists()


def _files(book: Book) -> Iterator[str]:
    """A file is imported whole, or nothing of it is here."""
    for file in StatementFile.objects.filter(client=book.client_id).annotate(
        there=Count("lines", distinct=True), told=Count("statements", distinct=True)
    ):
        whole = file.there == file.new_lines and file.told > 0
        if not (whole if file.imported_at else file.there == file.told == file.new_lines == 0):
            yield f"file {file.name}: {file.there} of {file.new_lines} lines, {file.told} statements, {file.imported_at}"
    numbers = Counter(BankLine.objects.filter(client=book.client_id).values_list("bank_account", "identity"))
    if doubled := [key for key, count in numbers.items() if count > 1]:
        yield f"lines here twice: {doubled}"
    told = Statement.objects.filter(bank_account__client=book.client_id).count()
    if told != Fact.objects.filter(client=book.client_id, name="statement.imported").count():
        yield f"facts: not one of statement.imported for each of {told}"


def _batches(book: Book) -> Iterator[str]:
    for batch in Batch.objects.filter(client=book.client_id):
        codings = Coding.objects.filter(batch=batch)
        if codings.count() != batch.lines:
            yield f"batch {batch.pk}: {codings.count()} of {batch.lines} lines"
        if batch.undone_at and codings.filter(undone_at=None).exists():
            yield f"batch {batch.pk}: undone in part"
    made = Batch.objects.filter(client=book.client_id).count()
    if made != Fact.objects.filter(client=book.client_id, name="lines.approved").count():
        yield f"facts: not one of lines.approved for each of {made}"


def _memory(book: Book) -> Iterator[str]:
    """The memory holds what the living codings taught, no more and no less."""
    living = Coding.objects.filter(client=book.client_id, undone_at=None, account__isnull=False)
    taught: Counter[int] = Counter()
    for coding in living.exclude(how=Coding.How.TRANSFER).select_related("line"):
        taught.update({key.number for key in keys_of(features(coding.line))})
    kept: Counter[int] = Counter()
    for key, hits in Remembered.objects.filter(client=book.client_id).values_list("key", "hits"):
        kept[key] += hits
    if taught != kept:
        yield f"memory: {sum(kept.values())} hits kept, {sum(taught.values())} taught"


def undecided(book: Book) -> int:
    return Undecided.objects.filter(client=book.client_id).count()
