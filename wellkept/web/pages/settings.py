"""Settings: the way in, and the firm itself."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.conf import settings as project
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from wellkept.calendars import queries as calendars
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import actions as people
from wellkept.people import queries
from wellkept.web.settings.frame import only, open_to, page
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest


@require_GET
def settings(request: StaffRequest) -> HttpResponse:
    """The first part a person may open; everybody has their own preferences."""
    sections = open_to(request.staff)
    return redirect(sections[0].name if sections else "preferences")


@require_http_methods(["GET", "POST"])
@only(queries.may_manage_firm)
def firm(request: StaffRequest) -> HttpResponse:
    known = queries.firm()
    if known is None:
        return redirect("setup")
    given = {
        "name": known.name,
        "mail_address": known.mail_address,
        "language": known.language,
        "time_zone": known.time_zone,
        "calendar": str(known.calendar_id),
    }
    if request.method == "GET":
        return _page(request, given)
    posted = request.POST
    return answer(
        request,
        people.change_firm,
        name=posted.get("name", ""),
        mail_address=posted.get("mail_address", ""),
        language=posted.get("language", ""),
        time_zone=posted.get("time_zone", ""),
        calendar=get_object_or_404(calendars.all_calendars(), pk=posted.get("calendar", "0")),
        by=request.staff,
        at=now(),
        said=_("The firm is changed."),
        then=request.path,
        refused=lambda refusal: _page(request, posted.dict(), refusal),
    )


def _page(request: StaffRequest, given: dict[str, Any], refusal: Refusal | None = None) -> HttpResponse:
    shown = {
        "given": given,
        "zones": sorted(available_timezones()),
        "languages": project.LANGUAGES,
        "calendars": [(str(each.pk), each.name) for each in calendars.all_calendars()],
        "refusal": refusal,
    }
    return page(request, "settings_firm", "firm", shown)


urlpatterns = [
    path("settings/", settings, name="settings"),
    path("settings/firm", firm, name="settings_firm"),
]
