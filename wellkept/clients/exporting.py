"""Clients and contacts as a table: the same columns that can be imported, and no cell a spreadsheet would run."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from django.db.models import Prefetch

from wellkept.clients import queries, sheet
from wellkept.clients.importing import COLUMNS
from wellkept.clients.models import Client, Contact, ContactAddress

if TYPE_CHECKING:
    from wellkept.people.models import Staff

CHUNK = 200


def csv(by: Staff) -> Iterator[bytes]:
    """Every client the person may see, one row for each contact."""
    return sheet.write(_rows(by))


def _rows(by: Staff) -> Iterator[list[str]]:
    yield list(COLUMNS)
    people_there = Contact.objects.filter(left_at=None).prefetch_related("addresses")
    clients = queries.current(by).select_related("bookkeeper", "team", "calendar").order_by("name")
    for client in clients.prefetch_related(Prefetch("contacts", people_there)).iterator(chunk_size=CHUNK):
        about = _client(client)
        contacts = list(client.contacts.all())
        for contact in contacts:
            yield [*about, *_contact(contact)]
        if not contacts:
            yield [*about, *[""] * 6]


def _client(client: Client) -> list[str]:
    team = client.team.name if client.team else ""
    return [
        client.name,
        client.bookkeeper.email,
        team,
        client.calendar.name,
        client.time_zone,
        client.country,
        client.language,
        client.since_on.isoformat(),
    ]


def _contact(contact: Contact) -> list[str]:
    return [
        contact.name,
        _values(contact, ContactAddress.Kind.EMAIL),
        _values(contact, ContactAddress.Kind.PHONE),
        contact.department,
        contact.role,
        contact.preferred_channel,
    ]


def _values(contact: Contact, kind: str) -> str:
    return "; ".join(
        address.value.replace(";ext=", " ext. ") for address in contact.addresses.all() if address.kind == kind
    )
