"""What was said about accounts that moved."""

from __future__ import annotations

from datetime import date

from wellkept.ledger.models import Book, VarianceNote


def variance_notes(book: Book, since: date, until: date, against: str) -> dict[int, VarianceNote]:
    """The newest explanation of each account for a stretch, by account."""
    found = VarianceNote.objects.filter(account__book=book, since=since, until=until, against=against)
    return {note.account_id: note for note in found.order_by("id")}
