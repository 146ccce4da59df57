"""One conversation: what is owed, what was said, who is here, and the client beside it."""

from __future__ import annotations

from typing import Any
from urllib.parse import urlencode

from django.http import Http404, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import path, reverse
from django.views.decorators.http import require_GET, require_POST

from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation
from wellkept.core.clock import now
from wellkept.people import queries as people
from wellkept.web.desk import head, sides, thread
from wellkept.web.desk.answering import answering
from wellkept.web.desk.lists import kept_query
from wellkept.web.shell.answers import answer, wants_fragment
from wellkept.web.shell.reading import StaffRequest, reader

SHOWN = 30


def load(request: StaffRequest, id: int) -> Conversation:
    """The conversation, if this person may see it; 404 otherwise."""
    try:
        return queries.one(request.staff, id)
    except Conversation.DoesNotExist as gone:
        raise Http404 from gone


@require_GET
def conversation(request: StaffRequest, id: int) -> HttpResponse:
    """The page, or its two panes when the list is on the screen already."""
    found = load(request, id)
    if found.merged_into_id is not None:
        return redirect("conversation", id=found.merged_into_id)
    context = {**opened(request, found), **thread_of(request, found)}
    if wants_fragment(request):
        return render(request, "pages/inbox/conversation.html", context)
    return render(request, "pages/inbox.html", {**context})


@require_GET
def part(request: StaffRequest, id: int, name: str) -> HttpResponse:
    """One live fragment of the page."""
    found = load(request, id)
    make = PARTS[name]
    return render(request, f"pages/inbox/{name}.html", make(request, found))


def owing_of(request: StaffRequest, found: Conversation) -> head.Owed:
    """What is open here, once for the whole request."""
    known: head.Owed | None = getattr(request, "owing", None)
    if known is None:
        known = head.owing(found, by=request.staff, reader=reader(request))
        request.owing = known  # type: ignore[attr-defined]
    return known


def opened(request: StaffRequest, found: Conversation) -> dict[str, Any]:
    """Everything beside the thread."""
    return {
        **head_of(request, found),
        **owed_of(request, found),
        **side_of(request, found),
        **answer_of(request, found),
    }


def head_of(request: StaffRequest, found: Conversation) -> dict[str, Any]:
    return {
        "conversation": found,
        "head": head.head(found, by=request.staff, reader=reader(request)),
        "query": kept_query(request),
    }


def owed_of(request: StaffRequest, found: Conversation) -> dict[str, Any]:
    return {
        "conversation": found,
        **head.owed(found, owing_of(request, found), by=request.staff, reader=reader(request)),
    }


def side_of(request: StaffRequest, found: Conversation) -> dict[str, Any]:
    return {
        "conversation": found,
        "side": sides.side(found, owing_of(request, found), by=request.staff, reader=reader(request)),
    }


def answer_of(request: StaffRequest, found: Conversation) -> dict[str, Any]:
    return {
        "conversation": found,
        **answering(found, owing_of(request, found), by=request.staff, reader=reader(request)),
    }


def lookers_of(request: StaffRequest, found: Conversation) -> dict[str, Any]:
    others = queries.lookers(found, reader(request).now)
    return {"conversation": found, "lookers": head.lookers(others, by=request.staff, reader=reader(request))}


def thread_of(request: StaffRequest, found: Conversation) -> dict[str, Any]:
    """The newest messages, or the page of older ones that ends before `before`."""
    asked = request.GET.get("before", "")
    before = int(asked) if asked.isdecimal() else None
    spoken = thread.messages(found, before=before, limit=SHOWN)
    more = len(spoken) == SHOWN
    address = reverse("conversation", args=[found.pk])
    return {
        "conversation": found,
        "entries": thread.entries(spoken, by=request.staff, reader=reader(request)),
        "newest": max((each.message.pk for each in spoken), default=0) if before is None else 0,
        "earlier": f"{address}?{urlencode({'before': spoken[0].message.pk})}" if more else "",
        "may_read_raw": may_read_raw(request.staff, found),
    }


def may_read_raw(by: Any, found: Conversation) -> bool:
    """Raw mail holds more than the screen shows: whoever answers for the client, and those who look after the machinery."""
    answers = found.client is not None and found.client.bookkeeper_id == by.pk
    return answers or found.owner_id == by.pk or people.may_see_health(by) or people.may_see_everything(by)


@require_POST
def look(request: StaffRequest, id: int) -> HttpResponse:
    """The browser says that this person has it open, and whether they type; it hears who else does."""
    found = load(request, id)
    if request.POST.get("gone"):
        actions.leave(conversation=found, by=request.staff)
        return HttpResponse(status=204)
    actions.look(conversation=found, typing=bool(request.POST.get("typing")), by=request.staff, at=now())
    return render(request, "pages/inbox/lookers.html", lookers_of(request, found))


@require_POST
def take(request: StaffRequest, id: int) -> HttpResponse:
    return answer(
        request, actions.take, conversation=load(request, id), by=request.staff, at=now(), refresh=everything(id)
    )


def everything(id: int) -> list[str]:
    """The fragments of a conversation's page and its place in the list."""
    return ["conv-head", "owed", "thread", "side", f"conversation-{id}", "inbox", "inbox-top"]


@require_GET
def colleagues(request: StaffRequest) -> HttpResponse:
    """Names for @: everybody who works here."""
    return JsonResponse([{"name": person.name} for person in people.active().order_by("name")[:500]], safe=False)


PARTS = {
    "head": head_of,
    "owed": owed_of,
    "thread": thread_of,
    "side": side_of,
    "lookers": lookers_of,
    "answer": answer_of,
}

urlpatterns = [
    path("conversations/<int:id>", conversation, name="conversation"),
    *(path(f"conversations/<int:id>/{name}", part, {"name": name}, name=f"conversation_{name}") for name in PARTS),
    path("conversations/<int:id>/look", look, name="conversation_look"),
    path("conversations/<int:id>/take", take, name="conversation_take"),
    path("colleagues", colleagues, name="colleagues"),
]
