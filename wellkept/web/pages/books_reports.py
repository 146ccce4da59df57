"""The reports of a book: each on its page, as PDF, XLSX and CSV at the same address, every figure open to its postings."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from wellkept.core.clock import now
from wellkept.ledger import actions
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Account, Dimension
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.books import ledgers, lens, lists, months, moved, results, standing, times
from wellkept.web.desk.books.frame import SHAPES, Kept, of_book, report
from wellkept.web.desk.books.lens import LensField
from wellkept.web.desk.books.results import Asked
from wellkept.web.desk.books.times import Stretch
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest, reader

PAGE = 50
both = require_http_methods(["GET", "POST"])


@require_GET
@of_book
def profit(request: StaffRequest, kept: Kept) -> HttpResponse:
    eyes, stretch = reader(request), _stretch(request, kept)
    dimension = _dimension(request, kept)
    if dimension is not None:
        document = results.by_tag(kept, dimension, stretch, eyes)
        segments = [_spans(request, kept, stretch)]
    else:
        what = Asked(stretch, _against(request.GET))
        document = results.document(kept, results.found(kept, what), what, eyes)
        segments = [_spans(request, kept, stretch), (_("Beside"), _beside(request.GET, what.against))]
    by = [("", _("Nothing")), *((each.pk, each.name) for each in ledger.dimensions(kept.book))]
    more = [LensField("select", "by", _("Cut by"), request.GET.get("by", ""), by)] if len(by) > 1 else []
    return report(request, kept, "book_profit", document, _lens(request, kept, stretch, segments, more))


@require_GET
@of_book
def balance(request: StaffRequest, kept: Kept) -> HttpResponse:
    """On any day, beside the end of the month, or of the year, before."""
    eyes, on = reader(request), _day(request, kept)
    against = request.GET.get("against", results.YEAR)
    before = _earlier(on, against)
    document = standing.balance_sheet(kept, on, before, eyes)
    labels = [(results.PREVIOUS, _("Month before")), (results.YEAR, _("Year before")), (results.NOTHING, _("Nothing"))]
    beside = lens.choices("against", labels, against, request.GET)
    return report(request, kept, "book_balance", document, _day_lens(request, on, [(_("Beside"), beside)]))


@require_GET
@of_book
def cash(request: StaffRequest, kept: Kept) -> HttpResponse:
    stretch = _stretch(request, kept)
    document = standing.cash_flow(kept, stretch, reader(request))
    return report(request, kept, "book_cash", document, _lens(request, kept, stretch, [_spans(request, kept, stretch)]))


@require_GET
@of_book
def trial(request: StaffRequest, kept: Kept) -> HttpResponse:
    on = _day(request, kept)
    document = ledgers.trial_balance(kept, on, on + times.ONE_DAY, reader(request))
    return report(request, kept, "book_trial", document, _day_lens(request, on, []))


@require_GET
@of_book
def general_ledger(request: StaffRequest, kept: Kept) -> HttpResponse:
    """Fifty postings on the page; in a file all of them, up to a limit."""
    eyes, stretch = reader(request), _stretch(request, kept)
    shown = _lens(request, kept, stretch, [_spans(request, kept, stretch)])
    if request.GET.get("as") in SHAPES:
        pages = ledgers.every_account(kept.book, stretch)
        return report(request, kept, "book_ledger", ledgers.general_ledger(kept, pages, stretch, eyes, more=False), {})
    after = ledgers.place_read(request.GET.get("after", ""))
    found = ledger.general_ledger(kept.book, stretch.since, stretch.until, after, PAGE)
    document = ledgers.general_ledger(
        kept, list(found.pages), stretch, eyes, more=found.next_after is not None or after is not None
    )
    shown |= {"next": ledgers.place_words(found.next_after), "before": after}
    return report(request, kept, "book_ledger", document, shown)


@require_GET
@of_book
def tax(request: StaffRequest, kept: Kept) -> HttpResponse:
    stretch = _stretch(request, kept, span=times.QUARTER)
    document = lists.tax(kept, stretch, reader(request))
    return report(request, kept, "book_tax", document, _lens(request, kept, stretch, [_spans(request, kept, stretch)]))


@require_GET
@of_book
def aged(request: StaffRequest, kept: Kept) -> HttpResponse:
    on = _day(request, kept)
    side = lists.PAYABLE if request.GET.get("side") == lists.PAYABLE else lists.RECEIVABLE
    most = lists.MOST_ITEMS if request.GET.get("as") in SHAPES else lists.SHOWN
    document = lists.aged(kept, side, on, reader(request), most)
    labels = [(lists.RECEIVABLE, _("By customers")), (lists.PAYABLE, _("To vendors"))]
    segments = [(_("Owed"), lens.choices("side", labels, side, request.GET))]
    shown = _day_lens(request, on, segments)
    empty = {
        "empty_title": _("Nothing is open"),
        "empty_text": _("What is posted to these accounts and not yet cleared shows here, by age."),
    }
    return report(request, kept, "book_aged", document, shown | empty)


@require_GET
@of_book
def what_moved(request: StaffRequest, kept: Kept) -> HttpResponse:
    eyes, stretch = reader(request), _stretch(request, kept)
    against = _against(request.GET)
    what = Asked(stretch, against if against != results.NOTHING else results.PREVIOUS)
    limit = moved.Limit.read(request.GET, kept.currency)
    notes = ledger.variance_notes(kept.book, stretch.since, stretch.until, what.against)
    document = moved.document(kept, results.found(kept, what), what, limit, notes, eyes)
    segments = [_spans(request, kept, stretch), (_("Beside"), _beside(request.GET, what.against)[:3])]
    more = [
        LensField(
            "text", "limit", _("Flag from %(currency)s") % {"currency": kept.currency}, request.GET.get("limit", ""), ()
        ),
        LensField("number", "percent", _("And from %"), str(limit.percent)),
        LensField("hidden", "against", "", what.against),
    ]
    return report(request, kept, "book_moved", document, _lens(request, kept, stretch, segments, more))


@both
@of_book
def explain(request: StaffRequest, kept: Kept, account: int) -> HttpResponse:
    """Why an account moved, kept beside its figure."""
    found = get_object_or_404(Account.objects.select_related("book__client"), book=kept.book, pk=account)
    stretch, against = _stretch(request, kept), _against(request.GET)
    notes = ledger.variance_notes(kept.book, stretch.since, stretch.until, against)
    said = notes[account].text if account in notes else ""
    back = f"{kept.address('book_moved')}{lens.with_time(stretch, {'against': against})}#account-{account}"
    ask = Ask(
        _("Why did %(account)s move?") % {"account": found},
        _("Keep"),
        stretch.words(reader(request)),
        [Field("area", "text", _("Why"), value=said, most=500)],
        back=back,
    )
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request,
        actions.explain_variance,
        account=found,
        since=stretch.since,
        until=stretch.until,
        against=against,
        text=request.POST.get("text", ""),
        by=request.staff,
        at=now(),
        said=_("It is kept."),
        then=back,
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


def _stretch(request: StaffRequest, kept: Kept, span: str = times.MONTH) -> Stretch:
    """The time in the address; without one, the last month that holds something."""
    today = reader(request).today
    last = today if request.GET.get("month") or request.GET.get("since") else months.latest(kept.book, today)
    return times.read(request.GET, today=last, fiscal_month=kept.book.fiscal_month, span=span)


def _day(request: StaffRequest, kept: Kept) -> date:
    """The day in the address; without one, the end of the last month that holds something."""
    named = times.a_day(request.GET.get("on", ""))
    if named is not None:
        return named
    last = times.stretch(times.MONTH, months.latest(kept.book, reader(request).today), 1)
    return last.last_on


def _earlier(on: date, against: str) -> date | None:
    if against == results.PREVIOUS:
        return on.replace(day=1) - times.ONE_DAY
    return times.year_before(Stretch(times.DAYS, on, on + times.ONE_DAY)).last_on if against == results.YEAR else None


def _against(named: Mapping[str, str]) -> str:
    asked_for = named.get("against", "")
    return asked_for if asked_for in results.AGAINST else results.PREVIOUS


def _dimension(request: StaffRequest, kept: Kept) -> Dimension | None:
    named = request.GET.get("by", "")
    if not named:
        return None
    if not (named.isdecimal() and len(named) < 18):
        raise Http404
    return get_object_or_404(ledger.dimensions(kept.book), pk=int(named))


def _spans(request: StaffRequest, kept: Kept, stretch: Stretch) -> tuple[str, list[lens.Choice]]:
    return _("Time"), lens.spans(stretch, request.GET, kept.book.fiscal_month)


def _beside(named: Mapping[str, str], against: str) -> list[lens.Choice]:
    labels = [
        (results.PREVIOUS, _("Time before")),
        (results.YEAR, _("Year before")),
        (results.BUDGET, _("Budget")),
        (results.NOTHING, _("Nothing")),
    ]
    return lens.choices("against", labels, against, named)


def _lens(
    request: StaffRequest,
    kept: Kept,
    stretch: Stretch,
    segments: list[tuple[str, list[lens.Choice]]],
    more: list[LensField] | None = None,
) -> dict[str, Any]:
    return {
        "turn": lens.turn(stretch, request.GET, reader(request)),
        "segments": segments,
        "lens": lens.fields(stretch, more or []),
        "lens_open": stretch.span == times.DAYS,
    }


def _day_lens(request: StaffRequest, on: date, segments: list[tuple[str, list[lens.Choice]]]) -> dict[str, Any]:
    kept_words = [
        LensField("hidden", name, "", request.GET[name]) for name in ("against", "side") if request.GET.get(name)
    ]
    return {
        "turn": lens.day_turn(on, request.GET, reader(request)),
        "segments": segments,
        "lens": [LensField("date", "on", _("Day"), on.isoformat()), *kept_words],
    }


urlpatterns = [
    path("books/<int:id>/profit-and-loss", profit, name="book_profit"),
    path("books/<int:id>/balance-sheet", balance, name="book_balance"),
    path("books/<int:id>/cash-flow", cash, name="book_cash"),
    path("books/<int:id>/trial-balance", trial, name="book_trial"),
    path("books/<int:id>/general-ledger", general_ledger, name="book_ledger"),
    path("books/<int:id>/tax", tax, name="book_tax"),
    path("books/<int:id>/aged", aged, name="book_aged"),
    path("books/<int:id>/what-moved", what_moved, name="book_moved"),
    path("books/<int:id>/what-moved/<int:account>", explain, name="book_explain"),
]
