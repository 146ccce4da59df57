"""What can be done with a conversation besides answering it. Each asks first in the same form and calls one action."""

from __future__ import annotations

from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people
from wellkept.promises import queries as promises
from wellkept.web.desk.asks import Ask, Field, asked, people_options
from wellkept.web.desk.follow import choices, exact, moment
from wellkept.web.pages.conversation import everything, load
from wellkept.web.shell.answers import answer, refuse, wants_fragment
from wellkept.web.shell.reading import StaffRequest, reader

both = require_http_methods(["GET", "POST"])
ASKED = "words"


def act(request: StaffRequest, ask: Ask, action: Any, **named: Any) -> HttpResponse:
    """Run the action of a question; a refusal shows beside what was typed."""
    found: Conversation = named["conversation"]
    return answer(
        request,
        action,
        by=request.staff,
        at=now(),
        then=named.pop("then", reverse("conversation", args=[found.pk])),
        refresh=everything(found.pk),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
        **named,
    )


def not_yet(request: StaffRequest, ask: Ask, refusal: Refusal) -> HttpResponse:
    """The form could not be read."""
    if wants_fragment(request):
        return refuse(request, refusal)
    response = asked(request, ask, refusal=refusal)
    response.status_code = 422
    return response


def back(found: Conversation) -> str:
    return reverse("conversation", args=[found.pk])


@both
def resolve(request: StaffRequest, id: int) -> HttpResponse:
    """Done. Where somebody still waits for an answer, the reason why none is needed is asked first."""
    found = load(request, id)
    ask = Ask(
        _("Resolve without an answer"),
        _("Resolve"),
        _(
            "Somebody waits for an answer here. Reply instead, or say why none is needed: the clock ends, and is not counted as kept."
        ),
        [Field("text", "answer", _("Why no answer is needed"))],
        back=back(found),
    )
    if request.method == "GET":
        return asked(request, ask)
    return act(
        request,
        ask,
        actions.resolve,
        conversation=found,
        answer=request.POST.get("answer", ""),
        said=_("Resolved."),
        undo=reverse("conversation_reopen", args=[id]),
    )


@require_POST
def reopen(request: StaffRequest, id: int) -> HttpResponse:
    return simple(request, id, actions.reopen)


@require_POST
def wake(request: StaffRequest, id: int) -> HttpResponse:
    return simple(request, id, actions.wake_up)


@require_POST
def rhythm_end(request: StaffRequest, id: int) -> HttpResponse:
    return simple(request, id, actions.end_rhythm)


@require_POST
def stop_waiting(request: StaffRequest, id: int) -> HttpResponse:
    return simple(request, id, actions.stop_waiting)


@require_POST
def accept(request: StaffRequest, id: int) -> HttpResponse:
    return with_offer(request, id, actions.accept)


@require_POST
def decline(request: StaffRequest, id: int) -> HttpResponse:
    return with_offer(request, id, actions.decline)


@require_POST
def withdraw_offer(request: StaffRequest, id: int) -> HttpResponse:
    return with_offer(request, id, actions.withdraw_offer)


def with_offer(request: StaffRequest, id: int, action: Any) -> HttpResponse:
    """Answer or take back the offer that waits on this conversation."""
    found = load(request, id)
    handover = queries.open_handover(found)
    if handover is None:
        return refuse(request, OfferGone(_("This offer was answered or taken back before.")))
    return answer(
        request, action, handover=handover, by=request.staff, at=now(), then=back(found), refresh=everything(id)
    )


class OfferGone(Refusal):
    """Somebody answered first."""


def simple(request: StaffRequest, id: int, action: Any) -> HttpResponse:
    """An action that needs nothing but the conversation."""
    found = load(request, id)
    return answer(
        request, action, conversation=found, by=request.staff, at=now(), then=back(found), refresh=everything(id)
    )


@both
def snooze(request: StaffRequest, id: int) -> HttpResponse:
    """Put aside until a time; its promises keep counting."""
    found = load(request, id)
    times = promises.suggest_times(found.client, at=reader(request).now, zone=reader(request).zone)
    quick = [(chip.value, chip.label) for chip in choices(times, reader=reader(request))]
    fields = (
        Field("chips", "until", _("Until when"), options=[*quick, (ASKED, _("Another time"))]),
        Field("when", "until_words", _("Another time"), optional=True, client=found.client_id),
    )
    ask = Ask(
        _("Put this aside"),
        _("Snooze"),
        _("It comes back by itself. What is promised keeps counting."),
        fields,
        back=back(found),
    )
    if request.method == "GET":
        return asked(request, ask)
    try:
        until = chosen_time(request, "until")
    except Refusal as refusal:
        return not_yet(request, ask, refusal)
    return act(
        request,
        ask,
        actions.snooze,
        conversation=found,
        until=until,
        said=_("Put aside."),
        undo=reverse("conversation_wake", args=[id]),
    )


def chosen_time(request: StaffRequest, name: str) -> Any:
    """A chip, or the words when they were typed."""
    chosen, typed = request.POST.get(name, ""), request.POST.get(f"{name}_words", "").strip()
    if typed or not chosen.startswith("at:"):
        return moment(typed, reader=reader(request), field=f"{name}_words")
    return exact(chosen[3:], field=name)


@both
def wait(request: StaffRequest, id: int) -> HttpResponse:
    found = load(request, id)
    text = _(
        "Clocks that the agreement lets wait stand still until they answer. A commitment never does."
        " Without an answer you are reminded after three business days."
    )
    ask = Ask(
        _("Wait for the client"), _("Wait"), text, [Field("text", "what", _("What you wait for"))], back=back(found)
    )
    if request.method == "GET":
        return asked(request, ask)
    return act(request, ask, actions.wait_on_client, conversation=found, what=request.POST.get("what", ""))


@both
def offer(request: StaffRequest, id: int) -> HttpResponse:
    """Hand over: the giver owns it until the other accepts."""
    found = load(request, id)
    fields = (
        Field("select", "taker", _("To whom"), options=people_options(others(request))),
        Field("area", "note", _("What they must know"), optional=True, most=2000),
    )
    ask = Ask(
        _("Hand this over"),
        _("Offer it"),
        _("You own it until they accept, so nobody falls between two chairs."),
        fields,
        back=back(found),
    )
    if request.method == "GET":
        return asked(request, ask)
    taker = colleague(request, "taker")
    if taker is None:
        return not_yet(request, ask, nobody_chosen("taker"))
    return act(
        request,
        ask,
        actions.offer,
        conversation=found,
        taker=taker,
        note=request.POST.get("note", ""),
        said=_("Offered to %(name)s.") % {"name": taker.name},
        undo=reverse("conversation_withdraw_offer", args=[id]),
    )


@both
def ask_colleague(request: StaffRequest, id: int) -> HttpResponse:
    """Work goes to a colleague, the conversation stays: they owe it to you by a time."""
    found = load(request, id)
    fields = (
        Field("select", "colleague", _("Whom"), options=people_options(others(request))),
        Field("area", "text", _("What you need"), most=2000),
        Field(
            "when",
            "due",
            _("By when"),
            optional=True,
            client=found.client_id,
            hint=_("fri 15:00, tomorrow 9:00, +3h. Left empty: what the firm promises colleagues."),
        ),
    )
    ask = Ask(
        _("Ask a colleague"),
        _("Ask"),
        _("They owe it to you by a time; you stay the one the client hears from."),
        fields,
        back=back(found),
    )
    if request.method == "GET":
        return asked(request, ask)
    asked_of, words = colleague(request, "colleague"), request.POST.get("due", "").strip()
    if asked_of is None:
        return not_yet(request, ask, nobody_chosen("colleague"))
    try:
        due = moment(words, reader=reader(request), field="due") if words else None
    except Refusal as refusal:
        return not_yet(request, ask, refusal)
    return act(
        request,
        ask,
        actions.ask_colleague,
        conversation=found,
        colleague=asked_of,
        text=request.POST.get("text", ""),
        due_at=due,
    )


@both
def give(request: StaffRequest, id: int) -> HttpResponse:
    """Give the colleague what they asked for: a note that keeps the promise."""
    found = load(request, id)
    chosen = request.POST.get("promise") or request.GET.get("promise", "")
    mine = [
        owed for owed in queries.open_promises(found) if str(owed.pk) == chosen and owed.owner_id == request.staff.pk
    ]
    if not mine:
        raise Http404
    ask = Ask(
        _("Give what was asked"),
        _("Give it"),
        _("%(name)s asked: %(title)s") % {"name": mine[0].to_staff, "title": mine[0].title},
        [
            Field(
                "area",
                "text",
                _("Your answer"),
                hint=_("A note that colleagues see. It keeps the promise."),
                most=20_000,
            )
        ],
        back=back(found),
    )
    if request.method == "GET":
        return asked(request, ask)
    return act(
        request, ask, actions.answer_colleague, conversation=found, promise=mine[0], text=request.POST.get("text", "")
    )


@both
def rhythm(request: StaffRequest, id: int) -> HttpResponse:
    """A long request: the client hears from us at a promised rhythm."""
    found = load(request, id)
    every = [
        (1, _("Every business day")),
        (2, _("Every 2 business days")),
        (3, _("Every 3 business days")),
        (5, _("Every week")),
        (10, _("Every 2 weeks")),
    ]
    ask = Ask(
        _("Promise regular updates"),
        _("Promise it"),
        _(
            "While this runs they hear how it goes, counted in business days of their calendar. Each reply starts the next one."
        ),
        [Field("chips", "every_days", _("How often"), options=every, value="2")],
        back=back(found),
    )
    if request.method == "GET":
        return asked(request, ask)
    days = request.POST.get("every_days", "")
    return act(request, ask, actions.set_rhythm, conversation=found, every_days=int(days) if days.isdecimal() else 0)


def others(request: StaffRequest) -> Any:
    return people.active().exclude(pk=request.staff.pk).order_by("name")[:500]


def colleague(request: StaffRequest, name: str) -> Any:
    """The colleague chosen in the form, or None."""
    chosen = request.POST.get(name, "")
    return people.active().filter(pk=int(chosen)).first() if chosen.isdecimal() and len(chosen) < 16 else None


class NobodyChosen(Refusal):
    """A form asks for a colleague and none is chosen."""


def nobody_chosen(name: str) -> NobodyChosen:
    return NobodyChosen(_("Choose a colleague."), field=name)


def other_conversation(request: StaffRequest, name: str) -> Conversation:
    """Another conversation this person may see, by its id; 404 otherwise."""
    chosen = request.POST.get(name, "")
    return get_object_or_404(
        queries.for_staff(request.staff), pk=int(chosen) if chosen.isdecimal() and len(chosen) < 16 else 0
    )


ACTS = {
    "resolve": resolve,
    "reopen": reopen,
    "wake": wake,
    "rhythm_end": rhythm_end,
    "accept": accept,
    "decline": decline,
    "withdraw_offer": withdraw_offer,
    "stop_waiting": stop_waiting,
    "give": give,
    "snooze": snooze,
    "wait": wait,
    "offer": offer,
    "ask": ask_colleague,
    "rhythm": rhythm,
}
urlpatterns = [
    path(f"conversations/<int:id>/{name.replace('_', '-')}", view, name=f"conversation_{name}")
    for name, view in ACTS.items()
]
