"""The promise board: mine, my team's, my clients', a client's; each promise with its reason and what may be done."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.db.models import Q
from django.http import Http404, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.clients import queries as clients
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.promises import actions, kinds
from wellkept.promises import queries as promises
from wellkept.promises.models import Promise
from wellkept.web.scorelines import DisputeLine, dispute_line
from wellkept.web.shell import moments
from wellkept.web.shell.answers import answer, refuse, wants_fragment
from wellkept.web.shell.promises import RELATED, row, rows
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.whys import why

PAGE = 50
VIEWS = {
    "mine": gettext_lazy("Mine"),
    "team": gettext_lazy("My team"),
    "everything": gettext_lazy("My clients"),
    "owed_to_me": gettext_lazy("Owed to me"),
}
EMPTY = {
    "mine": gettext_lazy("You owe nothing right now"),
    "everything": gettext_lazy("Nothing is owed to your clients"),
    "team": gettext_lazy("Your team owes nothing right now"),
    "owed_to_me": gettext_lazy("No colleague owes you anything"),
    "client": gettext_lazy("Nothing is owed to this client"),
}


def find(request: StaffRequest, id: int) -> Promise:
    """The promise in the person's scope; anything else is not there."""
    return get_object_or_404(promises.for_staff(request.staff).select_related(*RELATED), pk=id)


@require_GET
def board(request: StaffRequest) -> HttpResponse:
    """What breaks next comes first."""
    by, eyes = request.staff, reader(request)
    client = _client(request)
    view = "client" if client else request.GET.get("view", "mine")
    if view not in EMPTY:
        raise Http404
    after = request.GET.get("after") or None
    page = promises.board(by, view=view, client=client, limit=PAGE, after=after, at=eyes.now)
    shown: dict[str, Any] = {
        "rows": [row(drawn, by=by, reader=eyes) for drawn in page.rows],
        "next": page.next,
        "before": after,
        "view": view,
        "client": client,
        "empty": EMPTY[view],
        "tabs": [
            {"label": label, "address": f"{reverse('promises')}?view={name}", "current": view == name}
            for name, label in VIEWS.items()
        ],
        "src": request.get_full_path(),
    }
    shown["sentence"] = sentence(shown["rows"], bool(page.next))
    return render(request, "pages/promises_parts.html" if wants_fragment(request) else "pages/promises.html", shown)


def sentence(found: list[Any], more: bool) -> str:
    """Said from the very rows below."""
    if not found:
        return _("Nothing is open here.")
    count = {state: sum(r.state == state for r in found) for state in ("broken", "risk", "wait")}
    parts = [
        text % {"n": n}
        for n, text in (
            (count["broken"], ngettext("%(n)s broken", "%(n)s broken", count["broken"])),
            (count["risk"], _("%(n)s at risk")),
            (count["wait"], _("%(n)s waiting on the client")),
        )
        if n
    ]
    whole = _("The first %(n)s open promises") % {"n": len(found)} if more else _("%(n)s open") % {"n": len(found)}
    return f"{whole}: {', '.join(parts)}." if parts else _("%(whole)s, none at risk.") % {"whole": whole}


def _client(request: StaffRequest) -> Any:
    asked = request.GET.get("client", "")
    if not asked:
        return None
    if not asked.isdecimal():
        raise Http404
    return get_object_or_404(clients.for_staff(request.staff), pk=int(asked))


@require_GET
def promise(request: StaffRequest, id: int) -> HttpResponse:
    found, eyes = find(request, id), reader(request)
    dispute = _disputed(request, found)
    [drawn] = rows([found], by=request.staff, reader=eyes)
    return render(
        request,
        "pages/promise.html",
        {
            "row": drawn,
            "promise": found,
            "why": why(found, reader=eyes),
            "kind": kinds.named(found.kind).words,
            "dispute": dispute,
            "decides": dispute is not None and dispute.state == "asked" and dispute.promise != found.pk,
            "here": request.path,
        },
    )


def _disputed(request: StaffRequest, found: Promise) -> DisputeLine | None:
    """The dispute about this promise, or the one that this promise is to decide."""
    about = promises.disputes_for(request.staff).filter(Q(promise=found) | Q(task=found)).first()
    return dispute_line(about, request.staff)


@require_GET
def promise_row(request: StaffRequest, id: int) -> HttpResponse:
    [drawn] = rows([find(request, id)], by=request.staff, reader=reader(request))
    return render(request, "parts/promise.html", {"row": drawn, "acts": True})


@require_GET
def promise_why(request: StaffRequest, id: int) -> HttpResponse:
    return render(request, "parts/why.html", {"why": why(find(request, id), reader=reader(request))})


@require_POST
def keep(request: StaffRequest, id: int) -> HttpResponse:
    found = find(request, id)
    return answer(
        request, actions.keep_by_hand, promise=found, by=request.staff, at=now(),
        said=_("Kept: %(title)s.") % {"title": found.title}, undo=reverse("promise_unkeep", args=[id]), refresh=_touched(found),
    )  # fmt: skip


@require_POST
def unkeep(request: StaffRequest, id: int) -> HttpResponse:
    """Taking back what was pressed by mistake."""
    found = find(request, id)
    return answer(
        request, actions.unkeep, promise=found, by=request.staff, at=now(), refresh=_touched(found), then=found_address(found),
        said=_("Open again: %(title)s.") % {"title": found.title},
    )  # fmt: skip


@require_GET
def called(request: StaffRequest, id: int) -> HttpResponse:
    """How a promised call went is written down in its conversation, which keeps the promise."""
    found = find(request, id)
    about = found.subject_id if found.subject_kind == "conversation" else 0
    return HttpResponseRedirect(f"{reverse('conversation_called', args=[about])}?promise={found.pk}")


@require_http_methods(["GET", "POST"])
def extend(request: StaffRequest, id: int) -> HttpResponse:
    """A new time, with a reason; the client is told."""
    found = find(request, id)
    if request.method == "GET":
        return _form(request, "extend", found)
    try:
        due_at = _time(request)
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: _form(request, "extend", found, no))
    return answer(
        request, actions.extend, promise=found, due_at=due_at, reason=request.POST.get("reason", ""), by=request.staff, at=now(),
        said=_("A new time is set."), then=lambda new: reverse("promise", args=[new.pk]), refresh=_touched(found),
        refused=lambda no: _form(request, "extend", found, no),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def withdraw(request: StaffRequest, id: int) -> HttpResponse:
    found = find(request, id)
    if request.method == "GET":
        return _form(request, "withdraw", found)
    return answer(
        request, actions.withdraw_by_hand, promise=found, reason=request.POST.get("reason", ""), by=request.staff, at=now(),
        said=_("Withdrawn: %(title)s.") % {"title": found.title}, refresh=_touched(found), then=found_address(found),
        refused=lambda no: _form(request, "withdraw", found, no),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def hand_over(request: StaffRequest, id: int) -> HttpResponse:
    found = find(request, id)
    if request.method == "GET":
        return _form(request, "hand_over", found)
    to = get_object_or_404(people.active(), pk=_number(request.POST.get("to")))
    return answer(
        request, actions.hand_over_by_hand, promise=found, to=to, by=request.staff, at=now(),
        said=_("%(name)s owes it now.") % {"name": to.name}, refresh=_touched(found), then=reverse("promises"),
        refused=lambda no: _form(request, "hand_over", found, no),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def escalate(request: StaffRequest, id: int) -> HttpResponse:
    """Ask the supervisor for help, with what was tried."""
    found = find(request, id)
    if request.method == "GET":
        return _form(request, "escalate", found)
    return answer(
        request, actions.escalate, promise=found, tried=request.POST.get("tried", ""), by=request.staff, at=now(),
        said=_("Your supervisor has been asked, with everything tried so far."), refresh=_touched(found), then=found_address(found),
        refused=lambda no: _form(request, "escalate", found, no),
    )  # fmt: skip


@require_http_methods(["GET", "POST"])
def new(request: StaffRequest) -> HttpResponse:
    """Ask a colleague for something by a time: colleagues are customers too."""
    if request.method == "GET":
        return _form(request, "new", None)
    posted = request.POST
    try:
        due_at = _time(request) if posted.get("due_at", "").strip() else None
    except Refusal as refusal:
        return refuse(request, refusal, page=lambda no: _form(request, "new", None, no))
    client = (
        get_object_or_404(clients.current(request.staff), pk=_number(posted["client"]))
        if posted.get("client")
        else None
    )
    return answer(
        request, actions.ask_colleague, title=posted.get("title", ""), of=get_object_or_404(people.active(), pk=_number(posted.get("of"))),
        client=client, due_at=due_at, by=request.staff, at=now(),
        said=lambda made: _("%(name)s owes you this now.") % {"name": made.owner}, then=f"{reverse('promises')}?view=owed_to_me",
        refresh=["promise-new"], refused=lambda no: _form(request, "new", None, no),
    )  # fmt: skip


def _form(request: StaffRequest, name: str, found: Promise | None, refusal: Refusal | None = None) -> HttpResponse:
    """The form of one verb: inside a dialog, or on a page of its own."""
    eyes = reader(request)
    shown = {
        "promise": found,
        "refusal": refusal,
        "form": f"pages/promise_{name}.html",
        "colleagues": _colleagues(request, name, found),
        "told": found is not None and found.to_contact_id is not None and kinds.named(found.kind).told,
        "clients": clients.current(request.staff) if name == "new" else (),
        "suggested": promises.suggest_times(found.client, at=eyes.now, zone=eyes.zone)
        if name == "extend" and found
        else (),
        "extendable": found is None or kinds.named(found.kind).extendable,
        "in_dialog": wants_fragment(request),
        "posted": request.POST,
    }
    return render(request, shown["form"] if wants_fragment(request) else "pages/promise_form.html", shown)  # type: ignore[arg-type]


def _colleagues(request: StaffRequest, name: str, found: Promise | None) -> Iterable[Staff]:
    """Whom to choose from: what is about a client goes to those who can see that client."""
    if name == "hand_over" and found is not None and found.client is not None:
        return [person for person in clients.who_sees(found.client) if person.pk != found.owner_id]
    return people.active().exclude(pk=request.staff.pk) if name in ("hand_over", "new") else ()


def _time(request: StaffRequest) -> datetime:
    """What was written in words, on the reader's own clock."""
    eyes = reader(request)
    try:
        return moments.read(request.POST.get("due_at", ""), now=eyes.now, zone=eyes.zone)
    except moments.NotATime as refusal:
        refusal.field = "due_at"
        raise


def _touched(found: Promise) -> list[str]:
    return [f"promise-{found.pk}"]


def found_address(found: Promise) -> str:
    return reverse("promise", args=[found.pk])


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0


urlpatterns = [
    path("promises", board, name="promises"),
    path("promises/new", new, name="promise_new"),
    path("promises/<int:id>", promise, name="promise"),
    path("promises/<int:id>/row", promise_row, name="promise_row"),
    path("promises/<int:id>/why", promise_why, name="promise_why"),
    path("promises/<int:id>/keep", keep, name="promise_keep"),
    path("promises/<int:id>/unkeep", unkeep, name="promise_unkeep"),
    path("promises/<int:id>/called", called, name="promise_called"),
    path("promises/<int:id>/extend", extend, name="promise_extend"),
    path("promises/<int:id>/withdraw", withdraw, name="promise_withdraw"),
    path("promises/<int:id>/hand-over", hand_over, name="promise_hand_over"),
    path("promises/<int:id>/escalate", escalate, name="promise_escalate"),
]
