"""The page on which a contact answers one question: signed, expiring, and nothing else can be read from it."""

from __future__ import annotations

from django.http import FileResponse, HttpRequest, HttpResponse, HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path
from django.utils import translation
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods

from wellkept.banking import tokens
from wellkept.banking.actions import questions as actions
from wellkept.banking.models import AnswerFile, Question
from wellkept.banking.queries import questions as reads
from wellkept.clients import queries as clients
from wellkept.core import files, secrets
from wellkept.core.allowance import Allowance
from wellkept.core.clock import now
from wellkept.core.money import Money
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people
from wellkept.web.shell.middleware import open_to_all
from wellkept.web.shell.reading import StaffRequest

A_MINUTE = 20  # tries of one address
allowance = Allowance()


class Hurried(Refusal):
    """Whoever sends faster than a person can waits a little."""


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def answer_page(request: HttpRequest, token: str) -> HttpResponse:
    """In the contact's language. An unknown, withdrawn or expired address says the same."""
    question = reads.by_token(token, at=now())
    if question is None:
        return render(request, "pages/answer_over.html", {"firm": people.firm()}, status=404)
    with translation.override(question.contact.language or question.client.language):
        if request.method == "POST":
            return _answered(request, question, token)
        return _page(request, question)


@require_GET
def answer_file(request: StaffRequest, id: int) -> HttpResponseBase:
    """A file that came with an answer, for those whose client it is."""
    mine = AnswerFile.objects.filter(
        answer__question__client__in=clients.for_staff(request.staff).order_by().values("pk")
    )
    found = get_object_or_404(mine.select_related("stored"), pk=id)
    response = FileResponse(files.open_file(found.stored))
    for name, value in files.response_headers(found.stored, name=found.name).items():
        response[name] = value
    return response


def _answered(request: HttpRequest, question: Question, token: str) -> HttpResponse:
    """Nothing of it is kept before it is known that the question takes it."""
    if wait := allowance.take(token, A_MINUTE):
        return _page(request, question, _hurried(wait), status=429)
    uploads, key = request.FILES.getlist("files"), request.POST.get("key", "")[:80]
    try:
        actions.allow_answer(question=question, key=key, sizes=[upload.size or 0 for upload in uploads])
        stored = [
            (upload.name or "", files.store(upload.chunks(), media_type=upload.content_type or "", at=now()))
            for upload in uploads
        ]
        actions.answer_on_page(
            question=question,
            text=request.POST.get("text", ""),
            files=stored,
            key=key,
            choices=[str(value) for name, value in request.POST.items() if name.startswith("line-") and value],
            at=now(),
        )
    except Refusal as refusal:
        return _page(request, question, refusal)
    return render(request, "pages/answer_done.html", {"question": question, "firm": people.firm()})


def _hurried(wait: int) -> Refusal:
    return Hurried(_("Too many tries. Wait %(seconds)s seconds, then send it again.") % {"seconds": wait})


def _page(
    request: HttpRequest, question: Question, refusal: Refusal | None = None, status: int | None = None
) -> HttpResponse:
    question.refresh_from_db(fields=["settled_at", "withdrawn_at"])
    over = question.settled_at is not None
    offered = {} if over else reads.offered(question)
    lines = [
        {
            "line": row.line,
            "amount": Money(row.line.amount_minor, row.line.bank_account.currency),
            "name": f"line-{row.line_id}",
            "offers": [
                (tokens.offer(question.pk, row.line_id, account.pk), account.name)
                for account in offered.get(row.line_id, [])
            ],
            "chosen": request.POST.get(f"line-{row.line_id}", ""),
        }
        for row in question.lines.select_related("line__bank_account")
    ]
    context = {
        "question": question,
        "lines": lines,
        "firm": people.firm(),
        "answers": question.answers.prefetch_related("lines__account"),
        "refusal": refusal,
        "text": request.POST.get("text", ""),
        "key": request.POST.get("key") or secrets.new_token()[:40],
        "over": over,
    }
    return render(request, "pages/answer.html", context, status=status or (422 if refusal else 200))


urlpatterns = [
    path("answer/<str:token>", answer_page, name="answer_page"),
    path("coding/answers/files/<int:id>", answer_file, name="answer_file"),
]
