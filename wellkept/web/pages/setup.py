"""The first run: the firm, its hours and its first administrator. Gone once a firm exists."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from allauth.account.adapter import get_adapter
from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import actions as people
from wellkept.people import queries
from wellkept.web.settings.hours import DayField, days_of, days_typed, read_hours
from wellkept.web.shell.answers import go
from wellkept.web.shell.middleware import open_to_all
from wellkept.web.signin import first_run

OFFICE_HOURS = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def setup(request: HttpRequest) -> HttpResponse:
    if queries.firm() is not None:
        raise Http404
    if request.method == "GET":
        return _page(
            request, {"language": get_language() or "en", "code": request.GET.get("code", "")}, days_of(OFFICE_HOURS)
        )
    posted = request.POST
    try:
        _check(request)
        people.set_up_firm(
            name=posted.get("name", ""),
            mail_address=posted.get("mail_address", ""),
            language=posted.get("language", ""),
            time_zone=posted.get("time_zone", ""),
            calendar_schedule={"weekly": read_hours(posted)},
            admin_name=posted.get("admin_name", ""),
            admin_email=posted.get("admin_email", ""),
            admin_password=posted.get("password1", ""),
            at=now(),
        )
    except Refusal as refusal:
        return _page(request, posted.dict(), days_typed(posted), refusal)
    administrator = queries.active().get()
    get_adapter(request).login(request, administrator)
    return go(request, "/settings/")


def _check(request: HttpRequest) -> None:
    posted = request.POST
    if not first_run.is_here(request) and not first_run.knows(posted.get("code", "")):
        raise Refusal(_("Enter the code that Wellkept printed when it was started on its machine."), field="code")
    if posted.get("password1", "") != posted.get("password2", ""):
        raise Refusal(_("The two passwords differ. Enter the same one twice."), field="password2")


def _page(
    request: HttpRequest, given: dict[str, Any], days: list[DayField], refusal: Refusal | None = None
) -> HttpResponse:
    shown = {
        "given": given,
        "days": days,
        "zones": sorted(available_timezones()),
        "languages": settings.LANGUAGES,
        "asks_code": not first_run.is_here(request),
        "refusal": refusal,
    }
    return render(request, "pages/setup.html", shown, status=422 if refusal else 200)


urlpatterns = [path("setup", setup, name="setup")]
