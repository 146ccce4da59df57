"""The client beside a conversation: what to know first, what is promised, who is who."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

from django.urls import reverse
from django.utils.translation import gettext as _

from wellkept.clients import queries as clients
from wellkept.clients.models import Client, Contact
from wellkept.conversations import queries as conversations
from wellkept.conversations.models import UNRESOLVED, Conversation
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.web.desk.head import Owed
from wellkept.web.shell.promises import Row
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
    nuances: Sequence[str] = ()
    promises: Sequence[Row] = ()
    more_promises: bool = False
    people: Sequence[Person] = ()
    others: Sequence[Other] = field(default=())
    may_take_on: bool = False


def side(found: Conversation, open_now: Owed, *, by: Staff, reader: Reader) -> Side:
    """Only for a conversation the person may see: whoever answers it must see whom it is for and what they were promised."""
    client = found.client
    if client is None:
        wrote = conversations.sender(found).address
        return Side(None, wrote, f"conversation-{found.pk}", may_take_on=people.may_manage_clients(by))
    owed = open_now.of_client(SHOWN + 1)
    return Side(
        client=client,
        line=_line(client, reader),
        on=" ".join(
            (
                f"client-{client.pk}",
                f"conversation-{found.pk}",
                f"nuances-{client.pk}",
                *(f"promise-{row.id}" for row in owed[:SHOWN]),
            )
        ),
        nuances=list(clients.nuances(client).values_list("text", flat=True)[:20]),
        promises=owed[:SHOWN],
        more_promises=len(owed) > SHOWN,
        people=[_person(contact, found) for contact in client.contacts.filter(left_at=None).order_by("name")[:SHOWN]],
        others=_others(client, found),
    )


def _line(client: Client, reader: Reader) -> str:
    said = [_("client since %(year)s") % {"year": client.since_on.year}]
    there = zone_of(client.time_zone)
    if reader.now.astimezone(there).utcoffset() != reader.now.astimezone(reader.zone).utcoffset():
        city = client.time_zone.rsplit("/", 1)[-1].replace("_", " ")
        said.append(f"{city} {clock(reader.now, Reader(reader.language, there, reader.now))}")
    return " · ".join(said)


def _person(contact: Contact, found: Conversation) -> Person:
    doubt = "" if contact.verified_at else _("not verified")
    return Person(
        contact.name,
        ", ".join(part for part in (contact.role, contact.department, doubt) if part),
        contact.pk == found.contact_id,
    )


def _others(client: Client, found: Conversation) -> list[Other]:
    others = Conversation.objects.filter(UNRESOLVED, client=client).exclude(pk=found.pk)
    rows = others.order_by("-last_message_at").values_list("pk", "subject")[:OTHERS]
    return [Other(subject or _("No subject"), reverse("conversation", args=[pk])) for pk, subject in rows]
