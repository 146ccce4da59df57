"""How a promise begins: on the clock of an agreement, or for a date somebody named."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellkept.calendars import queries as calendars
from wellkept.clients import queries as clients
from wellkept.core import bulk
from wellkept.core.refusals import Refusal
from wellkept.people import actions as people
from wellkept.promises import kinds
from wellkept.promises.actions.book import enter
from wellkept.promises.actions.guards import refuse_blind
from wellkept.promises.models import OPEN, Promise
from wellkept.promises.queries.clocks import calendar_for, clock_of, levels
from wellkept.promises.queries.words import told_in, when
from wellkept.promises.rules import clock

if TYPE_CHECKING:
    from wellkept.clients.models import Client, Contact, Target
    from wellkept.people.models import Staff

LONGEST_TITLE = 200
FARTHEST = timedelta(days=3 * 366)
INTERNAL = "internal"


class Untitled(Refusal):
    """A promise says what is owed."""


class DueInThePast(Refusal):
    """What is promised lies ahead."""


class DueTooFar(Refusal):
    """Nobody can be held to a date so far away."""


class DueWhenClosed(Refusal):
    """The time chosen falls into closed hours."""


class OwnerGone(Refusal):
    """The person no longer works here."""


class NotOfThisClient(Refusal):
    """The contact belongs to somebody else."""


class OwedToOneself(Refusal):
    """A promise is owed to somebody else."""


@dataclass(frozen=True, slots=True)
class Agreed:
    """How long a promise may take, on which clock, under which target."""

    seconds: int
    calendar: int | None
    target: Target | None


@transaction.atomic
def make(
    *,
    kind: str,
    title: str,
    client: Client | None,
    owner: Staff | None,
    to_contact: Contact | None = None,
    to_staff: Staff | None = None,
    subject_kind: str,
    subject_id: int,
    channel: str = "",
    priority: str = "",
    due_at: datetime | None = None,
    start_at: datetime | None = None,
    by: Staff | None,
    at: datetime,
) -> Promise | None:
    """Owe something by `due_at`, or by what the agreement says, counted from `start_at`.

    None when no date is given and nothing was agreed. Of a kind that a subject owes once, the running one is returned:
    the first unanswered message started the clock and a further one does not restart it.
    """
    sort = kinds.named(kind)
    _check_people(client, owner, to_contact, to_staff)
    words = " ".join(title.split())[:LONGEST_TITLE]
    if not words:
        raise Untitled(_("Say what will be done."), field="title")
    promise = Promise(
        kind=kind, title=words, client=client, owner=owner, to_contact=to_contact, to_staff=to_staff,
        subject_kind=subject_kind, subject_id=subject_id, channel=channel, priority=priority,
        calendar_id=calendar_for(client=client, owner=owner, internal=to_staff is not None),
        made_at=start_at or at, made_by=by,
    )  # fmt: skip
    if due_at is not None:
        check_date(due_at=due_at, calendar=promise.calendar_id, at=at)
        promise.due_at = due_at
    elif not _timed(promise, sort):
        return None
    return write(promise=promise, by=by, at=at)


@transaction.atomic
def ask_colleague(
    *,
    title: str,
    of: Staff,
    client: Client | None,
    due_at: datetime | None,
    by: Staff,
    at: datetime,
    subject_kind: str = "staff",
    subject_id: int | None = None,
) -> Promise:
    """A colleague who can see the client owes `by` something, on their own working hours and under the same engine."""
    refuse_blind(staff=of, client=client, field="of")
    subject = by.pk if subject_id is None else subject_id
    return owe_colleague(
        kind="colleague", title=title, owner=of, client=client, subject_kind=subject_kind, subject_id=subject,
        due_at=due_at, by=by, at=at,
    )  # fmt: skip


def owe_colleague(
    *,
    kind: str,
    title: str,
    owner: Staff,
    client: Client | None,
    subject_kind: str,
    subject_id: int,
    due_at: datetime | None,
    by: Staff,
    at: datetime,
) -> Promise:
    """`owner` owes `by` something and is told so. Help and decisions are owed by whoever is above, in scope or not."""
    promise = make(
        kind=kind, title=title, client=client, owner=owner, to_staff=by, channel=INTERNAL,
        subject_kind=subject_kind, subject_id=subject_id, due_at=due_at, by=by, at=at,
    )  # fmt: skip
    if promise is None:
        raise Untitled(_("Say by when you need it."), field="due_at")
    with told_in(owner):
        text = _("%(name)s asks you: %(title)s, by %(due)s.") % {
            "name": by.name,
            "title": promise.title,
            "due": when(promise.due_at, owner),
        }
    people.notify(
        staff=owner, kind="promise.asked", subject_kind="promise", subject_id=promise.pk, client=promise.client_id,
        text=text, at=at,
    )  # fmt: skip
    return promise


def write(*, promise: Promise, by: Staff | None, at: datetime) -> Promise:
    """Insert a promise with its first check. Where its subject owes it already, that one is returned and runs on."""
    promise.next_check_at = clock.next_check(clock_of(promise=promise), warned=0, levels=levels())
    if not bulk.insert_once(promise):
        return _running_twin(promise)
    enter(
        promise=promise,
        name="made",
        at=at,
        by=by,
        data={"due_at": promise.due_at.isoformat(), "seconds": promise.seconds},
    )
    return promise


def _running_twin(promise: Promise) -> Promise:
    twin = running_one(kind=promise.kind, subject_kind=promise.subject_kind, subject_id=promise.subject_id)
    if twin is None:
        raise IntegrityError(f"A {promise.kind} is owed once, yet none runs.")
    return twin


def running_one(*, kind: str, subject_kind: str, subject_id: int) -> Promise | None:
    """The open promise of a kind that a subject owes once."""
    if not kinds.named(kind).single:
        return None
    return Promise.objects.filter(OPEN, kind=kind, subject_kind=subject_kind, subject_id=subject_id).first()


def agreed(
    *, kind: kinds.Kind, client: Client | None, channel: str, priority: str, calendar: int | None
) -> Agreed | None:
    """What the agreement promises; else the kind's own time, where it has one."""
    choice = clients.target_for(client, kind.name, channel, priority)
    if choice is None:
        return Agreed(kind.seconds, calendar, None) if kind.seconds is not None else None
    elapsed = choice.target.clock == "elapsed"
    return Agreed(choice.target.seconds, None if elapsed else calendar, choice.target)


def check_date(*, due_at: datetime, calendar: int | None, at: datetime) -> None:
    """A date promised lies ahead, within reach, and in open hours (the closing minute included)."""
    if due_at <= at:
        raise DueInThePast(_("This time has passed. Choose a later one."), field="due_at")
    if due_at - at > FARTHEST:
        raise DueTooFar(_("This is more than three years away. Choose an earlier time."), field="due_at")
    hours = calendars.compiled(calendar)
    if not hours.is_open(due_at) and not hours.is_open(due_at - timedelta(microseconds=1)):
        opens = hours.next_open(due_at).astimezone(hours.tz)
        sentence = _("The office is closed then. Choose %(time)s or later.")
        raise DueWhenClosed(sentence % {"time": when(opens, None)}, field="due_at")


def check_owner(*, owner: Staff | None) -> None:
    if owner is not None and owner.deactivated_at is not None:
        raise OwnerGone(_("%(name)s no longer works here. Choose somebody else.") % {"name": owner.name}, field="owner")


def _timed(promise: Promise, kind: kinds.Kind) -> bool:
    """Give the promise the time that was agreed; says whether any was."""
    terms = agreed(
        kind=kind,
        client=promise.client,
        channel=promise.channel,
        priority=promise.priority,
        calendar=promise.calendar_id,
    )
    if terms is None:
        return False
    promise.seconds, promise.calendar_id, promise.target = terms.seconds, terms.calendar, terms.target
    promise.due_at = clock.due(calendars.compiled(terms.calendar), promise.made_at, terms.seconds)
    return True


def _check_people(client: Client | None, owner: Staff | None, contact: Contact | None, to_staff: Staff | None) -> None:
    check_owner(owner=owner)
    if contact is not None and (client is None or contact.client_id != client.pk):
        raise NotOfThisClient(_("%(name)s is a contact of another client.") % {"name": contact.name}, field="contact")
    if owner is not None and to_staff is not None and owner.pk == to_staff.pk:
        raise OwedToOneself(_("You cannot owe this to yourself. Choose a colleague."), field="owner")
