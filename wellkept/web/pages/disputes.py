"""A line of the score card that somebody says is wrong: asked here, and decided here by another."""

from __future__ import annotations

from typing import Any

from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _

from wellkept.core.clock import now
from wellkept.insight import queries as insight
from wellkept.promises import actions
from wellkept.promises import queries as promises
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.pages.conversation_acts import both
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest

LONGEST = 2000


@both
def dispute(request: StaffRequest, id: int) -> HttpResponse:
    """Say why a counted promise is counted wrongly."""
    promise = get_object_or_404(insight.line(request.staff, id)).promise
    ask = Ask(
        _("Dispute this line"),
        _("Dispute it"),
        _("“%(title)s” stays as it was counted. Your supervisor decides, and the figure then shows both.")
        % {"title": promise.title},
        [Field("area", "reason", _("Why it is counted wrongly"), most=LONGEST)],
        back=reverse("promise", args=[id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    reason = request.POST.get("reason", "")
    said = _("Disputed. You hear what is decided.")
    return act(request, ask, actions.dispute, promise.pk, said, promise=promise, reason=reason)


@both
def uphold(request: StaffRequest, id: int) -> HttpResponse:
    found = get_object_or_404(promises.disputes_for(request.staff), pk=id)
    ask = Ask(
        _("Uphold this dispute"),
        _("Uphold"),
        _("%(name)s says: “%(reason)s” Figures tell from now on what they are without this line.")
        % {"name": found.asked_by, "reason": found.reason},
        [Field("area", "answer", _("What you found"), optional=True, most=LONGEST)],
        back=reverse("promise", args=[found.promise_id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    words = request.POST.get("answer", "")
    return act(request, ask, actions.uphold, found.promise_id, _("Upheld."), dispute=found, answer=words)


@both
def turn_down(request: StaffRequest, id: int) -> HttpResponse:
    found = get_object_or_404(promises.disputes_for(request.staff), pk=id)
    ask = Ask(
        _("Leave the line as it is"),
        _("Leave it"),
        _("%(name)s says: “%(reason)s”") % {"name": found.asked_by, "reason": found.reason},
        [Field("area", "answer", _("Why it stays as it is"), most=LONGEST)],
        back=reverse("promise", args=[found.promise_id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    words = request.POST.get("answer", "")
    said = _("The line stays as it is.")
    return act(request, ask, actions.turn_down, found.promise_id, said, dispute=found, answer=words)


def act(request: StaffRequest, ask: Ask, action: Any, about: int, said: str, **named: Any) -> HttpResponse:
    return answer(
        request,
        action,
        by=request.staff,
        at=now(),
        said=said,
        then=reverse("promise", args=[about]),
        refresh=[f"line-{about}", "disputes"],
        refused=lambda refusal: asked(request, ask, refusal=refusal),
        **named,
    )


urlpatterns = [
    path("score/lines/<int:id>/dispute", dispute, name="score_dispute"),
    path("disputes/<int:id>/uphold", uphold, name="dispute_uphold"),
    path("disputes/<int:id>/turn-down", turn_down, name="dispute_turn_down"),
]
