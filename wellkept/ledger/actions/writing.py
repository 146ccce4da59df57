"""The one place where entries are written: checked, numbered, chained and counted, in the caller's transaction."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING, NamedTuple

from django.db import connection
from django.utils.translation import gettext as _

from wellkept.core import bulk
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.ledger.actions.balances import count_in
from wellkept.ledger.actions.looking import PeriodState, Seen, look, move_end
from wellkept.ledger.models import Book, Dimension, Entry, Period, Posting, PostingTag, Tag, TaxCode
from wellkept.ledger.queries.entries import lines_of
from wellkept.ledger.rules import chain
from wellkept.ledger.rules.lines import (
    EntryDraft,
    Line,
    check_balance,
    check_date,
    check_lines,
    check_words,
    line_of,
)
from wellkept.ledger.rules.months import month_of, next_month

if TYPE_CHECKING:
    from wellkept.people.models import Staff

ENTRY_COLUMNS = (
    "id", "book_id", "number", "dated_on", "posted_at", "posted_by", "source", "key", "narration", "reverses_id",
    "override_reason", "lines", "previous_hash", "hash",
)  # fmt: skip
POSTING_COLUMNS = (
    "entry_id", "position", "account_id", "dated_on", "amount_minor", "currency", "foreign_minor", "text",
    "tax_code_id",
)  # fmt: skip


NONE: Mapping[str, Entry] = {}


class KeyUsed(Refusal):
    """The key belongs to another entry."""


class PeriodSoftClosed(Refusal):
    """Only a lead may still post there."""


class PeriodHardClosed(Refusal):
    """Nobody posts there any more."""


class TaxCodeElsewhere(Refusal):
    """The tax code is not of this book."""


class TagElsewhere(Refusal):
    """The tag is not of this book, or the second of its dimension."""


class Checked(NamedTuple):
    """A draft whose words, day and sums are right."""

    draft: EntryDraft
    lines: tuple[Line, ...]


def write(
    *,
    book: Book,
    drafts: Sequence[EntryDraft],
    by: Staff | None,
    at: datetime,
    override_reason: str = "",
    reverses: Mapping[str, Entry] = NONE,
) -> list[Entry]:
    """Write all drafts or none; one whose key is known already stands for the entry that has it.

    `reverses` says by key which entry a draft takes back.
    """
    checked = [check(draft=draft, book=book) for draft in drafts]
    seen = look(
        book=book.pk,
        keys=[item.draft.key for item in checked],
        accounts={line.account for item in checked for line in item.lines},
        months={month_of(item.draft.dated_on) for item in checked},
        undoing=bool(reverses),
    )
    known = _known(book, checked, seen.known)
    fresh = _fresh(checked, known)
    if fresh:
        for item in fresh:
            check_lines(item.lines, seen.places)
        _check_tax_codes(book, fresh)
        _check_tags(book, fresh)
        _open_periods(book, {month_of(item.draft.dated_on) for item in fresh}, seen, override_reason)
        lines = [(item.draft.dated_on, line) for item in fresh for line in item.lines]
        with bulk.together(len(lines)):
            written = _insert(book, seen.end, fresh, by, at, override_reason, reverses)
            count_in(book=book.pk, lines=lines)
            _tell(book, written, by, at)
        known |= {entry.key: entry for entry in written}
    return [known[item.draft.key] for item in checked]


def check(*, draft: EntryDraft, book: Book) -> Checked:
    """What can be said of a draft without looking at the book's rows."""
    check_words(draft)
    check_date(draft.dated_on, book.opened_on)
    lines = tuple([line_of(line, book.base_currency) for line in draft.lines])
    check_balance(lines, book.base_currency, draft.source)
    return Checked(draft, lines)


def _known(book: Book, checked: Sequence[Checked], ids: Sequence[int]) -> dict[str, Entry]:
    """The entries that have a key already. Each must say what its draft says."""
    if not ids:
        return {}
    found = {entry.key: entry for entry in Entry.objects.filter(book=book, pk__in=ids).order_by()}
    lines = lines_of(ids)
    for item in checked:
        entry = found.get(item.draft.key)
        if entry is not None and not _same(item, entry, tuple(lines[entry.pk])):
            named = {"number": entry.number}
            raise KeyUsed(_("Something else has been posted under this key: entry %(number)d.") % named)
    return found


def _same(item: Checked, entry: Entry, lines: tuple[Line, ...]) -> bool:
    draft = item.draft
    said = (entry.dated_on, entry.source, entry.narration, lines)
    return said == (draft.dated_on, draft.source, draft.narration, item.lines)


def _fresh(checked: Sequence[Checked], known: dict[str, Entry]) -> list[Checked]:
    """Those to write, each key once."""
    fresh: dict[str, Checked] = {}
    for item in checked:
        if item.draft.key in known:
            continue
        first = fresh.setdefault(item.draft.key, item)
        if first is not item and first != item:
            raise KeyUsed(_("Two different entries have the key “%(key)s”.") % {"key": item.draft.key[:80]})
    return list(fresh.values())


def _check_tax_codes(book: Book, fresh: Sequence[Checked]) -> None:
    wanted = {line.tax_code for item in fresh for line in item.lines if line.tax_code is not None}
    if wanted and TaxCode.objects.filter(book=book, pk__in=wanted).count() != len(wanted):
        raise TaxCodeElsewhere(_("This tax code is not in this client's book."), field="tax_code")


def _check_tags(book: Book, fresh: Sequence[Checked]) -> None:
    tagged = [line.tags for item in fresh for line in item.lines if line.tags]
    if not tagged:
        return
    wanted = {tag for tags in tagged for tag in tags}
    mine = Dimension.objects.filter(book=book)
    dimension = dict(Tag.objects.filter(pk__in=wanted, dimension__in=mine).values_list("pk", "dimension_id"))
    if len(dimension) != len(wanted):
        raise TagElsewhere(_("This tag is not in this client's book."), field="tags")
    for tags in tagged:
        if len({dimension[tag] for tag in tags}) != len(tags):
            raise TagElsewhere(_("A line has at most one tag of each dimension."), field="tags")


def _open_periods(book: Book, months: set[date], seen: Seen, override_reason: str) -> None:
    """Every month is there and may be posted into."""
    for month in sorted(months):
        if month in seen.months:
            _refuse_closed(month, seen.months[month], override_reason)
        else:
            Period.objects.create(book=book, starts_on=month, ends_on=next_month(month))


def _refuse_closed(month: date, state: PeriodState, override_reason: str) -> None:
    named = {"month": f"{month:%Y-%m}"}
    if state.hard:
        raise PeriodHardClosed(
            _("%(month)s is closed for good. Choose a date in an open period.") % named, field="dated_on"
        )
    if state.soft and not override_reason:
        raise PeriodSoftClosed(
            _("%(month)s is closed. Choose a date in an open period, or ask your lead to post there.") % named,
            field="dated_on",
        )


def _tell(book: Book, entries: Sequence[Entry], by: Staff | None, at: datetime) -> None:
    """One fact for all of them. It carries the end of the chain into the service book, whose anchors lie elsewhere."""
    first, last = entries[0], entries[-1]
    record(
        "ledger.posted", at=at, by=by, client=book.client_id, book=book.pk,
        first=first.number, last=last.number, source=last.source, hash=last.hash,
    )  # fmt: skip


def _insert(
    book: Book,
    before: tuple[int, str],
    fresh: Sequence[Checked],
    by: Staff | None,
    at: datetime,
    override_reason: str,
    reverses: Mapping[str, Entry],
) -> list[Entry]:
    """Postings and tags first: the row of an entry closes it, and the database counts them at that moment."""
    who = None if by is None else by.pk
    number, end = before
    entries: list[Entry] = []
    for pk, (draft, lines) in zip(bulk.take_numbers(Entry, len(fresh)), fresh, strict=True):
        number, previous = number + 1, end
        undone = reverses[draft.key].pk if draft.key in reverses else None
        said = chain.Said(
            book.pk, number, draft.dated_on, at, who, draft.source, draft.key, draft.narration, undone,
            override_reason, lines,
        )  # fmt: skip
        end = chain.link(previous, said)
        values = (
            pk, book.pk, number, draft.dated_on, at, who, draft.source, draft.key, draft.narration, undone,
            override_reason, len(lines), previous, end,
        )  # fmt: skip
        entries.append(Entry.from_db(connection.alias, ENTRY_COLUMNS, values))
    _insert_postings(entries, fresh)
    _insert_entries(entries, at)
    _move_the_end(book, before[0], entries[-1])
    return entries


def _insert_postings(entries: Sequence[Entry], fresh: Sequence[Checked]) -> None:
    rows = [
        (entry.pk, position, account, day, amount, currency, foreign, text, tax_code)
        for entry, item in zip(entries, fresh, strict=True)
        for day in (item.draft.dated_on.isoformat(),)
        for position, (account, amount, currency, foreign, text, tax_code, _tags) in enumerate(item.lines, 1)
    ]
    tags = [line.tags for item in fresh for line in item.lines]
    if not any(tags):
        bulk.insert_values(Posting, POSTING_COLUMNS, rows)
        return
    numbers = bulk.take_numbers(Posting, len(rows))
    numbered = [(pk, *row) for pk, row in zip(numbers, rows, strict=True)]
    bulk.insert_values(Posting, ("id", *POSTING_COLUMNS), numbered)
    tagged = [(pk, tag) for pk, carried in zip(numbers, tags, strict=True) for tag in carried]
    bulk.insert_values(PostingTag, ("posting_id", "tag_id"), tagged)


def _insert_entries(entries: Sequence[Entry], at: datetime) -> None:
    moment = connection.ops.adapt_datetimefield_value(at)
    rows = [
        (
            entry.pk, entry.book_id, entry.number, entry.dated_on.isoformat(), moment, entry.posted_by, entry.source,
            entry.key, entry.narration, entry.reverses_id, entry.override_reason, entry.lines, entry.previous_hash,
            entry.hash,
        )
        for entry in entries
    ]  # fmt: skip
    bulk.insert_values(Entry, ENTRY_COLUMNS, rows)


def _move_the_end(book: Book, before: int, last: Entry) -> None:
    book.last_number, book.last_hash = last.number, last.hash
    moved = move_end(book=book.pk, before=before, number=last.number, end=last.hash)
    if moved != 1:
        raise RuntimeError("Somebody has written into the book that this transaction holds.")
