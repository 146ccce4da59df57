"""Posting and taking back. Nothing that stands is changed: a mistake is reversed by an entry of its own."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.ledger.actions.taking import allow, allow_reviewer, take
from wellkept.ledger.actions.writing import write
from wellkept.ledger.models import Account, Entry
from wellkept.ledger.queries.entries import entry_for_key, lines_of
from wellkept.ledger.rules.lines import (
    LONGEST_NARRATION,
    EntryDraft,
    Line,
    PostingDraft,
    SourceUnknown,
    reversed_lines,
)

if TYPE_CHECKING:
    from wellkept.ledger.models import Book
    from wellkept.people.models import Staff

MOST_AT_ONCE = 50_000
REVERSED_AT_ONCE = 5_000
REVERSAL, CLOSING = "reversal", "closing"


class AlreadyReversed(Refusal):
    """An entry is taken back once."""


class ReversedTooEarly(Refusal):
    """Nothing is taken back before it happened."""


class ReasonMissing(Refusal):
    """Whoever does what is out of the ordinary says why."""


class TooManyEntries(Refusal):
    """A batch has a limit."""


@transaction.atomic
def post(
    *,
    book: Book,
    dated_on: date,
    lines: Sequence[PostingDraft],
    narration: str,
    source: str,
    key: str,
    by: Staff | None,
    at: datetime,
) -> Entry:
    """Write a balanced entry. The same key again returns the entry that has it, if it says the same."""
    allow(book=book, by=by)
    _refuse_source(source)
    [entry] = write(book=book, drafts=[EntryDraft(dated_on, lines, narration, source, key)], by=by, at=at)
    return entry


@transaction.atomic
def post_all(*, book: Book, drafts: Sequence[EntryDraft], by: Staff | None, at: datetime) -> list[Entry]:
    """Write many entries, all or none, in the order given. Known keys stand for the entries that have them."""
    allow(book=book, by=by)
    if len(drafts) > MOST_AT_ONCE:
        raise TooManyEntries(_("At most %(limit)d entries are posted at once.") % {"limit": MOST_AT_ONCE})
    for draft in drafts:
        _refuse_source(draft.source)
    return write(book=book, drafts=drafts, by=by, at=at)


@transaction.atomic
def post_with_override(
    *,
    book: Book,
    dated_on: date,
    lines: Sequence[PostingDraft],
    narration: str,
    source: str,
    key: str,
    reason: str,
    by: Staff,
    at: datetime,
) -> Entry:
    """Like `post`, by a reviewer who says why it goes into a soft-closed period."""
    allow_reviewer(book=book, by=by)
    _refuse_source(source)
    draft = EntryDraft(dated_on, lines, narration, source, key)
    [entry] = write(book=book, drafts=[draft], by=by, at=at, override_reason=reason_given(reason=reason))
    return entry


@transaction.atomic
def reverse(*, entry: Entry, dated_on: date, reason: str, key: str, by: Staff | None, at: datetime) -> Entry:
    """Take an entry back by one that says the opposite; returns it. The reason is its narration."""
    allow(book=entry.book, by=by)
    return _reverse(entry, dated_on, reason, key, by, at, override_reason="")


@transaction.atomic
def reverse_all(*, entries: Sequence[Entry], reason: str, by: Staff | None, at: datetime) -> list[Entry]:
    """Take entries of one book back, each on its own day, all or none; those taken back already are left."""
    book = entries[0].book
    allow(book=book, by=by)
    take(book=book)
    undone = set(Entry.objects.filter(reverses__in=entries).order_by().values_list("reverses", flat=True))
    standing = [entry for entry in entries if entry.pk not in undone]
    why, written = reason_given(reason=reason), []
    for start in range(0, len(standing), REVERSED_AT_ONCE):
        part = standing[start : start + REVERSED_AT_ONCE]
        drafts = list(_reversals(part, why, lambda one: (one.dated_on, f"{REVERSAL}-{one.pk}")))
        told = {f"{REVERSAL}-{entry.pk}": entry for entry in part}
        written += write(book=book, drafts=drafts, by=by, at=at, reverses=told)
    return written


@transaction.atomic
def reverse_with_override(*, entry: Entry, dated_on: date, reason: str, key: str, by: Staff, at: datetime) -> Entry:
    """Like `reverse`, by a reviewer, into a soft-closed period."""
    allow_reviewer(book=entry.book, by=by)
    return _reverse(entry, dated_on, reason, key, by, at, override_reason=reason_given(reason=reason))


def reason_given(*, reason: str) -> str:
    why = reason.strip()
    if not why:
        raise ReasonMissing(_("Say why in a few words; the book keeps it."), field="reason")
    return why[:LONGEST_NARRATION]


def _reverse(
    entry: Entry, dated_on: date, reason: str, key: str, by: Staff | None, at: datetime, override_reason: str
) -> Entry:
    before = entry_for_key(entry.book, key)
    if before is None or before.reverses_id != entry.pk:
        _refuse_reversal(entry, dated_on)
    [draft] = _reversals([entry], reason_given(reason=reason), lambda one: (dated_on, key))
    [reversal] = write(
        book=entry.book, drafts=[draft], by=by, at=at, override_reason=override_reason, reverses={key: entry}
    )
    if before is None:
        record(
            "ledger.reversed", at=at, by=by, client=entry.book.client_id, book=entry.book_id,
            entry=entry.pk, reversal=reversal.pk,
        )  # fmt: skip
    return reversal


def _reversals(
    entries: Sequence[Entry], reason: str, when: Callable[[Entry], tuple[date, str]]
) -> Iterator[EntryDraft]:
    """Drafts that say the opposite of entries, each on the day and under the key that `when` gives it."""
    lines = lines_of([entry.pk for entry in entries])
    moved = _moved_to({line.account for told in lines.values() for line in told})
    for entry in entries:
        dated_on, key = when(entry)
        where = [line._replace(account=moved.get(line.account, line.account)) for line in lines[entry.pk]]
        yield EntryDraft(
            dated_on=dated_on,
            lines=[_draft(line) for line in reversed_lines(where)],
            narration=reason,
            source=CLOSING if entry.source == CLOSING else REVERSAL,
            key=key,
        )


def _refuse_reversal(entry: Entry, dated_on: date) -> None:
    other = Entry.objects.filter(reverses=entry).first()
    if other is not None:
        raise AlreadyReversed(_("Entry %(number)d has taken this one back already.") % {"number": other.number})
    if dated_on < entry.dated_on:
        raise ReversedTooEarly(_("An entry is not taken back before its own date."), field="dated_on")


def _refuse_source(source: str) -> None:
    if source == REVERSAL:
        raise SourceUnknown(_("An entry is taken back by reversing it."))


def _moved_to(accounts: set[int]) -> dict[int, int]:
    """Where lines on accounts that were merged away since stand now."""
    merged = Account.objects.filter(pk__in=accounts, merged_into__isnull=False).order_by()
    return {pk: into for pk, into in merged.values_list("pk", "merged_into_id") if into is not None}


def _draft(line: Line) -> PostingDraft:
    return PostingDraft(*line)
