"""Earlier books in, and whole books out: a file is looked at before anything of it is written."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.core import files
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.ledger.actions import importing
from wellkept.ledger.exchange import Unreadable
from wellkept.ledger.exchange.how import HISTORY, OPENING
from wellkept.ledger.models import HistoryFile
from wellkept.ledger.queries import histories as reads
from wellkept.ledger.queries.exporting import EXPORTS, export_book
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.books import histories
from wellkept.web.desk.books.frame import Kept, of_book, page
from wellkept.web.shell.answers import answer, refuse
from wellkept.web.shell.reading import StaffRequest

both = require_http_methods(["GET", "POST"])
FILES_SHOWN = 50


class NoFile(Refusal):
    """Nothing was chosen."""


@require_GET
@of_book
def exchange(request: StaffRequest, kept: Kept) -> HttpResponse:
    """The files that came, a place for the next, and the book as a file."""
    return _exchange(request, kept)


@require_POST
@of_book
def take(request: StaffRequest, kept: Kept) -> HttpResponse:
    upload = request.FILES.get("file")
    if upload is None:
        no_file = NoFile(_("Choose a file first."), field="file")
        return refuse(request, no_file, page=lambda no: _exchange(request, kept, no))
    try:
        stored = files.store(upload.chunks(), media_type=upload.content_type or "", at=now())
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: _exchange(request, kept, no))
    return answer(
        request,
        importing.take_in_history,
        book=kept.book,
        stored=stored,
        name=upload.name or "",
        kind=OPENING if request.POST.get("kind") == OPENING else HISTORY,
        by=request.staff,
        at=now(),
        then=lambda made: kept.address("book_history", made.pk),
        refused=lambda refusal: _exchange(request, kept, refusal),
    )


@require_GET
@of_book
def history(request: StaffRequest, kept: Kept, file: int) -> HttpResponse:
    """What the file says and what confirming it would do; afterwards, what it did."""
    return _history(request, kept, _file(request, kept, file))


@require_GET
@of_book
def history_state(request: StaffRequest, kept: Kept, file: int) -> HttpResponse:
    """How far the posting is: read again when it is done."""
    context = {"file": _file(request, kept, file), "client": kept.client}
    return render(request, "pages/books/exchange_state.html", context)


@require_GET
@of_book
def history_original(request: StaffRequest, kept: Kept, file: int) -> HttpResponseBase:
    """The very bytes."""
    found = _file(request, kept, file)
    response = FileResponse(files.open_file(found.stored))
    for name, value in files.response_headers(found.stored, name=found.name).items():
        response[name] = value
    return response


@require_POST
@of_book
def history_how(request: StaffRequest, kept: Kept, file: int) -> HttpResponse:
    """Which column is what, how days are written, of which day a trial balance is."""
    found = _file(request, kept, file)
    try:
        how = histories.described(request.POST.dict(), reads.how(found))
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: _history(request, kept, found, no))
    return answer(
        request, importing.say_how, file=found, how=how, by=request.staff, at=now(),
        then=kept.address("book_history", found.pk), refused=lambda refusal: _history(request, kept, found, refusal),
    )  # fmt: skip


@require_POST
@of_book
def history_confirm(request: StaffRequest, kept: Kept, file: int) -> HttpResponse:
    """Post it as the preview says."""
    found = _file(request, kept, file)
    try:
        choices = histories.choices(request.POST.dict(), reads.plan(kept.book, reads.read(found), {}), kept.book)
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: _history(request, kept, found, no))
    return answer(
        request, importing.confirm_history, file=found, choices=choices, by=request.staff, at=now(),
        then=kept.address("book_history", found.pk),
        refused=lambda refusal: _history(request, kept, found, refusal, choices),
    )  # fmt: skip


@both
@of_book
def history_aside(request: StaffRequest, kept: Kept, file: int) -> HttpResponse:
    found = _file(request, kept, file)
    if request.method == "GET":
        fields = [Field("text", "reason", _("Why is this file not used?"), most=500)]
        back = kept.address("book_history", found.pk)
        return asked(request, Ask(_("Set the file aside"), _("Set aside"), fields=fields, stop=True, back=back))
    return answer(
        request, importing.set_history_aside, file=found, reason=request.POST.get("reason", ""), by=request.staff,
        at=now(), said=_("Set aside. The file stays on record."), then=kept.address("book_exchange"),
    )  # fmt: skip


@both
@of_book
def history_undo(request: StaffRequest, kept: Kept, file: int) -> HttpResponse:
    """Everything it posted, each entry on its own day; asked first, for it can be thousands."""
    found = _file(request, kept, file)
    back = kept.address("book_history", found.pk)
    ask = Ask(
        _("Take back everything “%(name)s” posted?") % {"name": found.name},
        _("Take all of it back"),
        _("Every entry is reversed on its own day, all of them or none. Accounts and tags that came with the file stay. You can bring a corrected file in afterwards."),
        [Field("text", "reason", _("Why"), most=500, hint=_("The book keeps what you say."))],
        stop=True,
        back=back,
    )  # fmt: skip
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request, importing.ask_to_undo, file=found, reason=request.POST.get("reason", ""), by=request.staff, at=now(),
        then=back, refused=lambda refusal: asked(request, ask, refusal=refusal),
    )  # fmt: skip


@require_GET
@of_book
def export(request: StaffRequest, kept: Kept, program: str) -> HttpResponseBase:
    """The whole book, written while it is read."""
    if program not in EXPORTS:
        raise Http404
    told = export_book(kept.book, program)
    response = StreamingHttpResponse((piece.encode() for piece in told.pieces), content_type=told.media_type)
    response["Content-Disposition"] = f'attachment; filename="book-{kept.client.pk}.{told.ending}"'
    response["X-Content-Type-Options"] = "nosniff"
    return response


def _exchange(request: StaffRequest, kept: Kept, refusal: Refusal | None = None) -> HttpResponse:
    context = {
        "files": reads.histories_for(request.staff).filter(book=kept.book)[:FILES_SHOWN],
        "most": settings.ATTACHMENT_MAX_BYTES // 1024 // 1024,
        "refusal": refusal,
    }
    return page(request, kept, "", "exchange", context, 422 if refusal else 200)


def _history(
    request: StaffRequest,
    kept: Kept,
    file: HistoryFile,
    refusal: Refusal | None = None,
    choices: dict[str, Any] | None = None,
) -> HttpResponse:
    context: dict[str, Any] = {"file": file, "refusal": refusal}
    if file.is_waiting:
        context |= _planned(kept, file, choices if choices is not None else file.choices)
    return page(request, kept, "", "exchange_file", context, 422 if refusal else 200)


def _planned(kept: Kept, file: HistoryFile, choices: dict[str, Any]) -> dict[str, Any]:
    """The plan, or what stands in its way."""
    try:
        read = reads.read(file)
    except Unreadable as why:
        return {"unreadable": why}
    if read.needs:
        return {"needs": read.needs, "read": read, "roles": histories.roles()}
    plan = reads.plan(kept.book, read, choices)
    return {
        "plan": plan,
        "undecided": histories.undecided(plan),
        "accounts": ledger.accounts_in_use(kept.book),
        "taxes": ledger.tax_codes(kept.book),
        "types": histories.types(),
        "shown": list(histories.shown(plan)),
    }


def _file(request: StaffRequest, kept: Kept, file: int) -> HistoryFile:
    return get_object_or_404(reads.histories_for(request.staff), book=kept.book, pk=file)


urlpatterns = [
    path("books/<int:id>/exchange", exchange, name="book_exchange"),
    path("books/<int:id>/exchange/new", take, name="book_history_take"),
    path("books/<int:id>/exchange/as/<slug:program>", export, name="book_export"),
    path("books/<int:id>/exchange/<int:file>", history, name="book_history"),
    path("books/<int:id>/exchange/<int:file>/state", history_state, name="book_history_state"),
    path("books/<int:id>/exchange/<int:file>/original", history_original, name="book_history_original"),
    path("books/<int:id>/exchange/<int:file>/how", history_how, name="book_history_how"),
    path("books/<int:id>/exchange/<int:file>/confirm", history_confirm, name="book_history_confirm"),
    path("books/<int:id>/exchange/<int:file>/aside", history_aside, name="book_history_aside"),
    path("books/<int:id>/exchange/<int:file>/take-back", history_undo, name="book_history_undo"),
]
