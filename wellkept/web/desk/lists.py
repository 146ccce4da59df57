"""The inbox list: its views, its rows, and the sentence above them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.clients import queries as clients
from wellkept.conversations import queries
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.web.desk.items import Desk
from wellkept.web.desk.rows import drawn as drawn_rows
from wellkept.web.shell.promises import rows
from wellkept.web.shell.reading import StaffRequest, reader

VIEWS = ("mine", "clients", "waiting", "done", "triage", "team")
KEPT = ("view", "client", "words", "channel", "after")
MOST = 99


@dataclass(frozen=True)
class Empty:
    icon: str
    title: str
    text: str
    address: str = ""
    action: str = ""


@dataclass(frozen=True)
class Tab:
    label: str
    address: str
    current: bool
    count: str = ""


def view_of(request: StaffRequest) -> str:
    asked = request.GET.get("view", "mine")
    return asked if asked in VIEWS else "mine"


def listed(request: StaffRequest, *, open_id: int | None = None) -> dict[str, Any]:
    """The whole list pane. `open_id` is the conversation that stands beside it."""
    by, view = request.staff, view_of(request)
    asked = request.GET
    client = asked.get("client", "")
    words = asked.get("words", "").strip()[:200]
    page = queries.listing(
        by,
        view=view,
        client=int(client) if client.isdecimal() else None,
        channel=asked.get("channel") or None,
        words=words or None,
        after=asked.get("after") or None,
    )
    request.mine = page.counts["mine"]  # type: ignore[attr-defined]
    promises = [row.promise for row in page.rows if row.promise is not None]
    owed = rows(promises, by=by, reader=reader(request))
    by_conversation = {promise.subject_id: drawn for promise, drawn in zip(promises, owed, strict=True)}
    items = Desk(by, reader(request)).items(
        (row.conversation for row in page.rows), by_conversation, kept_query(request)
    )
    return {
        **top(request, page.counts),
        "rows": drawn_rows(items, root=row_root(), query=kept_query(request), open_id=open_id),
        "said_long": said_long(page.counts),
        "narrowed": _narrowed(by, client, words),
        "empty": empty(by, view, words),
        "next": _with(asked, after=page.next) if page.next else "",
        "first": _with(asked, after=None) if asked.get("after") else "",
    }


def row_root() -> str:
    """The address of one row without its number."""
    return reverse("inbox_row", args=[0]).removesuffix("0")


def top(request: StaffRequest, counts: dict[str, int]) -> dict[str, Any]:
    """What stands above the rows."""
    view = view_of(request)
    return {
        "view": view,
        "query": kept_query(request),
        "words": request.GET.get("words", "").strip()[:200],
        "tabs": tabs(request.staff, view, counts),
        "said": said(counts),
    }


def kept_query(request: StaffRequest) -> str:
    """The view of the list the person came from, as a query."""
    kept = {name: request.GET[name] for name in KEPT if request.GET.get(name)}
    return f"?{urlencode(kept)}" if kept else ""


def names() -> dict[str, str]:
    return {
        "mine": _("Mine"),
        "clients": _("My clients"),
        "waiting": _("Waiting"),
        "done": _("Done"),
        "triage": _("Unassigned"),
        "team": _("Team"),
    }


def tabs(by: Staff, view: str, counts: dict[str, int]) -> list[Tab]:
    """The views this person has; Unassigned for those who sort what nobody owns, Team for those who lead."""
    said = names()
    shown = [name for name in said if _has(by, name)]
    root = reverse("inbox")
    return [Tab(said[name], f"{root}?view={name}", name == view, count(counts.get(name, 0))) for name in shown]


def _has(by: Staff, view: str) -> bool:
    if view == "triage":
        return people.may_triage(by)
    if view == "clients":
        return by.has_role("bookkeeper")
    return view != "team" or by.has_role("leader", "administrator", "quality")


def count(number: int) -> str:
    if number <= 0:
        return ""
    return f"{MOST}+" if number > MOST else str(number)


def said(counts: dict[str, int]) -> str:
    mine = counts.get("mine", 0)
    if not mine:
        return _("nothing waits for you")
    return ngettext("%(number)s needs you", "%(number)s need you", mine) % {"number": count(mine)}


def said_long(counts: dict[str, int]) -> str:
    """What the page says when no conversation is open."""
    mine = counts.get("mine", 0)
    if not mine:
        return _("Nothing waits for you.")
    return ngettext("One conversation needs you.", "%(number)s conversations need you.", mine) % {"number": count(mine)}


def empty(by: Staff, view: str, words: str) -> Empty:
    root = reverse("inbox")
    if words:
        return Empty(
            "search",
            _("Nothing here says “%(words)s”") % {"words": words},
            _("Search looks in this view only. Try other words, or search everything."),
            f"{reverse('search')}?{urlencode({'q': words})}",
            _("Search everything"),
        )
    if view == "mine":
        following = next((name for name in ("clients", "triage", "team") if _has(by, name)), "waiting")
        text = _("New mail shows here by itself. Look what else there is to do.")
        return Empty("kept", _("Nothing waits for you"), text, f"{root}?view={following}", names()[following])
    return {
        "clients": Empty(
            "kept",
            _("Your clients have no open conversation"),
            _("What colleagues handle for your clients shows here too."),
        ),
        "waiting": Empty(
            "wait",
            _("Nothing waits"),
            _("Conversations where it is the client’s turn, and those you put aside, rest here."),
        ),
        "done": Empty(
            "task",
            _("Nothing is done yet"),
            _("What you resolve is kept here."),
        ),
        "triage": Empty(
            "kept", _("Everything has an owner"), _("Mail from people nobody here knows arrives in this view.")
        ),
        "team": Empty("kept", _("Your team has nothing open"), _("What your team owes its clients shows here.")),
    }[view]


def _narrowed(by: Staff, client: str, words: str) -> str:
    said = []
    if client.isdecimal():
        name = clients.for_staff(by).filter(pk=int(client)).values_list("name", flat=True).first()
        said.append(_("Only %(client)s") % {"client": name or "…"})
    if words:
        said.append(_("Only “%(words)s”") % {"words": words})
    return " · ".join(said)


def _with(asked: Mapping[str, str], *, after: str | None) -> str:
    kept = {name: asked[name] for name in KEPT if name != "after" and asked.get(name)} | (
        {"after": after} if after else {}
    )
    return f"{reverse('inbox')}?{urlencode(kept)}"
