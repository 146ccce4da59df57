"""Settings: the people of the firm, their place in it, and the teams."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from allauth.mfa.models import Authenticator
from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import actions as people
from wellkept.people import queries
from wellkept.people.models import Role, Staff
from wellkept.web.desk.asks import Ask, Field, asked, people_options
from wellkept.web.settings.frame import chosen, only, page
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest, reader

SECTION = "settings_people"
may = only(queries.may_manage_people)
both = require_http_methods(["GET", "POST"])


@require_GET
@may
def everybody(request: StaffRequest) -> HttpResponse:
    return _list(request)


@both
@may
def invite(request: StaffRequest) -> HttpResponse:
    if request.method == "GET":
        return _invite_page(request, {"roles": [Role.BOOKKEEPER.value]})
    posted = request.POST
    given = {**posted.dict(), "roles": posted.getlist("roles")}
    link = settings.ENV.public_url + reverse("join", args=["TOKEN"]).replace("TOKEN", "{token}")
    try:
        invitation, token = people.invite(
            email_address=posted.get("email", ""),
            name=posted.get("name", ""),
            roles=posted.getlist("roles"),
            team=chosen(queries.teams(), posted.get("team")),
            supervisor=chosen(queries.active(), posted.get("supervisor")),
            link=link,
            by=request.staff,
            at=now(),
        )
    except Refusal as refusal:
        return _invite_page(request, given, refusal)
    return _list(request, made=invitation, link=link.replace("{token}", token))


@require_POST
@may
def withdraw(request: StaffRequest, id: int) -> HttpResponse:
    return answer(
        request,
        people.withdraw_invitation,
        invitation=get_object_or_404(queries.invitations(now()), pk=id),
        by=request.staff,
        at=now(),
        said=_("The invitation no longer works."),
        then=reverse(SECTION),
    )


@require_GET
@may
def person(request: StaffRequest, id: int) -> HttpResponse:
    return _person(request, _load(request, id))


@require_POST
@may
def roles(request: StaffRequest, id: int) -> HttpResponse:
    return _change(request, id, people.grant_roles, _("The roles are changed."), roles=request.POST.getlist("roles"))


@require_POST
@may
def team_of(request: StaffRequest, id: int) -> HttpResponse:
    team = chosen(queries.teams(), request.POST.get("team"))
    return _change(request, id, people.join_team, _("The team is changed."), team=team)


@require_POST
@may
def supervisor(request: StaffRequest, id: int) -> HttpResponse:
    above = chosen(queries.active(), request.POST.get("supervisor"))
    return _change(request, id, people.change_supervisor, _("The supervisor is changed."), supervisor=above)


@require_POST
@may
def name(request: StaffRequest, id: int) -> HttpResponse:
    return _change(request, id, people.rename, _("The name is changed."), name=request.POST.get("name", ""))


@require_POST
@may
def sign_out(request: StaffRequest, id: int) -> HttpResponse:
    return _change(request, id, people.sign_out_everywhere, _("Every session of theirs has ended."))


@both
@may
def second_step(request: StaffRequest, id: int) -> HttpResponse:
    """Somebody lost phone and keys."""
    staff = _load(request, id)
    ask = Ask(
        _("Remove the second step of %(name)s?") % {"name": staff.name},
        _("Remove"),
        _(
            "Their app, passkeys and recovery codes stop working and every session of theirs ends. Be sure who asked you."
        ),
        stop=True,
        back=reverse("settings_person", args=[id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request,
        people.remove_second_step,
        staff=staff,
        by=request.staff,
        at=now(),
        said=_("Their password alone opens the account again."),
        then=reverse("settings_person", args=[id]),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


@both
@may
def deactivate(request: StaffRequest, id: int) -> HttpResponse:
    """Says what the person holds and asks who takes over, before anything is ended."""
    staff = _load(request, id)
    held = queries.held_by(staff)
    colleagues = queries.active().exclude(pk=staff.pk)
    holds = ", ".join(thing.words for thing in held)
    ask = Ask(
        _("Deactivate %(name)s?") % {"name": staff.name},
        _("Deactivate"),
        _("Every session and token of theirs ends at once. What they did stays on record."),
        [
            Field(
                "select",
                "taker",
                _("Who takes over"),
                options=people_options(colleagues, nobody="" if held else _("Nobody needs to")),
                hint=_("They hold %(things)s.") % {"things": holds} if held else _("They hold nothing open."),
            )
        ],
        stop=True,
        back=reverse("settings_person", args=[id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    return answer(
        request,
        people.deactivate,
        staff=staff,
        taker=chosen(colleagues, request.POST.get("taker")),
        by=request.staff,
        at=now(),
        said=_("%(name)s is deactivated.") % {"name": staff.name},
        then=reverse(SECTION),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
    )


@require_POST
@may
def welcome_back(request: StaffRequest, id: int) -> HttpResponse:
    return _change(request, id, people.welcome_back, _("They can sign in again."))


@both
@may
def team(request: StaffRequest, id: int = 0) -> HttpResponse:
    """A new team, or one that is changed."""
    known = get_object_or_404(queries.teams(), pk=id) if id else None
    lead = str(known.lead_id or "") if known else ""
    ask = Ask(
        known.name if known else _("A new team"),
        _("Save") if known else _("Make it"),
        "" if known else _("People who share their work see each other's clients."),
        [
            Field("text", "name", _("Name"), value=known.name if known else "", most=80),
            Field(
                "select",
                "lead",
                _("Lead"),
                value=lead,
                options=people_options(queries.active(), nobody=_("Nobody yet")),
            ),
        ],
        back=reverse(SECTION),
    )
    if request.method == "GET":
        return asked(request, ask)
    also: dict[str, Any] = {"team": known} if known else {}
    return answer(
        request,
        people.change_team if known else people.make_team,
        name=request.POST.get("name", ""),
        lead=chosen(queries.active(), request.POST.get("lead")),
        by=request.staff,
        at=now(),
        said=_("The team is kept."),
        then=reverse(SECTION),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
        **also,
    )


def _change(request: StaffRequest, id: int, action: Callable[..., Any], said: str, **named: Any) -> HttpResponse:
    staff = _load(request, id)
    return answer(
        request,
        action,
        staff=staff,
        by=request.staff,
        at=now(),
        said=said,
        then=reverse("settings_person", args=[id]),
        refused=lambda refusal: _person(request, _load(request, id), refusal),
        **named,
    )


def _load(request: StaffRequest, id: int) -> Staff:
    return get_object_or_404(queries.for_staff(request.staff).select_related("team", "supervisor"), pk=id)


def _list(request: StaffRequest, **also: Any) -> HttpResponse:
    everybody = list(queries.for_staff(request.staff).select_related("team", "supervisor"))
    here = [staff for staff in everybody if staff.is_active]
    shown = {
        "here": here,
        "gone": [staff for staff in everybody if not staff.is_active],
        "teams": queries.teams(),
        "invitations": queries.invitations(reader(request).now),
        **also,
    }
    return page(request, SECTION, "people", shown)


def _invite_page(request: StaffRequest, given: dict[str, Any], refusal: Refusal | None = None) -> HttpResponse:
    shown = {"given": given, "refusal": refusal, **_choices()}
    return page(request, SECTION, "invite", shown, 422 if refusal else 200)


def _person(request: StaffRequest, staff: Staff, refusal: Refusal | None = None) -> HttpResponse:
    above = queries.supervisor_of(staff)
    shown = {
        "second_step": Authenticator.objects.filter(user=staff).exists(),
        "person": staff,
        "told": above,
        "refusal": refusal,
        "tokens": queries.tokens_of(staff).count(),
        **_choices(),
    }
    return page(request, SECTION, "person", shown)


def _choices() -> dict[str, Any]:
    return {"roles": Role.choices, "teams": queries.teams(), "colleagues": queries.active()}


urlpatterns = [
    path("settings/people", everybody, name=SECTION),
    path("settings/people/invite", invite, name="settings_invite"),
    path("settings/people/invitations/<int:id>/withdraw", withdraw, name="invitation_withdraw"),
    path("settings/people/<int:id>", person, name="settings_person"),
    path("settings/people/<int:id>/roles", roles, name="person_roles"),
    path("settings/people/<int:id>/team", team_of, name="person_team"),
    path("settings/people/<int:id>/supervisor", supervisor, name="person_supervisor"),
    path("settings/people/<int:id>/name", name, name="person_name"),
    path("settings/people/<int:id>/sign-out", sign_out, name="person_sign_out"),
    path("settings/people/<int:id>/second-step", second_step, name="person_second_step"),
    path("settings/people/<int:id>/deactivate", deactivate, name="person_deactivate"),
    path("settings/people/<int:id>/welcome-back", welcome_back, name="person_welcome_back"),
    path("settings/teams/new", team, name="team_new"),
    path("settings/teams/<int:id>", team, name="team_change"),
]
