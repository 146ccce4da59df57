"""Settings: a mailbox connected by its owner's consent at Google, Microsoft or another provider."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_POST

from wellkept.clients.fields import a_date
from wellkept.connectors.email import actions, consent, queries
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people
from wellkept.web.settings.frame import chosen, only
from wellkept.web.shell.answers import answer, go, refuse
from wellkept.web.shell.reading import StaffRequest

KEPT = "mailbox_question"
may = only(people.may_manage_firm)


@require_POST
@may
def ask(request: StaffRequest) -> HttpResponse:
    """Send the person to the provider, and remember in their session what was asked."""
    posted = request.POST
    again = chosen(queries.mailboxes(request.staff), posted.get("mailbox"))
    team = chosen(people.teams(), posted.get("team"))
    try:
        asked = consent.question(
            provider_id=posted.get("provider", ""),
            address=again.address if again else posted.get("address", ""),
            mailbox=again.pk if again else None,
            team=team.pk if team else None,
            since_on="" if again else a_date(posted.get("since_on", ""), field="since_on").isoformat(),
            at=now(),
        )
        address = consent.asked_at_provider(asked, back=_back())
    except Refusal as refusal:
        return refuse(request, refusal)
    request.session[KEPT] = asked.kept()
    return go(request, address)


@require_GET
@may
def answered(request: StaffRequest) -> HttpResponse:
    """The provider sends the person back here. The question is used up, whatever the answer."""
    kept = request.session.pop(KEPT, None)
    if kept is None and not request.GET.get("state"):
        return redirect("settings_mailboxes")
    try:
        asked, token = consent.answered(kept, request.GET.dict(), back=_back(), at=now())
        known = consent.provider(asked.provider)
    except Refusal as refusal:
        return refuse(request, refusal)
    named = {"provider": known.id, "secret": token, "by": request.staff, "at": now()}
    if asked.mailbox is not None:
        again = get_object_or_404(queries.mailboxes(request.staff), pk=asked.mailbox)
        return _done(request, actions.connect_again, mailbox=again, **named)
    return _done(
        request,
        actions.add_mailbox,
        address=asked.address,
        host=known.host,
        port=known.port,
        security=known.security,
        username=asked.address,
        sign_in="oauth2",
        team=chosen(people.teams(), str(asked.team or "")),
        since_on=a_date(asked.since_on, field="since_on"),
        **named,
    )


def _done(request: StaffRequest, action: Any, **named: Any) -> HttpResponse:
    said = _("The mailbox is connected and read from now on.")
    return answer(request, action, said=said, then=reverse("settings_mailboxes"), **named)


def _back() -> str:
    """Where providers send people back to; the same address is entered at the provider."""
    return f"{settings.ENV.public_url}{reverse('mailbox_answered')}"


urlpatterns = [
    path("settings/mailboxes/connect", ask, name="mailbox_ask"),
    path("settings/mailboxes/connected", answered, name="mailbox_answered"),
]
