"""Settings: taking clients on, one by one or from a file; changing them; handing a portfolio over."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.calendars import queries as calendars
from wellkept.clients import actions, exporting, fields, importing, queries, sheet
from wellkept.clients.actions.imports import Imported
from wellkept.clients.models import Client
from wellkept.core import files
from wellkept.core.clock import now
from wellkept.core.models import StoredFile
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people
from wellkept.web.desk.asks import Ask, Field, asked, people_options
from wellkept.web.settings.frame import chosen, only, page
from wellkept.web.shell.answers import answer
from wellkept.web.shell.countries import countries, country_code, country_name
from wellkept.web.shell.reading import StaffRequest, reader

SECTION = "settings_clients"
PAGE = 50
MOST_SHOWN = 200
SHA256 = re.compile(r"[0-9a-f]{64}")
may = only(people.may_manage_clients)
both = require_http_methods(["GET", "POST"])


@require_GET
@may
def listed(request: StaffRequest) -> HttpResponse:
    found = queries.current(request.staff).select_related("bookkeeper", "team", "calendar")
    words = request.GET.get("words", "").strip()[:100]
    if words:
        found = found.filter(name__icontains=words)
    after = request.GET.get("after", "")
    rows = list((found.filter(name__gt=after) if after else found)[: PAGE + 1])
    shown = {
        "clients": rows[:PAGE],
        "words": words,
        "before": after,
        "next": rows[PAGE - 1].name if len(rows) > PAGE else None,
        "count": found.count(),
        "kept": sorted({row.bookkeeper.name for row in rows}),
    }
    return page(request, SECTION, "clients", shown)


@both
@may
def take_on(request: StaffRequest) -> HttpResponse:
    firm = people.firm()
    if request.method == "GET":
        given = (
            {"language": firm.language, "time_zone": firm.time_zone, "calendar": str(firm.calendar_id)} if firm else {}
        )
        return _form(request, None, {**given, "since_on": reader(request).today.isoformat()})
    posted = request.POST
    try:
        read = _read(request)
    except Refusal as refusal:
        return _form(request, None, posted.dict(), refusal)
    return answer(
        request,
        actions.take_on,
        **read,
        bookkeeper=chosen(people.active(), posted.get("bookkeeper")),
        source=posted.get("source", ""),
        by=request.staff,
        at=now(),
        said=lambda client: _("%(client)s is taken on.") % {"client": client.name},
        then=lambda client: reverse("client", args=[client.pk]),
        refused=lambda refusal: _form(request, None, posted.dict(), refusal),
    )


@both
@may
def change(request: StaffRequest, id: int) -> HttpResponse:
    client = _load(request, id)
    if request.method == "GET":
        given = {
            "name": client.name,
            "team": str(client.team_id or ""),
            "calendar": str(client.calendar_id),
            "time_zone": client.time_zone,
            "country": country_name(client.country, reader(request).language),
            "language": client.language,
            "since_on": client.since_on.isoformat(),
        }
        return _form(request, client, given)
    try:
        read = _read(request)
    except Refusal as refusal:
        return _form(request, client, request.POST.dict(), refusal)
    return answer(
        request,
        actions.change_client,
        client=client,
        **read,
        by=request.staff,
        at=now(),
        said=_("The client is changed."),
        then=request.path,
        refused=lambda refusal: _form(request, client, request.POST.dict(), refusal),
    )


@both
@may
def hand_over(request: StaffRequest, id: int) -> HttpResponse:
    client = _load(request, id)
    colleagues = people.active().exclude(pk=client.bookkeeper_id)
    ask = Ask(
        _("Who keeps the books of %(client)s from now on?") % {"client": client.name},
        _("Hand over"),
        _("%(name)s keeps them now. Open conversations and promises go along.") % {"name": client.bookkeeper.name},
        [Field("select", "bookkeeper", _("Bookkeeper"), options=people_options(colleagues))],
        back=reverse("settings_client", args=[id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request,
        actions.hand_portfolio,
        client=client,
        bookkeeper=chosen(colleagues, request.POST.get("bookkeeper")),
        by=request.staff,
        at=now(),
        said=lambda client: _("%(name)s keeps the books now.") % {"name": client.bookkeeper.name},
        then=reverse("settings_client", args=[id]),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


@both
@may
def archive(request: StaffRequest, id: int) -> HttpResponse:
    client = _load(request, id)
    ask = Ask(
        _("Archive %(client)s?") % {"client": client.name},
        _("Archive"),
        _("Nothing new can be added and it leaves the lists. What happened stays on record."),
        stop=True,
        back=reverse("settings_client", args=[id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request,
        actions.archive,
        client=client,
        by=request.staff,
        at=now(),
        said=_("%(client)s is archived.") % {"client": client.name},
        then=reverse(SECTION),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


@both
@may
def import_file(request: StaffRequest) -> HttpResponse:
    """Choose a file, see what it would do, and only then write it."""
    upload = request.FILES.get("file")
    if request.method == "GET":
        return _import_page(request)
    if upload is None:
        return _import_page(request, refusal=Refusal(_("Choose a CSV file first."), field="file"))
    try:
        if (upload.size or 0) > sheet.LARGEST_BYTES:
            raise sheet.SheetUnreadable(_("The file is larger than 2 MB. Split it."))
        data = upload.read()
        plan = importing.preview(data, by=request.staff)
        stored = files.store(data, media_type="text/csv", at=now(), limit=sheet.LARGEST_BYTES)
    except Refusal as refusal:
        return _import_page(request, refusal=refusal)
    return page(request, SECTION, "import_preview", _preview(plan, stored, upload.name or ""))


@require_POST
@may
def import_confirm(request: StaffRequest) -> HttpResponse:
    """Write what was previewed. Pressing twice writes nothing the second time."""
    sha256 = request.POST.get("file", "")
    stored = get_object_or_404(StoredFile, sha256=sha256 if SHA256.fullmatch(sha256) else "", media_type="text/csv")
    return answer(
        request,
        actions.import_clients,
        data=files.read(stored),
        by=request.staff,
        at=now(),
        said=_imported,
        then=reverse(SECTION),
        refused=lambda refusal: _import_page(request, refusal=refusal),
    )


@require_GET
@may
def export(request: StaffRequest) -> HttpResponse:
    response = HttpResponse(b"".join(exporting.csv(request.staff)), content_type="text/csv; charset=utf-8")
    name = f"clients-{reader(request).today.isoformat()}.csv"
    response["Content-Disposition"] = f'attachment; filename="{name}"'
    return response


def _load(request: StaffRequest, id: int) -> Client:
    found = queries.for_staff(request.staff).select_related("bookkeeper", "team", "calendar")
    return get_object_or_404(found, pk=id)


def _read(request: StaffRequest) -> dict[str, Any]:
    """What the form of a client says; refuses a date nobody can read."""
    posted = request.POST
    return {
        "name": posted.get("name", ""),
        "team": chosen(people.teams(), posted.get("team")),
        "calendar": chosen(calendars.all_calendars(), posted.get("calendar")),
        "time_zone": posted.get("time_zone", ""),
        "country": country_code(posted.get("country", ""), reader(request).language),
        "language": posted.get("language", ""),
        "since_on": fields.a_date(posted.get("since_on", ""), field="since_on"),
    }


def _form(
    request: StaffRequest, client: Client | None, given: dict[str, Any], refusal: Refusal | None = None
) -> HttpResponse:
    shown = {
        "client": client,
        "given": given,
        "refusal": refusal,
        "colleagues": people.active(),
        "teams": people.teams(),
        "calendars": calendars.all_calendars(),
        "zones": sorted(available_timezones()),
        "languages": settings.LANGUAGES,
        "countries": countries(reader(request).language).values(),
    }
    return page(request, SECTION, "client", shown, 422 if refusal else 200)


def _import_page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    shown = {"refusal": refusal, "columns": importing.COLUMNS, "most": sheet.MOST_ROWS}
    return page(request, SECTION, "import", shown, 422 if refusal else 200)


def _preview(plan: importing.Preview, stored: StoredFile, name: str) -> dict[str, Any]:
    does = {"take_on": _("takes the client on"), "add_contact": _("adds a contact"), "nothing": _("is here already")}
    return {
        "plan": plan,
        "rows": [(row, does[row.does]) for row in plan.rows[:MOST_SHOWN]],
        "refusals": plan.refusals[:MOST_SHOWN],
        "more_rows": max(0, len(plan.rows) - MOST_SHOWN),
        "more_refusals": max(0, len(plan.refusals) - MOST_SHOWN),
        "file": stored.sha256,
        "name": name,
        "sentence": _sentence(plan),
        "writes": plan.new_clients + plan.new_contacts,
    }


def _sentence(plan: importing.Preview) -> str:
    clients = ngettext("%(n)s client", "%(n)s clients", plan.new_clients) % {"n": plan.new_clients}
    contacts = ngettext("%(n)s contact", "%(n)s contacts", plan.new_contacts) % {"n": plan.new_contacts}
    said = _("It would take on %(clients)s and add %(contacts)s.") % {"clients": clients, "contacts": contacts}
    if not plan.refused_rows:
        return said
    left = ngettext("%(n)s row is left out.", "%(n)s rows are left out.", plan.refused_rows) % {"n": plan.refused_rows}
    return f"{said} {left}"


def _imported(done: Imported) -> str:
    return _("Imported: %(clients)s clients, %(contacts)s contacts.") % {
        "clients": done.clients,
        "contacts": done.contacts,
    }


urlpatterns = [
    path("settings/clients", listed, name=SECTION),
    path("settings/clients/new", take_on, name="client_new"),
    path("settings/clients/import", import_file, name="clients_import"),
    path("settings/clients/import/confirm", import_confirm, name="clients_import_confirm"),
    path("settings/clients/export.csv", export, name="clients_export"),
    path("settings/clients/<int:id>", change, name="settings_client"),
    path("settings/clients/<int:id>/hand-over", hand_over, name="client_hand_over"),
    path("settings/clients/<int:id>/archive", archive, name="client_archive"),
]
