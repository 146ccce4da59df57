"""Entries: one of them with its postings and where it came from, a new one by keyboard, and taking one back."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from wellkept.banking.actions import coding
from wellkept.banking.models import Coding
from wellkept.banking.queries import lines as coding_lines
from wellkept.core.clock import now
from wellkept.core.money import exponent
from wellkept.core.refusals import Refusal
from wellkept.ledger import actions
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Entry
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.books import entering
from wellkept.web.desk.books import entries as shown
from wellkept.web.desk.books.frame import SHAPES, Kept, as_file, of_book, page, reviews
from wellkept.web.exports import html
from wellkept.web.shell.answers import answer, refuse
from wellkept.web.shell.reading import StaffRequest, reader

both = require_http_methods(["GET", "POST"])
MANUAL = "manual"


@require_GET
@of_book
def entry(request: StaffRequest, kept: Kept, number: int) -> HttpResponse:
    found = _load(kept, number)
    eyes = reader(request)
    document = shown.document(found, kept, eyes)
    shape = request.GET.get("as", "")
    if shape in SHAPES:
        return as_file(request, document, shape)
    context = {
        "entry": found,
        "document": document,
        "table": html.render(document, eyes),
        "source": shown.source_words(found.source),
        "links": shown.links_of(found, kept),
        "history": shown.history(found, kept, eyes),
        "reversal": shown.reversal_of(found),
    }
    return page(request, kept, "book_ledger", "entry", context)


@both
@of_book
def new(request: StaffRequest, kept: Kept) -> HttpResponse:
    """A journal entry. Posting it twice by accident posts it once."""
    if request.method == "GET":
        on = request.GET.get("on") or reader(request).today.isoformat()
        return _form(request, kept, {"dated_on": on, "key": f"{MANUAL}-{uuid4()}"})
    posted = request.POST.dict()
    try:
        named = _read(kept, posted)
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: _form(request, kept, posted, no))
    if posted.get("reason", "").strip() and reviews(request.staff):
        named["reason"] = posted["reason"]
    return answer(
        request,
        actions.post_with_override if "reason" in named else actions.post,
        book=kept.book,
        **named,
        by=request.staff,
        at=now(),
        said=lambda made: _("Entry %(number)s is posted.") % {"number": made.number},
        then=lambda made: shown.address(kept, made),
        refused=lambda refusal: _form(request, kept, posted, refusal),
    )


@both
@of_book
def reverse(request: StaffRequest, kept: Kept, number: int) -> HttpResponse:
    found = _load(kept, number)
    ask = _reversing(request, kept, found)
    if request.method == "GET":
        return asked(request, ask)
    if (coded := coding_lines.coded_by(found)) is not None:
        return _uncode(request, kept, coded, ask)
    try:
        on = entering.a_date(request.POST.get("dated_on", ""), field="dated_on")
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: asked(request, ask, refusal=no))
    closed = not ledger.is_open(kept.book, on) and reviews(request.staff)
    return answer(
        request,
        actions.reverse_with_override if closed else actions.reverse,
        entry=found,
        dated_on=on,
        reason=request.POST.get("reason", ""),
        key=f"reversal-{found.pk}",
        by=request.staff,
        at=now(),
        said=lambda made: _("Entry %(number)s takes it back.") % {"number": made.number},
        then=lambda made: shown.address(kept, made),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


def _uncode(request: StaffRequest, kept: Kept, coded: Coding, ask: Ask) -> HttpResponse:
    """An entry that a bank line was coded to is taken back with its coding, on its own day: the line waits again."""
    return answer(
        request, coding.undo, coding=coded, reason=request.POST.get("reason", ""), by=request.staff, at=now(),
        said=_("Taken back. The bank line waits to be coded again."),
        then=shown.address(kept, coded.entry), refused=lambda refusal: asked(request, ask, refusal=refusal),
    )  # fmt: skip


def _load(kept: Kept, number: int) -> Entry:
    return get_object_or_404(Entry.objects.select_related("reverses", "book__client"), book=kept.book, number=number)


def _read(kept: Kept, posted: dict[str, str]) -> dict[str, Any]:
    key = posted.get("key", "")
    if not key.startswith(f"{MANUAL}-"):
        raise entering.NotEntered(_("This form is too old. Open a new one."))
    return {
        "dated_on": entering.a_date(posted.get("dated_on", ""), field="dated_on"),
        "narration": posted.get("narration", "").strip(),
        "lines": entering.drafts(entering.typed_lines(posted), kept.book, entering.Desk.of(kept.book)),
        "source": MANUAL,
        "key": key,
    }


def _form(request: StaffRequest, kept: Kept, given: dict[str, str], refusal: Refusal | None = None) -> HttpResponse:
    desk = entering.Desk.of(kept.book)
    wrong, _dash, line = (refusal.field or "").partition("-") if refusal else ("", "", "")
    tags, foreign = list(desk.tags.values()), desk.has_foreign
    context = {
        "given": given,
        "refusal": refusal,
        "lines": entering.typed_lines(given),
        "accounts": list(desk.accounts.values()),
        "taxes": list(desk.taxes.values()),
        "tags": tags,
        "foreign": foreign,
        "span": 3 + bool(tags) + 2 * foreign,
        "places": exponent(kept.currency),
        "most": entering.MOST_LINES,
        "ask_reason": reviews(request.staff),
        "wrong": wrong,
        "wrong_line": int(line) if line.isdecimal() else None,
    }
    return page(request, kept, "", "journal", context, 422 if refusal else 200)


def _reversing(request: StaffRequest, kept: Kept, found: Entry) -> Ask:
    if coding_lines.coded_by(found) is not None:
        return Ask(
            _("Take entry %(number)s back?") % {"number": found.number},
            _("Take it back"),
            _("A bank line was coded with it. A new entry says the opposite on the same day, and the line waits to be coded again."),
            [Field("text", "reason", _("Why"), most=500, hint=_("The book keeps what you say."))],
            back=shown.address(kept, found),
        )  # fmt: skip
    today = max(reader(request).today, found.dated_on)
    return Ask(
        _("Take entry %(number)s back?") % {"number": found.number},
        _("Take it back"),
        _("A new entry says the opposite on the day you choose. Both stay in the book."),
        [
            Field("date", "dated_on", _("Day"), value=today.isoformat()),
            Field("text", "reason", _("Why"), most=500, hint=_("The book keeps what you say.")),
        ],
        back=shown.address(kept, found),
    )


urlpatterns = [
    path("books/<int:id>/entries/new", new, name="book_entry_new"),
    path("books/<int:id>/entries/<int:number>", entry, name="book_entry"),
    path("books/<int:id>/entries/<int:number>/reverse", reverse, name="book_reverse"),
]
