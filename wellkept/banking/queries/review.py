"""Reads of findings: open, accepted, silenced; whose months have any; which months moved since they were looked through."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING

from django.db.models import Count, F, Max, Q, QuerySet
from django.db.models.functions import TruncMonth

from wellkept.banking.models import Attached, BankLine, Coding, Finding, ReviewedMonth, ReviewMark, Silence
from wellkept.banking.rules.review_kinds import FIRST
from wellkept.clients import queries as clients
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff

OPEN = Q(fixed_at=None, accepted_at=None, gone_at=None)
MOST_CLIENTS = 500
MOST_SILENCES = 500
OVERLAP = 200  # rows that may have been written, and not yet seen, while the search before ran


@dataclass(frozen=True)
class ClientFindings:
    """A client's open findings of a month, and how many of them hold it up."""

    client: Client
    count: int
    first: int
    reviewed: ReviewedMonth | None


def for_staff(by: Staff) -> QuerySet[Finding]:
    """The findings of the clients a person may see."""
    return Finding.objects.filter(clients.scope(by).q()).select_related("client", "accepted_by", "fixed_by")


def open_of(by: Staff, client: Client, month: date) -> QuerySet[Finding]:
    """What stands in a month, kind by kind in the order it was found."""
    return for_staff(by).filter(OPEN, client=client, month=month).order_by("id")


def settled_of(by: Staff, client: Client, month: date) -> QuerySet[Finding]:
    """What was accepted or put right, the newest first."""
    ended = Q(accepted_at__isnull=False) | Q(fixed_at__isnull=False)
    return for_staff(by).filter(ended, client=client, month=month).order_by("-id")


def silences(by: Staff) -> QuerySet[Silence]:
    """What is never raised again for a person's clients, the newest first."""
    mine = Silence.objects.filter(clients.scope(by).q(), ended_at=None)
    return mine.select_related("client", "silenced_by").order_by("-id")


def reviewed(client: Client, month: date) -> ReviewedMonth | None:
    """When the month was last looked through."""
    return ReviewedMonth.objects.filter(client=client, month=month).select_related("reviewed_by").first()


def portfolio(by: Staff, month: date) -> list[ClientFindings]:
    """Every client of a person with a book: its open findings of a month, the most pressing first."""
    books = ledger.books_for(by).filter(client__archived_at=None).select_related("client")[:MOST_CLIENTS]
    found = [book.client for book in books]
    counts = {
        row["client"]: (int(row["count"]), int(row["first"]))
        for row in Finding.objects.filter(OPEN, client__in=found, month=month)
        .order_by()
        .values("client")
        .annotate(count=Count("pk"), first=Count("pk", filter=Q(kind__in=FIRST)))
    }
    looked = {
        row.client_id: row
        for row in ReviewedMonth.objects.filter(client__in=found, month=month, reviewed_at__isnull=False)
    }
    rows = [ClientFindings(each, *counts.get(each.pk, (0, 0)), looked.get(each.pk)) for each in found]
    return sorted(rows, key=lambda row: (-row.first, -row.count, row.client.name))


def open_counts(client: Client | int) -> dict[date, int]:
    """How many findings stand, by month; months without any are left out."""
    rows = Finding.objects.filter(OPEN, client=client).order_by().values_list("month").annotate(count=Count("pk"))
    return dict(rows)


def to_review(limit: int) -> list[ReviewedMonth]:
    """Months in which something moved after they were looked through, the longest waiting first."""
    due = ReviewedMonth.objects.filter(
        Q(reviewed_at=None) | Q(reviewed_at__lt=F("moved_at")), moved_at__isnull=False, client__archived_at=None
    )
    return list(due.select_related("client").order_by("moved_at", "pk")[:limit])


@dataclass(frozen=True)
class Moved:
    """Months in which something was written, by client, and how far each table was read."""

    months: frozenset[tuple[int, date]]
    read_to: dict[str, int]


def moved_since(marks: dict[str, int], since: date) -> Moved:
    """What entries, lines, codings and documents touched after the marks, in months from `since` on."""
    entries, last_entry = ledger.months_after(max(marks.get("entry", 0) - OVERLAP, 0), since)
    months, read_to = set(entries), {"entry": last_entry}
    for table, model, line in (("line", BankLine, ""), ("coding", Coding, "line__"), ("attached", Attached, "line__")):
        later = model.objects.filter(pk__gt=max(marks.get(table, 0) - OVERLAP, 0)).order_by()
        day = f"{line}dated_on"
        touched = later.filter(**{f"{day}__gte": since}).values_list(f"{line}client", TruncMonth(day)).distinct()
        months |= set(touched)
        read_to[table] = later.aggregate(last=Max("pk"))["last"] or marks.get(table, 0)
    return Moved(frozenset(months), read_to)


def marks() -> dict[str, int]:
    return dict(ReviewMark.objects.values_list("table", "last"))
