"""Bank files: dropped on a client, looked at and proved, imported whole or refused with a reason."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.banking.actions import accounts as account_actions
from wellkept.banking.actions import importing, leaving
from wellkept.banking.formats import COLUMNS, CURRENCY, DATE_ORDER, ReadFile, Unreadable, propose_safely
from wellkept.banking.models import StatementFile
from wellkept.banking.queries import accounts
from wellkept.banking.queries import files as reads
from wellkept.banking.queries.plans import Plan, plan
from wellkept.core import files
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.coding import columns
from wellkept.web.pages.coding import client_of
from wellkept.web.shell.answers import answer, go, refuse
from wellkept.web.shell.reading import StaffRequest

both = require_http_methods(["GET", "POST"])
MOST_SHOWN = 50
MOST_FILES = 20
KINDS = ("bank", "card", "psp", "cash")


class NoFile(Refusal):
    """Nothing was dropped."""


@require_GET
def bank_files(request: StaffRequest, id: int) -> HttpResponse:
    """The accounts of a client, how far each is told, and the files that came."""
    client = client_of(request, id)
    told = [
        {
            "account": each,
            "last": each.statements.filter(file__taken_out_at=None).order_by("-ends_on").first(),
            "gaps": reads.gaps(each),
        }
        for each in accounts.of_client(client)
    ]
    found = reads.for_staff(request.staff).filter(client=client)
    context = {
        "client": client,
        "book": ledger.book_of(client),
        "told": told,
        "waiting": found.filter(imported_at=None, rejected_at=None)[:MOST_SHOWN],
        "files": found.exclude(imported_at=None, rejected_at=None)[:MOST_SHOWN],
        "most": settings.ATTACHMENT_MAX_BYTES // 1024 // 1024,
    }
    return render(request, "pages/coding/files.html", context)


@require_POST
def bank_file_upload(request: StaffRequest, id: int) -> HttpResponse:
    """One file or several, dropped or chosen."""
    client = client_of(request, id)
    found = request.FILES.getlist("files")[:MOST_FILES]
    chosen = (
        accounts.for_staff(request.staff).filter(client=client, pk=_number(request.POST.get("account", ""))).first()
    )
    if not found:
        return refuse(request, NoFile(_("Choose a bank file, or drop one here."), field="files"))
    taken: list[StatementFile] = []
    try:
        for upload in found:
            kind = upload.content_type or "application/octet-stream"
            stored = files.store(upload.chunks(), media_type=kind, at=now())
            taken.append(
                importing.take_in(
                    client=client,
                    stored=stored,
                    name=upload.name or "",
                    arrived_by="upload",
                    bank_account=chosen,
                    by=request.staff,
                    at=now(),
                )
            )
    except Refusal as refusal:
        return refuse(request, refusal)
    return go(
        request, reverse("bank_file", args=[taken[0].pk]) if len(taken) == 1 else reverse("bank_files", args=[id])
    )


@require_GET
def bank_file(request: StaffRequest, id: int) -> HttpResponse:
    """What the file says and what importing it would do; afterwards, what it did."""
    return _shown(request, _file(request, id))


@require_GET
def bank_file_original(request: StaffRequest, id: int) -> HttpResponseBase:
    """The very bytes."""
    file = _file(request, id)
    response = FileResponse(files.open_file(file.stored))
    for name, value in files.response_headers(file.stored, name=file.name).items():
        response[name] = value
    return response


@require_POST
def bank_file_import(request: StaffRequest, id: int) -> HttpResponse:
    """All of it, or nothing of it."""
    file = _file(request, id)
    return answer(
        request, importing.import_file, file=file, by=request.staff, at=now(),
        said=lambda done: ngettext("%(count)s new line", "%(count)s new lines", done.new_lines) % {"count": done.new_lines},
        then=reverse("coding_client", args=[file.client_id]), refused=lambda refusal: _shown(request, file, refusal),
    )  # fmt: skip


@require_POST
def bank_file_import_careful(request: StaffRequest, id: int) -> HttpResponse:
    """Without what may be here already in other words."""
    file = _file(request, id)
    return answer(
        request, importing.import_without_doubted, file=file, by=request.staff, at=now(),
        said=lambda done: ngettext("%(count)s new line", "%(count)s new lines", done.new_lines) % {"count": done.new_lines},
        then=reverse("coding_client", args=[file.client_id]), refused=lambda refusal: _shown(request, file, refusal),
    )  # fmt: skip


@both
def bank_file_take_out(request: StaffRequest, id: int) -> HttpResponse:
    """Imported by mistake: every line of it is left out in one act."""
    file = _file(request, id)
    if request.method == "GET":
        return asked(request, _taking_out(file))
    return answer(
        request, leaving.take_file_out, file=file, reason=request.POST.get("reason", ""), by=request.staff, at=now(),
        said=lambda count: ngettext("Taken out: %(count)s line is left out", "Taken out: %(count)s lines are left out", count) % {"count": count},
        undo=reverse("bank_file_put_in", args=[id]), then=_address(file),
        refused=lambda refusal: asked(request, _taking_out(file), refusal=refusal),
    )  # fmt: skip


@require_POST
def bank_file_put_in(request: StaffRequest, id: int) -> HttpResponse:
    file = _file(request, id)
    return answer(
        request, leaving.put_file_in, file=file, by=request.staff, at=now(),
        said=lambda count: ngettext("%(count)s line waits again", "%(count)s lines wait again", count) % {"count": count},
        then=_address(file),
    )  # fmt: skip


def _taking_out(file: StatementFile) -> Ask:
    count = file.lines.count()
    return Ask(
        _("Take the file out?"),
        _("Take it out"),
        ngettext(
            "Its %(count)s line counts in nothing from then on. Nothing is deleted, and you can put it in again.",
            "Its %(count)s lines count in nothing from then on. Nothing is deleted, and you can put them in again.",
            count,
        )
        % {"count": count},
        [Field("text", "reason", _("Why?"))],
        stop=True,
        back=_address(file),
    )


@both
def bank_file_reject(request: StaffRequest, id: int) -> HttpResponse:
    file = _file(request, id)
    if request.method == "GET":
        fields = [Field("text", "reason", _("Why is this file not used?"), most=500)]
        return asked(
            request, Ask(_("Set the file aside"), _("Set aside"), fields=fields, stop=True, back=_address(file))
        )
    return answer(
        request, importing.reject, file=file, reason=request.POST.get("reason", ""), by=request.staff, at=now(),
        said=_("Set aside. The file stays on record."), then=reverse("bank_files", args=[file.client_id]),
    )  # fmt: skip


@require_POST
def bank_file_again(request: StaffRequest, id: int) -> HttpResponse:
    file = _file(request, id)
    return answer(request, importing.look_again, file=file, by=request.staff, at=now(), then=_address(file))


@require_POST
def bank_file_account(request: StaffRequest, id: int) -> HttpResponse:
    """Which account a file is of that does not say so itself."""
    file = _file(request, id)
    chosen = get_object_or_404(
        accounts.for_staff(request.staff), pk=_number(request.POST.get("account", "")), client=file.client_id
    )
    return answer(
        request, importing.use_account, file=file, bank_account=chosen, by=request.staff, at=now(), then=_address(file)
    )


@require_POST
def bank_file_columns(request: StaffRequest, id: int) -> HttpResponse:
    """Which column is what, learned for every file of this bank."""
    file = _file(request, id)
    try:
        chosen = columns.chosen(request.POST, propose_safely(files.path_of(file.stored.sha256)), file)
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda refused: _shown(request, file, refused))
    return answer(
        request, importing.use_mapping, file=file, columns=chosen, by=request.staff, at=now(), then=_address(file)
    )


@both
def bank_account_new(request: StaffRequest, id: int) -> HttpResponse:
    """An account of the client, and the account of its book that mirrors it."""
    client = client_of(request, id)
    book = ledger.book_of(client)
    places = (
        [] if book is None else [each for each in ledger.accounts_in_use(book) if each.type in {"asset", "liability"}]
    )
    words = (_("Bank account"), _("Card"), _("Payment provider"), _("Cash"))
    ask = Ask(
        _("Add an account"),
        _("Add it"),
        "",
        [
            Field("text", "name", _("Name"), hint=_("As your client calls it, like “Operating account”."), most=80),
            Field("select", "kind", _("Kind"), options=list(zip(KINDS, words, strict=True))),
            Field("text", "identifier", _("Account number"), hint=_("Files that tell another number are refused. Of a card only the last four digits are kept."), optional=True, most=60),
            Field("select", "account", _("Account of the book"), options=[(each.pk, str(each)) for each in places]),
        ],
        back=reverse("bank_files", args=[id]),
    )  # fmt: skip
    if request.method == "GET":
        return asked(request, ask)
    account = next((each for each in places if str(each.pk) == request.POST.get("account", "")), None)
    if account is None:
        return asked(
            request,
            ask,
            refusal=account_actions.WrongAccount(
                _("Open a book first, then choose one of its accounts."), field="account"
            ),
        )
    return answer(
        request, account_actions.open_bank_account, client=client, account=account, name=request.POST.get("name", ""),
        kind=request.POST.get("kind", ""), identifier=request.POST.get("identifier", ""), by=request.staff, at=now(),
        said=_("Added. Its statements can come in now."), then=reverse("bank_files", args=[id]),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )  # fmt: skip


def _shown(request: StaffRequest, file: StatementFile, refusal: Refusal | None = None) -> HttpResponse:
    context: dict[str, Any] = {
        "file": file,
        "client": file.client,
        "refusal": refusal,
        "seen": reads.seen_before(file),
        "bank_accounts": list(accounts.of_client(file.client_id)),
    }
    if file.imported_at is None and file.rejected_at is None:
        context |= _planned(file)
    else:
        context["statements"] = file.statements.select_related("bank_account")
        context["lines"] = file.lines.select_related("bank_account").order_by("row", "id")[:MOST_SHOWN]
    return render(request, "pages/coding/file.html", context)


def _planned(file: StatementFile) -> dict[str, Any]:
    """The plan, or what stands in its way; a table whose headings were learned before is read at once."""
    try:
        read = reads.read(file)
        if not read.needs:
            made: Plan = plan(file, read)
            return {"plan": made, "read": read}
    except Unreadable as why:
        return {"unreadable": why}
    except Refusal as obstacle:
        return {"obstacle": obstacle, "which": obstacle.field == "account"}
    return {"read": read, **_needed(file, read)}


def _needed(file: StatementFile, read: ReadFile) -> dict[str, Any]:
    if read.needs == COLUMNS:
        return {"needs": "columns", "proposals": columns.shown(propose_safely(files.path_of(file.stored.sha256)))}
    return {"needs": {DATE_ORDER: "dates", CURRENCY: "currency"}.get(read.needs, read.needs)}


def _file(request: StaffRequest, id: int) -> StatementFile:
    return get_object_or_404(reads.for_staff(request.staff), pk=id)


def _address(file: StatementFile) -> str:
    return reverse("bank_file", args=[file.pk])


def _number(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 16 else 0


urlpatterns = [
    path("coding/<int:id>/files", bank_files, name="bank_files"),
    path("coding/<int:id>/files/new", bank_file_upload, name="bank_file_upload"),
    path("coding/<int:id>/accounts/new", bank_account_new, name="bank_account_new"),
    path("coding/files/<int:id>", bank_file, name="bank_file"),
    path("coding/files/<int:id>/original", bank_file_original, name="bank_file_original"),
    path("coding/files/<int:id>/import", bank_file_import, name="bank_file_import"),
    path("coding/files/<int:id>/import-careful", bank_file_import_careful, name="bank_file_import_careful"),
    path("coding/files/<int:id>/take-out", bank_file_take_out, name="bank_file_take_out"),
    path("coding/files/<int:id>/put-in", bank_file_put_in, name="bank_file_put_in"),
    path("coding/files/<int:id>/reject", bank_file_reject, name="bank_file_reject"),
    path("coding/files/<int:id>/again", bank_file_again, name="bank_file_again"),
    path("coding/files/<int:id>/account", bank_file_account, name="bank_file_account"),
    path("coding/files/<int:id>/columns", bank_file_columns, name="bank_file_columns"),
]
