"""The person's own account: password, second step, passkeys, sessions, tokens."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from allauth.mfa.models import Authenticator
from allauth.usersessions.models import UserSession
from django.contrib.auth import update_session_auth_hash
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import actions as people
from wellkept.people import queries
from wellkept.people.models import Staff
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest
from wellkept.web.signin import devices

MOST_SESSIONS = 50


@dataclass(frozen=True)
class SessionLine:
    """One place where the person is signed in."""

    pk: int
    device: str
    ip: str
    started_at: datetime
    seen_at: datetime
    here: bool


@dataclass(frozen=True)
class PasskeyLine:
    pk: int
    name: str
    alone: bool
    added_at: datetime
    used_at: datetime | None


@require_GET
def account(request: StaffRequest) -> HttpResponse:
    return _page(request)


@require_POST
def change_name(request: StaffRequest) -> HttpResponse:
    return answer(
        request,
        people.rename,
        staff=request.staff,
        name=request.POST.get("name", ""),
        by=request.staff,
        at=now(),
        said=_("Your name is changed."),
        then=reverse("account"),
        refused=lambda refusal: _page(request, refusal=refusal, about="name"),
    )


@require_POST
def end_session(request: StaffRequest, id: int) -> HttpResponse:
    return answer(
        request,
        people.end_session,
        staff=request.staff,
        session=id,
        by=request.staff,
        at=now(),
        said=_("That session has ended."),
        then=reverse("account"),
    )


@require_POST
def end_other_sessions(request: StaffRequest) -> HttpResponse:
    """Everything ends; then this browser, which asked, is let in again."""
    response = answer(
        request,
        people.sign_out_everywhere,
        staff=request.staff,
        by=request.staff,
        at=now(),
        said=_("You are signed out everywhere else."),
        then=reverse("account"),
    )
    update_session_auth_hash(request, request.staff)
    return response


@require_POST
def new_token(request: StaffRequest) -> HttpResponse:
    """The clear text is shown on this answer and never again."""
    try:
        token, clear = people.new_api_token(
            staff=request.staff, name=request.POST.get("name", ""), by=request.staff, at=now()
        )
    except Refusal as refusal:
        return _page(request, refusal=refusal, about="token")
    return _page(request, made=(token.name, clear))


@require_POST
def revoke_token(request: StaffRequest, id: int) -> HttpResponse:
    return answer(
        request,
        people.revoke_api_token,
        token=get_object_or_404(queries.tokens_of(request.staff), pk=id),
        by=request.staff,
        at=now(),
        said=_("The token no longer works."),
        then=reverse("account"),
    )


def _page(request: StaffRequest, **also: Any) -> HttpResponse:
    staff: Staff = request.staff
    shown = {
        "sessions": _sessions(request),
        "tokens": list(queries.tokens_of(staff)),
        "has_password": staff.has_usable_password(),
        **_second_step(staff),
        **also,
    }
    return render(request, "pages/account.html", shown, status=422 if also.get("refusal") else 200)


def _sessions(request: StaffRequest) -> list[SessionLine]:
    listed = UserSession.objects.purge_and_list(request.user)[:MOST_SESSIONS]
    lines = [
        SessionLine(row.pk, devices.words(row.user_agent), row.ip, row.created_at, row.last_seen_at, row.is_current())
        for row in listed
    ]
    return sorted(lines, key=lambda line: (not line.here, line.seen_at), reverse=False)


def _second_step(staff: Staff) -> dict[str, Any]:
    kept = list(Authenticator.objects.filter(user=staff).order_by("pk"))
    codes = next((a for a in kept if a.type == Authenticator.Type.RECOVERY_CODES), None)
    keys = [a for a in kept if a.type == Authenticator.Type.WEBAUTHN]
    return {
        "app": next((a for a in kept if a.type == Authenticator.Type.TOTP), None),
        "codes": len(codes.wrap().get_unused_codes()) if codes else None,
        "passkeys": [
            PasskeyLine(a.pk, a.wrap().name, a.wrap().is_passwordless is True, a.created_at, a.last_used_at)
            for a in keys
        ],
    }


urlpatterns = [
    path("me/account", account, name="account"),
    path("me/account/name", change_name, name="account_name"),
    path("me/account/sessions/<int:id>/end", end_session, name="session_end"),
    path("me/account/sessions/end-others", end_other_sessions, name="sessions_end_others"),
    path("me/account/tokens", new_token, name="token_new"),
    path("me/account/tokens/<int:id>/revoke", revoke_token, name="token_revoke"),
]
