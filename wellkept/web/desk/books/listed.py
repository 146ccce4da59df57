"""One line a client in the list of books: how far they are and what the last month left."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from django.db.models import Count, F, Max, Sum
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.banking.models import Undecided
from wellkept.clients.models import Client
from wellkept.ledger.models import Balance, Book, Period, Span
from wellkept.web.exports.figures import amount
from wellkept.web.shell.words import Reader, month


@dataclass(frozen=True)
class BookLine:
    """`has_book` is false while nobody has opened one."""

    name: str
    address: str
    has_book: bool
    currency: str = ""
    last: str = ""
    left: str = ""
    waiting: int = 0


def lines(clients: Sequence[Client], reader: Reader) -> list[BookLine]:
    """In the order given; a handful of queries however many there are."""
    books = {book.client_id: book for book in Book.objects.filter(client__in=clients)}
    lasts = _last_months(books.values(), reader.today)
    left = _left(lasts)
    waiting = dict(
        Undecided.objects.filter(client__in=clients, parked_at=None)
        .values_list("client")
        .annotate(count=Count("pk"))
        .order_by()
    )
    return [_line(client, books.get(client.pk), lasts, left, waiting, reader) for client in clients]


def sentence(found: Sequence[BookLine], *, more: bool) -> str:
    if not found:
        return _("No client stands here.")
    open_ = sum(line.has_book for line in found)
    many = f"{open_}+" if more else str(open_)
    said = ngettext("%(n)s book is open.", "%(n)s books are open.", open_) % {"n": many}
    waiting = sum(line.waiting for line in found)
    if waiting:
        tail = ngettext("%(n)s bank line waits to be decided.", "%(n)s bank lines wait to be decided.", waiting)
        return f"{said} {tail % {'n': waiting}}"
    return said


def _line(
    client: Client,
    book: Book | None,
    lasts: dict[int, date],
    left: dict[int, int],
    waiting: dict[int, int],
    reader: Reader,
) -> BookLine:
    address = reverse("book", args=[client.pk])
    if book is None:
        return BookLine(client.name, address, has_book=False)
    last = lasts.get(book.pk)
    return BookLine(
        name=client.name,
        address=address,
        has_book=True,
        currency=book.base_currency,
        last=month(last, reader) if last else "",
        left=amount(left.get(book.pk, 0), book.base_currency, reader.language) if last else "",
        waiting=waiting.get(client.pk, 0),
    )


def _last_months(books: Iterable[Book], today: date) -> dict[int, date]:
    rows = Period.objects.filter(book__in=list(books), starts_on__lte=today)
    return dict(rows.values_list("book").annotate(last=Max("starts_on")).order_by())


def _left(lasts: dict[int, date]) -> dict[int, int]:
    """Profit of each book's last month."""
    rows = (
        Balance.objects.filter(account__book__in=list(lasts), span=Span.MONTH, starts_on__in=set(lasts.values()))
        .filter(account__type__in=("income", "expense"))
        .values_list("account__book", "starts_on")
        .annotate(left=Sum(F("credit_minor") - F("debit_minor")))
        .order_by()
    )
    return {book: int(left) for book, on, left in rows if lasts[book] == on}
