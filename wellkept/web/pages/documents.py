"""Receipts and bills: a client's document inbox, each document beside the lines it may prove, and what is still wanted."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import FileResponse, Http404, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.banking import wording
from wellkept.banking.actions import arrivals, matching
from wellkept.banking.actions import documents as actions
from wellkept.banking.models import Document
from wellkept.banking.queries import documents as reads
from wellkept.banking.queries import lines
from wellkept.clients import queries as clients
from wellkept.clients.models import Client
from wellkept.conversations import queries as talks
from wellkept.conversations.models import Attachment
from wellkept.core import files, money
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.coding import papers
from wellkept.web.pages.coding import client_of
from wellkept.web.shell.answers import answer, go, refuse
from wellkept.web.shell.reading import StaffRequest, reader

both = require_http_methods(["GET", "POST"])
MOST_FILES = 20


class NoFile(Refusal):
    """Nothing was chosen."""


@require_GET
def documents(request: StaffRequest, id: int) -> HttpResponse:
    """What waits for its line, what has one, what was set aside, and which payments want a document."""
    return _inbox(request, client_of(request, id))


@require_GET
def documents_rows(request: StaffRequest, id: int) -> HttpResponse:
    """The list alone, for the live page."""
    client = client_of(request, id)
    context = {"client": client, **_listed(request, client, papers.MATCH)}
    return render(request, "pages/documents/rows.html", context)


@require_POST
def document_upload(request: StaffRequest, id: int) -> HttpResponse:
    """Files dropped or chosen, or a photo taken with the phone."""
    client = client_of(request, id)
    photos = request.FILES.getlist("photo")
    found = (photos or request.FILES.getlist("files"))[:MOST_FILES]
    if not found:
        return refuse(request, NoFile(_("Choose a receipt or bill, or drop one here."), field="files"))
    try:
        for upload in found:
            kind = upload.content_type or "application/octet-stream"
            actions.take_document(
                client=client,
                stored=files.store(upload.chunks(), media_type=kind, at=now()),
                name=upload.name or "",
                arrived_by="camera" if photos else "upload",
                by=request.staff,
                at=now(),
            )
    except Refusal as refusal:
        return refuse(request, refusal)
    return go(request, reverse("documents", args=[id]))


@require_GET
def document(request: StaffRequest, id: int) -> HttpResponse:
    """One document alone."""
    return _shown(request, _document(request, id))


@require_GET
def document_picture(request: StaffRequest, id: int) -> HttpResponseBase:
    """A photo inside the page: only what is a picture by its bytes, never guessed at, never run."""
    found = _document(request, id)
    if found.stored.media_type not in papers.SHOWN_INLINE:
        raise Http404
    response = _bytes(found)
    response["Content-Disposition"] = "inline"
    return response


@require_GET
def document_original(request: StaffRequest, id: int) -> HttpResponseBase:
    """The very bytes."""
    return _bytes(_document(request, id))


@require_POST
def document_attach(request: StaffRequest, id: int) -> HttpResponse:
    """1 to 5, or a line that was searched for."""
    found = _document(request, id)
    line = get_object_or_404(lines.for_staff(request.staff), pk=_number(request.POST.get("line", "")))
    return answer(
        request, matching.attach, document=found, line=line, by=request.staff, at=now(),
        said=_("“%(name)s” proves %(line)s.") % {"name": found.name, "line": line.payee or line.description},
        undo=lambda attached: reverse("document_detach", args=[attached.pk]), then=_back(request, found),
        refused=lambda refusal: _shown(request, found, refusal),
    )  # fmt: skip


@require_POST
def document_detach(request: StaffRequest, id: int) -> HttpResponse:
    """Taken off the line; the machine never puts the two together again."""
    found = get_object_or_404(reads.attachments(request.staff), pk=id)
    return answer(
        request, matching.detach, attached=found, by=request.staff, at=now(), said=_("Taken off the line."),
        then=reverse("document", args=[found.document_id]),
    )  # fmt: skip


@both
def document_aside(request: StaffRequest, id: int) -> HttpResponse:
    found = _document(request, id)
    ask = Ask(
        _("Set the document aside"), _("Set aside"), "",
        [Field("text", "reason", _("Why does it belong to no line?"))], back=reverse("document", args=[id]),
    )  # fmt: skip
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request, actions.set_aside, document=found, reason=request.POST.get("reason", ""), by=request.staff, at=now(),
        said=_("Set aside. It stays on record."), then=reverse("documents", args=[found.client_id]),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )  # fmt: skip


@require_POST
def document_back(request: StaffRequest, id: int) -> HttpResponse:
    found = _document(request, id)
    return answer(
        request, actions.bring_back, document=found, by=request.staff, at=now(), then=reverse("document", args=[id])
    )


@require_POST
def documents_ask(request: StaffRequest, id: int) -> HttpResponse:
    """One letter about every line ticked."""
    client = client_of(request, id)
    contact = next((each for each in _people(client) if str(each.pk) == request.POST.get("contact", "")), None)
    ticked = [_number(pk) for pk in request.POST.getlist("line")]
    if contact is None or not ticked:
        what = _("Tick at least one payment.") if contact else _("Choose whom to ask.")
        return refuse(request, NoFile(what), page=lambda refusal: _inbox(request, client, papers.WANTED, refusal))
    return answer(
        request, matching.ask_for_documents, client=client, lines=ticked, contact=contact,
        text=request.POST.get("text", ""), by=request.staff, at=now(),
        said=_("Asked %(name)s. Photos and files of the answer come in here.") % {"name": contact.name},
        then=f"{reverse('documents', args=[id])}?view={papers.WANTED}",
        refused=lambda refusal: _inbox(request, client, papers.WANTED, refusal),
    )  # fmt: skip


@both
def documents_limit(request: StaffRequest, id: int) -> HttpResponse:
    """Above which amount a payment wants a document."""
    client = client_of(request, id)
    book = ledger.book_of(client)
    currency = book.base_currency if book else "USD"
    limit = str(money.Money(reads.over_minor(client), currency)).split(" ", 1)[-1]
    ask = Ask(
        _("When is a document wanted?"), _("Keep it"), _("For payments coded to an expense."),
        [Field("text", "over", _("Above which amount, in %(currency)s?") % {"currency": currency}, limit, most=20)],
        back=f"{reverse('documents', args=[id])}?view={papers.WANTED}",
    )  # fmt: skip
    if request.method == "GET":
        return asked(request, ask)
    try:
        over = money.parse(request.POST.get("over", ""), currency).minor
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda refused: asked(request, ask, refusal=refused))
    return answer(
        request, actions.ask_above, client=client, over_minor=over, by=request.staff, at=now(), said=_("Kept."),
        then=f"{reverse('documents', args=[id])}?view={papers.WANTED}",
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )  # fmt: skip


@both
def documents_address(request: StaffRequest, id: int) -> HttpResponse:
    """Another mail address, for one that got into the wrong hands."""
    client = client_of(request, id)
    back = reverse("documents", args=[id])
    ask = Ask(
        _("Another mail address"), _("Make another one"),
        _("What comes to the address before is an ordinary mail then. Tell the client the new one."), stop=True, back=back,
    )  # fmt: skip
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request, actions.renew_address, client=client, by=request.staff, at=now(),
        said=_("The new address counts from now on."), then=back,
    )  # fmt: skip


@require_POST
def attachment_document(request: StaffRequest, id: int) -> HttpResponse:
    """A file of a conversation is a receipt or bill."""
    part, client = _attachment(request, id)
    return answer(
        request, arrivals.keep_as_document, client=client, message=part.message, stored=part.file, name=part.name,
        by=request.staff, at=now(), said=_("Kept as a receipt of %(client)s.") % {"client": client.name},
        then=lambda kept: reverse("document", args=[kept.pk]),
    )  # fmt: skip


@require_POST
def attachment_bank_file(request: StaffRequest, id: int) -> HttpResponse:
    """A file of a conversation comes from the bank."""
    part, client = _attachment(request, id)
    return answer(
        request, arrivals.keep_as_bank_file, client=client, message=part.message, stored=part.file, name=part.name,
        by=request.staff, at=now(), said=_("Taken in. Nothing of it is written before you import it."),
        then=lambda taken: reverse("bank_file", args=[taken.pk]),
    )  # fmt: skip


def _inbox(request: StaffRequest, client: Client, view: str = "", refusal: Refusal | None = None) -> HttpResponse:
    view = view or (request.GET.get("view", "") if request.GET.get("view") in papers.VIEWS else papers.MATCH)
    waiting = papers.of_view(request.staff, client, papers.MATCH)
    wanted = papers.wanted(client, reader(request).today)
    counts = {papers.MATCH: waiting.count(), papers.WANTED: wanted.count()}
    context: dict[str, Any] = {
        "client": client,
        "book": ledger.book_of(client),
        "view": view,
        "tabs": _tabs(client, view, counts),
        "sentence": papers.sentence(counts[papers.MATCH], counts[papers.WANTED]),
        "mail_address": reads.mail_address(client),
        "most": settings.ATTACHMENT_MAX_BYTES // 1024 // 1024,
        "refusal": refusal,
    }
    context |= _wanted(client, wanted) if view == papers.WANTED else _listed(request, client, view)
    return render(request, "pages/documents/inbox.html", context)


def _listed(request: StaffRequest, client: Client, view: str) -> dict[str, Any]:
    """A page of the view and, where there is something to decide, the document at hand."""
    after = _number(request.GET.get("after", ""))
    found = papers.of_view(request.staff, client, view)
    if after:
        found = found.filter(pk__lt=after)
    rows = list(found[: papers.PAGE + 1])
    context: dict[str, Any] = {
        "rows": rows[: papers.PAGE],
        "next": str(rows[papers.PAGE - 1].pk) if len(rows) > papers.PAGE else "",
        "before": request.GET.get("after", "")[:15],
    }
    chosen = _number(request.GET.get("document", ""))
    first = next((row for row in rows if row.pk == chosen), rows[0] if rows else None)
    if view == papers.MATCH and first is not None:
        context |= papers.at_hand(request.staff, first, request.GET.get("q", ""))
        context["following"] = _following(rows, first)
    return context


def _wanted(client: Client, wanted: Any) -> dict[str, Any]:
    rows = list(wanted[: papers.MOST_WANTED])
    people = _people(client)
    return {
        "rows": [{"line": row, "amount": money.Money(row.amount_minor, row.bank_account.currency)} for row in rows],
        "people": people,
        "limit": reads.over_minor(client),
        "words": wording.receipt_wanted(rows),
    }


def _shown(request: StaffRequest, found: Document, refusal: Refusal | None = None) -> HttpResponse:
    context = papers.at_hand(request.staff, found, request.GET.get("q", ""))
    return render(
        request, "pages/documents/document.html", context | {"client": found.client, "refusal": refusal, "alone": True}
    )


def _tabs(client: Client, view: str, counts: dict[str, int]) -> list[dict[str, object]]:
    words = {
        papers.MATCH: _("To match"),
        papers.WANTED: _("Wanted"),
        papers.MATCHED: _("Matched"),
        papers.ASIDE: pgettext("documents", "Set aside"),
    }
    address = reverse("documents", args=[client.pk])
    return [
        {"label": word, "address": f"{address}?view={name}", "current": name == view, "count": counts.get(name)}
        for name, word in words.items()
    ]


def _following(rows: list[Document], at: Document) -> int | None:
    """The document that comes up when this one has found its line."""
    place = [row.pk for row in rows].index(at.pk)
    rest = [*rows[place + 1 :], *rows[:place]]
    return rest[0].pk if rest else None


def _back(request: StaffRequest, found: Document) -> str:
    """From the inbox to the next one in it, from its own page back to itself."""
    if "next" not in request.POST:
        return reverse("document", args=[found.pk])
    following = _number(request.POST["next"])
    return reverse("documents", args=[found.client_id]) + (f"?document={following}" if following else "")


def _document(request: StaffRequest, id: int) -> Document:
    return get_object_or_404(reads.for_staff(request.staff), pk=id)


def _attachment(request: StaffRequest, id: int) -> tuple[Attachment, Client]:
    part = get_object_or_404(Attachment.objects.select_related("file", "message"), pk=id)
    conversation = get_object_or_404(talks.for_staff(request.staff), pk=part.message.conversation_id)
    if conversation.client is None:
        raise Http404
    return part, conversation.client


def _people(client: Client) -> list[Any]:
    return [each for each in clients.contacts_of(client) if clients.email_of(each)]


def _bytes(found: Document) -> FileResponse:
    try:
        response = FileResponse(files.open_file(found.stored))
    except FileNotFoundError as gone:
        raise Http404 from gone
    for name, value in files.response_headers(found.stored, name=found.name).items():
        response[name] = value
    return response


def _number(text: str) -> int:
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 16 else 0


urlpatterns = [
    path("coding/<int:id>/documents", documents, name="documents"),
    path("coding/<int:id>/documents/rows", documents_rows, name="documents_rows"),
    path("coding/<int:id>/documents/new", document_upload, name="document_upload"),
    path("coding/<int:id>/documents/ask", documents_ask, name="documents_ask"),
    path("coding/<int:id>/documents/limit", documents_limit, name="documents_limit"),
    path("coding/<int:id>/documents/address", documents_address, name="documents_address"),
    path("coding/documents/<int:id>", document, name="document"),
    path("coding/documents/<int:id>/picture", document_picture, name="document_picture"),
    path("coding/documents/<int:id>/original", document_original, name="document_original"),
    path("coding/documents/<int:id>/attach", document_attach, name="document_attach"),
    path("coding/documents/<int:id>/aside", document_aside, name="document_aside"),
    path("coding/documents/<int:id>/back", document_back, name="document_back"),
    path("coding/attached/<int:id>/end", document_detach, name="document_detach"),
    path("attachments/<int:id>/document", attachment_document, name="attachment_document"),
    path("attachments/<int:id>/bank-file", attachment_bank_file, name="attachment_bank_file"),
]
