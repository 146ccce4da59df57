"""Reads a book's chain again and names what was done to it; then compares it with the service book and the roll-ups."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from itertools import combinations

from django.utils.translation import gettext as _

from wellkept.core.models import Fact
from wellkept.ledger.models import Book, Entry
from wellkept.ledger.queries.entries import lines_of
from wellkept.ledger.queries.sums import balances_are_right
from wellkept.ledger.rules import chain
from wellkept.ledger.rules.lines import Line

CHUNK = 500
MOST_FINDINGS, MOST_SUSPECTS = 500, 200
Progress = Callable[[int, int], None]


@dataclass(frozen=True)
class Finding:
    """`kind` is edited, deleted, inserted, swapped, truncated, re-chained or miscounted; `number` the entry's."""

    kind: str
    number: int
    sentence: str


@dataclass
class Report:
    """What was read and what was found."""

    book: Book
    entries: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, kind: str, number: int, sentence: str) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(kind, number, sentence % {"number": number}))


@dataclass(frozen=True)
class Suspect:
    """An entry that does not say what its hash says."""

    entry: Entry
    said: chain.Said

    def fits(self, other: chain.Said) -> bool:
        """Whether this place in the chain was made for what another entry says."""
        here = self.said
        moved = chain.Said(
            here.book, here.number, other.dated_on, other.posted_at, other.posted_by, other.source, other.key,
            other.narration, other.reverses, other.override_reason, other.lines,
        )  # fmt: skip
        return chain.link(self.entry.previous_hash, moved) == self.entry.hash


def all_books() -> Iterator[Book]:
    """Every book, for whoever verifies the whole installation."""
    return Book.objects.select_related("client").order_by("pk").iterator()


def verify_book(book: Book, progress: Progress | None = None) -> Report:
    """Everything that is wrong with a book; no findings when it is whole."""
    book = Book.objects.get(pk=book.pk)
    report = Report(book)
    suspects: list[Suspect] = []
    before, expected = chain.start(book.pk), 1
    for entry, said in _entries(book):
        report.entries += 1
        if entry.number != expected:
            _missing(report, expected, entry.number)
        elif entry.previous_hash != before:
            report.add("inserted", entry.number, _("Entry %(number)d does not follow the one before it."))
        if chain.link(entry.previous_hash, said) != entry.hash and len(suspects) < MOST_SUSPECTS:
            suspects.append(Suspect(entry, said))
        before, expected = entry.hash, entry.number + 1
        if progress and not report.entries % CHUNK:
            progress(report.entries, book.last_number)
    _compare_the_end(report, before, expected - 1)
    _classify(report, suspects)
    _compare_with_facts(report)
    if not balances_are_right(book):
        report.add("miscounted", 0, _("The balances kept do not add up to the postings."))
    report.findings.sort(key=lambda finding: finding.number)
    return report


def _entries(book: Book) -> Iterator[tuple[Entry, chain.Said]]:
    """Every entry in order with all it says, in runs of numbers."""
    last = 0
    while run := list(Entry.objects.filter(book=book, number__gt=last).order_by("number")[:CHUNK]):
        lines = lines_of([entry.pk for entry in run])
        for entry in run:
            yield entry, said_by(entry, lines.get(entry.pk, []))
        last = run[-1].number


def said_by(entry: Entry, lines: list[Line]) -> chain.Said:
    return chain.Said(
        entry.book_id, entry.number, entry.dated_on, entry.posted_at, entry.posted_by, entry.source, entry.key,
        entry.narration, entry.reverses_id, entry.override_reason, lines,
    )  # fmt: skip


def _missing(report: Report, first: int, there: int) -> None:
    for number in range(first, there):
        report.add("deleted", number, _("Entry %(number)d was deleted."))


def _compare_the_end(report: Report, end: str, last: int) -> None:
    book = report.book
    if last < book.last_number:
        report.add("truncated", last + 1, _("The entries from %(number)d on were cut off."))
    elif last > book.last_number:
        report.add("inserted", book.last_number + 1, _("The entries from %(number)d on were put in by hand."))
    elif end != (book.last_hash or chain.start(book.pk)):
        report.add("re-chained", last, _("The chain ends otherwise than the book says, at entry %(number)d."))


def _classify(report: Report, suspects: list[Suspect]) -> None:
    """Two that fit each other's place were swapped; any other was edited."""
    swapped: set[int] = set()
    for one, other in combinations(suspects, 2):
        if one.fits(other.said) and other.fits(one.said):
            swapped |= {one.entry.number, other.entry.number}
    for suspect in suspects:
        if suspect.entry.number in swapped:
            report.add("swapped", suspect.entry.number, _("Entry %(number)d stands in the place of another."))
        else:
            report.add("edited", suspect.entry.number, _("Entry %(number)d was changed."))


def _compare_with_facts(report: Report) -> None:
    """The service book holds the end of the chain after every posting, and its own anchors lie elsewhere."""
    facts = Fact.objects.filter(name="ledger.posted", client=report.book.client_id).order_by("seq")
    told = {
        data["last"]: data["hash"]
        for data in facts.values_list("data", flat=True).iterator()
        if data.get("book") == report.book.pk
    }
    numbers = sorted(told)
    for start in range(0, len(numbers), CHUNK):
        some = numbers[start : start + CHUNK]
        rows = Entry.objects.filter(book=report.book, number__in=some).order_by()
        there = dict(rows.values_list("number", "hash"))
        for number in some:
            if there.get(number, told[number]) != told[number]:
                report.add("re-chained", number, _("The chain up to entry %(number)d was made anew."))
                return
    if numbers and numbers[-1] > report.book.last_number:
        report.add("truncated", report.book.last_number + 1, _("The entries from %(number)d on were cut off."))
