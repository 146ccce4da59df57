"""Which promises a person may see, and the boards: what breaks next comes first."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING

from django.db.models import Exists, OuterRef, Q, QuerySet

from wellkept.clients import queries as clients
from wellkept.people import queries as people
from wellkept.promises.models import OPEN, Promise, PromiseEvent
from wellkept.promises.queries.drawing import Drawn, drawn

if TYPE_CHECKING:
    from wellkept.clients.models import Client, Contact
    from wellkept.people.models import Staff

MOST_ROWS = 200
NAMES = ("client", "owner", "to_contact", "to_staff")
WAITING, RUNNING = "w", "r"
LARGEST_ID = 2**63


@dataclass(frozen=True, slots=True)
class Board:
    """One page of open promises; `next` asks for the following one."""

    rows: list[Drawn]
    next: str | None

    def __iter__(self) -> Iterator[Promise]:
        return iter(row.promise for row in self.rows)

    def __len__(self) -> int:
        return len(self.rows)


def for_staff(by: Staff) -> QuerySet[Promise]:
    """Promises of the clients a person may see, their own, those owed to them, and those of the people they supervise."""
    if not by.is_active:
        return Promise.objects.none()
    scope = clients.scope(by)
    if scope.everything:
        return Promise.objects.all()
    below = Q(client=None, owner__in=people.below(by)) | Q(client=None, to_staff__in=people.below(by))
    return Promise.objects.filter(scope.q("client") | Q(owner=by) | Q(to_staff=by) | below)


def for_contact(contact: Contact) -> QuerySet[Promise]:
    """Everything owed to the contact's organisation, open or closed; what colleagues owe each other is not theirs to see."""
    return Promise.objects.filter(client=contact.client_id, to_staff=None)


def open_for_subject(kind: str, pk: int) -> QuerySet[Promise]:
    """What is owed about one thing, what breaks next first."""
    return (
        Promise.objects.filter(OPEN, subject_kind=kind, subject_id=pk).select_related(*NAMES).order_by("due_at", "pk")
    )


@dataclass(frozen=True, slots=True)
class Begun:
    """How a clock that began at a given moment stands; `let_off`: somebody withdrew it and said why."""

    kind: str
    made_at: datetime
    is_open: bool
    kept: bool
    missed: bool
    let_off: bool


def begun(*, kinds: Iterable[str], client: int | None, starts: Iterable[datetime]) -> list[Begun]:
    """Promises of these kinds whose clock began at one of these moments, the first made first.

    To a client, and to the stranger whom nobody knew yet to be theirs.
    """
    withdrawn = PromiseEvent.objects.filter(promise=OuterRef("pk"), name="withdrawn", data__let_off=True)
    found = Promise.objects.filter(Q(client=client) | Q(client=None), kind__in=list(kinds), made_at__in=list(starts))
    rows = found.annotate(let_off=Exists(withdrawn)).order_by("pk")
    return [
        Begun(row.kind, row.made_at, row.is_open, row.kept_at is not None, row.missed_at is not None, row.let_off)
        for row in rows
    ]


def next_for_subjects(kind: str, ids: Iterable[int]) -> dict[int, Promise]:
    """The open promise that falls due first for each of a page of things; a running clock before one that stands still.

    Its people are not read: whoever asks for a page of things has most of them at hand.
    """
    found: dict[int, Promise] = {}
    owed = Promise.objects.filter(OPEN, subject_kind=kind, subject_id__in=list(ids))
    for promise in sorted(owed, key=lambda promise: (promise.paused_at is not None, promise.due_at, promise.pk)):
        found.setdefault(promise.subject_id, promise)
    return found


def withdrawn(pk: int) -> tuple[Promise, str] | None:
    """A promise that was withdrawn, and why; for whoever tells the one it was owed to."""
    promise = Promise.objects.select_related(*NAMES).filter(pk=pk, withdrawn_at__isnull=False).first()
    if promise is None:
        return None
    return promise, promise.events.filter(name="withdrawn").values_list("reason", flat=True).get()


def owed_by(staff: Staff) -> QuerySet[Promise]:
    return Promise.objects.filter(OPEN, owner=staff)


def next_check_at(at: datetime) -> datetime | None:
    """When the sweep has work next; None while nothing is owed."""
    if Promise.objects.filter(OPEN, recount_at__isnull=False).exists():
        return at
    first = Promise.objects.filter(OPEN, next_check_at__isnull=False).order_by("next_check_at")
    return first.values_list("next_check_at", flat=True).first()


def board(
    by: Staff,
    *,
    view: str = "mine",
    client: Client | None = None,
    limit: int = 50,
    after: str | None = None,
    at: datetime,
) -> Board:
    """Open promises by due time, what waits on the client at the end. Views: mine, team, client, owed_to_me, everything."""
    seen = _viewed(by, view, client).select_related(*NAMES).order_by("due_at", "pk")
    size = min(max(limit, 1), MOST_ROWS)
    part, due_at, pk = _read(after)
    found: list[Promise] = []
    if part == RUNNING:
        found = list(_after(seen.filter(paused_at=None), due_at, pk)[: size + 1])
        due_at, pk = None, 0
    if len(found) <= size:
        found += list(_after(seen.filter(paused_at__isnull=False), due_at, pk)[: size + 1 - len(found)])
    shown = found[:size]
    return Board(drawn(shown, at=at), _written(shown[-1]) if len(found) > size else None)


def _viewed(by: Staff, view: str, client: Client | None) -> QuerySet[Promise]:
    """A person's own need no look at their clients; every other view starts from what they may see."""
    if view == "mine":
        return Promise.objects.filter(OPEN, owner=by) if by.is_active else Promise.objects.none()
    if view == "owed_to_me":
        return Promise.objects.filter(OPEN, to_staff=by) if by.is_active else Promise.objects.none()
    seen = for_staff(by).filter(OPEN)
    if view == "client":
        return seen.filter(client=client)
    if view == "team":
        team = [*people.team_mates(by).values_list("pk", flat=True), by.pk]
        return seen.filter(Q(owner__in=team) | Q(owner=None) | Q(owner__in=people.below(by)))
    return seen


def _after(rows: QuerySet[Promise], due_at: datetime | None, pk: int) -> QuerySet[Promise]:
    if due_at is None:
        return rows
    return rows.filter(due_at__gte=due_at).exclude(due_at=due_at, pk__lte=pk)


def _written(last: Promise) -> str:
    return f"{WAITING if last.paused_at else RUNNING}~{last.due_at.isoformat()}~{last.pk}"


def _read(after: str | None) -> tuple[str, datetime | None, int]:
    """A place nobody could have been given reads as the beginning."""
    try:
        part, due_at, pk = (after or "").split("~")
        place, number = datetime.fromisoformat(due_at), int(pk)
        if part not in (RUNNING, WAITING) or place.tzinfo is None or not 0 <= number < LARGEST_ID:
            return RUNNING, None, 0
        return part, place.astimezone(UTC), number
    except (ValueError, OverflowError):
        return RUNNING, None, 0
