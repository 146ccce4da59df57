"""Mail that could not be read: each with its reason, its bytes, and what a person can do about it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import get_object_or_404, render
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_POST

from wellkept.connectors.email import explain, queries
from wellkept.connectors.email.actions import quarantine as actions
from wellkept.connectors.email.models import RawMail
from wellkept.core import files
from wellkept.core.clock import now
from wellkept.web.desk.asks import Ask, Field, asked
from wellkept.web.desk.thread import size
from wellkept.web.pages.conversation_acts import both
from wellkept.web.pages.health import only_those_who_may
from wellkept.web.pages.messages import download
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import Reader, full, when

PAGE = 50
SHOWN_BYTES = 100_000


@dataclass(frozen=True)
class Held:
    """One mail that waits for a person."""

    id: int
    sender: str
    subject: str
    to: str
    time: str
    exact: str
    size: str
    reason: str
    detail: str
    via: str
    tries: int


@require_GET
def quarantine(request: StaffRequest) -> HttpResponse:
    only_those_who_may(request)
    after = request.GET.get("after", "")
    rows = queries.quarantine(request.staff)
    start = min(int(after), 10_000) if after.isdecimal() and len(after) < 6 else 0
    found = list(rows[start : start + PAGE + 1])
    context = {
        "held": [_held(row, reader(request)) for row in found[:PAGE]],
        "said": _said(len(found)),
        "next": start + PAGE if len(found) > PAGE else None,
        "before": start,
    }
    return render(request, "pages/quarantine.html", context)


@require_GET
def raw_mail(request: StaffRequest, id: int) -> HttpResponse:
    """One mail with the beginning of its bytes, as text that can do nothing."""
    only_those_who_may(request)
    row = load(request, id)
    try:
        text = files.read(row.file)[:SHOWN_BYTES].decode("utf-8", "replace")
    except FileNotFoundError:
        text = ""
    context = {"mail": _held(row, reader(request)), "text": text, "cut": row.file.size > SHOWN_BYTES}
    return render(request, "pages/quarantine_one.html", context)


@require_GET
def raw_bytes(request: StaffRequest, id: int) -> HttpResponseBase:
    only_those_who_may(request)
    return download(load(request, id).file, f"quarantine-{id}.eml", "message/rfc822")


@require_POST
def retry(request: StaffRequest, id: int) -> HttpResponse:
    return _act(request, id, None, actions.retry, said=_outcome)


@both
def take_in(request: StaffRequest, id: int) -> HttpResponse:
    """A person has found out who wrote it."""
    only_those_who_may(request)
    ask = Ask(
        _("Who wrote this?"),
        _("Take it in"),
        _(
            "Check with the client first: the mail itself does not prove it. It is taken in as if this address had sent it."
        ),
        [Field("email", "sender", _("The sender’s address"), most=254)],
        back=reverse("quarantine"),
    )
    if request.method == "GET":
        load(request, id)
        return asked(request, ask)
    return _act(request, id, ask, actions.take_in_as, said=_outcome, sender=request.POST.get("sender", ""))


@both
def discard(request: StaffRequest, id: int) -> HttpResponse:
    only_those_who_may(request)
    row = load(request, id)
    name = row.subject_shown or row.sender_shown or _("this mail")
    ask = Ask(
        _("Discard “%(name)s”?") % {"name": name[:80]},
        _("Discard"),
        _("It never becomes a conversation and nobody is told."),
        stop=True,
        back=reverse("quarantine"),
    )
    if request.method == "GET":
        return asked(request, ask)
    return _act(request, id, ask, actions.discard, said=_("Discarded."))


def load(request: StaffRequest, id: int) -> RawMail:
    return get_object_or_404(queries.quarantine(request.staff), pk=id)


def _act(request: StaffRequest, id: int, ask: Ask | None, action: Any, **named: Any) -> HttpResponse:
    only_those_who_may(request)
    return answer(
        request,
        action,
        raw=load(request, id),
        by=request.staff,
        at=now(),
        then=reverse("quarantine"),
        refused=(lambda refusal: asked(request, ask, refusal=refusal)) if ask is not None else None,
        **named,
    )


def _outcome(row: RawMail) -> str:
    """What reading it again came to."""
    if row.taken_in_at is not None:
        return _("Taken in: it is a conversation now.")
    if row.duplicate_at is not None:
        return _("This mail had been taken in before.")
    return _("It still cannot be read: %(why)s") % {"why": explain.quarantine(row.reason)}


def _held(row: RawMail, at: Reader) -> Held:
    via = {"smtp": _("by SMTP"), "imap": _("from a mailbox"), "file": _("from a file")}.get(row.via, row.via)
    return Held(
        id=row.pk,
        sender=row.sender_shown or row.envelope_from or _("nobody named"),
        subject=row.subject_shown or _("No subject"),
        to=", ".join(map(str, row.envelope_to)),
        time=when(row.received_at, at),
        exact=full(row.received_at, at),
        size=size(row.file.size),
        reason=explain.quarantine(row.reason),
        detail=row.detail,
        via=f"{via} {row.mailbox.address}" if row.mailbox is not None else via,
        tries=row.attempts,
    )


def _said(count: int) -> str:
    if not count:
        return _("Every mail that came could be read.")
    many = f"{PAGE}+" if count > PAGE else str(count)
    return ngettext(
        "%(n)s mail could not be read. Nothing of it is lost.",
        "%(n)s mails could not be read. Nothing of them is lost.",
        count,
    ) % {"n": many}


urlpatterns = [
    path("quarantine", quarantine, name="quarantine"),
    path("quarantine/<int:id>", raw_mail, name="quarantine_mail"),
    path("quarantine/<int:id>/bytes", raw_bytes, name="quarantine_bytes"),
    path("quarantine/<int:id>/retry", retry, name="quarantine_retry"),
    path("quarantine/<int:id>/take-in", take_in, name="quarantine_take_in"),
    path("quarantine/<int:id>/discard", discard, name="quarantine_discard"),
]
