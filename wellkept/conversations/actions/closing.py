"""The states of a conversation: resolved, reopened, put aside, waiting. None of them loses a promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.db import transaction
from django.utils.formats import date_format
from django.utils.translation import gettext as _

from wellkept.conversations.actions import clocks, rhythms, thread
from wellkept.conversations.actions.settling import settle, wait_again
from wellkept.conversations.actions.waiting import NOT_WAITING, begun
from wellkept.conversations.models import UNRESOLVED, Conversation, Message
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal
from wellkept.promises import actions as promises

if TYPE_CHECKING:
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

FURTHEST_SNOOZE = timedelta(days=366)


class StillOwed(Refusal):
    """Something promised on it is open."""


class ReasonNeeded(Refusal):
    """Somebody waits for an answer and would get none."""


class ResolvedAlready(Refusal):
    """It is resolved."""


class OpenAlready(Refusal):
    """It is open."""


class SnoozedPastPromise(Refusal):
    """Something falls due before it would come back."""


class SnoozeUnclear(Refusal):
    """The time to come back is not a time to come."""


class TheyWait(Refusal):
    """It is our turn, not theirs."""


@transaction.atomic
def resolve(*, conversation: Conversation, by: Staff, at: datetime, answer: str = "") -> Conversation:
    """The client has what they need. Refuses while something promised is open.

    Where a message waits for an answer, `answer` says why it needs none; the clock is then withdrawn with that reason
    and never counts as kept.
    """
    conversation = thread.fresh(conversation=conversation)
    if conversation.resolved_at is not None:
        raise ResolvedAlready(_("This conversation is resolved already."))
    owed = clocks.open_on(conversation=conversation)
    _refuse_while_owed(owed, by)
    waiting = [promise for promise in owed if promise.kind in clocks.REPLY_CLOCKS]
    reason = answer.strip()
    unanswered = bool(waiting) or conversation.unanswered_since is not None
    if unanswered and not reason:
        sentence = _("%(name)s waits for an answer. Reply, or say why no answer is needed.")
        raise ReasonNeeded(sentence % {"name": _who_waits(conversation)}, field="answer")
    for promise in waiting:
        promises.withdraw(promise=promise, reason=reason, by=by, at=at)
    for promise in owed:
        if promise.kind == "resolve":
            promises.keep(promise=promise, by=by, at=at)
    let_go = clocks.answered(conversation=conversation)
    thread.change(conversation=conversation, unanswered_since=None)
    event = "resolved_unanswered" if unanswered else "resolved"
    close(conversation=conversation, by=by, at=at, event=event, reason=reason, let_go=let_go)
    return conversation


def close(
    *,
    conversation: Conversation,
    by: Staff | None,
    at: datetime,
    event: str,
    reason: str = "",
    let_go: Sequence[int] = (),
) -> None:
    """The rows of a resolution; whatever ran beside it ends with it. `let_go` are the messages that need no answer."""
    running = clocks.open_on(conversation=conversation)
    rhythms.stop(conversation=conversation, running=running, by=by, at=at)
    clocks.resume(running=running, by=by, at=at)
    values = {"resolved_at": at, "resolved_by": by, "snoozed_until": None, **NOT_WAITING}
    values |= clocks.next_due(conversation=conversation, running=running)
    thread.change_if(conversation=conversation, only_if={"resolved_at": None}, values=values)
    thread.add_event(conversation=conversation, event=event, at=at, by=by, reason=reason, let_go=list(let_go))
    record("conversation.resolved", at=at, by=by, client=conversation.client_id, conversation=conversation)
    thread.tell(conversation=conversation)


@transaction.atomic
def reopen(*, conversation: Conversation, by: Staff, at: datetime, reason: str = "") -> Conversation:
    """There is more to do after all. Right after it was resolved, whoever was let go without an answer waits again."""
    conversation = thread.fresh(conversation=conversation)
    if conversation.resolved_at is None:
        raise OpenAlready(_("This conversation is open already."))
    undone = at - conversation.resolved_at <= promises.UNDO_WITHIN
    let_go = _let_go(conversation, conversation.resolved_at) if undone else []
    open_again(conversation=conversation, reason="by_hand", by=by, at=at)
    thread.add_event(conversation=conversation, event="reopened", at=at, by=by, reason=reason.strip())
    wait_again(conversation=conversation, messages=let_go, by=by, at=at)
    settle(conversations=[conversation], by=by, at=at)
    thread.tell(conversation=conversation)
    return conversation


def open_again(
    *, conversation: Conversation, reason: str, by: Staff | None, at: datetime, message: int | None = None
) -> None:
    """The rows of a reopening, and its reason on record. It comes back to somebody who is still here."""
    owner = thread.owner_today(conversation=conversation) or by
    thread.change(conversation=conversation, resolved_at=None, resolved_by=None, owner=owner)
    record(
        "conversation.reopened",
        at=at,
        by=by,
        client=conversation.client_id,
        conversation=conversation,
        reason=reason,
        message=message,
    )


@transaction.atomic
def snooze(*, conversation: Conversation, until: datetime, by: Staff, at: datetime) -> Conversation:
    """Out of sight until then. Clocks run on, so it may not be out of sight when something falls due."""
    conversation = thread.fresh(conversation=conversation)
    if conversation.resolved_at is not None:
        raise ResolvedAlready(_("This conversation is resolved. Reopen it first."))
    if until <= at:
        raise SnoozeUnclear(_("This time has passed. Choose a later one."), field="until")
    if until > at + FURTHEST_SNOOZE:
        raise SnoozeUnclear(_("Choose a time within a year."), field="until")
    clocks.mirror(conversation=conversation)
    due_at = conversation.next_due_at
    if due_at is not None and due_at <= until:
        sentence = _("Something promised falls due %(due)s. Choose a time before that.")
        raise SnoozedPastPromise(sentence % {"due": _when(due_at, by)}, field="until")
    thread.change(conversation=conversation, snoozed_until=until)
    thread.add_event(conversation=conversation, event="snoozed", at=at, by=by, until=until.isoformat())
    record("conversation.snoozed", at=at, by=by, client=conversation.client_id, conversation=conversation, until=until)
    thread.tell(conversation=conversation)
    return conversation


@transaction.atomic
def wake_up(*, conversation: Conversation, by: Staff | None, at: datetime) -> Conversation:
    """Back in sight."""
    conversation = thread.fresh(conversation=conversation)
    _wake(conversation, by, at)
    return conversation


@transaction.atomic
def wake_due(*, at: datetime, limit: int = 500) -> int:
    """Bring back whatever was put aside until now; says how many."""
    due = Conversation.objects.filter(UNRESOLVED, snoozed_until__lte=at).order_by("snoozed_until")[:limit]
    sleeping = list(due)
    for conversation in sleeping:
        _wake(conversation, None, at)
    return len(sleeping)


@transaction.atomic
def wait_on_client(*, conversation: Conversation, what: str, by: Staff, at: datetime) -> Conversation:
    """It is the client's turn. Clocks that may stand still do; a commitment goes on."""
    conversation = thread.fresh(conversation=conversation)
    asked = " ".join(what.split())[:200]
    if not asked:
        raise ReasonNeeded(_("Say what you are waiting for."), field="what")
    if conversation.resolved_at is not None:
        raise ResolvedAlready(_("This conversation is resolved. Reopen it first."))
    if conversation.unanswered_since is not None:
        sentence = _("%(name)s waits for an answer. Reply first, and say there what you need.")
        raise TheyWait(sentence % {"name": _who_waits(conversation)})
    running = clocks.open_on(conversation=conversation)
    clocks.pause(running=running, waiting_for=asked, by=by, at=at)
    due = clocks.next_due(conversation=conversation, running=running)
    wait = begun(conversation=conversation, what=asked, at=at)
    thread.change(conversation=conversation, **wait, **due)
    thread.add_event(conversation=conversation, event="waiting", at=at, by=by, what=asked)
    record("conversation.waiting", at=at, by=by, client=conversation.client_id, conversation=conversation)
    thread.tell(conversation=conversation)
    return conversation


@transaction.atomic
def stop_waiting(*, conversation: Conversation, by: Staff, at: datetime) -> Conversation:
    """We go on without their answer; the clocks run again."""
    conversation = thread.fresh(conversation=conversation)
    if conversation.waiting_since is None:
        raise OpenAlready(_("Nobody is waiting here."))
    running = clocks.open_on(conversation=conversation)
    clocks.resume(running=running, by=by, at=at)
    due = clocks.next_due(conversation=conversation, running=running)
    thread.change(conversation=conversation, **NOT_WAITING, **due)
    thread.tell(conversation=conversation)
    return conversation


def _let_go(conversation: Conversation, resolved_at: datetime) -> list[int]:
    """The messages its resolution said need no answer."""
    resolved = Message.objects.filter(conversation=conversation, event="resolved_unanswered", at=resolved_at)
    details = resolved.values_list("details", flat=True).last()
    return list(details.get("let_go", [])) if details else []


def _refuse_while_owed(owed: list[Promise], by: Staff) -> None:
    dated = [promise for promise in owed if promise.kind in clocks.DATED and promise.kind != "progress"]
    if dated:
        sentence = _("“%(title)s” is promised for %(due)s. Give it, move it or take it back first.")
        raise StillOwed(sentence % {"title": dated[0].title, "due": _when(dated[0].due_at, by)})


def _who_waits(conversation: Conversation) -> str:
    return conversation.contact.name if conversation.contact else _("The sender")


def _wake(conversation: Conversation, by: Staff | None, at: datetime) -> None:
    changed = Conversation.objects.filter(pk=conversation.pk, snoozed_until__isnull=False).update(snoozed_until=None)
    if changed != 1:
        return
    conversation.snoozed_until = None
    thread.add_event(conversation=conversation, event="woken", at=at, by=by)
    record("conversation.woken", at=at, by=by, client=conversation.client_id, conversation=conversation)
    thread.tell(conversation=conversation)


def _when(moment: datetime, staff: Staff) -> str:
    return date_format(moment.astimezone(ZoneInfo(staff.time_zone)), "D j M H:i")
