"""The people at a client and how to reach them."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.clients import queries, rules
from wellkept.clients.actions.checks import allow_work_for
from wellkept.clients.actions.clients import make_findable
from wellkept.clients.fields import a_language, a_line, a_short, phone
from wellkept.clients.models import Client, Contact, ContactAddress
from wellkept.core import live
from wellkept.core.addresses import email
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother

if TYPE_CHECKING:
    from wellkept.people.models import Staff

EMAIL, PHONE = ContactAddress.Kind.EMAIL, ContactAddress.Kind.PHONE
MOST_ADDRESSES = 20


class AddressTaken(Refusal):
    """The mail address tells whose mail it is; it cannot be two people's."""


class ContactLeft(Refusal):
    """The contact no longer works there."""


class TooManyAddresses(Refusal):
    """A contact has a limited number of addresses."""


class UnknownChannel(Refusal):
    """The channel is not one of ours."""


@transaction.atomic
def add_contact(
    *,
    client: Client,
    name: str,
    emails: Iterable[str] = (),
    phones: Iterable[str] = (),
    department: str = "",
    role: str = "",
    preferred_channel: str = "email",
    language: str = "",
    source: str = "",
    by: Staff | None,
    at: datetime,
) -> Contact:
    """A person at the client, not verified yet."""
    allow_work_for(client, by)
    contact = Contact(client=client, source=a_short(source, longest=80, field="source"))
    _describe(contact, name, department, role, preferred_channel, language)
    contact.save()
    for kind, values in ((EMAIL, emails), (PHONE, phones)):
        for value in values:
            _add(contact, kind, value, "", by=by)
    record("contact.added", at=at, by=by, client=client, contact=contact)
    _changed(contact, at)
    return contact


@transaction.atomic
def change_contact(
    *,
    contact: Contact,
    name: str,
    department: str,
    role: str,
    preferred_channel: str,
    language: str,
    by: Staff | None,
    at: datetime,
) -> Contact:
    _allow(contact, by)
    _describe(contact, name, department, role, preferred_channel, language)
    contact.save()
    record("contact.changed", at=at, by=by, client=contact.client_id, contact=contact)
    _changed(contact, at)
    return contact


@transaction.atomic
def verify_contact(*, contact: Contact, by: Staff, at: datetime) -> Contact:
    """Somebody made sure that this person is who they say; from now on they may be told things."""
    _allow(contact, by)
    if (
        Contact.objects.filter(pk=contact.pk, verified_at=None, left_at=None).update(verified_at=at, verified_by=by)
        != 1
    ):
        raise TakenByAnother(_("%(name)s is verified already.") % {"name": contact.name})
    contact.verified_at, contact.verified_by = at, by
    record("contact.verified", at=at, by=by, client=contact.client_id, contact=contact)
    _changed(contact, at)
    return contact


@transaction.atomic
def contact_left(*, contact: Contact, by: Staff | None, at: datetime) -> Contact:
    """The person no longer speaks for the client. Their addresses stay on record and stop counting."""
    allow_work_for(contact.client, by)
    if Contact.objects.filter(pk=contact.pk, left_at=None).update(left_at=at) != 1:
        raise ContactLeft(_("%(name)s has left already.") % {"name": contact.name})
    contact.left_at = at
    record("contact.left", at=at, by=by, client=contact.client_id, contact=contact)
    _changed(contact, at)
    return contact


@transaction.atomic
def add_address(
    *, contact: Contact, kind: str, value: str, label: str = "", by: Staff | None, at: datetime
) -> ContactAddress:
    """One more way to reach the contact. A new address makes them unverified: anybody can claim one."""
    _allow(contact, by)
    address = _add(contact, kind, value, label, by=by)
    if contact.verified_at is not None:
        contact.verified_at, contact.verified_by = None, None
        contact.save(update_fields=["verified_at", "verified_by"])
    record("contact.address_added", at=at, by=by, client=contact.client_id, contact=contact, address=address)
    _changed(contact, at)
    return address


@transaction.atomic
def remove_address(*, address: ContactAddress, by: Staff | None, at: datetime) -> Contact:
    contact = address.contact
    _allow(contact, by)
    record("contact.address_removed", at=at, by=by, client=contact.client_id, contact=contact, address=address)
    ContactAddress.objects.filter(pk=address.pk).delete()
    _changed(contact, at)
    return contact


def _describe(contact: Contact, name: str, department: str, role: str, channel: str, language: str) -> None:
    contact.name = a_line(name, longest=120)
    contact.department = a_short(department, longest=80, field="department")
    contact.role = a_short(role, longest=80, field="role")
    if channel not in rules.CHANNELS:
        raise UnknownChannel(
            _("Choose one of: %(choices)s.") % {"choices": ", ".join(rules.CHANNELS)}, field="preferred_channel"
        )
    contact.preferred_channel = channel
    contact.language = a_language(language) if language else ""


def _add(contact: Contact, kind: str, value: str, label: str, *, by: Staff | None) -> ContactAddress:
    if contact.addresses.count() >= MOST_ADDRESSES:
        raise TooManyAddresses(
            _("%(name)s has %(limit)s addresses. Remove one first.") % {"name": contact.name, "limit": MOST_ADDRESSES}
        )
    plain = email(value) if kind == EMAIL else phone(value, country=contact.client.country)
    _free(contact, kind, plain, by=by)
    return ContactAddress.objects.create(
        contact=contact, kind=kind, value=plain, label=a_short(label, longest=40, field="label")
    )


def _free(contact: Contact, kind: str, value: str, *, by: Staff | None) -> None:
    """Refuses an address somebody has; takes it from somebody who left."""
    holders = ContactAddress.objects.filter(kind=kind, value=value).select_related("contact__client")
    holders = holders if kind == EMAIL else holders.filter(contact=contact)
    for held in holders:
        if held.contact.left_at is not None:
            held.delete()
            continue
        raise AddressTaken(_whose(held, value, by), field=str(kind))


def _whose(held: ContactAddress, value: str, by: Staff | None) -> str:
    """Names the holder only to those who may see the client."""
    if by is None or queries.scope(by).holds(held.contact.client_id):
        sentence = _("%(value)s belongs to %(name)s at %(client)s already.")
        return sentence % {"value": value, "name": held.contact.name, "client": held.contact.client.name}
    return _("%(value)s belongs to a contact of another client already.") % {"value": value}


def _allow(contact: Contact, by: Staff | None) -> None:
    allow_work_for(contact.client, by)
    if contact.left_at is not None:
        raise ContactLeft(_("%(name)s has left the client.") % {"name": contact.name})


def _changed(contact: Contact, at: datetime) -> None:
    make_findable(contact.client, at)
    live.tell([f"client-{contact.client_id}"], [f"client-{contact.client_id}", f"contact-{contact.pk}"])
