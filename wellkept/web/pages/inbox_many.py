"""What can be done to the selected conversations of the inbox. Each verb asks once and calls one action."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from django.http import HttpResponse
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_POST

from wellkept.clients import queries as clients
from wellkept.conversations import actions, queries
from wellkept.conversations.actions import Done
from wellkept.conversations.models import Conversation
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.promises import queries as promises
from wellkept.web.desk.asks import Ask, Field, asked, people_options
from wellkept.web.desk.follow import choices
from wellkept.web.pages.conversation_acts import (
    ASKED,
    both,
    chosen_time,
    colleague,
    nobody_chosen,
    not_yet,
    others,
)
from wellkept.web.pages.conversation_places import MOST_CLIENTS, NothingChosen
from wellkept.web.shell.answers import answer, with_events
from wellkept.web.shell.reading import StaffRequest, reader

MOST = 100
Words = Callable[[int], str]


@dataclass(frozen=True)
class Verb:
    """What is said when it is done, and the name of the address that takes it back."""

    said: Words
    undo: str = ""


@both
def resolve(request: StaffRequest) -> HttpResponse:
    """Those that wait for an answer are resolved only with a reason why they need none."""
    found = selected(request)
    reason = Field("text", "answer", _("Why no answer is needed"), optional=True)
    ask = Ask(
        _title(_("Resolve %(n)s conversations"), found),
        _("Resolve"),
        _("Where somebody waits for an answer, it stays open unless you say why none is needed."),
        [reason],
        back=reverse("inbox"),
    )
    if request.method == "GET":
        return asked(request, ask)
    verb = Verb(lambda n: ngettext("%(n)s resolved.", "%(n)s resolved.", n), "reopen")
    return act(request, verb, actions.resolve_many, found, ask, answer=request.POST.get("answer", ""))


@both
def snooze(request: StaffRequest) -> HttpResponse:
    found = selected(request)
    times = promises.suggest_times(None, at=reader(request).now, zone=reader(request).zone)
    quick = [(chip.value, chip.label) for chip in choices(times, reader=reader(request))]
    ask = Ask(
        _title(_("Put %(n)s conversations aside"), found),
        _("Snooze"),
        _("They come back by themselves. What is promised keeps counting."),
        (
            Field("chips", "until", _("Until when"), options=[*quick, (ASKED, _("Another time"))]),
            Field("when", "until_words", _("Another time"), optional=True),
        ),
        back=reverse("inbox"),
    )
    if request.method == "GET":
        return asked(request, ask)
    try:
        until = chosen_time(request, "until")
    except Refusal as refusal:
        return not_yet(request, ask, refusal)
    verb = Verb(lambda n: ngettext("%(n)s put aside.", "%(n)s put aside.", n), "wake")
    return act(request, verb, actions.snooze_many, found, ask, until=until)


@both
def offer(request: StaffRequest) -> HttpResponse:
    found = selected(request)
    ask = Ask(
        _title(_("Hand %(n)s conversations over"), found),
        _("Offer them"),
        _("You own each until they accept it, so nobody falls between two chairs."),
        (
            Field("select", "taker", _("To whom"), options=people_options(others(request))),
            Field("area", "note", _("What they must know"), optional=True, most=2000),
        ),
        back=reverse("inbox"),
    )
    if request.method == "GET":
        return asked(request, ask)
    taker = colleague(request, "taker")
    if taker is None:
        return not_yet(request, ask, nobody_chosen("taker"))
    verb = Verb(lambda n: ngettext("%(n)s offered.", "%(n)s offered.", n), "keep")
    return act(request, verb, actions.offer_many, found, ask, taker=taker, note=request.POST.get("note", ""))


@both
def assign(request: StaffRequest) -> HttpResponse:
    """Letters of several strangers who are one client's."""
    found = selected(request)
    known = clients.current(request.staff).order_by("name")[:MOST_CLIENTS]
    options = [("", _("Choose a client")), *((c.pk, c.name) for c in known)]
    ask = Ask(
        _title(_("Whose are these %(n)s conversations?"), found),
        _("Assign"),
        _("The clocks of their agreement run from the first unanswered message of each."),
        [Field("select", "client", _("Client"), options=options)],
        back=reverse("inbox"),
    )
    if request.method == "GET":
        return asked(request, ask)
    chosen = request.POST.get("client", "")
    client = clients.current(request.staff).filter(pk=int(chosen) if _is_id(chosen) else 0).first()
    if client is None:
        return not_yet(request, ask, NothingChosen(_("Choose the client."), field="client"))
    verb = Verb(lambda n: ngettext("%(n)s assigned.", "%(n)s assigned.", n))
    return act(request, verb, actions.set_client_of_many, found, ask, client=client)


@require_POST
def take(request: StaffRequest) -> HttpResponse:
    verb = Verb(lambda n: ngettext("%(n)s is yours now.", "%(n)s are yours now.", n))
    return act(request, verb, actions.take_many, selected(request))


@require_POST
def reopen(request: StaffRequest) -> HttpResponse:
    verb = Verb(lambda n: ngettext("%(n)s open again.", "%(n)s open again.", n))
    return act(request, verb, actions.reopen_many, selected(request))


@require_POST
def wake(request: StaffRequest) -> HttpResponse:
    verb = Verb(lambda n: ngettext("%(n)s back in the inbox.", "%(n)s back in the inbox.", n))
    return act(request, verb, actions.wake_many, selected(request))


@require_POST
def keep(request: StaffRequest) -> HttpResponse:
    """The offers are taken back."""
    verb = Verb(lambda n: ngettext("%(n)s offer taken back.", "%(n)s offers taken back.", n))
    return act(request, verb, actions.withdraw_offers, selected(request))


def selected(request: StaffRequest) -> list[Conversation]:
    """Those the address names and this person may see, as far as they are still conversations of their own."""
    ids = [int(text) for text in request.GET.getlist("c")[: MOST + 1] if _is_id(text)]
    return list(queries.for_staff(request.staff).filter(pk__in=ids, merged_into=None).order_by("pk"))


def act(
    request: StaffRequest, verb: Verb, action: Any, found: list[Conversation], ask: Ask | None = None, **named: Any
) -> HttpResponse:
    """Run the action; what it left stays selected and is told with its reason."""
    return answer(
        request,
        action,
        conversations=found,
        by=request.staff,
        at=now(),
        then=reverse("inbox"),
        said=lambda done: told(verb, done),
        undo=lambda done: _address(verb.undo, done) if verb.undo else "",
        fragment=_left_selected,
        refresh=["inbox", "inbox-top", *(f"conversation-{one.pk}" for one in found)],
        refused=(lambda refusal: asked(request, ask, refusal=refusal)) if ask is not None else None,
        **named,
    )


def told(verb: Verb, done: Done) -> str:
    """`3 resolved. 1 stays as it is: “Kiln lease”: Piet waits for an answer.`"""
    said = verb.said(len(done.done)) % {"n": len(done.done)}
    if not done.left:
        return said
    left = ngettext("%(n)s stays as it is:", "%(n)s stay as they are:", len(done.left)) % {"n": len(done.left)}
    return f"{said} {left} {done.why_left}"


def _left_selected(done: Done) -> HttpResponse:
    left = [each.conversation.pk for each in done.left]
    return with_events(HttpResponse(status=204), {"picks": {"target": "body", "ids": left}})


def _address(verb: str, done: Done) -> str:
    return f"{reverse(f'inbox_many_{verb}')}?{urlencode({'c': [one.pk for one in done.done]}, doseq=True)}"


def _title(words: str, found: list[Conversation]) -> str:
    return words % {"n": len(found)}


def _is_id(text: str) -> bool:
    return text.isascii() and text.isdigit() and len(text) < 16


VERBS = {
    "resolve": resolve,
    "snooze": snooze,
    "offer": offer,
    "assign": assign,
    "take": take,
    "reopen": reopen,
    "wake": wake,
    "keep": keep,
}
urlpatterns = [path(f"inbox/many/{name}", view, name=f"inbox_many_{name}") for name, view in VERBS.items()]
