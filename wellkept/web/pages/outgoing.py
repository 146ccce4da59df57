"""The outgoing box: what leaves the house, what waits and why, with the exact bytes of each letter."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.db.models import Q, QuerySet
from django.http import Http404, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from wellkept.clients import queries as clients
from wellkept.conversations.models import Message
from wellkept.core import actions, files
from wellkept.core import queries as core
from wellkept.core.clock import now
from wellkept.core.models import Outgoing
from wellkept.web.pages.messages import download
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import Reader, when

PAGE = 50
SHOWN_BYTES = 200_000
State = Outgoing.State
VIEWS: dict[str, tuple[str, ...]] = {
    "waiting": (State.PENDING, State.SENDING, State.HELD),
    "trouble": (State.DEAD, State.UNKNOWN),
    "sent": (State.SENT,),
    "taken": (State.WITHDRAWN,),
}


@dataclass(frozen=True)
class Line:
    """One thing on its way out."""

    id: int
    state: str
    word: str
    icon: str
    what: str
    to: str
    time: str
    reason: str
    conversation: str
    may_send: bool
    may_arrive: bool
    may_withdraw: bool
    has_bytes: bool


def seen(request: StaffRequest) -> QuerySet[Outgoing]:
    """What leaves for the clients this person may see; the firm's own only for those who see everything."""
    scope = clients.scope(request.staff)
    rows = core.outgoing()
    if scope.everything:
        return rows
    own = Q(client__in=scope.ids)
    return rows.filter(own | Q(client=None) if scope.without_client else own)


@require_GET
def outbox(request: StaffRequest) -> HttpResponse:
    view = request.GET.get("view", "waiting")
    view = view if view in VIEWS else "waiting"
    rows = seen(request).filter(state__in=VIEWS[view])
    after = request.GET.get("after", "")
    if after.isdecimal():
        rows = rows.filter(pk__lt=int(after))
    found = list(rows[: PAGE + 1])
    lines = _lines(found[:PAGE], reader(request))
    stuck = seen(request).filter(state__in=VIEWS["trouble"])[:100].count()
    context = {
        "lines": lines,
        "view": view,
        "tabs": _tabs(view, stuck),
        "said": _said(request, stuck),
        "next": str(found[PAGE - 1].pk) if len(found) > PAGE else None,
        "before": after,
    }
    return render(request, "pages/outgoing.html", context)


@require_GET
def letter(request: StaffRequest, id: int) -> HttpResponse:
    """One letter with its exact bytes."""
    row = get_object_or_404(seen(request), pk=id)
    text = ""
    if row.content is not None:
        try:
            text = files.read(row.content)[:SHOWN_BYTES].decode("utf-8", "replace")
        except FileNotFoundError:
            text = ""
    context = {
        "line": _lines([row], reader(request), alone=True)[0],
        "row": row,
        "text": text,
        "cut": row.content is not None and row.content.size > SHOWN_BYTES,
    }
    return render(request, "pages/outgoing_one.html", context)


@require_GET
def letter_bytes(request: StaffRequest, id: int) -> HttpResponseBase:
    row = get_object_or_404(seen(request), pk=id)
    if row.content is None:
        raise Http404
    return download(row.content, f"outgoing-{row.pk}.eml", "message/rfc822")


@require_POST
def send_again(request: StaffRequest, id: int) -> HttpResponse:
    return _act(request, id, actions.send_again, _("It is on its way again."))


@require_POST
def mark_arrived(request: StaffRequest, id: int) -> HttpResponse:
    return _act(request, id, actions.mark_arrived, _("Marked as arrived."))


@require_POST
def withdraw(request: StaffRequest, id: int) -> HttpResponse:
    return _act(request, id, actions.withdraw, _("Taken back."))


def _act(request: StaffRequest, id: int, action: Any, said: str) -> HttpResponse:
    row = get_object_or_404(seen(request), pk=id)
    return answer(request, action, outgoing=row, by=request.staff, at=now(), said=said, refresh=["outgoing", "thread"])


def _lines(rows: list[Outgoing], at: Reader, alone: bool = False) -> list[Line]:
    letters = Message.objects.filter(outgoing__in=[row.pk for row in rows]).select_related("conversation")
    by_row = {message.outgoing_id: message for message in letters}
    return [_line(row, by_row.get(row.pk), at, alone) for row in rows]


def _line(row: Outgoing, message: Message | None, at: Reader, alone: bool) -> Line:
    state, word, icon = _word(row)
    return Line(
        id=row.pk,
        state=state,
        word=word,
        icon=icon,
        what=(message.conversation.subject if message else str(row.payload.get("subject", ""))) or row.kind,
        to=", ".join(map(str, message.to)) if message else str(row.payload.get("to", "")),
        time=when(row.sent_at or row.created_at, at),
        reason="" if row.state == State.HELD and not alone else row.reason,
        conversation=f"{reverse('conversation', args=[message.conversation_id])}#message-{message.pk}"
        if message
        else "",
        may_send=row.state in {State.DEAD, State.HELD, State.UNKNOWN},
        may_arrive=row.state == State.UNKNOWN,
        may_withdraw=row.state in {State.PENDING, State.HELD} and row.claimed_until is None and message is None,
        has_bytes=row.content_id is not None,
    )


def _word(row: Outgoing) -> tuple[str, str, str]:
    return {
        State.PENDING: ("open", _("Tries again") if row.attempts else _("Leaves now"), "clock"),
        State.HELD: ("open", _("Waits here"), "box"),
        State.SENDING: ("open", _("On its way"), "send"),
        State.SENT: ("sent", _("Sent"), "check"),
        State.UNKNOWN: ("risk", _("No answer"), "risk"),
        State.DEAD: ("broken", _("Refused"), "broken"),
        State.WITHDRAWN: ("withdrawn", _("Taken back"), "cross"),
    }[State(row.state)]


def _tabs(view: str, stuck: int) -> list[dict[str, Any]]:
    names = {"waiting": _("Waiting"), "trouble": _("In trouble"), "sent": _("Sent"), "taken": _("Taken back")}
    counts = {"trouble": (f"{stuck}+" if stuck >= 100 else str(stuck)) if stuck else ""}
    return [
        {
            "label": label,
            "address": f"{reverse('outbox')}?view={name}",
            "current": name == view,
            "count": counts.get(name, ""),
        }
        for name, label in names.items()
    ]


def _said(request: StaffRequest, stuck: int) -> str:
    held = seen(request).filter(state=State.HELD)[:100].count()
    if stuck:
        return ngettext("One letter did not get through.", "%(n)s letters did not get through.", stuck) % {"n": stuck}
    if held:
        return ngettext(
            "No mail server is set up, so one letter waits here.",
            "No mail server is set up, so %(n)s letters wait here.",
            held,
        ) % {"n": held}
    return _("Everything that was to leave has left, or leaves now.")


urlpatterns = [
    path("outgoing", outbox, name="outbox"),
    path("outgoing/<int:id>", letter, name="outgoing"),
    path("outgoing/<int:id>/bytes", letter_bytes, name="outgoing_bytes"),
    path("outgoing/<int:id>/send-again", send_again, name="outgoing_retry"),
    path("outgoing/<int:id>/arrived", mark_arrived, name="outgoing_arrived"),
    path("outgoing/<int:id>/withdraw", withdraw, name="outgoing_withdraw"),
]
