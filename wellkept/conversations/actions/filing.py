"""A mail that brought files and not a word: what it brought was taken in, so nobody waits for an answer."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.conversations import queries
from wellkept.conversations.actions import clocks, closing, thread
from wellkept.core.refusals import Refusal
from wellkept.promises import actions as promises

if TYPE_CHECKING:
    from wellkept.conversations.models import Conversation, Message


class AnswerExpected(Refusal):
    """Something was said or asked with the files."""


@transaction.atomic
def file_away(*, message: Message, reason: str, at: datetime) -> Conversation:
    """The conversation that this mail alone began is over, and its clock is withdrawn: it counts neither kept nor missed."""
    conversation = thread.fresh(conversation=message.conversation)
    message.conversation = conversation
    if not queries.only_brings_files(message):
        raise AnswerExpected(_("Something was written with these files. Reply, or resolve it yourself."))
    for promise in clocks.open_on(conversation=conversation):
        promises.withdraw(promise=promise, reason=reason, by=None, at=at)
    let_go = clocks.answered(conversation=conversation)
    thread.change(conversation=conversation, unanswered_since=None)
    closing.close(conversation=conversation, by=None, at=at, event="filed", reason=reason, let_go=let_go)
    return conversation
