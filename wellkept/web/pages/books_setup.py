"""What a book stands on: the budget, rates of exchange, opening balances, and the tags and tax codes it is cut by."""

from __future__ import annotations

import re
from datetime import date
from fractions import Fraction
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wellkept.core.clock import now
from wellkept.core.money import exponent
from wellkept.core.refusals import Refusal
from wellkept.ledger import actions
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Dimension, Tag, TaxCode
from wellkept.ledger.queries.settling import opening_key
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.books import chart, entering, sheets, times
from wellkept.web.desk.books.frame import Kept, of_book, page, reviews
from wellkept.web.exports.figures import plain
from wellkept.web.settings.frame import chosen
from wellkept.web.shell.answers import answer, refuse
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import names_of

both = require_http_methods(["GET", "POST"])
RATES_SHOWN = 50
LARGEST_RATES = 5 * 1024 * 1024
RATE = re.compile(r"(\d{1,12})(?:[.,](\d{1,12}))?", re.ASCII)
PERCENT = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?", re.ASCII)


@both
@of_book
def budget(request: StaffRequest, kept: Kept) -> HttpResponse:
    """Fifty accounts by twelve months; saving writes what the sheet says."""
    if request.method == "GET":
        return _budget(request, kept)
    first = _year(request, kept)
    accounts = list(ledger.accounts_in_use(kept.book).filter(type__in=("income", "expense")))
    months = [times.months_later(first, n) for n in range(sheets.MONTHS)]
    try:
        amounts = sheets.typed_budget(request.POST.dict(), accounts, months, kept.currency)
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: _budget(request, kept, no))
    return answer(
        request,
        actions.set_budget,
        book=kept.book,
        amounts=amounts,
        by=request.staff,
        at=now(),
        said=_("The budget is kept."),
        then=request.get_full_path(),
        refused=lambda refusal: _budget(request, kept, refusal),
    )


@both
@of_book
def rates(request: StaffRequest, kept: Kept) -> HttpResponse:
    """What other currencies were worth, day by day; a new rate above the list."""
    if request.method == "GET":
        return _rates(request, kept)
    posted = request.POST
    try:
        on, value = entering.a_date(posted.get("on", ""), field="on"), _rate(posted.get("value", ""))
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: _rates(request, kept, no))
    return answer(
        request,
        actions.set_rate,
        base=kept.currency,
        currency=posted.get("currency", "").strip().upper(),
        on=on,
        value=value,
        source=posted.get("source", "").strip() or _("entered by hand"),
        by=request.staff,
        at=now(),
        said=_("The rate is kept."),
        then=request.path,
        refused=lambda refusal: _rates(request, kept, refusal),
    )


@require_POST
@of_book
def rates_file(request: StaffRequest, kept: Kept) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None or (upload.size or 0) > LARGEST_RATES:
        sentence = _("Choose a file first.") if upload is None else _("The file is larger than 5 MB. Split it.")
        return refuse(request, Refusal(sentence, field="file"), page=lambda no: _rates(request, kept, no))
    return answer(
        request,
        actions.import_rates,
        data=upload.read(),
        source=(upload.name or "")[:40],
        by=request.staff,
        at=now(),
        said=lambda made: _("%(n)s rates are kept.") % {"n": len(made)},
        then=kept.address("book_rates"),
        refused=lambda refusal: _rates(request, kept, refusal),
    )


@both
@of_book
def opening(request: StaffRequest, kept: Kept) -> HttpResponse:
    """The balances a book begins with, as one entry that must balance. Saying the same again posts nothing twice."""
    if request.method == "GET":
        return _opening(request, kept)
    posted = request.POST.dict()
    try:
        on = entering.a_date(posted.get("dated_on", ""), field="dated_on")
        lines = sheets.opening_lines(posted, list(ledger.accounts_in_use(kept.book)), kept.currency)
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: _opening(request, kept, no))
    return answer(
        request,
        actions.post,
        book=kept.book,
        dated_on=on,
        lines=lines,
        narration=_("Opening balances"),
        source="opening",
        key=opening_key(kept.book, on),
        by=request.staff,
        at=now(),
        said=_("The opening balances are posted."),
        then=lambda made: kept.address("book_entry", made.number),
        refused=lambda refusal: _opening(request, kept, refusal),
    )


@both
@of_book
def tags(request: StaffRequest, kept: Kept) -> HttpResponse:
    """Dimensions with their tags, and the tax codes. What is posted here adds a dimension."""
    if request.method == "GET":
        return _tags(request, kept)
    return answer(
        request,
        actions.add_dimension,
        book=kept.book,
        name=request.POST.get("name", ""),
        by=request.staff,
        at=now(),
        said=lambda made: _("%(name)s is added.") % {"name": made},
        then=request.path,
        refused=lambda refusal: _tags(request, kept, refusal),
    )


@require_POST
@of_book
def tag_add(request: StaffRequest, kept: Kept, dimension: int) -> HttpResponse:
    return answer(
        request,
        actions.add_tag,
        dimension=get_object_or_404(Dimension.objects.select_related("book__client"), book=kept.book, pk=dimension),
        name=request.POST.get("name", ""),
        by=request.staff,
        at=now(),
        said=lambda made: _("%(name)s is added.") % {"name": made},
        then=kept.address("book_tags"),
        refused=lambda refusal: _tags(request, kept, refusal),
    )


@require_POST
@of_book
def tag_retire(request: StaffRequest, kept: Kept, tag: int) -> HttpResponse:
    found = Tag.objects.select_related("dimension__book__client")
    return answer(
        request,
        actions.retire_tag,
        tag=get_object_or_404(found, dimension__book=kept.book, pk=tag),
        by=request.staff,
        at=now(),
        said=lambda made: _("%(name)s is out of use. What carries it keeps it.") % {"name": made},
        then=kept.address("book_tags"),
    )


@both
@of_book
def tax_add(request: StaffRequest, kept: Kept) -> HttpResponse:
    kinds = [(name, str(label)) for name, label in _kinds().items()]
    accounts = [(each.pk, str(each)) for each in ledger.accounts_in_use(kept.book).filter(purpose="tax")]
    ask = Ask(
        _("Add a tax code"),
        _("Add"),
        _("A rate that changes by law is a new code beside the old one."),
        [
            Field("text", "code", _("Code"), most=20),
            Field("text", "name", _("Name"), most=80),
            Field("text", "rate", _("Rate in percent"), most=6),
            Field("select", "kind", _("On"), options=kinds),
            Field("select", "account", _("The tax goes to"), options=[("", _("None")), *accounts]),
        ],
        back=kept.address("book_tags"),
    )
    if request.method == "GET":
        return asked(request, ask)
    posted = request.POST
    try:
        rate = _basis_points(posted.get("rate", ""))
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: asked(request, ask, refusal=no))
    return answer(
        request,
        actions.add_tax_code,
        book=kept.book,
        code=posted.get("code", ""),
        name=posted.get("name", ""),
        rate_basis_points=rate,
        kind=posted.get("kind", ""),
        account=chosen(ledger.accounts_in_use(kept.book), posted.get("account")),
        by=request.staff,
        at=now(),
        said=lambda made: _("%(name)s is added.") % {"name": made},
        then=kept.address("book_tags"),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


@require_POST
@of_book
def tax_retire(request: StaffRequest, kept: Kept, tax: int) -> HttpResponse:
    return answer(
        request,
        actions.retire_tax_code,
        tax_code=get_object_or_404(TaxCode.objects.select_related("book__client"), book=kept.book, pk=tax),
        by=request.staff,
        at=now(),
        said=lambda made: _("%(name)s is out of use.") % {"name": made},
        then=kept.address("book_tags"),
    )


def _budget(request: StaffRequest, kept: Kept, refusal: Refusal | None = None) -> HttpResponse:
    first, after = _year(request, kept), request.GET.get("after", "")[:20]
    eyes = reader(request)
    names = names_of(eyes.language)
    sheet = sheets.budget(kept.book, first, after, exponent(kept.currency), names.long_months)
    if refusal is not None:
        sheet = _as_typed(sheet, request.POST.dict())
    year = times.stretch(times.YEAR, first, kept.book.fiscal_month)
    context = {
        "sheet": sheet,
        "heads": [f"{names.months[month.month]} {month:%y}" for month in sheet.months],
        "year": year.words(eyes),
        "earlier": f"?month={times.months_later(first, -12):%Y-%m}",
        "later": f"?month={times.months_later(first, 12):%Y-%m}",
        "refusal": refusal,
        "next": sheet.next,
        "before": after,
    }
    return page(request, kept, "book_budget", "budget", context, 422 if refusal else 200)


def _as_typed(sheet: sheets.BudgetSheet, posted: dict[str, str]) -> sheets.BudgetSheet:
    """What was typed stays in the fields after a refusal."""
    rows = [
        sheets.SheetRow(
            row.account,
            [sheets.SheetCell(cell.name, posted.get(cell.name, cell.value), cell.label) for cell in row.cells],
            row.total,
        )
        for row in sheet.rows
    ]
    return sheets.BudgetSheet(sheet.months, rows, sheet.next)


def _rates(request: StaffRequest, kept: Kept, refusal: Refusal | None = None) -> HttpResponse:
    after = times.a_day(request.GET.get("after", ""))
    found = ledger.rates(kept.currency)
    if after is not None:
        found = found.filter(on__lt=after)
    shown = list(found[: RATES_SHOWN + 1])
    context: dict[str, Any] = {
        "rates": [(rate, plain(round(rate.value * 10**6), 6).rstrip("0").rstrip(".")) for rate in shown[:RATES_SHOWN]],
        "given": request.POST if refusal else {"on": reader(request).today.isoformat()},
        "refusal": refusal,
        "next": shown[RATES_SHOWN - 1].on.isoformat() if len(shown) > RATES_SHOWN else None,
        "before": after,
    }
    return page(request, kept, "book_rates", "rates", context, 422 if refusal else 200)


def _opening(request: StaffRequest, kept: Kept, refusal: Refusal | None = None) -> HttpResponse:
    posted = request.POST
    accounts = list(ledger.accounts_in_use(kept.book).filter(type__in=("asset", "liability", "equity")))
    rows = [
        (
            each,
            posted.get(f"debit-{each.pk}", ""),
            posted.get(f"credit-{each.pk}", ""),
            posted.get(f"foreign-{each.pk}", ""),
        )
        for each in accounts
    ]
    context = {
        "rows": rows,
        "foreign": any(each.currency for each in accounts),
        "dated_on": posted.get("dated_on") or kept.book.opened_on.isoformat(),
        "places": exponent(kept.currency),
        "refusal": refusal,
        "wrong": refusal.field if refusal else "",
        "types": chart.TYPES,
    }
    return page(request, kept, "", "opening", context, 422 if refusal else 200)


def _tags(request: StaffRequest, kept: Kept, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "dimensions": ledger.dimensions(kept.book),
        "taxes": [(tax, _kinds()[tax.kind]) for tax in ledger.tax_codes(kept.book)],
        "refusal": refusal,
        "reviews": reviews(request.staff),
    }
    return page(request, kept, "book_accounts", "tags", context, 422 if refusal else 200)


def _kinds() -> dict[str, str]:
    return {"sales": _("Sales"), "purchase": _("Purchases"), "none": _("Outside the tax")}


def _year(request: StaffRequest, kept: Kept) -> date:
    """The first day of the fiscal year of the month in the address, else of today."""
    month = times.a_month(request.GET.get("month", "")) or reader(request).today
    return times.year_start(month, kept.book.fiscal_month)


def _rate(text: str) -> Fraction:
    """`1.0842`, exactly as written."""
    found = RATE.fullmatch(text.strip())
    if found is None or not Fraction(text.strip().replace(",", ".")):
        raise entering.NotEntered(_("Write the rate like 1.0842."), field="value")
    return Fraction(text.strip().replace(",", "."))


def _basis_points(text: str) -> int:
    found = PERCENT.fullmatch(text.strip().removesuffix("%").strip())
    if found is None:
        raise entering.NotEntered(_("Write the rate like 15 or 12.5."), field="rate")
    return int(found[1]) * 100 + int((found[2] or "0").ljust(2, "0"))


urlpatterns = [
    path("books/<int:id>/budget", budget, name="book_budget"),
    path("books/<int:id>/rates", rates, name="book_rates"),
    path("books/<int:id>/rates/file", rates_file, name="book_rates_file"),
    path("books/<int:id>/opening-balances", opening, name="book_opening"),
    path("books/<int:id>/tags", tags, name="book_tags"),
    path("books/<int:id>/tags/in/<int:dimension>", tag_add, name="book_tag_add"),
    path("books/<int:id>/tags/<int:tag>/retire", tag_retire, name="book_tag_retire"),
    path("books/<int:id>/tax-codes/new", tax_add, name="book_tax_add"),
    path("books/<int:id>/tax-codes/<int:tax>/retire", tax_retire, name="book_tax_retire"),
]
