"""Long requests: the client is told how far things are, every so many business days, each update promising the next."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.calendars import queries as calendars
from wellkept.conversations.actions import clocks, thread
from wellkept.conversations.models import Conversation, Rhythm
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.promises import actions as promises

if TYPE_CHECKING:
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

MOST_DAYS = 60


class RhythmUnclear(Refusal):
    """Every how many days?"""


class NoRhythm(Refusal):
    """No updates are promised here."""


class RhythmOfNobody(Refusal):
    """Updates are promised to a client."""


@transaction.atomic
def set_rhythm(*, conversation: Conversation, every_days: int, by: Staff, at: datetime) -> Rhythm:
    """Promise an update every `every_days` business days of the client. A new rhythm takes the place of the old one."""
    conversation = thread.fresh(conversation=conversation)
    if not 1 <= every_days <= MOST_DAYS:
        sentence = _("Choose between 1 and %(most)s business days.") % {"most": MOST_DAYS}
        raise RhythmUnclear(sentence, field="every_days")
    if conversation.client is None or conversation.resolved_at is not None:
        raise RhythmOfNobody(_("Updates are promised to a client, on a conversation that is open."))
    running = clocks.open_on(conversation=conversation)
    stop(conversation=conversation, running=running, by=by, at=at)
    rhythm = Rhythm.objects.create(conversation=conversation, every_days=every_days, started_at=at, started_by=by)
    _promise_next(conversation, rhythm, by, at)
    thread.add_event(conversation=conversation, event="rhythm_set", at=at, by=by, days=every_days)
    record("rhythm.set", at=at, by=by, client=conversation.client_id, conversation=conversation, days=every_days)
    clocks.mirror(conversation=conversation)
    thread.tell(conversation=conversation)
    return rhythm


@transaction.atomic
def end_rhythm(*, conversation: Conversation, by: Staff, at: datetime) -> Conversation:
    """No more regular updates; what was due by then is withdrawn, or stays missed."""
    conversation = thread.fresh(conversation=conversation)
    running = clocks.open_on(conversation=conversation)
    if not stop(conversation=conversation, running=running, by=by, at=at):
        raise NoRhythm(_("No regular updates are promised here."))
    clocks.mirror(conversation=conversation)
    thread.tell(conversation=conversation)
    return conversation


def current(*, conversation: Conversation) -> Rhythm | None:
    """The rhythm that runs."""
    return Rhythm.objects.filter(conversation=conversation, ended_at=None).first()


def renew(*, conversation: Conversation, rhythm: Rhythm | None, by: Staff | None, at: datetime) -> Promise | None:
    """An update was given, so the next one is promised."""
    return _promise_next(conversation, rhythm, by, at) if rhythm else None


def run_again(*, rhythm_id: int | None, ended_at: datetime) -> None:
    """A rhythm that ended with a reply runs on when that reply is taken back."""
    if rhythm_id is not None:
        Rhythm.objects.filter(pk=rhythm_id, ended_at=ended_at).update(ended_at=None)


def stop(*, conversation: Conversation, running: Iterable[Promise], by: Staff | None, at: datetime) -> bool:
    """End the rhythm that runs, if one does."""
    if Rhythm.objects.filter(conversation=conversation, ended_at=None).update(ended_at=at) == 0:
        return False
    for promise in running:
        if promise.kind == "progress" and promise.is_open:
            promises.withdraw(promise=promise, reason=_("Regular updates ended."), by=by, at=at)
    thread.add_event(conversation=conversation, event="rhythm_ended", at=at, by=by)
    record("rhythm.ended", at=at, by=by, client=conversation.client_id, conversation=conversation)
    return True


def join(*, origin: Conversation, target: Conversation, by: Staff, at: datetime) -> None:
    """Two conversations become one: the rhythm of `target` goes on, else that of `origin`. Of two updates the sooner stays."""
    there = Rhythm.objects.filter(conversation=target, ended_at=None)
    if not there.exists():
        Rhythm.objects.filter(conversation=origin, ended_at=None).update(conversation=target)
        return
    running = [*clocks.open_on(conversation=origin), *clocks.open_on(conversation=target)]
    updates = sorted((each for each in running if each.kind == "progress"), key=lambda each: each.due_at)
    stop(conversation=origin, running=updates[1:], by=by, at=at)


def _promise_next(conversation: Conversation, rhythm: Rhythm, by: Staff | None, at: datetime) -> Promise | None:
    if conversation.client is None:
        return None
    hours = calendars.compiled(calendars.current(conversation.client.calendar_id).pk)
    due_at = hours.add(at, rhythm.every_days * hours.day_minutes())
    return clocks.make(conversation=conversation, kind="progress", due_at=due_at, by=by, at=at)
