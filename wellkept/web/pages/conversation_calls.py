"""Calls: promised to somebody at the client, and how they went."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.urls import path
from django.utils.translation import gettext as _

from wellkept.clients import queries as clients
from wellkept.clients.models import Contact
from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation
from wellkept.core.refusals import Refusal
from wellkept.promises.models import Promise
from wellkept.web.desk.asks import Ask, Field, Option, asked
from wellkept.web.desk.follow import Choice, choices, exact, moment
from wellkept.web.pages.conversation import load
from wellkept.web.pages.conversation_acts import ASKED, act, back, both, not_yet
from wellkept.web.shell.once import once
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import full

SOON = "soon"
"""No time is named: what the agreement says, else the same day."""
REACHED, NOT_REACHED = "yes", "no"
MOST_CONTACTS = 100


@both
def call(request: StaffRequest, id: int) -> HttpResponse:
    """Promise to call somebody, the same day and within 24 hours at most."""
    found = load(request, id)
    ask = Ask(
        _("Promise a call"),
        _("Promise it"),
        _(
            "Calls are returned the same day, within 24 hours at most. It stands beside the conversation until it is made."
        ),
        _call_fields(request, found),
        back=back(found),
    )
    if request.method == "GET":
        return asked(request, ask)
    try:
        due_at = _chosen(request, "due_at")
    except Refusal as refusal:
        return not_yet(request, ask, refusal)
    return act(
        request,
        ask,
        once(request, actions.promise_call, again=lambda pk: Promise.objects.get(pk=pk)),
        conversation=found,
        contact=_contact(request, found),
        number=request.POST.get("number", ""),
        what=request.POST.get("what", ""),
        due_at=due_at,
        said=lambda promise: (
            _("Promised: %(title)s, by %(time)s.")
            % {"title": promise.title, "time": full(promise.due_at, reader(request))}
        ),
    )


@both
def called(request: StaffRequest, id: int) -> HttpResponse:
    """How a call went: reached, with what was said; or not, and by when they are called again."""
    found = load(request, id)
    owed = _owed(request, found)
    ask = Ask(
        _("Call made"),
        _("Write it down"),
        owed.title,
        _called_fields(request, found),
        back=back(found),
    )
    if request.method == "GET":
        return asked(request, ask)
    outcome = request.POST.get("outcome", "")
    if request.POST.get("reached") == REACHED:
        return act(request, ask, actions.call_made, conversation=found, promise=owed, outcome=outcome)
    try:
        again_at = _again(request)
    except Refusal as refusal:
        return not_yet(request, ask, refusal)
    return act(request, ask, actions.call_tried, conversation=found, promise=owed, outcome=outcome, again_at=again_at)


class HowItWent(Refusal):
    """The form asks whether they were reached, and if not, by when they are called again."""


def _call_fields(request: StaffRequest, found: Conversation) -> list[Field]:
    people = _contacts(found)
    numbers = [(number, person.name) for person in people for number in _numbers(person)]
    whom = next((person for person in people if person.pk == found.contact_id), None)
    mine = _numbers(whom) if whom is not None else []
    options: list[Option] = [(person.pk, person.name) for person in people]
    return [
        Field("select", "contact", _("To whom"), options=options, value=str(found.contact_id or "")),
        Field("pick", "number", _("Number"), options=numbers, value=mine[0] if mine else "", optional=True, most=40),
        Field("text", "what", _("What it is about"), optional=True, most=120),
        Field(
            "chips",
            "due_at",
            _("By when"),
            options=[*_soon(request, found), (ASKED, _("Another time"))],
            value=SOON,
        ),
        _typed(found, "due_at_words"),
    ]


def _called_fields(request: StaffRequest, found: Conversation) -> list[Field]:
    reached = [(REACHED, _("Reached")), (NOT_REACHED, _("Not reached"))]
    return [
        Field("chips", "reached", _("Was somebody reached?"), options=reached),
        Field("area", "outcome", _("What was said and agreed"), hint=_("A note that colleagues see."), most=20_000),
        Field(
            "chips",
            "again_at",
            _("Not reached: when it is tried again"),
            options=[*_times(request, found), (ASKED, _("Another time"))],
        ),
        _typed(found, "again_at_words"),
    ]


def _typed(found: Conversation, name: str) -> Field:
    return Field("when", name, _("Another time"), optional=True, client=found.client_id, promised=True)


def _soon(request: StaffRequest, found: Conversation) -> list[Option]:
    """`As agreed: today 17:30`, the time that counts when none is named, and the others one may choose."""
    eyes = reader(request)
    if found.client is None:
        return [(SOON, _("The same day"))]
    agreed = queries.call_agreed(found, eyes.now)
    [soon] = choices([(SOON, agreed or queries.call_back_today(found.client, eyes.now))], reader=eyes)
    said = (_("As agreed: %(time)s") if agreed else _("The same day: %(time)s")) % {"time": soon.label}
    return [(SOON, said), *(each for each in _times(request, found) if each[1] != soon.label)]


def _times(request: StaffRequest, found: Conversation) -> list[Option]:
    """Quick times a call may still be promised for."""
    return [(chip.value, chip.label) for chip in _quick(request, found)]


def _quick(request: StaffRequest, found: Conversation) -> list[Choice]:
    eyes = reader(request)
    return choices(queries.call_times(found.client, eyes.now, zone=eyes.zone) if found.client else [], reader=eyes)


def _chosen(request: StaffRequest, name: str) -> Any:
    """The time of a chip, or the words when they were typed; None for the agreed time."""
    chosen, typed = request.POST.get(name, ""), request.POST.get(f"{name}_words", "").strip()
    if typed or chosen == ASKED:
        return moment(typed, reader=reader(request), field=f"{name}_words")
    return exact(chosen[3:], field=name) if chosen.startswith("at:") else None


def _again(request: StaffRequest) -> Any:
    if request.POST.get("reached") != NOT_REACHED:
        raise HowItWent(_("Say whether somebody was reached."), field="reached")
    again_at = _chosen(request, "again_at")
    if again_at is None:
        raise HowItWent(_("Choose when it is tried again."), field="again_at")
    return again_at


def _owed(request: StaffRequest, found: Conversation) -> Promise:
    """The call of this conversation that is meant; 404 for any other promise."""
    chosen = request.POST.get("promise") or request.GET.get("promise", "")
    for promise in queries.open_calls(found):
        if str(promise.pk) == chosen:
            return promise
    raise Http404


def _contacts(found: Conversation) -> list[Contact]:
    return list(clients.contacts_of(found.client).order_by("name")[:MOST_CONTACTS]) if found.client is not None else []


def _contact(request: StaffRequest, found: Conversation) -> Contact | None:
    """Whom the form names, among the people of this very client."""
    chosen = request.POST.get("contact", "")
    if not chosen:
        return None
    for person in _contacts(found):
        if str(person.pk) == chosen:
            return person
    raise Http404


def _numbers(person: Contact) -> list[str]:
    return [address.value for address in person.addresses.all() if address.kind == "phone"]


urlpatterns = [
    path("conversations/<int:id>/call", call, name="conversation_call"),
    path("conversations/<int:id>/called", called, name="conversation_called"),
]
