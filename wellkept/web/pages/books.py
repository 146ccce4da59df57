"""The books: everybody's in a list, the first page of each, how one is opened, and how its months are closed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.clients import queries as clients
from wellkept.clients.models import Client
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.ledger import actions
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Period
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.books import home, listed, opening, times
from wellkept.web.desk.books.frame import Kept, client_of, of_book, page, reviews
from wellkept.web.desk.books.months import latest
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import month as month_words

PAGE = 50
both = require_http_methods(["GET", "POST"])


@require_GET
def books(request: StaffRequest) -> HttpResponse:
    """Every client whose books one may see, with how the last month stands."""
    words = request.GET.get("words", "").strip()[:100]
    found = clients.current(request.staff).order_by("name", "pk")
    if words:
        found = found.filter(name__icontains=words)
    if after := request.GET.get("after", ""):
        found = found.filter(name__gt=after[:160])
    shown = list(found[: PAGE + 1])
    lines = listed.lines(shown[:PAGE], reader(request))
    context = {
        "lines": lines,
        "words": words,
        "sentence": listed.sentence(lines, more=len(shown) > PAGE),
        "next": shown[PAGE - 1].name if len(shown) > PAGE else None,
        "before": after,
    }
    return render(request, "pages/books/list.html", context)


@require_GET
def book(request: StaffRequest, id: int) -> HttpResponse:
    """How the month stands; the form that opens a book while there is none."""
    client = client_of(request, id)
    found = ledger.book_of(client)
    if found is None:
        return _opening(request, client, opening.proposed(client))
    kept, eyes = Kept(client, found), reader(request)
    month = times.a_month(request.GET.get("month", "")) or latest(found, eyes.today)
    shown = home.shown(kept, request.staff, month, eyes, reviews=reviews(request.staff))
    return page(request, kept, "book", "home", shown)


@both
def open_book(request: StaffRequest, id: int) -> HttpResponse:
    client = client_of(request, id)
    posted = request.POST.dict()
    if request.method == "GET":
        return _opening(request, client, opening.proposed(client))
    return answer(
        request,
        actions.open_book,
        client=client,
        **opening.read(posted),
        by=request.staff,
        at=now(),
        said=_("The book is open."),
        then=reverse("book", args=[id]),
        refused=lambda refusal: _opening(request, client, posted, refusal),
    )


@require_POST
@of_book
def soft_close(request: StaffRequest, kept: Kept, month: str) -> HttpResponse:
    period = _period(request, kept, month)
    return answer(
        request,
        actions.soft_close,
        period=period,
        by=request.staff,
        at=now(),
        said=_("%(month)s is closed. A lead may still post into it.")
        % {"month": month_words(period.starts_on, reader(request))},
        then=kept.address("book"),
    )


@both
@of_book
def hard_close(request: StaffRequest, kept: Kept, month: str) -> HttpResponse:
    """Asked first: it is never taken back."""
    first = _month(month)
    name = month_words(first, reader(request))
    ask = Ask(
        _("Close %(month)s of %(client)s for good?") % {"month": name, "client": kept.client.name},
        _("Close for good"),
        _(
            "Nobody posts into it any more, by any door, and it is never opened again. Mistakes are put right in a later month."
        ),
        stop=True,
        back=kept.address("book"),
    )
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request,
        actions.hard_close,
        period=_period(request, kept, month),
        by=request.staff,
        at=now(),
        said=_("%(month)s is closed for good.") % {"month": name},
        then=kept.address("book"),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


@both
@of_book
def reopen(request: StaffRequest, kept: Kept, month: str) -> HttpResponse:
    name = month_words(_month(month), reader(request))
    ask = Ask(
        _("Open %(month)s again?") % {"month": name},
        _("Open it again"),
        _("Everybody who keeps the book may post into it until it is closed again."),
        [Field("text", "reason", _("Why"), most=500, hint=_("The book keeps what you say."))],
        back=kept.address("book"),
    )
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request,
        actions.reopen,
        period=_period(request, kept, month),
        reason=request.POST.get("reason", ""),
        by=request.staff,
        at=now(),
        said=_("%(month)s is open again.") % {"month": name},
        then=kept.address("book"),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


def _opening(
    request: StaffRequest, client: Client, given: dict[str, str], refusal: Refusal | None = None
) -> HttpResponse:
    context: dict[str, Any] = {
        "client": client,
        "given": given,
        "refusal": refusal,
        "templates": opening.templates(),
        "months": opening.month_names(reader(request)),
    }
    return render(request, "pages/books/open.html", context, status=422 if refusal else 200)


def _month(text: str) -> Any:
    """The first day of the month in the address; 404 for what is none."""
    found = times.a_month(text)
    return found if found is not None else get_object_or_404(Period, pk=0)


def _period(request: StaffRequest, kept: Kept, month: str) -> Period:
    """The month as a row, made when nothing was posted into it yet."""
    first = _month(month)
    found = ledger.period_of(kept.book, first)
    return found or actions.open_period(book=kept.book, on=first, by=request.staff, at=now())


urlpatterns = [
    path("books", books, name="books"),
    path("books/<int:id>", book, name="book"),
    path("books/<int:id>/open", open_book, name="book_open"),
    path("books/<int:id>/months/<slug:month>/close", soft_close, name="book_soft_close"),
    path("books/<int:id>/months/<slug:month>/close-for-good", hard_close, name="book_hard_close"),
    path("books/<int:id>/months/<slug:month>/open", reopen, name="book_reopen"),
]
