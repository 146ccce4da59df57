"""Other currencies of a book: what is held and owed in them, counted at the rate of a month's end, and money changed."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.ledger import actions
from wellkept.ledger import queries as ledger
from wellkept.ledger.rules.charts import MONETARY
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.books import currencies as desk
from wellkept.web.desk.books import entering, entries, times
from wellkept.web.desk.books.frame import Kept, of_book, page
from wellkept.web.settings.frame import chosen
from wellkept.web.shell.answers import answer, refuse
from wellkept.web.shell.once import form_key
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import day

both = require_http_methods(["GET", "POST"])


@require_GET
@of_book
def currencies(request: StaffRequest, kept: Kept) -> HttpResponse:
    """Each balance with its cost, rate and worth before anything is posted; below it, what was counted when."""
    return _currencies(request, kept, request.GET.get("on", ""))


@require_POST
@of_book
def count(request: StaffRequest, kept: Kept) -> HttpResponse:
    """Post what the page shows, and take it back the next day."""
    asked_for = request.POST.get("on", "")
    try:
        on = entering.a_date(asked_for, field="on")
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: _currencies(request, kept, "", no))
    named = {"day": day(on, reader(request))}
    return answer(
        request,
        actions.revalue,
        book=kept.book,
        on=on,
        by=request.staff,
        at=now(),
        said=lambda made: (
            _("Counted at the rate of %(day)s.") % named
            if made
            else _("It stands at the rate of %(day)s already.") % named
        ),
        then=f"{kept.address('book_currencies')}?on={on.isoformat()}",
        refused=lambda refusal: _currencies(request, kept, asked_for, refusal),
    )


@both
@of_book
def change(request: StaffRequest, kept: Kept) -> HttpResponse:
    """Money out of one account into another of a different currency. Sending it twice by accident posts it once."""
    ask = _changing(request, kept)
    if request.method == "GET":
        return asked(request, ask)
    try:
        named = _read(request, kept)
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: asked(request, ask, refusal=no))
    return answer(
        request,
        actions.exchange,
        book=kept.book,
        **named,
        key=f"exchange-{form_key(request)}",
        by=request.staff,
        at=now(),
        said=lambda made: _("Entry %(number)s is posted.") % {"number": made.number},
        then=lambda made: entries.address(kept, made),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


def _currencies(request: StaffRequest, kept: Kept, on: str, refusal: Refusal | None = None) -> HttpResponse:
    eyes = reader(request)
    shown = desk.shown(kept, times.a_day(on) or desk.month_end(eyes.today), eyes)
    return page(request, kept, "book_rates", "currencies", {**shown, "refusal": refusal}, 422 if refusal else 200)


def _changing(request: StaffRequest, kept: Kept) -> Ask:
    accounts = ledger.accounts_in_use(kept.book).filter(purpose__in=sorted(MONETARY))
    options: list[tuple[object, str]] = [
        ("", _("Choose an account")),
        *((each.pk, f"{each} · {each.currency or kept.currency}") for each in accounts),
    ]
    return Ask(
        _("Money changed from one currency into another"),
        _("Post it"),
        _("Write what left and what came, each in its account's own currency. The difference to what was carried is gained or lost."),
        [
            Field("date", "dated_on", _("Day"), value=reader(request).today.isoformat()),
            Field("select", "out_of", _("Out of"), options=options),
            Field("text", "out", _("What left"), most=30),
            Field("select", "into", _("Into"), options=options),
            Field("text", "came", _("What came"), most=30),
            Field("text", "narration", _("What it was"), most=300, optional=True),
        ],
        back=kept.address("book_currencies"),
    )  # fmt: skip


def _read(request: StaffRequest, kept: Kept) -> dict[str, Any]:
    posted, accounts = request.POST, ledger.accounts_in_use(kept.book)
    out_of, into = chosen(accounts, posted.get("out_of")), chosen(accounts, posted.get("into"))
    for account, field in ((out_of, "out_of"), (into, "into")):
        if account is None:
            raise entering.NotEntered(_("Choose an account."), field=field)
    return {
        "dated_on": entering.a_date(posted.get("dated_on", ""), field="dated_on"),
        "out_of": out_of,
        "out_minor": entering.amount(posted.get("out", ""), out_of.currency or kept.currency),
        "into": into,
        "into_minor": entering.amount(posted.get("came", ""), into.currency or kept.currency),
        "narration": posted.get("narration", "").strip() or _("Money changed"),
    }


urlpatterns = [
    path("books/<int:id>/currencies", currencies, name="book_currencies"),
    path("books/<int:id>/currencies/count", count, name="book_currencies_count"),
    path("books/<int:id>/currencies/change", change, name="book_currencies_change"),
]
