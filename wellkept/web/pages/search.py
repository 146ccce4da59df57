"""Search and the palette: one index, the reader's scope, and the commands the person may use."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from urllib.parse import urlencode

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import NoReverseMatch, path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from wellkept.clients import queries as clients
from wellkept.conversations import queries as conversations
from wellkept.core import search as index
from wellkept.web.desk.head import Act, acts_on
from wellkept.web.shell import commands
from wellkept.web.shell.reading import StaffRequest

IN_PALETTE = 8
ON_PAGE = 50
CONVERSATION = re.compile(r"/conversations/(\d{1,15})", re.ASCII)
KINDS = {
    "client": (gettext_lazy("Clients"), "clients", "client"),
    "conversation": (gettext_lazy("Conversations"), "mail", "conversation"),
}
Piece = tuple[str, bool]


@dataclass(frozen=True)
class Hit:
    """One match; pieces say which words of it were asked for."""

    name: str
    title: list[Piece]
    snippet: list[Piece]
    note: str
    icon: str
    address: str


@require_GET
def palette(request: StaffRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:100]
    do = commands.matching(commands.DO, request.staff, words)
    go = commands.matching(commands.GO, request.staff, words)
    hits = find(request, words, limit=IN_PALETTE)
    found = {"here": here(request, words), "do": do, "go": go, "hits": hits, "words": words}
    return render(request, "parts/palette_found.html", found)


def here(request: StaffRequest, words: str) -> list[Act]:
    """What can be done with the conversation that is open on the screen."""
    on_screen = CONVERSATION.fullmatch(request.GET.get("at", "")[:40])
    if on_screen is None:
        return []
    found = conversations.for_staff(request.staff).filter(pk=int(on_screen[1])).first()
    wanted = words.casefold().split()
    acts = acts_on(found, request.staff) if found is not None else []
    return [act for act in acts if all(word in act.label.casefold() for word in wanted)]


@require_GET
def search(request: StaffRequest) -> HttpResponse:
    words = request.GET.get("q", "")[:200]
    kind = request.GET.get("kind", "") if request.GET.get("kind", "") in KINDS else ""
    hits = find(request, words, kind=kind, limit=ON_PAGE)
    tabs = [{"label": _("Everything"), "address": _tab(words, ""), "current": not kind}]
    tabs += [
        {"label": str(label), "address": _tab(words, name), "current": kind == name}
        for name, (label, _icon, _url) in KINDS.items()
    ]
    return render(
        request,
        "pages/search.html",
        {"words": words, "hits": hits, "tabs": tabs, "full": len(hits) == ON_PAGE, "most": ON_PAGE},
    )


def find(request: StaffRequest, words: str, *, kind: str = "", limit: int) -> list[Hit]:
    """What the person may see and the words name."""
    if len(words.strip()) < 2:
        return []
    scope = clients.scope(request.staff)
    found = index.find(
        words,
        clients=None if scope.everything else scope.ids,
        without_client=scope.without_client,
        kinds=[kind] if kind else [],
        limit=limit,
    )
    names = dict(
        clients.for_staff(request.staff)
        .filter(pk__in={row.client for row in found if row.client})
        .values_list("pk", "name")
    )
    return [hit for row in found if (hit := _hit(row, names)) is not None]


def _hit(found: index.Found, names: dict[int, str]) -> Hit | None:
    label, icon, url_name = KINDS.get(found.kind, (found.kind, "doc", found.kind))
    try:
        address = reverse(url_name, args=[found.object_id])
    except NoReverseMatch:
        return None
    client = names.get(found.client or 0, "")
    return Hit(
        name=f"{found.kind}-{found.object_id}",
        title=pieces(found.title, found.title_marks),
        snippet=pieces(found.snippet, found.snippet_marks),
        note=client if client and client != found.title else str(label),
        icon=icon,
        address=address,
    )


def pieces(text: str, marks: Iterable[tuple[int, int]]) -> list[Piece]:
    """`text` cut at its marks; a template escapes each piece."""
    cut: list[Piece] = []
    at = 0
    for start, end in marks:
        if start > at:
            cut.append((text[at:start], False))
        cut.append((text[start:end], True))
        at = end
    return [*cut, (text[at:], False)] if at < len(text) else cut


def _tab(words: str, kind: str) -> str:
    return f"{reverse('search')}?{urlencode({'q': words, **({'kind': kind} if kind else {})})}"


urlpatterns = [
    path("search", search, name="search"),
    path("palette", palette, name="palette"),
]
