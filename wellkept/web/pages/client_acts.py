"""What is written down about a client from its page: what to know first, its people and how to reach them."""

from __future__ import annotations

from typing import Any

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import path, reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from wellkept.clients import actions, queries
from wellkept.clients.models import Contact, ContactAddress, Nuance
from wellkept.core.clock import now
from wellkept.web.desk.asks import Ask, Field, Option, asked
from wellkept.web.pages.clients import load
from wellkept.web.pages.conversation_acts import both
from wellkept.web.shell.answers import answer
from wellkept.web.shell.reading import StaffRequest


def act(request: StaffRequest, client_id: int, ask: Ask | None, action: Any, **named: Any) -> HttpResponse:
    """Run the action of a form on a client's page and read the page's parts again."""
    return answer(
        request,
        action,
        by=request.staff,
        at=now(),
        then=named.pop("then", reverse("client", args=[client_id])),
        refresh=["know", "people", "past", "side"],
        refused=(lambda refusal: asked(request, ask, refusal=refusal)) if ask is not None else None,
        **named,
    )


@both
def nuance(request: StaffRequest, id: int) -> HttpResponse:
    """What everyone who works for this client must know."""
    found = load(request, id)
    ask = Ask(
        _("What must everyone know about %(client)s?") % {"client": found.name},
        _("Write it down"),
        _("It stands beside every conversation with them, for whoever works there."),
        [Field("area", "text", _("In one or two sentences"), most=2000)],
        back=reverse("client", args=[id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    return act(request, id, ask, actions.note_nuance, client=found, text=request.POST.get("text", ""))


@require_POST
def nuance_retire(request: StaffRequest, id: int) -> HttpResponse:
    seen = queries.for_staff(request.staff).order_by()
    found = get_object_or_404(Nuance.objects.filter(client__in=seen), pk=id)
    return act(
        request, found.client_id, None, actions.retire_nuance, nuance=found, said=_("Taken down. It stays on record.")
    )


@both
def contact_add(request: StaffRequest, id: int) -> HttpResponse:
    found = load(request, id)
    fields = (
        Field("text", "name", _("Name"), most=120),
        Field("email", "email", _("E-mail"), optional=True, most=254, value=request.GET.get("email", "")),
        Field("tel", "phone", _("Phone"), optional=True, most=40),
        Field("text", "role", _("Role"), optional=True, most=80),
        Field("text", "department", _("Department"), optional=True, most=80),
    )
    ask = Ask(
        _("Somebody new at %(client)s") % {"client": found.name},
        _("Add"),
        _("Nothing is disclosed to them before somebody verifies who they are."),
        fields,
        back=reverse("client", args=[id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    return act(
        request,
        id,
        ask,
        actions.add_contact,
        client=found,
        name=request.POST.get("name", ""),
        emails=filled(request, "email"),
        phones=filled(request, "phone"),
        role=request.POST.get("role", ""),
        department=request.POST.get("department", ""),
        source=_("written down by %(name)s") % {"name": request.staff},
    )


def filled(request: StaffRequest, name: str) -> list[str]:
    value = request.POST.get(name, "").strip()
    return [value] if value else []


def load_contact(request: StaffRequest, id: int) -> Contact:
    return get_object_or_404(queries.contacts_for(request.staff), pk=id)


@both
def contact_change(request: StaffRequest, id: int) -> HttpResponse:
    contact = load_contact(request, id)
    languages: list[Option] = [("", _("Like the client")), *((code, str(name)) for code, name in settings.LANGUAGES)]
    fields = (
        Field("text", "name", _("Name"), value=contact.name, most=120),
        Field("text", "role", _("Role"), value=contact.role, optional=True, most=80),
        Field("text", "department", _("Department"), value=contact.department, optional=True, most=80),
        Field("select", "language", _("Language"), value=contact.language, options=languages),
    )
    ask = Ask(contact.name, _("Save"), "", fields, back=reverse("client", args=[contact.client_id]))
    if request.method == "GET":
        return asked(request, ask)
    wanted = {name: request.POST.get(name, "") for name in ("name", "role", "department", "language")}
    return act(
        request,
        contact.client_id,
        ask,
        actions.change_contact,
        contact=contact,
        preferred_channel=contact.preferred_channel,
        **wanted,
    )


@both
def address_add(request: StaffRequest, id: int) -> HttpResponse:
    """One more way to reach somebody."""
    contact = load_contact(request, id)
    fields = (
        Field("chips", "kind", _("What it is"), value="email", options=[("email", _("E-mail")), ("phone", _("Phone"))]),
        Field("text", "value", _("Address or number"), most=254),
        Field("text", "label", _("Where it leads"), optional=True, most=40),
    )
    text = _("A new address makes them unverified until somebody checks who it is.") if contact.verified_at else ""
    ask = Ask(
        _("How else to reach %(name)s") % {"name": contact.name},
        _("Add"),
        text,
        fields,
        back=reverse("client", args=[contact.client_id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    wanted = {name: request.POST.get(name, "") for name in ("kind", "value", "label")}
    return act(request, contact.client_id, ask, actions.add_address, contact=contact, **wanted)


@require_POST
def address_remove(request: StaffRequest, id: int) -> HttpResponse:
    seen = queries.contacts_for(request.staff).order_by()
    found = get_object_or_404(ContactAddress.objects.filter(contact__in=seen).select_related("contact__client"), pk=id)
    return act(request, found.contact.client_id, None, actions.remove_address, address=found, said=_("Removed."))


@require_POST
def contact_verify(request: StaffRequest, id: int) -> HttpResponse:
    contact = load_contact(request, id)
    return act(request, contact.client_id, None, actions.verify_contact, contact=contact)


@both
def contact_left(request: StaffRequest, id: int) -> HttpResponse:
    contact = load_contact(request, id)
    words = {"name": contact.name, "client": contact.client}
    text = (
        _("%(name)s no longer speaks for %(client)s: their mail counts as a stranger’s from now on. The record stays.")
        % words
    )
    ask = Ask(
        _("Has %(name)s left?") % words,
        _("They have left"),
        text,
        stop=True,
        back=reverse("client", args=[contact.client_id]),
    )
    if request.method == "GET":
        return asked(request, ask)
    return act(request, contact.client_id, ask, actions.contact_left, contact=contact)


urlpatterns = [
    path("clients/<int:id>/nuances/new", nuance, name="client_nuance"),
    path("nuances/<int:id>/retire", nuance_retire, name="nuance_retire"),
    path("clients/<int:id>/contacts/new", contact_add, name="contact_add"),
    path("contacts/<int:id>/change", contact_change, name="contact_change"),
    path("contacts/<int:id>/addresses/new", address_add, name="address_add"),
    path("contacts/<int:id>/verify", contact_verify, name="contact_verify"),
    path("contacts/<int:id>/left", contact_left, name="contact_left"),
    path("addresses/<int:id>/remove", address_remove, name="address_remove"),
]
