"""Waiting for the client never lasts unseen: unless we said when we come back, the owner looks again in three business days."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils import translation
from django.utils.translation import gettext as _

from wellkept.calendars import queries as calendars
from wellkept.conversations.actions import thread
from wellkept.conversations.actions.noting import tell_person
from wellkept.conversations.models import UNRESOLVED, Conversation
from wellkept.core.facts import record
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.core.models import Fact

LOOK_AFTER_DAYS = 3
NOT_WAITING: dict[str, Any] = {"waiting_since": None, "waiting_for": "", "look_again_at": None}


def begun(*, conversation: Conversation, what: str, at: datetime, back_at: datetime | None = None) -> dict[str, Any]:
    """The columns of a wait that begins now. `back_at` is when the client was told we come back."""
    look_again_at = back_at or _in_business_days(conversation, at)
    return {"waiting_since": at, "waiting_for": " ".join(what.split())[:200], "look_again_at": look_again_at}


@transaction.atomic
def look_again(*, at: datetime, limit: int = 500) -> int:
    """Bring back what has waited long enough, still waiting; its owner is told. Says how many."""
    waited = Conversation.objects.filter(UNRESOLVED, waiting_since__isnull=False, look_again_at__lte=at)
    found = list(waited.select_related("client", "owner").order_by("look_again_at", "id")[:limit])
    for conversation in found:
        _bring_back(conversation, at)
    return len(found)


def _bring_back(conversation: Conversation, at: datetime) -> None:
    still = Conversation.objects.filter(pk=conversation.pk, look_again_at=conversation.look_again_at)
    if still.update(look_again_at=None) != 1:
        return
    conversation.look_again_at = None
    thread.add_event(conversation=conversation, event="look_again", at=at)
    fact = record("conversation.still_waiting", at=at, client=conversation.client_id, conversation=conversation)
    due_at = conversation.next_due_at
    if due_at is None or due_at > at:  # what falls due speaks for itself
        _tell_owner(conversation, fact, at)
    thread.tell(conversation=conversation)


def _tell_owner(conversation: Conversation, fact: Fact, at: datetime) -> None:
    owner = thread.owner_today(conversation=conversation)
    if owner is None:
        return
    with translation.override(owner.language):
        text = _("“%(subject)s” still waits for the client: %(what)s. Ask once more, or go on without it.") % {
            "subject": conversation.subject,
            "what": conversation.waiting_for,
        }
    tell_person(staff=owner, conversation=conversation, kind="look_again", text=text, at=at, fact=fact)


def _in_business_days(conversation: Conversation, at: datetime) -> datetime:
    """In the client's working time; in the firm's while nobody knows whose conversation it is."""
    firm = people.firm()
    calendar = conversation.client.calendar_id if conversation.client else firm.calendar_id if firm else None
    hours = calendars.compiled(calendars.current_id(calendar) if calendar is not None else None)
    return hours.add(at, LOOK_AFTER_DAYS * hours.day_minutes())
