"""Whose letter this is: a stranger's conversation goes to a client, with the sender as a contact, known or new."""

from __future__ import annotations

from typing import Any
from zoneinfo import available_timezones

from django.http import HttpResponse
from django.urls import path
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.clients import queries as clients
from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation
from wellkept.core.clock import now
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people
from wellkept.web.desk.asks import Ask, Field, asked, people_options
from wellkept.web.pages.conversation import everything, load
from wellkept.web.pages.conversation_acts import act, back, both, not_yet
from wellkept.web.pages.conversation_places import MOST_CLIENTS, NothingChosen, chosen_contact, contact_options
from wellkept.web.settings.frame import chosen, only
from wellkept.web.shell.answers import answer
from wellkept.web.shell.countries import countries, country_code
from wellkept.web.shell.reading import StaffRequest, reader
from wellkept.web.shell.words import when

NEW = "new"
"""The sender is not among the contacts yet."""


@both
def assign(request: StaffRequest, id: int) -> HttpResponse:
    """Say whose this is. The client's agreement starts its clocks from the first message."""
    found = load(request, id)
    ask = Ask(
        _("Whose conversation is this?"),
        _("Assign"),
        _("The clocks of their agreement run from the first unanswered message."),
        [*_whose(request, found), *_newcomer(found), *_others(request, found)],
        back=back(found),
    )
    if request.method == "GET":
        return asked(request, ask)
    new = request.POST.get("contact") == NEW
    contact = None if new else chosen_contact(request)
    client_id = request.POST.get("client", "")
    given = clients.current(request.staff).filter(pk=int(client_id) if _is_id(client_id) else 0).first()
    client = contact.client if contact is not None and not client_id else given
    if client is None:
        return not_yet(request, ask, NothingChosen(_("Choose the client."), field="client"))
    if not new:
        return act(request, ask, actions.set_client, conversation=found, client=client, contact=contact)
    return _introduced(request, ask, actions.introduce, found, client=client)


@both
@only(people.may_manage_clients)
def new_client(request: StaffRequest, id: int) -> HttpResponse:
    """Take the sender's firm on from here."""
    found, firm = load(request, id), people.firm()
    fields = (
        Field("text", "name", _("The client’s name"), most=160),
        Field("select", "bookkeeper", _("Bookkeeper"), options=people_options(people.active())),
        Field(
            "pick",
            "time_zone",
            _("Time zone"),
            value=firm.time_zone if firm is not None else "",
            options=[(zone, "") for zone in sorted(available_timezones())],
        ),
        Field(
            "pick",
            "country",
            _("Country"),
            optional=True,
            options=[(name, "") for name in countries(reader(request).language).values()],
        ),
    )
    ask = Ask(
        _("Take the sender’s firm on"),
        _("Take on"),
        _("The sender becomes its first contact, and what is promised to it counts from the first unanswered message."),
        [*fields, *_newcomer(found, known=True), *_others(request, found)],
        back=back(found),
    )
    if request.method == "GET":
        return asked(request, ask)
    try:
        country = country_code(request.POST.get("country", ""), reader(request).language)
    except Refusal as refusal:
        return not_yet(request, ask, refusal)
    return _introduced(
        request,
        ask,
        actions.introduce_client,
        found,
        name=request.POST.get("name", ""),
        bookkeeper=chosen(people.active(), request.POST.get("bookkeeper")),
        time_zone=request.POST.get("time_zone", ""),
        country=country,
    )


def _whose(request: StaffRequest, found: Conversation) -> list[Field]:
    known = clients.current(request.staff).order_by("name")[:MOST_CLIENTS]
    address = queries.sender(found).address
    somebody = _("Somebody new: %(address)s") % {"address": address} if address else _("Somebody new")
    contacts = contact_options(request, found.client)[1:]
    return [
        Field(
            "select",
            "client",
            _("Client"),
            options=[("", _("Choose a client")), *((c.pk, c.name) for c in known)],
            value=str(found.client_id or ""),
        ),
        Field(
            "select",
            "contact",
            _("Who there"),
            options=[(NEW, somebody), ("", _("Nobody by name yet")), *contacts],
            value=NEW,
        ),
    ]


def _newcomer(found: Conversation, *, known: bool = False) -> list[Field]:
    """What is written down about somebody new."""
    hint = "" if known else _("These are for somebody new.")
    wrote = queries.sender(found)
    return [
        Field("text", "contact_name", _("Their name"), value=wrote.name, hint=hint, optional=not known, most=120),
        Field("text", "role", _("Their role"), optional=True, most=80),
        Field("tel", "phone", _("Their phone"), optional=True, most=40),
    ]


def _others(request: StaffRequest, found: Conversation) -> list[Field]:
    """What else the sender wrote goes along, unless it is taken out."""
    others = list(queries.others_of_sender(found, request.staff))
    if not others:
        return []
    label = ngettext(
        "They wrote one more that has no client", "They wrote %(n)s more that have no client", len(others)
    ) % {"n": len(others)}
    options = [
        (each.pk, f"{each.subject or _('No subject')} ({when(each.last_message_at, reader(request))})")
        for each in others
    ]
    hint = _("With somebody new, those that are ticked go along.")
    return [Field("checks", "others", label, options=options, checked=[str(each.pk) for each in others], hint=hint)]


def _introduced(request: StaffRequest, ask: Ask, action: Any, found: Conversation, **named: Any) -> HttpResponse:
    posted = request.POST
    ticked = set(posted.getlist("others"))
    newcomer = actions.Newcomer(
        name=posted.get("contact_name", ""), phone=posted.get("phone", ""), role=posted.get("role", "")
    )
    return answer(
        request,
        action,
        conversation=found,
        newcomer=newcomer,
        others=[each for each in queries.others_of_sender(found, request.staff) if str(each.pk) in ticked],
        by=request.staff,
        at=now(),
        said=_said,
        then=back(found),
        refresh=everything(found.pk),
        refused=lambda refusal: asked(request, ask, refusal=refusal),
        **named,
    )


def _is_id(text: str) -> bool:
    return text.isdecimal() and len(text) < 16


def _said(done: actions.Introduced) -> str:
    words = {"name": done.contact.name, "client": done.contact.client.name}
    said = _("%(name)s is a contact of %(client)s now.") % words
    more = len(done.conversations) - 1
    if not more:
        return said
    along = ngettext("One more of theirs came along.", "%(n)s more of theirs came along.", more) % {"n": more}
    return f"{said} {along}"


urlpatterns = [
    path("conversations/<int:id>/assign", assign, name="conversation_assign"),
    path("conversations/<int:id>/new-client", new_client, name="conversation_new_client"),
]
