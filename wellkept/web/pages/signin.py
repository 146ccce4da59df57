"""The way in besides a password: an invitation's link."""

from __future__ import annotations

from allauth.account.adapter import get_adapter
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import path
from django.utils.translation import gettext as _
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import actions as people
from wellkept.people import queries
from wellkept.people.models import Invitation
from wellkept.web.shell.answers import go
from wellkept.web.shell.middleware import open_to_all


@open_to_all
@never_cache
@require_http_methods(["GET", "POST"])
def join(request: HttpRequest, token: str) -> HttpResponse:
    """Choose a password and be inside. The link works once."""
    invitation = queries.invitation_of(token, now())
    if invitation is None:
        return render(request, "pages/join_over.html", status=410)
    if request.method == "GET":
        return _page(request, invitation)
    password, again = request.POST.get("password1", ""), request.POST.get("password2", "")
    name = request.POST.get("name", "")
    try:
        if password != again:
            raise people.WeakPassword(_("The two passwords differ. Enter the same one twice."), field="password2")
        staff = people.accept_invitation(token=token, password=password, name=name, at=now())
    except Refusal as refusal:
        return _page(request, invitation, refusal=refusal, name=name)
    get_adapter(request).login(request, staff)
    return go(request, "/")


def _page(
    request: HttpRequest, invitation: Invitation, refusal: Refusal | None = None, name: str | None = None
) -> HttpResponse:
    shown = {
        "invitation": invitation,
        "firm": queries.firm(),
        "name": invitation.name if name is None else name,
        "refusal": refusal,
    }
    return render(request, "pages/join.html", shown, status=422 if refusal else 200)


urlpatterns = [path("join/<str:token>", join, name="join")]
