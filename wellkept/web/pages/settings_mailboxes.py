"""Settings: the mailboxes that are read, and how each is doing."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from wellkept.clients.fields import a_date
from wellkept.connectors.email import actions, consent, queries
from wellkept.connectors.email.models import Mailbox
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people
from wellkept.web.desk.asks import Ask, asked
from wellkept.web.settings.frame import chosen, only, page
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest, reader

SECTION = "settings_mailboxes"
FIRST = {"port": "993", "security": "tls", "sign_in": "password", "folder": "INBOX"}
may = only(people.may_manage_firm)
both = require_http_methods(["GET", "POST"])


@require_GET
@may
def listed(request: StaffRequest) -> HttpResponse:
    letterhead = queries.letterhead()
    form = "plain" if letterhead and letterhead.plain_since else "html"
    return _list(request, {"form": form, "signature": letterhead.signature if letterhead else ""})


@require_POST
@may
def letters(request: StaffRequest) -> HttpResponse:
    return answer(
        request,
        actions.change_letterhead,
        form=request.POST.get("form", ""),
        signature=request.POST.get("signature", ""),
        by=request.staff,
        at=now(),
        said=_("Letters leave like this from now on."),
        then=reverse(SECTION),
        refused=lambda refusal: _list(request, request.POST.dict(), refusal),
    )


def _list(request: StaffRequest, letterhead: dict[str, Any], refusal: Refusal | None = None) -> HttpResponse:
    env = settings.ENV
    shown = {
        "letterhead": letterhead,
        "refusal": refusal,
        "mailboxes": queries.mailboxes(request.staff)[:200],
        "intake": f"{env.mail_in_host}:{env.mail_in_port}" if env.mail_in_port else "",
        "sends": bool(env.smtp_url),
    }
    return page(request, SECTION, "mailboxes", shown, 422 if refusal else 200)


@both
@may
def new(request: StaffRequest) -> HttpResponse:
    if request.method == "GET":
        return _form(request, None, {**FIRST, "since_on": reader(request).today.isoformat()})
    posted = request.POST
    try:
        named = {**_read(request), "since_on": a_date(posted.get("since_on", ""), field="since_on")}
    except Refusal as refusal:
        return _form(request, None, posted.dict(), refusal)
    return answer(
        request,
        actions.add_mailbox,
        address=posted.get("address", ""),
        sign_in=posted.get("sign_in", ""),
        oauth_token_url=posted.get("oauth_token_url", ""),
        oauth_client_id=posted.get("oauth_client_id", ""),
        client_secret=posted.get("client_secret", ""),
        **named,
        by=request.staff,
        at=now(),
        said=_("The mailbox is read from now on."),
        then=reverse(SECTION),
        refused=lambda refusal: _form(request, None, posted.dict(), refusal),
    )


@both
@may
def change(request: StaffRequest, id: int) -> HttpResponse:
    mailbox = _load(request, id)
    if request.method == "GET":
        given = {
            "address": mailbox.address,
            "host": mailbox.host,
            "port": str(mailbox.port),
            "security": mailbox.security,
            "username": mailbox.username,
            "sign_in": mailbox.sign_in,
            "folder": mailbox.folder,
            "trusted_server": mailbox.trusted_server,
            "team": str(mailbox.team_id or ""),
        }
        return _form(request, mailbox, given)
    return answer(
        request,
        actions.change_mailbox,
        mailbox=mailbox,
        **_read(request),
        by=request.staff,
        at=now(),
        said=_("The mailbox is changed and read again."),
        then=reverse(SECTION),
        refused=lambda refusal: _form(request, mailbox, {**request.POST.dict(), "sign_in": mailbox.sign_in}, refusal),
    )


@require_POST
@may
def pause(request: StaffRequest, id: int) -> HttpResponse:
    return _act(request, id, actions.pause_mailbox, _("It is left alone until you resume it."))


@require_POST
@may
def resume(request: StaffRequest, id: int) -> HttpResponse:
    return _act(request, id, actions.resume_mailbox, _("It is read again from where it was left."))


@both
@may
def remove(request: StaffRequest, id: int) -> HttpResponse:
    mailbox = _load(request, id)
    ask = Ask(
        _("Stop reading %(address)s?") % {"address": mailbox.address},
        _("Remove"),
        _("Its password is forgotten. What was read stays here, and every mail stays on the server."),
        stop=True,
        back=reverse(SECTION),
    )
    if request.method == "GET":
        return asked(request, ask)
    return _act(request, id, actions.remove_mailbox, _("The mailbox is removed."))


def _act(request: StaffRequest, id: int, action: Any, said: str) -> HttpResponse:
    mailbox = _load(request, id)
    return answer(request, action, mailbox=mailbox, by=request.staff, at=now(), said=said, then=reverse(SECTION))


def _load(request: StaffRequest, id: int) -> Mailbox:
    return get_object_or_404(queries.mailboxes(request.staff), pk=id)


def _read(request: StaffRequest) -> dict[str, Any]:
    posted = request.POST
    port = posted.get("port", "").strip()
    return {
        "host": posted.get("host", ""),
        "port": int(port) if port.isascii() and port.isdigit() and len(port) < 6 else 0,
        "security": posted.get("security", ""),
        "username": posted.get("username", ""),
        "secret": posted.get("secret", ""),
        "folder": posted.get("folder", ""),
        "trusted_server": posted.get("trusted_server", ""),
        "team": chosen(people.teams(), posted.get("team")),
    }


def _form(
    request: StaffRequest, mailbox: Mailbox | None, given: dict[str, Any], refusal: Refusal | None = None
) -> HttpResponse:
    shown = {
        "mailbox": mailbox,
        "given": given,
        "teams": people.teams(),
        "providers": consent.providers(),
        "refusal": refusal,
    }
    return page(request, SECTION, "mailbox", shown, 422 if refusal else 200)


urlpatterns = [
    path("settings/mailboxes", listed, name=SECTION),
    path("settings/mailboxes/letters", letters, name="settings_letters"),
    path("settings/mailboxes/new", new, name="mailbox_new"),
    path("settings/mailboxes/<int:id>", change, name="mailbox"),
    path("settings/mailboxes/<int:id>/pause", pause, name="mailbox_pause"),
    path("settings/mailboxes/<int:id>/resume", resume, name="mailbox_resume"),
    path("settings/mailboxes/<int:id>/remove", remove, name="mailbox_remove"),
]
