"""Today: what falls due, in a sentence, on a line and in a list; the page most people open on."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import F, Q
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from wellkept.people.models import Staff
from wellkept.promises import queries as promises
from wellkept.promises.models import OPEN, Promise
from wellkept.web.shell import commands, days
from wellkept.web.shell.promises import RELATED, Row, rows
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import Reader, long_day

SHOWN = 15
MOST = 200


@dataclass(frozen=True)
class Today:
    """Everything the page shows, read once: the sentence, the line and the list are about the same rows."""

    due: list[Row]
    kept: list[Row]
    owed: list[Row]
    open_count: int
    by: Staff
    reader: Reader

    @property
    def before(self) -> list[Row]:
        """Broken on an earlier day and still owed."""
        starts = days.bounds(self.reader.today, self.reader.zone)[0]
        return [row for row in self.due if row.state == "broken" and row.due_at < starts]

    @property
    def in_time(self) -> int:
        return _count(self.kept, "kept")

    @property
    def today(self) -> list[Row]:
        starts, ends = days.bounds(self.reader.today, self.reader.zone)
        return [row for row in (*self.kept, *self.due) if starts <= row.due_at < ends and row.state != "wait"]

    @property
    def sentence(self) -> str:
        return " ".join(part for part in (_of_today(self.today), _of_before(self.before), self._of_nothing()) if part)

    def _of_nothing(self) -> str:
        if self.today or self.before:
            return ""
        if not self.open_count:
            return _("Nothing is owed right now.")
        return ngettext(
            "Nothing falls due today; %(n)s promise is open.",
            "Nothing falls due today; %(n)s promises are open.",
            self.open_count,
        ) % {"n": words(self.open_count)}


def words(number: int) -> str:
    """Numbers up to twelve are written out in sentences."""
    names = [
        _("no"),
        _("one"),
        _("two"),
        _("three"),
        _("four"),
        _("five"),
        _("six"),
        _("seven"),
        _("eight"),
        _("nine"),
        _("ten"),
        _("eleven"),
        _("twelve"),
    ]
    return names[number] if number < len(names) else str(number)


def _of_today(found: list[Row]) -> str:
    if not found:
        return ""
    whole = ngettext("%(n)s promise falls due today", "%(n)s promises fall due today", len(found)) % {
        "n": words(len(found)).capitalize()
    }
    parts = [
        text % {"n": words(count)}
        for count, text in (
            (_count(found, "kept"), ngettext("%(n)s is kept", "%(n)s are kept", _count(found, "kept"))),
            (_count(found, "risk"), ngettext("%(n)s is at risk", "%(n)s are at risk", _count(found, "risk"))),
            (_broken(found), ngettext("%(n)s is broken", "%(n)s are broken", _broken(found))),
            (_late(found), ngettext("%(n)s was kept late", "%(n)s were kept late", _late(found))),
        )
        if count
    ]
    return _("%(whole)s: %(parts)s.") % {"whole": whole, "parts": ", ".join(parts)} if parts else f"{whole}."


def _of_before(found: list[Row]) -> str:
    if not found:
        return ""
    if len(found) == 1:
        return _("From before, “%(title)s” still has to be put right.") % {"title": found[0].title}
    return _("%(n)s from before today still have to be put right.") % {"n": words(len(found)).capitalize()}


def _broken(found: list[Row]) -> int:
    return sum(row.state == "broken" and row.is_open for row in found)


def _late(found: list[Row]) -> int:
    return sum(row.state == "broken" and not row.is_open for row in found)


def _count(found: list[Row], state: str) -> int:
    return sum(row.state == state for row in found)


def read(request: StaffRequest, view: str) -> Today:
    """What is due by tonight in full, and of the rest only as much as the list shows."""
    by, eyes = request.staff, reader(request)
    starts, ends = days.bounds(eyes.today, eyes.zone)
    # A person's own promises need no look at their clients.
    seen = (promises.for_staff(by) if view == "clients" else Promise.objects).select_related(*RELATED)
    whose = Q(client__bookkeeper=by) if view == "clients" else Q(owner=by)
    still = seen.filter(OPEN, whose)
    due = list(still.filter(paused_at=None, due_at__lt=ends).order_by("due_at", "pk")[:MOST])
    later = still.exclude(paused_at=None, due_at__lt=ends).order_by(
        F("paused_at").asc(nulls_first=True), "due_at", "pk"
    )
    due += later[: max(0, SHOWN - len(due))]
    kept = seen.filter(whose, kept_at__gte=starts, kept_at__lt=ends).order_by("-kept_at", "-pk")[:MOST]
    owed = Promise.objects.filter(OPEN, to_staff=by).select_related(*RELATED).order_by("due_at", "pk")[:SHOWN]
    return Today(
        due=rows(due, by=by, reader=eyes),
        kept=rows(kept, by=by, reader=eyes),
        owed=rows(owed, by=by, reader=eyes),
        open_count=still.count(),
        by=by,
        reader=eyes,
    )


def shown(request: StaffRequest) -> dict[str, object]:
    view = "clients" if request.GET.get("view") == "clients" else "mine"
    found = read(request, view)
    return {
        "title": long_day(found.reader.today, found.reader),
        "today": found,
        "due": found.due[:SHOWN],
        "line": days.line(found.today, by=request.staff, reader=found.reader),
        "view": view,
        "views": [
            {"label": _("Mine"), "address": reverse("today"), "current": view == "mine"},
            {"label": _("My clients"), "address": f"{reverse('today')}?view=clients", "current": view == "clients"},
        ],
    }


@require_GET
def today(request: StaffRequest) -> HttpResponse:
    home = commands.home(request.staff)
    if home.name != "today" and "HTTP_REFERER" not in request.META:
        return HttpResponseRedirect(home.address)
    return render(request, "pages/today.html", shown(request))


@require_GET
def parts(request: StaffRequest) -> HttpResponse:
    """The parts that change, for the live stream."""
    return render(request, "pages/today_parts.html", shown(request))


urlpatterns = [
    path("", today, name="today"),
    path("today/parts", parts, name="today_parts"),
]
