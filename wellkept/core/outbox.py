"""The way out: one row per thing that must leave, written with its change, sent by the worker, in order per subject.

Always true: a row is claimed and committed as "sending" before its transport is called, so a call that may have worked
is never repeated blindly: it becomes "unknown" and is looked up, or shown to a person, before it is sent again.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Exists, F, OuterRef, Q
from django.utils.translation import gettext as _

from wellkept.core import bulk, facts, live, wake
from wellkept.core.models import Outgoing, StoredFile

Transport = Callable[[Outgoing, datetime], None]
LookUp = Callable[[Outgoing, datetime], bool | None]

CLAIM = timedelta(minutes=10)
TRIES = 24
LONGEST_WAIT = timedelta(hours=2)
CLOCK_SET_BACK = timedelta(minutes=5)
State = Outgoing.State


@dataclass(frozen=True)
class Way:
    """How a kind leaves. `look_up` answers whether a call with unknown end arrived: True, False, or None (cannot tell)."""

    send: Transport
    look_up: LookUp | None


_ways: dict[str, Way] = {}


class TryLater(Exception):
    """The other side is away or asks for patience. Tried again with growing waits."""


class Never(Exception):
    """The other side refused for good. Shown to a person."""


class Unknown(Exception):
    """The call may have worked. Looked up before anything is sent again."""


class Held(Exception):
    """No way out is configured. The exact bytes wait where a person can see them."""

    def __init__(self, sentence: str, *, content: StoredFile | None = None) -> None:
        super().__init__(sentence)
        self.content = content


def sends(kind: str, *, look_up: LookUp | None = None) -> Callable[[Transport], Transport]:
    """Register the transport of a kind. Returning means sent; otherwise it raises TryLater, Never, Unknown or Held."""

    def register(function: Transport) -> Transport:
        _ways[kind] = Way(function, look_up)
        return function

    return register


def enqueue(
    *,
    kind: str,
    key: str,
    subject: str,
    payload: dict[str, object],
    at: datetime,
    client: int | None = None,
    wait: timedelta = timedelta(0),
) -> Outgoing:
    """Write the row; `key` makes a second call return the first row. It leaves no sooner than `at + wait` (undo)."""
    row = Outgoing(
        kind=kind, key=key, subject=subject, payload=payload, created_at=at, not_before=at + wait, client=client
    )
    if not bulk.insert_once(row):
        row = Outgoing.objects.get(key=key)
    wake.at_commit()
    return row


def withdraw(row: Outgoing) -> bool:
    """Take back what has not left yet. False when it is already on its way."""
    return (
        Outgoing.objects.filter(pk=row.pk, state__in=[State.PENDING, State.HELD], claimed_until=None).update(
            state=State.WITHDRAWN
        )
        == 1
    )


def claim(*, at: datetime) -> Outgoing | None:
    """Take the oldest row that may leave now: due, and nothing of its subject before it is still on its way."""
    _notice_vanished(at)
    for row in _may_leave(at):
        was = row.state
        taken = Outgoing.objects.filter(pk=row.pk, state=was, claimed_until=None)
        if taken.update(state=State.SENDING, claimed_until=at + CLAIM, attempts=F("attempts") + 1) == 1:
            row.attempts += 1
            row.state = was  # what it was tells `send` whether to look up first
            return row
    return None


def _may_leave(at: datetime) -> list[Outgoing]:
    lookable = [kind for kind, way in _ways.items() if way.look_up]
    unsure = Q(state=State.UNKNOWN, kind__in=lookable)
    before = Outgoing.objects.filter(subject=OuterRef("subject"), id__lt=OuterRef("id"))
    ahead = before.filter(Q(state__in=[State.PENDING, State.SENDING]) | unsure)
    due = Q(not_before__lte=at) | Q(created_at__gt=at + CLOCK_SET_BACK)
    for waiting in (Q(state=State.PENDING), unsure):
        found = list(
            Outgoing.objects.filter(waiting, due, ~Exists(ahead), claimed_until=None).order_by("not_before", "id")[:5]
        )
        if found:
            return found
    return []


def send(row: Outgoing, *, at: datetime, clock: Callable[[], datetime]) -> str:
    """Call the transport of a claimed row, outside any transaction, and note how it ended. Returns the state."""
    try:
        _leave(row, at)
    except TryLater as later:
        return _later(row, str(later), at=clock())
    except Never as never:
        return _ended(row, State.DEAD, str(never), at=clock())
    except Unknown as unknown:
        return _ended(row, State.UNKNOWN, str(unknown), at=clock(), again_after=wait(row.attempts))
    except Held as held:
        return _ended(row, State.HELD, str(held), at=clock(), content=held.content)
    return _ended(row, State.SENT, "", at=clock())


def broke(row: Outgoing, *, error: Exception, at: datetime) -> str:
    """The transport failed in a way nobody foresaw: a person decides."""
    return _ended(
        row,
        State.UNKNOWN,
        _("The program failed while sending this (%(error)s). It may have arrived.") % {"error": type(error).__name__},
        at=at,
    )


def next_due_at() -> datetime | None:
    """When the next pending row may leave; the sender sleeps until then."""
    return (
        Outgoing.objects.filter(state=State.PENDING, claimed_until=None)
        .order_by("not_before")
        .values_list("not_before", flat=True)
        .first()
    )


def let_held_go(*, kind: str, at: datetime) -> int:
    """A way out has been configured: what was held for want of one may leave, in order."""
    freed = Outgoing.objects.filter(kind=kind, state=State.HELD).update(
        state=State.PENDING, not_before=at, attempts=0, reason=""
    )
    wake.at_commit()
    return freed


def wait(attempts: int) -> timedelta:
    """5 s, 10 s, 20 s, ... up to two hours; more than a day altogether."""
    return min(LONGEST_WAIT, timedelta(seconds=5 * 2 ** min(attempts - 1, 12)))


def _leave(row: Outgoing, at: datetime) -> None:
    way = _ways.get(row.kind)
    if way is None:
        raise Never(_("This release does not know how to send “%(kind)s”.") % {"kind": row.kind})
    if row.state == State.UNKNOWN and way.look_up is not None:
        arrived = way.look_up(row, at)
        if arrived is None:
            raise Unknown(row.reason)
        if arrived:
            return
    way.send(row, at)


def _later(row: Outgoing, reason: str, *, at: datetime) -> str:
    if row.attempts >= TRIES:
        return _ended(row, State.DEAD, reason, at=at)
    return _ended(row, State.PENDING, reason, at=at, again_after=wait(row.attempts))


@transaction.atomic
def _ended(
    row: Outgoing,
    state: str,
    reason: str,
    *,
    at: datetime,
    again_after: timedelta = timedelta(0),
    content: StoredFile | None = None,
) -> str:
    changed: dict[str, object] = {"state": state, "claimed_until": None, "reason": reason[:2000]}
    if state == State.SENT:
        changed["sent_at"] = at
    if state in {State.PENDING, State.UNKNOWN}:
        changed["not_before"] = at + again_after
    if content is not None:
        changed["content"] = content
    Outgoing.objects.filter(pk=row.pk).update(**changed)
    if state != State.PENDING:
        facts.record(f"outgoing.{state}", at=at, client=row.client, outgoing=row.pk)
    live.tell(["outgoing"], ["outgoing", f"outgoing-{row.pk}"])
    return state


def _notice_vanished(at: datetime) -> None:
    """A sender that vanished in the middle of a call leaves an unknown end behind."""
    lost = Q(claimed_until__lt=at) | Q(claimed_until__gt=at + CLAIM * 2)
    for row in Outgoing.objects.filter(lost, state=State.SENDING)[:20]:
        _ended(row, State.UNKNOWN, _("The machine stopped while this was on its way; it may have arrived."), at=at)
