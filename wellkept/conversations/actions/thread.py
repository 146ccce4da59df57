"""What every verb does to a thread: add a line, keep the summary right, tell open screens, stay findable."""

from __future__ import annotations

import secrets
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models.functions import Substr
from django.utils.translation import gettext as _

from wellkept.clients import queries as clients
from wellkept.conversations.models import Conversation, Message, Participant
from wellkept.conversations.rules import snippet
from wellkept.core import bulk, live, search
from wellkept.core.refusals import Refusal, TakenByAnother
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff

ALPHABET = "0123456789abcdefghjkmnpqrstvwxyz"
NUMBER_LENGTH = 10
INDEXED_MESSAGES = 20
INDEXED_LENGTH = 5000
TRIAGE = "triage"


@dataclass(frozen=True, slots=True)
class Joining:
    """Somebody from outside who takes part, and the contact they are when that is known."""

    address: str
    name: str = ""
    contact: int | None = None


class Merged(Refusal):
    """The conversation lives on in another one."""


def new_number() -> str:
    """A number a person can read aloud: ten letters and digits without the ones that look alike."""
    return "".join(secrets.choice(ALPHABET) for _unused in range(NUMBER_LENGTH))


def fresh(*, conversation: Conversation) -> Conversation:
    """The conversation as it is now, held for this transaction; refuses one that was merged away."""
    row = Conversation.objects.select_for_update().get(pk=conversation.pk)
    if row.merged_into_id is not None:
        raise Merged(_("This conversation was put into another one. Open that one instead."))
    for name in ("client", "contact", "owner"):
        known = conversation._state.fields_cache.get(name)
        if known is not None and known.pk == getattr(row, f"{name}_id"):
            setattr(row, name, known)
    return row


def owner_today(*, conversation: Conversation) -> Staff | None:
    """Its owner, or whoever stands in for one who left: their successor, else the client's bookkeeper."""
    owner = conversation.owner
    if owner is None or owner.is_active:
        return owner
    successor = people.successor_of(owner)
    if successor is not None or conversation.client is None:
        return successor
    bookkeeper = clients.bookkeeper_of(conversation.client)
    return bookkeeper if bookkeeper.is_active else None


def change(*, conversation: Conversation, **values: Any) -> None:
    """Write `values`, to the row and to the object."""
    change_if(conversation=conversation, only_if={}, values=values)


def change_if(*, conversation: Conversation, only_if: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Write `values` while `only_if` still holds; refuse when somebody else was first."""
    if Conversation.objects.filter(pk=conversation.pk, **only_if).update(**values) != 1:
        raise TakenByAnother(_("Somebody else has just changed this conversation. Look at it again."))
    for name, value in values.items():
        setattr(conversation, name, value)


def add_event(
    *, conversation: Conversation, event: str, at: datetime, by: Staff | None = None, **details: object
) -> Message:
    """One line that says what happened; its sentence is made for whoever reads it."""
    return Message.objects.create(
        conversation=conversation,
        kind=Message.Kind.EVENT,
        channel=conversation.channel,
        at=at,
        staff=by,
        author_name=by.name if by else "",
        event=event,
        details=details,
    )


def join(*, conversation: Conversation, coming: Iterable[Joining], at: datetime, new: bool = False) -> None:
    """These addresses take part from now on; what was said before is not shown to them."""
    wanted = {person.address: person for person in coming}
    there = set()
    if not new:
        found = Participant.objects.filter(conversation=conversation)
        there = set(found.filter(address__in=wanted).values_list("address", flat=True))
    bulk.insert(
        [
            Participant(
                conversation=conversation, address=address, name=person.name[:160], contact_id=person.contact, since=at
            )
            for address, person in wanted.items()
            if address not in there
        ]
    )


def tell(*, conversation: Conversation, owners: tuple[int | None, ...] = ()) -> None:
    """Tell the screens that show it: the thread itself, the lists of its owners and of whoever watches the client."""
    groups = [f"conversation-{conversation.pk}"]
    groups += [f"staff-{owner}" for owner in {conversation.owner_id, *owners} if owner is not None]
    groups.append(TRIAGE if conversation.client_id is None else f"client-{conversation.client_id}")
    live.tell(groups, [f"conversation-{conversation.pk}", f"thread-{conversation.pk}", "inbox"])


def make_findable(*, conversation: Conversation, at: datetime, first: str | None = None) -> None:
    """Keep the newest words of the thread, its people and its client in the search. `first` is all a new one says."""
    texts = [] if first is None else [first[:INDEXED_LENGTH]]
    if first is None:
        said = Message.objects.filter(conversation=conversation, withdrawn_at=None).exclude(text="").order_by("-id")
        texts = list(said.values_list(Substr("text", 1, INDEXED_LENGTH), flat=True)[:INDEXED_MESSAGES])
    names = {
        conversation.client.name if conversation.client else "",
        conversation.contact.name if conversation.contact else "",
        conversation.public_id,
    }
    keep = search.index if first is None else search.add
    keep(
        kind="conversation",
        object_id=conversation.pk,
        client=conversation.client_id,
        title=conversation.subject,
        body="\n".join(texts),
        names=" ".join(sorted(names)),
        at=at,
    )


def summary(text: str) -> str:
    return snippet(text)
