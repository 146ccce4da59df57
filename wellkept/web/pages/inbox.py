"""The inbox: every conversation a person answers for, what breaks next on top."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import path
from django.views.decorators.http import require_GET

from wellkept.conversations import queries
from wellkept.web.desk import lists
from wellkept.web.desk.items import Desk
from wellkept.web.desk.rows import drawn
from wellkept.web.pages.conversation import load
from wellkept.web.shell.promises import rows
from wellkept.web.shell.reading import StaffRequest, reader


@require_GET
def inbox(request: StaffRequest) -> HttpResponse:
    return render(request, "pages/inbox.html", lists.listed(request))


@require_GET
def inbox_rows(request: StaffRequest) -> HttpResponse:
    """The list alone, for the live page."""
    return render(request, "pages/inbox/rows.html", lists.listed(request))


@require_GET
def inbox_list(request: StaffRequest) -> HttpResponse:
    """The list pane, for a conversation that was opened by its own address."""
    opened = request.GET.get("open", "")
    return render(
        request,
        "pages/inbox/list.html",
        lists.listed(request, open_id=int(opened) if opened.isdecimal() and len(opened) < 16 else None),
    )


@require_GET
def inbox_top(request: StaffRequest) -> HttpResponse:
    """Title, views and their counts."""
    return render(request, "pages/inbox/top.html", lists.top(request, queries.counts(request.staff)))


@require_GET
def inbox_row(request: StaffRequest, id: int) -> HttpResponse:
    """One row as it is now."""
    found = load(request, id)
    owed = rows(queries.open_promises(found)[:1], by=request.staff, reader=reader(request))
    query = f"?{request.GET.urlencode()}" if request.GET else ""
    item = Desk(request.staff, reader(request)).item(found, owed[0] if owed else None, query)
    return HttpResponse(drawn([item], root=lists.row_root(), query=query))


urlpatterns = [
    path("inbox", inbox, name="inbox"),
    path("inbox/rows", inbox_rows, name="inbox_rows"),
    path("inbox/list", inbox_list, name="inbox_list"),
    path("inbox/top", inbox_top, name="inbox_top"),
    path("inbox/row/<int:id>", inbox_row, name="inbox_row"),
]
