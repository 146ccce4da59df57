"""Writes what a previewed file says. The same file twice changes nothing the second time."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from wellkept.clients import importing
from wellkept.clients.actions.clients import take_on
from wellkept.clients.actions.contacts import add_contact
from wellkept.clients.importing import PlannedClient
from wellkept.clients.models import Client
from wellkept.core.facts import record

if TYPE_CHECKING:
    from wellkept.people.models import Staff

SOURCE = "import"


@dataclass(frozen=True)
class Imported:
    """What was written, and how many rows were left out for the reasons the preview gave."""

    clients: int
    contacts: int
    refused: int


@transaction.atomic
def import_clients(*, data: bytes, source: str = SOURCE, by: Staff, at: datetime) -> Imported:
    """Take on the clients and add the contacts of every accepted row, all or nothing."""
    plan = importing.preview(data, by=by)
    for planned in plan.clients:
        client = planned.known or _take_on(planned, source, by=by, at=at)
        _add_contacts(client, planned, source, by=by, at=at)
    if plan.new_clients or plan.new_contacts:
        record("clients.imported", at=at, by=by, clients=plan.new_clients, contacts=plan.new_contacts)
    return Imported(plan.new_clients, plan.new_contacts, plan.refused_rows)


def _take_on(planned: PlannedClient, source: str, *, by: Staff, at: datetime) -> Client:
    return take_on(
        name=planned.name,
        bookkeeper=planned.bookkeeper,
        team=planned.team,
        calendar=planned.calendar,
        time_zone=planned.time_zone,
        country=planned.country,
        language=planned.language,
        since_on=planned.since_on,
        source=source,
        by=by,
        at=at,
    )


def _add_contacts(client: Client, planned: PlannedClient, source: str, *, by: Staff, at: datetime) -> None:
    for contact in planned.contacts:
        if contact.known is None:
            add_contact(
                client=client,
                name=contact.name,
                emails=contact.emails,
                phones=contact.phones,
                department=contact.department,
                role=contact.role,
                preferred_channel=contact.preferred_channel,
                source=source,
                by=by,
                at=at,
            )
