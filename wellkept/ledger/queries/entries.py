"""Reads of entries and their lines."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import Prefetch, QuerySet

from wellkept.clients import queries as clients
from wellkept.ledger.models import Book, Entry, Posting, PostingTag
from wellkept.ledger.rules.lines import Line

if TYPE_CHECKING:
    from wellkept.people.models import Staff

AT_ONCE = 500


def entries_for(by: Staff) -> QuerySet[Entry]:
    """The entries of the clients a person may see, with book and client."""
    return Entry.objects.filter(clients.scope(by).q("book__client")).select_related("book__client").order_by("-number")


def entry_for_key(book: Book, key: str) -> Entry | None:
    """The entry that was posted under this key."""
    return Entry.objects.filter(book=book, key=key).first()


def entries_for_keys(book: Book, keys: Sequence[str]) -> dict[str, Entry]:
    """The entries posted under these keys, by key."""
    found: dict[str, Entry] = {}
    for start in range(0, len(keys), AT_ONCE):
        rows = Entry.objects.filter(book=book, key__in=keys[start : start + AT_ONCE]).order_by()
        found |= {entry.key: entry for entry in rows}
    return found


def postings_of(entry: Entry) -> QuerySet[Posting]:
    """Its postings in order, with account, tax code and tags."""
    tags = Prefetch("posting_tags", PostingTag.objects.select_related("tag__dimension"))
    return entry.postings.select_related("account__merged_into", "tax_code").prefetch_related(tags).order_by("position")


def is_reversed(entry: Entry) -> bool:
    """Whether another entry has taken it back."""
    return Entry.objects.filter(reverses=entry).exists()


def reversal_of(entry: Entry) -> Entry | None:
    """The entry that has taken it back."""
    return Entry.objects.filter(reverses=entry).first()


def lines_of(entries: Sequence[int]) -> dict[int, list[Line]]:
    """The lines of entries as they were written, in order, by entry id."""
    lines: dict[int, list[Line]] = defaultdict(list)
    for start in range(0, len(entries), AT_ONCE):
        some = entries[start : start + AT_ONCE]
        tags = _tags(some)
        rows = Posting.objects.filter(entry__in=some).order_by("entry_id", "position")
        for pk, entry, account, amount, currency, foreign, text, tax_code in rows.values_list(
            "pk", "entry_id", "account_id", "amount_minor", "currency", "foreign_minor", "text", "tax_code_id"
        ):
            carried = tuple(sorted(tags.get(pk, ())))
            lines[entry].append(Line(account, amount, currency, foreign, text, tax_code, carried))
    return lines


def _tags(entries: Sequence[int]) -> dict[int, list[int]]:
    tags: dict[int, list[int]] = defaultdict(list)
    rows = PostingTag.objects.filter(posting__entry__in=entries).order_by()
    for posting, tag in rows.values_list("posting_id", "tag_id"):
        tags[posting].append(tag)
    return tags
