"""The same done to many conversations: each through its own single action, in one transaction.

What one of them refuses stays as it is and is told with its reason; the others are done. When every one is refused,
so is the whole.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.conversations import queries
from wellkept.conversations.actions import closing, handing, sorting
from wellkept.conversations.models import Conversation
from wellkept.core.refusals import Refusal

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff

AT_ONCE = 100
REASONS_TOLD = 2
LONGEST_SUBJECT = 60


class NothingSelected(Refusal):
    """There is nothing to do it to."""


class TooMany(Refusal):
    """More than a person can have looked at."""


class NoneDone(Refusal):
    """Every one of them was refused."""


@dataclass(frozen=True, slots=True)
class Left:
    """One that stays as it was, and why."""

    conversation: Conversation
    reason: str


@dataclass(frozen=True, slots=True)
class Done:
    """What came of it: those that were done, and those that stay as they are."""

    done: tuple[Conversation, ...]
    left: tuple[Left, ...]

    @property
    def why_left(self) -> str:
        """The first reasons, each with the conversation it is about; empty when none was left."""
        told = [f"“{_subject(each.conversation)}”: {each.reason}" for each in self.left[:REASONS_TOLD]]
        more = len(self.left) - len(told)
        if more:
            told.append(ngettext("And %(n)s more.", "And %(n)s more.", more) % {"n": more})
        return " ".join(told)


@transaction.atomic
def resolve_many(*, conversations: Sequence[Conversation], answer: str, by: Staff, at: datetime) -> Done:
    """`answer` says why those that wait need none; without it they stay open."""
    return _each(conversations, lambda one: closing.resolve(conversation=one, answer=answer, by=by, at=at))


@transaction.atomic
def reopen_many(*, conversations: Sequence[Conversation], by: Staff, at: datetime) -> Done:
    return _each(conversations, lambda one: closing.reopen(conversation=one, by=by, at=at))


@transaction.atomic
def snooze_many(*, conversations: Sequence[Conversation], until: datetime, by: Staff, at: datetime) -> Done:
    return _each(conversations, lambda one: closing.snooze(conversation=one, until=until, by=by, at=at))


@transaction.atomic
def wake_many(*, conversations: Sequence[Conversation], by: Staff, at: datetime) -> Done:
    return _each(conversations, lambda one: closing.wake_up(conversation=one, by=by, at=at))


@transaction.atomic
def offer_many(*, conversations: Sequence[Conversation], taker: Staff, note: str, by: Staff, at: datetime) -> Done:
    """Each stays with its owner until the taker accepts that one."""
    return _each(conversations, lambda one: handing.offer(conversation=one, taker=taker, note=note, by=by, at=at))


@transaction.atomic
def withdraw_offers(*, conversations: Sequence[Conversation], by: Staff, at: datetime) -> Done:
    """Take the offers that wait on these back."""
    return _each(conversations, lambda one: _withdraw(one, by, at))


@transaction.atomic
def take_many(*, conversations: Sequence[Conversation], by: Staff, at: datetime) -> Done:
    return _each(conversations, lambda one: handing.take(conversation=one, by=by, at=at))


@transaction.atomic
def set_client_of_many(*, conversations: Sequence[Conversation], client: Client, by: Staff, at: datetime) -> Done:
    return _each(
        conversations, lambda one: sorting.set_client(conversation=one, client=client, contact=None, by=by, at=at)
    )


def _each(conversations: Sequence[Conversation], do: Callable[[Conversation], Any]) -> Done:
    """In the order of their ids, so that two people who do this at once never hold what the other waits for."""
    if not conversations:
        raise NothingSelected(_("Select at least one conversation."))
    if len(conversations) > AT_ONCE:
        raise TooMany(_("Select at most %(n)s conversations at once.") % {"n": AT_ONCE})
    done, left = [], []
    for conversation in sorted(conversations, key=lambda one: one.pk):
        try:
            do(conversation)  # atomic by itself: what it began before it refused is taken back
        except Refusal as refusal:
            left.append(Left(conversation, str(refusal)))
        else:
            done.append(conversation)
    whole = Done(tuple(done), tuple(left))
    if not done:
        raise NoneDone(whole.why_left)
    return whole


def _withdraw(conversation: Conversation, by: Staff, at: datetime) -> None:
    handover = queries.open_handover(conversation)
    if handover is None:
        raise handing.OfferOver(_("This offer was answered or taken back before."))
    handing.withdraw_offer(handover=handover, by=by, at=at)


def _subject(conversation: Conversation) -> str:
    subject = conversation.subject or _("No subject")
    return subject if len(subject) <= LONGEST_SUBJECT else f"{subject[: LONGEST_SUBJECT - 1].rstrip()}…"
