"""Reads for whoever looks a month through: what stands in it, what accounts are used to, what was held day by day."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from django.db.models import BooleanField, Case, Count, F, Max, QuerySet, Sum, Value, When
from django.db.models.functions import Coalesce, TruncMonth

from wellkept.ledger.models import Account, Balance, Book, Entry, Posting, Span
from wellkept.ledger.queries.pages import together
from wellkept.ledger.queries.totals import Total, account_total

NOT_TRADE = ("opening", "closing")
MOST_POSTINGS, MOST_AMOUNTS = 20_000, 50_000


@dataclass(frozen=True, slots=True)
class StandingPosting:
    """A posting of an entry that was not taken back and takes none back; `account` is where a merged one now shows."""

    id: int
    entry: int
    account: int
    dated_on: date
    amount_minor: int
    tax_code: int | None
    source: str
    narration: str


@dataclass(frozen=True, slots=True)
class UsualAmount:
    """How often an account took just this amount, with tax or without."""

    account: int
    taxed: bool
    amount_minor: int
    count: int


def standing_postings(book: Book, since: date, until: date) -> list[StandingPosting]:
    """What was posted from `since` and before `until` and still stands, in order."""
    rows = _standing(Posting.objects.filter(entry__book=book, entry__dated_on__gte=since, entry__dated_on__lt=until))
    found = rows.order_by("entry", "position").values_list(
        "pk", "entry", _shown(), "dated_on", "amount_minor", "tax_code", "entry__source", "entry__narration"
    )
    return [StandingPosting(*row) for row in found[:MOST_POSTINGS]]


def has_more_postings(book: Book, since: date, until: date) -> bool:
    """Whether more stands than `standing_postings` tells."""
    rows = _standing(Posting.objects.filter(entry__book=book, entry__dated_on__gte=since, entry__dated_on__lt=until))
    return rows.order_by()[MOST_POSTINGS:].exists()


def usual_amounts(book: Book, since: date, until: date, types: Sequence[str]) -> list[UsualAmount]:
    """What the accounts of these types took within a stretch, alike amounts together."""
    taxed = Case(When(tax_code=None, then=Value(False)), default=Value(True), output_field=BooleanField())
    rows = Posting.objects.filter(
        account__book=book, account__type__in=types, dated_on__gte=since, dated_on__lt=until
    ).order_by()
    groups = _standing(rows).values_list(_shown(), taxed, "amount_minor").annotate(count=Count("pk"))
    return [UsualAmount(*row) for row in groups[:MOST_AMOUNTS]]


def days_of(account: Account, since: date, until: date) -> tuple[Total, dict[date, Total]]:
    """What an account held before `since`, and what each day until then moved."""
    ids = together(account)
    days = Balance.objects.filter(account__in=ids, span=Span.DAY, starts_on__gte=since, starts_on__lt=until).order_by()
    own = Sum(Case(When(currency=F("account__currency"), then="foreign_minor"), default=0))
    sums = days.values_list("starts_on").annotate(amount=Sum(F("debit_minor") - F("credit_minor")), foreign=own)
    moved = {on: Total(int(amount), int(foreign)) for on, amount, foreign in sums}
    return account_total(ids, None, since), moved


def reversed_by(entries: Sequence[int]) -> dict[int, int | None]:
    """Those of the entries that were taken back, and by whom; None is the machine."""
    taken_back = Entry.objects.filter(reverses__in=entries).order_by()
    return {entry: by for entry, by in taken_back.values_list("reverses", "posted_by") if entry is not None}


def months_after(entry: int, since: date) -> tuple[list[tuple[int, date]], int]:
    """Which clients' months, from `since` on, entries with a larger id touched; and the largest id there is."""
    later = Entry.objects.filter(pk__gt=entry).order_by()
    months = later.filter(dated_on__gte=since).values_list("book__client", TruncMonth("dated_on")).distinct()
    return list(months), later.aggregate(last=Max("pk"))["last"] or entry


def _standing(rows: QuerySet[Posting]) -> QuerySet[Posting]:
    return rows.filter(entry__reverses=None, entry__reversed_by=None).exclude(entry__source__in=NOT_TRADE)


def _shown() -> Any:
    return Coalesce("account__merged_into", "account")
