"""Which clock runs where, after messages were moved, joined or owed again.

A clock stands where the message that started it stands, and began when that one came. Whoever waits longest in a
conversation has the one clock for an answer there. A later clock gives way to an earlier one, never the other way round;
a message whose clock was missed, or that somebody let go with a reason, starts none again.
"""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db.models import F, QuerySet
from django.utils.translation import gettext as _

from wellkept.conversations.actions import clocks, thread
from wellkept.conversations.actions.waiting import NOT_WAITING
from wellkept.conversations.models import WAITS, Conversation, Message
from wellkept.promises import actions as promises
from wellkept.promises import queries as owed

if TYPE_CHECKING:
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

MOST_WAITING = 50


def settle(*, conversations: Sequence[Conversation], by: Staff, at: datetime) -> None:
    """Put the clocks of these conversations right, between which messages may have moved. The first holds what has no place."""
    homes = _homes(conversations)
    for mine in homes.values():
        for later in mine[1:]:
            promises.give_way(promise=later, by=by, at=at)
    for conversation in conversations:
        first = next(iter(homes[conversation.pk]), None)
        if first is not None and first.subject_id != conversation.pk:
            clocks.bring(promise=first, conversation=conversation, by=by, at=at)
    for conversation in conversations:
        if conversation.merged_into_id is None:
            _settle_one(conversation, next(iter(homes[conversation.pk]), None), by, at)


def wait_again(*, conversation: Conversation, messages: Collection[int], by: Staff, at: datetime) -> None:
    """They were let go, and that is taken back: the clock of the first of them runs from its own start, unless it was missed."""
    Message.objects.filter(conversation=conversation, pk__in=messages).update(waits_since=F("at"))
    first = _waiting(conversation).first()
    if first is not None and not any(past.missed for past in _past(conversation, [first])):
        clocks.make(conversation=conversation, kind=_kind(conversation, first), start_at=first.at, by=by, at=at)


def _homes(conversations: Sequence[Conversation]) -> dict[int, list[Promise]]:
    """The clocks that run for an answer, by the conversation that holds the message that started each, earliest first."""
    running = [
        promise
        for conversation in conversations
        for promise in clocks.open_on(conversation=conversation)
        if promise.kind in clocks.REPLY_CLOCKS
    ]
    homes: dict[int, list[Promise]] = {conversation.pk: [] for conversation in conversations}
    starters = _starters(homes, {promise.made_at for promise in running})
    lives = [row.pk for row in conversations if row.merged_into_id is None]
    for promise in sorted(running, key=lambda each: (each.made_at, each.pk)):
        places = [pk for pk, since in starters if since == promise.made_at] or lives
        homes[promise.subject_id if promise.subject_id in places else places[0]].append(promise)
    return homes


def _starters(conversations: Iterable[int], starts: Collection[datetime]) -> list[tuple[int, datetime]]:
    if not starts:
        return []
    waiting = Message.objects.filter(WAITS, conversation__in=list(conversations), waits_since__in=starts)
    return list(waiting.values_list("conversation_id", "at"))


def _settle_one(conversation: Conversation, clock: Promise | None, by: Staff, at: datetime) -> None:
    waiting = list(_waiting(conversation)[:MOST_WAITING])
    since = waiting[0].at if waiting else None
    thread.change(conversation=conversation, unanswered_since=since)
    if since is None and clock is not None:
        promises.withdraw(promise=clock, reason=_("Nobody waits for this answer any more."), by=by, at=at)
    if since is not None and (clock is None or since < clock.made_at):
        clock = _earlier(conversation, waiting, clock, by, at)
    if clock is not None and clock.is_open and clock.kind == "acknowledge":
        thread.change(conversation=conversation, acknowledged_at=None)
    _stand_as_it_waits(conversation, by, at)
    clocks.mirror(conversation=conversation)


def _earlier(
    conversation: Conversation, waiting: list[Message], clock: Promise | None, by: Staff, at: datetime
) -> Promise | None:
    """The clock of the first message that is still owed one; the one that runs gives way to it."""
    over = _over(conversation, waiting)
    first = next((message for message in waiting if message.at not in over), None)
    if first is None or (clock is not None and clock.made_at <= first.at):
        return clock
    kind = _kind(conversation, first) if clock is None else clock.kind
    if clock is not None:
        promises.give_way(promise=clock, by=by, at=at)
    return clocks.make(conversation=conversation, kind=kind, start_at=first.at, by=by, at=at)


def _over(conversation: Conversation, waiting: list[Message]) -> set[datetime]:
    """When those came whose clock starts no more: it was missed, or the last one was kept or let go with a reason."""
    past = _past(conversation, waiting)
    last = {each.made_at: each for each in past}.values()
    ended = {each.made_at for each in last if each.let_off or (each.kept and each.kind != "acknowledge")}
    return ended | {each.made_at for each in past if each.missed}


def _waiting(conversation: Conversation) -> QuerySet[Message]:
    return Message.objects.filter(WAITS, conversation=conversation).order_by("waits_since", "id")


def _past(conversation: Conversation, waiting: list[Message]) -> list[owed.Begun]:
    """The clocks these messages had and no longer have."""
    starts = [message.at for message in waiting]
    begun = owed.begun(kinds=clocks.REPLY_CLOCKS, client=conversation.client_id, starts=starts)
    return [each for each in begun if not each.is_open]


def _kind(conversation: Conversation, first: Message) -> str:
    """A message that a machine has acknowledged is owed an answer."""
    acknowledged = any(past.kind == "acknowledge" and past.kept for past in _past(conversation, [first]))
    return "next_reply" if acknowledged or conversation.acknowledged_at else "acknowledge"


def _stand_as_it_waits(conversation: Conversation, by: Staff, at: datetime) -> None:
    """Nobody waits for a client who waits for us; what may stand still does so exactly while the conversation waits."""
    if conversation.waiting_since is not None and conversation.unanswered_since is not None:
        thread.change(conversation=conversation, **NOT_WAITING)
    running = clocks.open_on(conversation=conversation)
    if conversation.waiting_since is None:
        clocks.resume(running=running, by=by, at=at)
    else:
        clocks.pause(running=running, waiting_for=conversation.waiting_for, by=by, at=at)
