"""A stranger becomes somebody we know: their contact, and perhaps their client, written down where they first wrote."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.clients import actions as clients
from wellkept.conversations import queries
from wellkept.conversations.actions import thread
from wellkept.conversations.actions.sorting import ClientKnown, set_client
from wellkept.conversations.models import Conversation
from wellkept.core.refusals import Refusal
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.clients.models import Client, Contact
    from wellkept.people.models import Staff

LONGEST_NAME = 120


class AnotherSender(Refusal):
    """Somebody else wrote one of the conversations."""


class ColleaguesAddress(Refusal):
    """A person of ours is not a contact of a client."""


@dataclass(frozen=True, slots=True)
class Newcomer:
    """What is known of the person besides the address they wrote from. Without a name the letter's counts."""

    name: str = ""
    phone: str = ""
    role: str = ""
    department: str = ""


@dataclass(frozen=True, slots=True)
class Introduced:
    """The new contact, and the conversations that are their client's from now on, the one at hand first."""

    contact: Contact
    conversations: tuple[Conversation, ...]


@transaction.atomic
def introduce(
    *,
    conversation: Conversation,
    client: Client,
    newcomer: Newcomer,
    others: Sequence[Conversation] = (),
    by: Staff,
    at: datetime,
) -> Introduced:
    """The sender becomes a contact of `client`; this conversation and `others` of the same sender are the client's."""
    found = queries.sender(conversation)
    _refuse(conversation, found, others, by)
    contact = clients.add_contact(
        client=client,
        name=newcomer.name.strip() or (found.name or found.address)[:LONGEST_NAME],
        emails=[found.address] if found.address else [],
        phones=[newcomer.phone] if newcomer.phone.strip() else [],
        role=newcomer.role,
        department=newcomer.department,
        source=_("wrote to us"),
        by=by,
        at=at,
    )
    wanted = {each.pk: each for each in (conversation, *others)}
    # In the order of their ids, so that two people who do this at once never hold what the other waits for.
    done = {
        pk: set_client(conversation=wanted[pk], client=client, contact=contact, by=by, at=at) for pk in sorted(wanted)
    }
    return Introduced(contact, tuple(done[pk] for pk in wanted))


@transaction.atomic
def introduce_client(
    *,
    conversation: Conversation,
    name: str,
    bookkeeper: Staff | None,
    newcomer: Newcomer,
    time_zone: str = "",
    country: str = "",
    others: Sequence[Conversation] = (),
    by: Staff,
    at: datetime,
) -> Introduced:
    """A new client with its bookkeeper, the sender as its first contact, and what they wrote as its first conversations."""
    client = clients.take_on(
        name=name,
        bookkeeper=bookkeeper,
        time_zone=time_zone,
        country=country,
        source=_("wrote to us"),
        by=by,
        at=at,
    )
    return introduce(conversation=conversation, client=client, newcomer=newcomer, others=others, by=by, at=at)


def _refuse(conversation: Conversation, found: queries.Sender, others: Sequence[Conversation], by: Staff) -> None:
    if thread.fresh(conversation=conversation).client_id is not None:
        raise ClientKnown(_("This conversation belongs to a client already."))
    if found.address and people.by_email(found.address) is not None:
        sentence = _("%(address)s is a colleague’s address. Mail never proves who wrote it: ask them.")
        raise ColleaguesAddress(sentence % {"address": found.address})
    theirs = {each.pk for each in queries.others_of_sender(conversation, by)}
    if any(other.pk not in theirs and other.pk != conversation.pk for other in others):
        raise AnotherSender(_("One of these conversations is no longer open and without a client. Look again."))
