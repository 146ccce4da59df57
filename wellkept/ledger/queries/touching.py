"""Reads for rooms that stand on the ledger: which postings lie where, and which days some entries touched."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date

from django.db.models import Exists, Min, OuterRef, QuerySet

from wellkept.ledger.models import Account, Entry, Posting
from wellkept.ledger.queries.pages import together


def postings_between(account: Account, since: date, until: date) -> QuerySet[Posting]:
    """The postings of an account (and of those merged into it) from `since` and before `until`, in order."""
    found = Posting.objects.filter(account__in=together(account), dated_on__gte=since, dated_on__lt=until)
    return found.select_related("entry").order_by("dated_on", "id")


def standing_before(account: Account, until: date) -> QuerySet[Posting]:
    """The postings of an account before `until` that nothing before `until` takes back, newest first."""
    taken_back = Entry.objects.filter(reverses=OuterRef("entry"), dated_on__lt=until)
    found = Posting.objects.filter(~Exists(taken_back), account__in=together(account), dated_on__lt=until)
    return found.filter(entry__reverses=None).select_related("entry").order_by("-dated_on", "-id")


def postings_on(account: Account, ids: Sequence[int]) -> list[Posting]:
    """Those of the postings named that stand on this account, in order."""
    found = Posting.objects.filter(pk__in=ids, account__in=together(account))
    return list(found.select_related("entry").order_by("dated_on", "id"))


def first_days(book: int, first: int, last: int) -> dict[int, date]:
    """The accounts that entries `first` to `last` of a book touch, each with the earliest day they touch it on."""
    rows = Posting.objects.filter(entry__book=book, entry__number__range=(first, last)).order_by()
    return dict(rows.values_list("account").annotate(first=Min("dated_on")))
