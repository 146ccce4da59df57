"""The clients: a list of who stands how, and one page each with the same order for everybody."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET

from wellkept.clients import queries
from wellkept.clients.models import Client
from wellkept.conversations import queries as conversations
from wellkept.core.models import Fact
from wellkept.people import queries as people
from wellkept.promises import queries as promises
from wellkept.web.desk import clients as words
from wellkept.web.desk import history
from wellkept.web.desk.books import home
from wellkept.web.desk.items import Desk
from wellkept.web.shell.promises import row, rows
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import day

PAGE = 50
SHOWN = 15
VIEWS = ("mine", "all", "archived")


def load(request: StaffRequest, id: int) -> Client:
    """The client, if this person may see it; 404 otherwise."""
    found = queries.for_staff(request.staff).select_related("bookkeeper", "team", "calendar", "agreement")
    return get_object_or_404(found, pk=id)


@require_GET
def clients(request: StaffRequest) -> HttpResponse:
    keeps = queries.portfolio(request.staff).exists()
    view = request.GET.get("view", "mine" if keeps else "all")
    view = view if view in VIEWS else "all"
    said = request.GET.get("words", "").strip()[:100]
    found = queries.for_staff(request.staff).select_related("bookkeeper").order_by("name", "pk")
    found = found.filter(archived_at__isnull=view != "archived")
    if view == "mine":
        found = found.filter(bookkeeper=request.staff)
    if said:
        found = found.filter(name__icontains=said)
    if after := request.GET.get("after", ""):
        found = found.filter(name__gt=after[:160])
    page = list(found[: PAGE + 1])
    lines = words.client_lines(page[:PAGE], reader=reader(request))
    context = {
        "lines": lines,
        "view": view,
        "words": said,
        "tabs": _tabs(view, keeps),
        "sentence": _sentence(lines, len(page) > PAGE),
        "next": page[PAGE - 1].name if len(page) > PAGE else None,
        "before": after,
        "may_manage": people.may_manage_clients(request.staff),
    }
    return render(request, "pages/clients.html", context)


@require_GET
def client(request: StaffRequest, id: int) -> HttpResponse:
    """Know this first · Promises · Conversations · Books · People · Agreement · History."""
    found = load(request, id)
    context = {part: value for name in PARTS for part, value in PARTS[name](request, found).items()}
    return render(request, "pages/client.html", {**context, **_head(request, found)})


@require_GET
def client_part(request: StaffRequest, id: int, name: str) -> HttpResponse:
    found = load(request, id)
    return render(request, f"pages/client/{name}.html", PARTS[name](request, found))


def _head(request: StaffRequest, found: Client) -> dict[str, Any]:
    since = _("client since %(day)s") % {"day": day(found.since_on, reader(request))}
    keeper = _("%(name)s keeps the books") % {"name": found.bookkeeper}
    team = _("supported by %(team)s") % {"team": found.team} if found.team is not None else ""
    return {
        "line": " · ".join(part for part in (keeper, team, since) if part),
        "may_manage": people.may_manage_clients(request.staff),
    }


def know_of(request: StaffRequest, found: Client) -> dict[str, Any]:
    return {"client": found, "nuances": list(queries.nuances(found)[:50])}


def owed_of(request: StaffRequest, found: Client) -> dict[str, Any]:
    page = promises.board(request.staff, view="client", client=found, limit=SHOWN, at=reader(request).now)
    owed = [row(drawn, by=request.staff, reader=reader(request)) for drawn in page.rows]
    return {
        "client": found,
        "owed": owed,
        "more_owed": page.next is not None,
        "owed_said": _owed_said(owed, page.next is not None),
    }


def talk_of(request: StaffRequest, found: Client) -> dict[str, Any]:
    page = conversations.listing(request.staff, view="all", client=found, limit=SHOWN)
    owing = [listed.promise for listed in page.rows if listed.promise is not None]
    drawn = {
        promise.subject_id: line
        for promise, line in zip(owing, rows(owing, by=request.staff, reader=reader(request)), strict=True)
    }
    items = Desk(request.staff, reader(request)).items((listed.conversation for listed in page.rows), drawn)
    return {"client": found, "items": items, "more_talk": page.next is not None}


def books_of(request: StaffRequest, found: Client) -> dict[str, Any]:
    return {"client": found, "books": home.summary(found, request.staff, reader(request))}


def people_of(request: StaffRequest, found: Client) -> dict[str, Any]:
    contacts = list(queries.contacts_of(found).select_related("verified_by")[:100])
    return {"client": found, "people": words.people_lines(contacts, reader=reader(request))}


def agreed_of(request: StaffRequest, found: Client) -> dict[str, Any]:
    name, own, targets, version = words.agreement_of(found)
    return {
        "client": found,
        "agreement_name": name,
        "agreement_own": own,
        "agreement_version": version,
        "targets": words.target_lines(targets, reader=reader(request)),
    }


def past_of(request: StaffRequest, found: Client) -> dict[str, Any]:
    facts = Fact.objects.filter(client=found.pk).exclude(name__in=history.quiet()).order_by("-seq")
    before = request.GET.get("before", "")
    if before.isdecimal() and len(before) < 19:
        facts = facts.filter(seq__lt=int(before))
    page = list(facts[: SHOWN + 1])
    lines = history.lines(page[:SHOWN], reader=reader(request))
    return {"client": found, "history": lines, "older": lines[-1].seq if len(page) > SHOWN else None}


def _owed_said(owed: list[Any], more: bool) -> str:
    if not owed:
        return _("Nothing is owed to them right now.")
    broken = sum(line.state == "broken" for line in owed)
    many = f"{len(owed)}+" if more else str(len(owed))
    said = ngettext("%(n)s promise is open.", "%(n)s promises are open.", len(owed)) % {"n": many}
    return said + (" " + ngettext("%(n)s is broken.", "%(n)s are broken.", broken) % {"n": broken} if broken else "")


def _tabs(view: str, keeps: bool) -> list[dict[str, Any]]:
    names = {"mine": _("Mine"), "all": _("All I see"), "archived": _("Archived")}
    root = reverse("clients")
    return [
        {"label": label, "address": f"{root}?view={name}", "current": name == view, "count": ""}
        for name, label in names.items()
        if keeps or name != "mine"
    ]


def _sentence(lines: list[words.ClientLine], more: bool) -> str:
    if not lines:
        return _("No client stands here.")
    broken = sum(line.state == "broken" for line in lines)
    many = f"{len(lines)}+" if more else str(len(lines))
    said = ngettext("%(n)s client.", "%(n)s clients.", len(lines)) % {"n": many}
    if broken:
        return (
            said
            + " "
            + ngettext("For one of them a promise is broken.", "For %(n)s of them a promise is broken.", broken)
            % {"n": broken}
        )
    return said + " " + _("No promise to any of them is broken.")


PARTS = {
    "know": know_of,
    "owed": owed_of,
    "talk": talk_of,
    "books": books_of,
    "people": people_of,
    "agreed": agreed_of,
    "past": past_of,
}

urlpatterns = [
    path("clients", clients, name="clients"),
    path("clients/<int:id>", client, name="client"),
    *(path(f"clients/<int:id>/{name}", client_part, {"name": name}, name=f"client_{name}") for name in PARTS),
]
