"""The machine's half of the first review: what stands out in a client's month, and what people say to it."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.banking.actions import reviewing as actions
from wellkept.banking.models import Finding
from wellkept.banking.queries import review as reads
from wellkept.banking.queries import review_month
from wellkept.banking.rules.review_words import sentence
from wellkept.core import money
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.ledger import queries as ledger
from wellkept.ledger.models import Book
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.coding import review as desk
from wellkept.web.pages.coding import client_of
from wellkept.web.shell.answers import answer, go, refuse
from wellkept.web.shell.reading import StaffRequest, reader

both = require_http_methods(["GET", "POST"])
MONTH = re.compile(r"(19|2[01])\d\d-(0[1-9]|1[0-2])", re.ASCII)
SETTLED = "settled"


@require_GET
def review(request: StaffRequest) -> HttpResponse:
    """Whose month needs somebody first."""
    month = _month(request)
    context = desk.portfolio(request.staff, month, reader(request)) | {"month": month}
    return render(request, "pages/review/portfolio.html", context)


@require_GET
def client_review(request: StaffRequest, id: int) -> HttpResponse:
    """A month of a client: what stands, or what was settled."""
    return render(request, "pages/review/client.html", _listed(request, id))


@require_GET
def client_review_list(request: StaffRequest, id: int) -> HttpResponse:
    """The list alone, for the live page."""
    return render(request, "pages/review/fresh.html", _listed(request, id))


@require_POST
def review_again(request: StaffRequest, id: int) -> HttpResponse:
    """Look the month through now."""
    client, month = client_of(request, id), _month(request)
    return answer(
        request, actions.review, client=client, month=month, by=request.staff, at=now(),
        said=_changed, then=f"{reverse('client_review', args=[id])}?month={month:%Y-%m}",
    )  # fmt: skip


@both
def review_limits(request: StaffRequest, id: int) -> HttpResponse:
    """From which amounts on this client is looked at so closely."""
    client = client_of(request, id)
    book = ledger.book_of(client)
    if book is None:
        raise Http404
    ask = _limits_ask(book)
    if request.method == "GET":
        return asked(request, ask)
    try:
        limits = actions.LimitDraft(*(_amount(request, each.name, book.base_currency) for each in ask.fields))
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda said: asked(request, ask, refusal=said))
    return answer(
        request, actions.set_limits, client=client, limits=limits, by=request.staff, at=now(),
        said=_("Kept. They count from the next look on."), then=ask.back, refresh=[f"review-{id}"],
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )  # fmt: skip


@require_POST
def finding_fix(request: StaffRequest, id: int) -> HttpResponse:
    """Tick it off where it was put right; else go to where that is done."""
    found = _finding(request, id)
    try:
        actions.fix(finding=found, by=request.staff, at=now())
    except actions.StillThere:
        return go(request, desk.place_of(found))
    except Refusal as refusal:
        return refuse(request, refusal)
    return answer(request, lambda: None, said=_("Put right."), then=_back(found), refresh=_fragments(found))


@both
def finding_accept(request: StaffRequest, id: int) -> HttpResponse:
    """It is right as it stands; the reason is kept."""
    found = _finding(request, id)
    ask = _reason_ask(request, found, _("Accept this"), _("Accept"), _("Just this is not raised again."))
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request, actions.accept, finding=found, reason=request.POST.get("reason", ""), by=request.staff, at=now(),
        said=_("Accepted."), undo=reverse("finding_reopen", args=[id]), then=_back(found), refresh=_fragments(found),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )  # fmt: skip


@both
def finding_never(request: StaffRequest, id: int) -> HttpResponse:
    """Nothing of this kind for this payee, account or pair any more."""
    found = _finding(request, id)
    alike = Finding.objects.filter(reads.OPEN, client=found.client_id, kind=found.kind, subject=found.subject).count()
    text = ngettext(
        "Nothing of this kind is raised for it any more; %(count)s finding ends now.",
        "Nothing of this kind is raised for it any more; %(count)s findings end now.",
        alike,
    ) % {"count": alike}
    ask = _reason_ask(request, found, _("Never again for this"), _("Never again"), text)
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request, actions.never_again, finding=found, reason=request.POST.get("reason", ""), by=request.staff, at=now(),
        said=_("Not raised again."), undo=lambda silence: reverse("silence_end", args=[silence.pk]),
        then=_back(found), refresh=_fragments(found), refused=lambda refusal: asked(request, ask, refusal=refusal),
    )  # fmt: skip


@require_POST
def finding_reopen(request: StaffRequest, id: int) -> HttpResponse:
    found = _finding(request, id)
    return answer(
        request, actions.reopen, finding=found, by=request.staff, at=now(),
        said=_("Open again."), then=_back(found), refresh=_fragments(found),
    )  # fmt: skip


@require_POST
def silence_end(request: StaffRequest, id: int) -> HttpResponse:
    found = get_object_or_404(reads.silences(request.staff), pk=id)
    back = f"{reverse('client_review', args=[found.client_id])}?view={SETTLED}"
    return answer(
        request, actions.end_silence, silence=found, by=request.staff, at=now(),
        said=_("It may be raised again."), then=back, refresh=[f"review-{found.client_id}"],
    )  # fmt: skip


def _listed(request: StaffRequest, id: int) -> dict[str, Any]:
    client, month, eyes = client_of(request, id), _month(request), reader(request)
    view = SETTLED if request.GET.get("view") == SETTLED else ""
    context: dict[str, Any] = {
        "client": client,
        "book": ledger.book_of(client),
        "month": month,
        "key": f"{month:%Y-%m}",
        "view": view,
        "months": desk.months(client, month, eyes.today),
        "reviewed": reads.reviewed(client, month),
        "src": f"{reverse('client_review_list', args=[id])}{f'?{request.GET.urlencode()}' if request.GET else ''}",
    }
    if view:
        return context | desk.settled(request.staff, client, month, eyes)
    after = request.GET.get("after", "")
    start = int(after) if after.isdecimal() and len(after) < 5 else 0
    kind = request.GET.get("kind", "")
    context["cut"] = context["book"] is not None and review_month.is_cut(context["book"], month)
    return context | desk.page(request.staff, client, month, kind=kind, start=start, reader=eyes)


def _month(request: StaffRequest) -> date:
    """The month the address names, else the last one that is over."""
    said = request.POST.get("month") or request.GET.get("month", "")
    if MONTH.fullmatch(said):
        return date(int(said[:4]), int(said[5:]), 1)
    return desk.last_month(reader(request).today)


def _finding(request: StaffRequest, id: int) -> Finding:
    return get_object_or_404(reads.for_staff(request.staff), pk=id)


def _back(found: Finding) -> str:
    return f"{reverse('client_review', args=[found.client_id])}?month={found.month:%Y-%m}"


def _fragments(found: Finding) -> list[str]:
    return [f"review-{found.client_id}"]


def _changed(outcome: actions.Outcome) -> str:
    if outcome.new or outcome.fixed or outcome.gone:
        settled = outcome.fixed + outcome.gone
        return _("Looked through: %(new)s new, %(settled)s gone.") % {"new": outcome.new, "settled": settled}
    return _("Looked through: nothing has changed.")


def _reason_ask(request: StaffRequest, found: Finding, heading: str, act: str, text: str) -> Ask:
    voice = desk.voice_of(found.client, [found], reader(request))
    said = sentence(found.kind, found.account_id, found.data, voice)
    fields = [Field("text", "reason", _("Why it is right as it stands"), most=actions.LONGEST_REASON)]
    return Ask(heading, act, f"{said} {text}", fields, back=_back(found))


def _limits_ask(book: Book) -> Ask:
    now_set = review_month.limits_of(book)

    def amount(minor: int) -> str:
        return str(money.Money(minor, book.base_currency))

    return Ask(
        _("What stands out"),
        _("Keep"),
        _("Amounts in %(currency)s. From which amount a line wants a document is set with the documents.")
        % {"currency": book.base_currency},
        [
            Field("text", "payee_over", _("Somebody is named above"), amount(now_set.payee_over_minor), most=20),
            Field("text", "round_from", _("Round sums from"), amount(now_set.round_from_minor), most=20),
            Field("text", "twice_from", _("Perhaps twice from"), amount(now_set.twice_from_minor), most=20),
            Field("text", "far_from", _("Apart from the usual amount by"), amount(now_set.far_from_minor), most=20),
        ],
        back=reverse("client_review", args=[book.client_id]),
    )


def _amount(request: StaffRequest, name: str, currency: str) -> int:
    try:
        return money.parse(request.POST.get(name, ""), currency).minor
    except Refusal as refusal:
        refusal.field = name
        raise


urlpatterns = [
    path("review", review, name="review"),
    path("coding/<int:id>/review", client_review, name="client_review"),
    path("coding/<int:id>/review/list", client_review_list, name="client_review_list"),
    path("coding/<int:id>/review/again", review_again, name="review_again"),
    path("coding/<int:id>/review/limits", review_limits, name="review_limits"),
    path("review/findings/<int:id>/fix", finding_fix, name="finding_fix"),
    path("review/findings/<int:id>/accept", finding_accept, name="finding_accept"),
    path("review/findings/<int:id>/never", finding_never, name="finding_never"),
    path("review/findings/<int:id>/reopen", finding_reopen, name="finding_reopen"),
    path("review/silences/<int:id>/end", silence_end, name="silence_end"),
]
