"""Settings: the calendars promises count on, with a month as a picture. Every edit is a new version."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.calendars import actions, queries
from wellkept.calendars.models import Calendar, CalendarVersion
from wellkept.clients.fields import a_date
from wellkept.clients.models import Client
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people
from wellkept.web.desk.asks import Ask, asked
from wellkept.web.settings import months, schedules
from wellkept.web.settings.frame import only, page
from wellkept.web.settings.hours import DayField, days_of, days_typed, read_hours
from wellkept.web.shell.answers import answer
from wellkept.web.shell.countries import countries, country_code, country_name
from wellkept.web.shell.reading import StaffRequest, reader

SECTION = "settings_calendars"
OFFICE_HOURS = {day: [["09:00", "17:00"]] for day in ("mon", "tue", "wed", "thu", "fri")}
MOST_VERSIONS = 20
PARTS = ("holidays", "exceptions")
may = only(people.may_manage_firm)
both = require_http_methods(["GET", "POST"])


@require_GET
@may
def listed(request: StaffRequest) -> HttpResponse:
    calendars = list(queries.all_calendars())
    firm = people.firm()
    lines = []
    for calendar in calendars[:100]:
        version = queries.current(calendar)
        used = Client.objects.filter(calendar=calendar, archived_at=None).count()
        lines.append(
            {
                "calendar": calendar,
                "zone": version.schedule["tz"],
                "days": days_of(version.schedule["weekly"]),
                "used": used,
                "firms": firm is not None and firm.calendar_id == calendar.pk,
            }
        )
    return page(request, SECTION, "calendars", {"lines": lines})


@both
@may
def new(request: StaffRequest) -> HttpResponse:
    firm = people.firm()
    if request.method == "GET":
        return _new_page(request, {"time_zone": firm.time_zone if firm else "UTC"}, days_of(OFFICE_HOURS))
    posted = request.POST
    try:
        schedule = {"tz": posted.get("time_zone", ""), "weekly": read_hours(posted)}
    except Refusal as refusal:
        return _new_page(request, posted.dict(), days_typed(posted), refusal)
    return answer(
        request,
        actions.draw_up,
        name=posted.get("name", ""),
        schedule=schedule,
        by=request.staff,
        at=now(),
        said=_("The calendar is drawn up."),
        then=lambda calendar: reverse("calendar", args=[calendar.pk]),
        refused=lambda refusal: _new_page(request, posted.dict(), days_typed(posted), refusal),
    )


@require_GET
@may
def calendar(request: StaffRequest, id: int) -> HttpResponse:
    return _page(request, _load(id))


@require_POST
@may
def week(request: StaffRequest, id: int) -> HttpResponse:
    found = _load(id)
    posted = request.POST
    schedule = queries.current(found).schedule
    typed: dict[str, Any] = {"days": days_typed(posted), "zone": posted.get("time_zone", "")}
    return _change(
        request,
        found,
        lambda: schedules.with_week(schedule, read_hours(posted), posted.get("time_zone", "")),
        _("The week is changed. Open promises are recounted."),
        **typed,
    )


@require_POST
@may
def exception(request: StaffRequest, id: int) -> HttpResponse:
    found, posted = _load(id), request.POST
    schedule = queries.current(found).schedule
    return _change(
        request,
        found,
        lambda: schedules.with_exception(
            schedule, posted.get("on", ""), posted.get("hours", ""), posted.get("note", "")
        ),
        _("That date has hours of its own."),
        exception=posted.dict(),
    )


@require_POST
@may
def holiday(request: StaffRequest, id: int) -> HttpResponse:
    found, posted = _load(id), request.POST
    schedule = queries.current(found).schedule
    return _change(
        request,
        found,
        lambda: schedules.with_holiday(schedule, posted.get("on", ""), posted.get("name", "")),
        _("The holiday is added."),
        holiday=posted.dict(),
    )


@require_POST
@may
def remove(request: StaffRequest, id: int) -> HttpResponse:
    found = _load(id)
    part = request.POST.get("part", "")
    schedule = queries.current(found).schedule
    return _change(
        request,
        found,
        lambda: schedules.without(schedule, part if part in PARTS else "holidays", request.POST.get("on", "")),
        _("The date is like any other of its weekday again."),
    )


@require_GET
@may
def propose(request: StaffRequest, id: int) -> HttpResponse:
    """What a country's holidays are said to be. A person confirms each; nothing counts before."""
    found = _load(id)
    eyes = reader(request)
    region, year = request.GET.get("region", "")[:40], request.GET.get("year", "")
    try:
        country = country_code(request.GET.get("country", "")[:80], eyes.language)
        proposals = queries.proposed_holidays(
            country,
            region,
            int(year) if year.isdecimal() and len(year) == 4 else eyes.today.year,
            language=eyes.language,
        )
    except Refusal as refusal:
        return _page(request, found, refusal, about="propose")
    ahead = [each for each in proposals if each.on >= eyes.today]
    known = queries.regions(country)
    source = ", ".join(part for part in (country_name(country, eyes.language), known.get(region, "")) if part)
    asked_for = {"country": country, "year": year, "region": region, "regions": known}
    return _confirm_page(request, found, ahead, (), source, asked_for)


@require_POST
@may
def read_file(request: StaffRequest, id: int) -> HttpResponse:
    """An iCalendar file, read and shown; nothing counts before somebody confirms it."""
    found = _load(id)
    upload = request.FILES.get("file")
    try:
        if upload is None:
            raise Refusal(_("Choose an iCalendar file (.ics) first."), field="file")
        reading = queries.read_ical(upload.read(2_000_001))
    except Refusal as refusal:
        return _page(request, found, refusal, about="file")
    return _confirm_page(request, found, list(reading.proposals), reading.skipped, upload.name or "")


@require_POST
@may
def confirm(request: StaffRequest, id: int) -> HttpResponse:
    found, posted = _load(id), request.POST
    try:
        dates = {a_date(on): posted.get(f"name-{on}", "")[:200] for on in posted.getlist("dates")[:2000]}
    except Refusal as refusal:
        return _page(request, found, refusal, about="propose")
    return answer(
        request,
        actions.confirm_holidays,
        calendar=found,
        dates=dates,
        by=request.staff,
        at=now(),
        said=_("The holidays are added. Open promises are recounted."),
        then=reverse("calendar", args=[id]),
        refused=lambda refusal: _page(request, found, refusal, about="propose"),
    )


@both
@may
def retire(request: StaffRequest, id: int) -> HttpResponse:
    found = _load(id)
    ask = Ask(
        _("Take %(name)s out of use?") % {"name": found.name},
        _("Take out of use"),
        _("Nobody can choose it any more. What counts on it goes on counting on it."),
        stop=True,
        back=reverse("calendar", args=[id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request,
        actions.retire,
        calendar=found,
        by=request.staff,
        at=now(),
        said=_("%(name)s is out of use.") % {"name": found.name},
        then=reverse(SECTION),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


def _change(request: StaffRequest, found: Calendar, make: Any, said: str, **typed: Any) -> HttpResponse:
    try:
        schedule = make()
    except Refusal as refusal:
        return _page(request, found, refusal, **typed)
    return answer(
        request,
        actions.change,
        calendar=found,
        schedule=schedule,
        by=request.staff,
        at=now(),
        said=said,
        then=reverse("calendar", args=[found.pk]),
        refused=lambda refusal: _page(request, found, refusal, **typed),
    )


def _load(id: int) -> Calendar:
    """Calendars belong to the whole firm; the guard has asked who this is."""
    return get_object_or_404(queries.all_calendars(), pk=id)


def _page(request: StaffRequest, found: Calendar, refusal: Refusal | None = None, **typed: Any) -> HttpResponse:
    version = queries.current(found)
    eyes = reader(request)
    schedule = version.schedule
    versions = CalendarVersion.objects.filter(calendar=found).order_by("-number")[:MOST_VERSIONS]
    shown = {
        "calendar": found,
        "version": version,
        "versions": versions,
        "who": people.named(each.made_by for each in versions if each.made_by is not None),
        "month": months.picture(
            queries.compiled(version.pk), months.month_of(request.GET.get("month", ""), eyes.today), eyes
        ),
        "days": days_of(schedule["weekly"]),
        "zone": schedule["tz"],
        "zones": sorted(available_timezones()),
        "exceptions": schedules.exceptions(schedule, eyes.today)[:100],
        "holidays": schedules.holidays(schedule, eyes.today)[:100],
        "countries": [name for code, name in countries(eyes.language).items() if code in queries.countries()],
        "years": range(eyes.today.year, eyes.today.year + 3),
        "refusal": refusal,
        **typed,
    }
    return page(request, SECTION, "calendar", shown, 422 if refusal else 200)


def _confirm_page(
    request: StaffRequest,
    found: Calendar,
    proposals: Any,
    skipped: Any,
    source: str,
    asked_for: dict[str, Any] | None = None,
) -> HttpResponse:
    known = queries.current(found).schedule.get("holidays", {})
    lines = [(each.on, each.name, each.on.isoformat() in known) for each in proposals]
    shown = {"calendar": found, "lines": lines, "skipped": skipped, "source": source, **(asked_for or {})}
    return page(request, SECTION, "calendar_confirm", shown)


def _new_page(
    request: StaffRequest, given: dict[str, Any], days: list[DayField], refusal: Refusal | None = None
) -> HttpResponse:
    shown = {"given": given, "days": days, "zones": sorted(available_timezones()), "refusal": refusal}
    return page(request, SECTION, "calendar_new", shown, 422 if refusal else 200)


urlpatterns = [
    path("settings/calendars", listed, name=SECTION),
    path("settings/calendars/new", new, name="calendar_new"),
    path("settings/calendars/<int:id>", calendar, name="calendar"),
    path("settings/calendars/<int:id>/week", week, name="calendar_week"),
    path("settings/calendars/<int:id>/exceptions", exception, name="calendar_exception"),
    path("settings/calendars/<int:id>/holidays", holiday, name="calendar_holiday"),
    path("settings/calendars/<int:id>/remove", remove, name="calendar_remove"),
    path("settings/calendars/<int:id>/propose", propose, name="calendar_propose"),
    path("settings/calendars/<int:id>/file", read_file, name="calendar_file"),
    path("settings/calendars/<int:id>/confirm", confirm, name="calendar_confirm"),
    path("settings/calendars/<int:id>/retire", retire, name="calendar_retire"),
]
