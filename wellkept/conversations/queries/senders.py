"""Who wrote a conversation that belongs to no client yet, and what else they wrote."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, QuerySet

from wellkept.conversations.models import UNRESOLVED, Conversation, Participant
from wellkept.conversations.queries.scope import for_staff

if TYPE_CHECKING:
    from wellkept.people.models import Staff

MOST_OTHERS = 50


@dataclass(frozen=True, slots=True)
class Sender:
    """The address a stranger wrote from, and the name beside it."""

    address: str = ""
    name: str = ""


def sender(conversation: Conversation) -> Sender:
    """Whoever took part first; nobody where there was no address, as in a call."""
    first = Participant.objects.filter(conversation=conversation).order_by("pk").values_list("address", "name").first()
    return Sender(*first) if first is not None else Sender()


def others_of_sender(conversation: Conversation, by: Staff) -> QuerySet[Conversation]:
    """Further open conversations of the same sender that belong to no client yet and that `by` may see, oldest first.

    Walks the conversations without a client, of which there are few, rather than all that an address ever wrote.
    """
    address = sender(conversation).address
    if not address:
        return Conversation.objects.none()
    took_part = Participant.objects.filter(conversation=OuterRef("pk"), address=address)
    strangers = for_staff(by).filter(UNRESOLVED, Exists(took_part), client=None)
    return strangers.exclude(pk=conversation.pk).order_by("pk")[:MOST_OTHERS]
