"""What is the person's own: preferences, and times written in words."""

from __future__ import annotations

from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo, available_timezones

from django.conf import settings
from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.clients import queries as clients
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import actions as people
from wellkept.promises import queries as promises
from wellkept.web.pages.keys import tabs
from wellkept.web.shell import moments
from wellkept.web.shell.answers import answer, wants_fragment
from wellkept.web.shell.reading import StaffRequest, reader, zone_of
from wellkept.web.shell.words import clock, full, short_day

CHOICES = {"theme": ("system", "light", "dark"), "density": ("compact", "cosy"), "shortcuts": ("on", "off")}


@require_http_methods(["GET", "POST"])
def preferences(request: StaffRequest) -> HttpResponse:
    if request.method == "GET":
        return _page(request)
    posted = request.POST
    return answer(
        request,
        people.change_preferences,
        staff=request.staff,
        by=request.staff,
        at=now(),
        language=_one_of(
            posted.get("language", ""), [code for code, _name in settings.LANGUAGES], request.staff.language
        ),
        time_zone=posted.get("time_zone", request.staff.time_zone),
        theme=_one_of(posted.get("theme", ""), CHOICES["theme"], request.staff.theme),
        density=_one_of(posted.get("density", ""), CHOICES["density"], request.staff.density),
        shortcuts=posted.get("shortcuts") == "on",
        said=_("Your preferences are kept."),
        then=request.path,
        refused=lambda refusal: _page(request, refusal),
    )


def _page(request: StaffRequest, refusal: Refusal | None = None) -> HttpResponse:
    return render(
        request,
        "pages/preferences.html",
        {
            "zones": sorted(available_timezones()),
            "languages": settings.LANGUAGES,
            "tabs": tabs(request.path),
            "refusal": refusal,
        },
    )


@require_POST
def preference(request: StaffRequest, name: str) -> HttpResponse:
    """One switch of the menu."""
    if name not in CHOICES:
        raise Http404
    value = _one_of(request.POST.get("value", ""), CHOICES[name], "")
    if not value:
        raise Http404
    changed: dict[str, Any] = {name: value == "on" if name == "shortcuts" else value}
    response = answer(request, people.change_preferences, staff=request.staff, by=request.staff, at=now(), **changed)
    return HttpResponse(status=204) if wants_fragment(request) and response.status_code < 400 else response


def _one_of(value: str, allowed: Any, otherwise: str) -> str:
    return value if value in allowed else otherwise


@require_GET
def when(request: StaffRequest) -> JsonResponse:
    """Echo a time written in words with nothing left to guess; the client's own time is named beside.

    With `promised` it must be one that can be promised: within the hours of the client's calendar.
    """
    eyes = reader(request)
    client = clients.for_staff(request.staff).filter(pk=_number(request.GET.get("client"))).first()
    zone = zone_of(client.time_zone) if client else eyes.zone
    try:
        at = moments.read(request.GET.get("text", ""), now=eyes.now, zone=eyes.zone)
        if at <= eyes.now:
            raise moments.NotATime(_("%(time)s has passed. Choose a later time.") % {"time": full(at, eyes)})
        if request.GET.get("promised") and promises.is_closed(client, at):
            closed = _("The office is closed at %(time)s. Choose a time within its hours.")
            raise moments.NotATime(closed % {"time": full(at, eyes)})
    except Refusal as refusal:
        return JsonResponse({"said": str(refusal)}, status=422)
    return JsonResponse(
        {"said": _echo(at, eyes, zone), "at": at.isoformat(), "day": short_day(at.astimezone(zone).date(), eyes)}
    )


def _echo(at: datetime, eyes: Any, zone: ZoneInfo) -> str:
    """The full date; another zone is named."""
    said = full(at, eyes)
    if at.astimezone(zone).utcoffset() == at.astimezone(eyes.zone).utcoffset():
        return said
    city = zone.key.rsplit("/", 1)[-1].replace("_", " ")
    there = at.astimezone(zone)
    return _("%(here)s · %(city)s %(day)s %(there)s") % {
        "here": said,
        "city": city,
        "day": short_day(there.date(), eyes),
        "there": clock(at, type(eyes)(eyes.language, zone, eyes.now)),
    }


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 18 else 0


urlpatterns = [
    path("me/preferences", preferences, name="preferences"),
    path("me/preferences/<slug:name>", preference, name="preference"),
    path("when", when, name="when"),
]
