"""Settings: the way in, and the firm itself."""

from __future__ import annotations

import re
from typing import Any
from zoneinfo import available_timezones

from django.conf import settings as project
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.calendars import queries as calendars
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import actions as people
from wellkept.people import queries
from wellkept.people.models import Firm
from wellkept.web.settings.frame import only, open_to, page
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest

SEPARATORS = re.compile(r"[\s,;%]+")


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
    given = _given(known)
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
        refused=lambda refusal: _page(request, {**given, **posted.dict()}, refusal),
    )


@require_POST
@only(queries.may_manage_firm)
def warnings(request: StaffRequest) -> HttpResponse:
    """When the owners of promises are warned."""
    known, typed = queries.firm(), request.POST.get("warn_percents", "")
    if known is None:
        return redirect("setup")
    given = {**_given(known), "warn_percents": typed}
    return answer(
        request,
        people.set_warnings,
        percents=percents_in(typed),
        by=request.staff,
        at=now(),
        said=_("Owners are warned at these times from now on."),
        then=reverse("settings_firm"),
        refused=lambda refusal: _page(request, given, refusal),
    )


def percents_in(typed: str) -> list[int]:
    """`50, 80` as numbers; whatever is none becomes zero, which is no time to warn at."""
    parts = [part for part in SEPARATORS.split(typed[:100]) if part]
    return [int(part) if part.isascii() and part.isdigit() and len(part) < 4 else 0 for part in parts]


def _given(firm: Firm) -> dict[str, Any]:
    return {
        "name": firm.name,
        "mail_address": firm.mail_address,
        "language": firm.language,
        "time_zone": firm.time_zone,
        "calendar": str(firm.calendar_id),
        "warn_percents": ", ".join(str(percent) for percent in firm.warn_percents),
    }


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
    path("settings/firm/warnings", warnings, name="settings_warnings"),
]
