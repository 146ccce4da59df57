"""How much a conversation presses, and what is owed sooner or later because of it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.conversations.actions import clocks, thread
from wellkept.conversations.actions.closing import ResolvedAlready
from wellkept.conversations.actions.settling import settle
from wellkept.conversations.models import Conversation
from wellkept.conversations.rules.priorities import PRIORITIES, is_higher
from wellkept.conversations.wording import priority_words
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.promises import actions as promises

if TYPE_CHECKING:
    from wellkept.people.models import Staff


class PriorityUnknown(Refusal):
    """The priority is not one of ours."""


class PriorityStands(Refusal):
    """The conversation has this priority."""


@transaction.atomic
def set_priority(*, conversation: Conversation, priority: str, by: Staff, at: datetime) -> Conversation:
    """Raise or lower it. Its open clocks take the time promised for that priority, counted from their own start."""
    conversation = thread.fresh(conversation=conversation)
    if priority not in PRIORITIES:
        raise PriorityUnknown(_("Choose one of the priorities."), field="priority")
    if conversation.resolved_at is not None:
        raise ResolvedAlready(_("This conversation is resolved. Reopen it first."))
    before = conversation.priority
    if before == priority:
        sentence = _("The priority is %(priority)s already. Choose another one.")
        raise PriorityStands(sentence % {"priority": priority_words(priority).lower()}, field="priority")
    thread.change_if(conversation=conversation, only_if={"priority": before}, values={"priority": priority})
    _count_anew(conversation, by, at)
    event = "raised" if is_higher(priority, before) else "lowered"
    thread.add_event(conversation=conversation, event=event, at=at, by=by, priority=priority, before=before)
    record(
        f"conversation.{event}",
        at=at,
        by=by,
        client=conversation.client_id,
        conversation=conversation,
        priority=priority,
        before=before,
    )
    clocks.mirror(conversation=conversation)
    thread.tell(conversation=conversation)
    return conversation


def _count_anew(conversation: Conversation, by: Staff, at: datetime) -> None:
    """The clocks that run, and the answer that only the new priority promises to whoever waits."""
    for promise in clocks.open_on(conversation=conversation):
        if promise.to_staff_id is None:
            promises.set_priority(promise=promise, priority=conversation.priority, by=by, at=at)
    settle(conversations=[conversation], by=by, at=at)
