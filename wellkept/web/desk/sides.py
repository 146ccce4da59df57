"""The client beside a conversation: what to know first, what is promised, who is who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from wellkept.clients import queries as clients
from wellkept.clients.models import Client, Contact, Nuance
from wellkept.conversations import queries as conversations
from wellkept.conversations.models import Conversation
from wellkept.people.models import Staff
from wellkept.promises import queries as promises
from wellkept.web.shell.promises import Row, rows
from wellkept.web.shell.reading import zone_of
from wellkept.web.shell.words import Reader, clock

SHOWN = 8
OTHERS = 5


@dataclass(frozen=True)
class Person:
    name: str
    what: str
    here: bool


@dataclass(frozen=True)
class Other:
    subject: str
    href: str


@dataclass(frozen=True)
class Side:
    client: Client | None
    line: str
    on: str
    nuances: Sequence[Nuance] = ()
    promises: Sequence[Row] = ()
    more_promises: bool = False
    people: Sequence[Person] = ()
    others: Sequence[Other] = field(default=())


def side(found: Conversation, *, by: Staff, reader: Reader) -> Side:
    """Only for a conversation the person may see: whoever owns it may see whom it is for."""
    client = found.client
    if client is None:
        wrote = found.participants.order_by("pk").values_list("address", flat=True).first()
        return Side(None, wrote or "", f"conversation-{found.pk}")
    owed = list(promises.board(by, view="client", client=client, limit=SHOWN + 1, at=reader.now))
    return Side(
        client=client,
        line=_line(client, reader),
        on=" ".join(
            (
                f"client-{client.pk}",
                f"conversation-{found.pk}",
                f"nuances-{client.pk}",
                *(f"promise-{promise.pk}" for promise in owed[:SHOWN]),
            )
        ),
        nuances=list(clients.nuances(client)[:20]),
        promises=rows(owed[:SHOWN], by=by, reader=reader),
        more_promises=len(owed) > SHOWN,
        people=[_person(contact, found) for contact in client.contacts.filter(left_at=None).order_by("name")[:SHOWN]],
        others=_others(client, found, by),
    )


def _line(client: Client, reader: Reader) -> str:
    said = [_("client since %(year)s") % {"year": client.since_on.year}]
    there = zone_of(client.time_zone)
    if reader.now.astimezone(there).utcoffset() != reader.now.astimezone(reader.zone).utcoffset():
        city = client.time_zone.rsplit("/", 1)[-1].replace("_", " ")
        said.append(f"{city} {clock(reader.now, Reader(reader.language, there, reader.now))}")
    return " · ".join(said)


def _person(contact: Contact, found: Conversation) -> Person:
    what = ", ".join(part for part in (contact.role, contact.department) if part)
    return Person(
        contact.name,
        what if contact.verified_at else f"{what}, {_('not verified')}".lstrip(", "),
        contact.pk == found.contact_id,
    )


def _others(client: Client, found: Conversation, by: Staff) -> list[Other]:
    page = conversations.listing(by, view="all", client=client, limit=OTHERS + 1)
    rest = [row.conversation for row in page.rows if row.conversation.pk != found.pk and row.conversation.is_open]
    return [
        Other(other.subject or _("No subject"), reverse("conversation", args=[other.pk])) for other in rest[:OTHERS]
    ]
