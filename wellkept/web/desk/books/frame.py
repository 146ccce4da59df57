"""What every page of a book stands in: the client and the book in the address, the tabs, and a report in the shape asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property, wraps
from typing import Any

from django.http import HttpResponse, HttpResponseBase, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from wellkept.clients import queries as clients
from wellkept.clients.models import Client
from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Book
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.web.exports import csv, html, pdf, xlsx
from wellkept.web.exports.document import Document
from wellkept.web.exports.paper import Printed
from wellkept.web.shell.answers import refuse
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import full

View = Callable[..., HttpResponseBase]
REVIEWERS = (people.Role.LEADER, people.Role.QUALITY, people.Role.ADMINISTRATOR)


@dataclass(frozen=True)
class Kept:
    """A client and its book."""

    client: Client
    book: Book

    @property
    def currency(self) -> str:
        return self.book.base_currency

    def address(self, name: str, *more: object) -> str:
        return reverse(name, args=[self.client.pk, *more])

    @cached_property
    def accounts(self) -> str:
        """A report writes hundreds of addresses; the first part of them is asked for once."""
        return self.address("book_accounts")

    @cached_property
    def entries(self) -> str:
        return self.address("book_entry", 0).removesuffix("/0")


@dataclass(frozen=True)
class Tab:
    label: str
    address: str
    current: bool
    count: str = ""


TABS: tuple[tuple[str, Lazy | str], ...] = (
    ("book", _("Overview")),
    ("book_profit", _("Profit and loss")),
    ("book_balance", _("Balance sheet")),
    ("book_cash", _("Cash flow")),
    ("book_trial", _("Trial balance")),
    ("book_ledger", _("General ledger")),
    ("book_tax", _("Tax")),
    ("book_aged", _("Aged lists")),
    ("book_moved", _("What moved")),
    ("book_accounts", _("Accounts")),
    ("book_budget", _("Budget")),
    ("book_rates", _("Rates")),
)


def client_of(request: StaffRequest, id: int) -> Client:
    """The client, if this person may see it; 404 otherwise."""
    return get_object_or_404(clients.for_staff(request.staff).select_related("bookkeeper"), pk=id)


def of_book(view: View) -> View:
    """Gives the page a client and its book; while there is none, the page that opens one. A refusal is said on a page."""

    @wraps(view)
    def opened(request: StaffRequest, id: int, **named: Any) -> HttpResponseBase:
        client = client_of(request, id)
        book = ledger.book_of(client)
        if book is None:
            return HttpResponseRedirect(reverse("book", args=[id]))
        try:
            return view(request, Kept(client, book), **named)
        except Refusal as refusal:
            return refuse(request, refusal)

    return opened


def reviews(by: Staff) -> bool:
    """Whether a person may close a month for good, open one again, and post into a closed one."""
    return people.holds(by, *REVIEWERS)


def page(
    request: StaffRequest, kept: Kept, tab: str, template: str, shown: dict[str, Any], status: int = 200
) -> HttpResponse:
    """A page under the tabs of the book."""
    tabs = [Tab(str(label), kept.address(name), name == tab) for name, label in TABS]
    context = {"client": kept.client, "book": kept.book, "currency": kept.currency, "tabs": tabs, **shown}
    return render(request, f"pages/books/{template}.html", context, status=status)


def report(request: StaffRequest, kept: Kept, tab: str, document: Document, shown: dict[str, Any]) -> HttpResponse:
    """The report on its page, or as the file the address asks for with `as`."""
    shape = request.GET.get("as", "")
    if shape in SHAPES:
        return as_file(request, document, shape)
    context = {"document": document, "table": html.render(document, reader(request)), **shown}
    return page(request, kept, tab, "report", context)


def as_file(request: StaffRequest, document: Document, shape: str) -> HttpResponse:
    """A file to keep: never shown inside the page, never guessed at by the browser."""
    data, media_type = SHAPES[shape](request, document)
    response = HttpResponse(data, content_type=media_type)
    response["Content-Disposition"] = f'attachment; filename="{document.file_name}.{shape}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def printed(request: StaffRequest) -> Printed:
    eyes = reader(request)
    at = eyes.now.astimezone(eyes.zone)
    return Printed(by=request.staff.name, at=at, when=full(eyes.now, eyes), language=eyes.language)


def _pdf(request: StaffRequest, document: Document) -> tuple[bytes, str]:
    return pdf.render(document, printed(request), reader(request)), pdf.MEDIA_TYPE


def _xlsx(request: StaffRequest, document: Document) -> tuple[bytes, str]:
    return xlsx.render(document, printed(request)), xlsx.MEDIA_TYPE


def _csv(request: StaffRequest, document: Document) -> tuple[bytes, str]:
    return csv.render(document), csv.MEDIA_TYPE


SHAPES = {"pdf": _pdf, "xlsx": _xlsx, "csv": _csv}
