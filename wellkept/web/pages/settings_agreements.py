"""Settings: what is promised, to everyone and to single clients; every edit is a new version."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from wellkept.clients import actions, queries
from wellkept.clients.models import Agreement, AgreementVersion, Client
from wellkept.conversations.wording import PRIORITIES, priority_words
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people
from wellkept.web.settings import targets
from wellkept.web.settings.frame import chosen, only, page
from wellkept.web.settings.targets import Line
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest, reader

SECTION = "settings_agreements"
BLANK_LINES = 1
MOST_VERSIONS = 50
may = only(people.may_manage_agreements)


@dataclass(frozen=True)
class Form:
    """An agreement as the editor holds it."""

    name: str
    lines: list[Line]
    pauses: bool
    machine: bool


@require_GET
@may
def listed(request: StaffRequest) -> HttpResponse:
    default = queries.default_agreement()
    version = queries.current_version(default) if default else None
    own = [a for a in queries.agreements_for(request.staff) if a.client is not None and a.client.archived_at is None]
    shown = {
        "default": default,
        "version": version,
        "lines": _said(version, request) if version else [],
        "own": [(agreement, queries.current_version(agreement)) for agreement in own[:200]],
        "clients": queries.current(request.staff).filter(agreement=None),
    }
    return page(request, SECTION, "agreements", shown)


@require_GET
@may
def begin(request: StaffRequest) -> HttpResponse:
    """An agreement for a client that has none: the editor starts with what everybody gets."""
    client = chosen(queries.current(request.staff), request.GET.get("client"))
    return redirect("agreement_client", id=client.pk) if client else redirect(SECTION)


@require_http_methods(["GET", "POST"])
@may
def default(request: StaffRequest) -> HttpResponse:
    return _edit(request, None, queries.default_agreement())


@require_http_methods(["GET", "POST"])
@may
def of_client(request: StaffRequest, id: int) -> HttpResponse:
    client = get_object_or_404(queries.current(request.staff).select_related("agreement"), pk=id)
    return _edit(request, client, getattr(client, "agreement", None))


@require_GET
@may
def version(request: StaffRequest, id: int, number: int) -> HttpResponse:
    """One edition as it stood; it never changes."""
    agreement = get_object_or_404(queries.agreements_for(request.staff), pk=id)
    found = get_object_or_404(queries.versions(agreement), number=number)
    shown = {"agreement": agreement, "version": found, "lines": _said(found, request), "who": _who([found])}
    return page(request, SECTION, "agreement_version", shown)


def _edit(request: StaffRequest, client: Client | None, agreement: Agreement | None) -> HttpResponse:
    current = queries.current_version(agreement) if agreement else None
    if request.method == "GET":
        return _editor(request, client, agreement, _standing(client, agreement, current))
    form = _typed(request)
    try:
        drafts = targets.read(form.lines)
        queries.check_targets(drafts)
    except Refusal as refusal:
        return _editor(request, client, agreement, form, refusal)
    step = request.POST.get("step")
    if step == "edit":
        return _editor(request, client, agreement, form)
    if step != "keep":
        before = list(current.targets.all()) if current else []
        shown = {
            "client": client,
            "form": form,
            "changes": targets.changes(before, drafts, reader(request)),
            "switches": _switches(current, form),
            "first": current is None,
        }
        return page(request, SECTION, "agreement_changes", shown)
    return answer(
        request,
        actions.draw_up_agreement,
        client=client,
        name=form.name,
        targets=drafts,
        pauses_while_waiting=form.pauses,
        machine_may_acknowledge=form.machine,
        by=request.staff,
        at=now(),
        said=_("The new version counts from now on. Open promises are recounted."),
        then=reverse(SECTION),
        refused=lambda refusal: _editor(request, client, agreement, form, refusal),
    )


def _standing(client: Client | None, agreement: Agreement | None, current: AgreementVersion | None) -> Form:
    """What stands now; a client without an agreement starts from everybody's."""
    if current is None and client is not None:
        default = queries.default_agreement()
        current = queries.current_version(default) if default else None
    name = agreement.name if agreement else client.name if client else _("What we promise everyone")
    if current is None:
        return Form(name, [], pauses=True, machine=False)
    lines = targets.lines_of(current.targets.all())
    return Form(name, lines, current.pauses_while_waiting, current.machine_may_acknowledge)


def _typed(request: StaffRequest) -> Form:
    posted = request.POST
    return Form(
        name=posted.get("name", "")[:200],
        lines=targets.lines_typed(posted),
        pauses=posted.get("pauses") == "on",
        machine=posted.get("machine") == "on",
    )


def _switches(current: AgreementVersion | None, form: Form) -> list[str]:
    """The two rules around the targets, where they change."""
    said = []
    if current is None or current.pauses_while_waiting != form.pauses:
        said.append(
            _("Waiting on the client pauses the clock.") if form.pauses else _("Waiting on the client pauses nothing.")
        )
    if current is None or current.machine_may_acknowledge != form.machine:
        said.append(
            _("An automatic acknowledgement counts.") if form.machine else _("Only a person's acknowledgement counts.")
        )
    return said


def _editor(
    request: StaffRequest,
    client: Client | None,
    agreement: Agreement | None,
    form: Form,
    refusal: Refusal | None = None,
) -> HttpResponse:
    versions = list(queries.versions(agreement)[:MOST_VERSIONS]) if agreement else []
    shown: dict[str, Any] = {
        "client": client,
        "agreement": agreement,
        "form": form,
        "lines": [*form.lines, *([Line()] * BLANK_LINES)],
        "blank": Line(),
        "kinds": targets.kind_choices(form.lines),
        "channels": targets.CHANNELS,
        "priorities": [(code, priority_words(code)) for code in PRIORITIES if code],
        "versions": versions,
        "who": _who(versions),
        "refusal": refusal,
    }
    return page(request, SECTION, "agreement", shown, 422 if refusal else 200)


def _said(version: AgreementVersion, request: StaffRequest) -> list[tuple[str, str]]:
    eyes = reader(request)
    return [(targets.name(t), targets.sentence(t, eyes)) for t in targets.in_order(version.targets.all())]


def _who(versions: list[AgreementVersion]) -> dict[int, str]:
    return people.named(version.made_by for version in versions if version.made_by is not None)


urlpatterns = [
    path("settings/agreements", listed, name=SECTION),
    path("settings/agreements/new", begin, name="agreement_new"),
    path("settings/agreements/default", default, name="agreement_default"),
    path("settings/agreements/clients/<int:id>", of_client, name="agreement_client"),
    path("settings/agreements/<int:id>/versions/<int:number>", version, name="agreement_version"),
]
