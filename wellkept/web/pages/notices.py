"""Notices: what a person must know, kept until read."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from wellkept.core.clock import now
from wellkept.people import actions as people
from wellkept.people.models import Notice
from wellkept.web.shell.answers import answer
from wellkept.web.shell.counts import of_rooms
from wellkept.web.shell.reading import StaffRequest, reader

PAGE = 50
ICONS = {"promise": "promise", "conversation": "mail"}


@require_GET
def notices(request: StaffRequest) -> HttpResponse:
    """Unread first, then the newest read ones."""
    mine = Notice.objects.filter(staff=request.staff)
    unread = list(mine.filter(read_at=None).order_by("-id")[:PAGE])
    read = list(mine.exclude(read_at=None).order_by("-id")[:PAGE])
    return render(request, "pages/notices.html", {"unread": unread, "read": read, "icons": ICONS})


@require_POST
def open_notice(request: StaffRequest, id: int) -> HttpResponse:
    """Reading a notice leads to what it is about."""
    notice = get_object_or_404(Notice, pk=id, staff=request.staff)
    return answer(request, people.read_notice, notice=notice, by=request.staff, at=now(), then=address_of(notice))


@require_POST
def read_all(request: StaffRequest) -> HttpResponse:
    return answer(request, people.read_all_notices, by=request.staff, at=now(), then=reverse("notices"))


def address_of(notice: Notice) -> str:
    """The page a notice is about."""
    return f"/{notice.subject_kind}s/{notice.subject_id}" if notice.subject_kind in ICONS else reverse("notices")


@require_GET
def bell(request: StaffRequest) -> HttpResponse:
    return render(request, "parts/bell.html")


@require_GET
def counts(request: StaffRequest) -> HttpResponse:
    """The numbers beside the rooms, for the live stream."""
    return render(request, "parts/counts.html", {"counts": of_rooms(request.staff, reader(request))})


urlpatterns = [
    path("counts", counts, name="counts"),
    path("notices", notices, name="notices"),
    path("notices/read", read_all, name="notices_read"),
    path("notices/<int:id>", open_notice, name="notice"),
    path("bell", bell, name="bell"),
]
