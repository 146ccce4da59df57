"""Lists of conversations. Every view walks an index of open rows (or one person's done rows) from a key, so a page
costs the same at a hundred conversations and at a million; counts stop at a hundred.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import QuerySet

from wellkept.clients import queries as clients
from wellkept.conversations.models import ASIDE, MY_TURN, UNRESOLVED, Conversation, Participant
from wellkept.conversations.queries.scope import visible_to
from wellkept.core import counting, related, search
from wellkept.people import queries as people
from wellkept.promises import queries as promises

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff
    from wellkept.promises.models import Promise

VIEWS = ("mine", "clients", "waiting", "done", "triage", "team", "all")
COUNTED = ("mine", "clients", "waiting", "triage")
MOST_ROWS = 100
MOST_COUNTED = 99
MOST_HITS = 200
ROW_NAMES = {"client": "client", "contact": "contact", "owner": "staff"}
PROMISE_NAMES = {"client": "client", "owner": "staff", "to_contact": "contact", "to_staff": "staff"}


@dataclass(frozen=True, slots=True)
class Row:
    """One line of a list: the conversation and the promise that falls due next, if anything is owed, with their people."""

    conversation: Conversation
    promise: Promise | None


@dataclass(frozen=True, slots=True)
class Page:
    """`next` leads to the following page, None on the last. A count of 100 reads as “99+”."""

    rows: list[Row]
    next: str | None
    counts: dict[str, int]


def listing(
    by: Staff,
    view: str = "mine",
    client: Client | int | None = None,
    channel: str | None = None,
    words: str | None = None,
    after: str | None = None,
    limit: int = 50,
) -> Page:
    """One page of a view. Open work comes by what falls due next, then what is owed nothing; done work newest first."""
    limit = min(max(limit, 1), MOST_ROWS)
    found = _narrowed(_view(by, view, client), client, channel)
    if words and words.strip():
        rows, following = _matching(by, found, words.strip(), limit), None
    elif view in ("done", "all"):
        rows, following = _newest(found, "resolved_at" if view == "done" else "last_message_at", after, limit)
    else:
        rows, following = _by_due(found, after, limit)
    _name_writers(rows)
    return Page(_with_promises(rows, by), following, counts(by))


def counts(by: Staff) -> dict[str, int]:
    """How many wait in each view that asks for action; never more than 100 are counted."""
    return counting.up_to(MOST_COUNTED + 1, {view: _view(by, view, None) for view in COUNTED})


def waiting(by: Staff, view: str) -> QuerySet[Conversation]:
    """What waits in one view, for whoever counts it."""
    return _view(by, view, None)


def _view(by: Staff, view: str, client: Client | int | None) -> QuerySet[Conversation]:
    if not by.is_active:
        return Conversation.objects.none()
    found = Conversation.objects.all()
    if view == "mine":
        return found.filter(UNRESOLVED, MY_TURN, owner=by, snoozed_until=None)
    if view == "waiting":
        return found.filter(UNRESOLVED, ASIDE, owner=by)
    if view == "done":
        return found.filter(resolved_at__isnull=False, merged_into=None, owner=by)
    if view == "triage":
        may = people.may_triage(by) or people.may_see_everything(by)
        return found.filter(UNRESOLVED, client=None) if may else Conversation.objects.none()
    if view == "clients":
        return found.filter(UNRESOLVED, client__bookkeeper=by)
    if view == "all" and client is not None:
        return found.filter(visible_to(by), merged_into=None)
    return found.filter(UNRESOLVED, visible_to(by))


def _narrowed(
    found: QuerySet[Conversation], client: Client | int | None, channel: str | None
) -> QuerySet[Conversation]:
    if client is not None:
        found = found.filter(client=client)
    if channel:
        found = found.filter(channel=channel)
    return found


def _by_due(found: QuerySet[Conversation], after: str | None, limit: int) -> tuple[list[Conversation], str | None]:
    """First what falls due, soonest first; then what owes nothing, newest first."""
    phase, moment, last = _key(after)
    rows: list[Conversation] = []
    if phase != "n":
        due = found.filter(next_due_at__isnull=False).order_by("next_due_at", "id")
        if moment is not None:
            due = due.filter(next_due_at__gte=moment).exclude(next_due_at=moment, id__lte=last)
        rows = list(due[: limit + 1])
        moment = None
    if len(rows) <= limit:
        idle = found.filter(next_due_at=None).order_by("-last_message_at", "-id")
        rows += _older(idle, "last_message_at", moment, last)[: limit + 1 - len(rows)]
    if len(rows) <= limit:
        return rows, None
    edge = rows[limit - 1]
    if edge.next_due_at is not None:
        return rows[:limit], f"d.{edge.next_due_at.isoformat()}.{edge.pk}"
    return rows[:limit], f"n.{edge.last_message_at.isoformat()}.{edge.pk}"


def _newest(
    found: QuerySet[Conversation], column: str, after: str | None, limit: int
) -> tuple[list[Conversation], str | None]:
    _phase, moment, last = _key(after)
    rows = list(_older(found.order_by(f"-{column}", "-id"), column, moment, last)[: limit + 1])
    if len(rows) <= limit:
        return rows, None
    edge = rows[limit - 1]
    return rows[:limit], f"n.{getattr(edge, column).isoformat()}.{edge.pk}"


def _older(found: QuerySet[Conversation], column: str, moment: datetime | None, last: int) -> QuerySet[Conversation]:
    if moment is None:
        return found
    return found.filter(**{f"{column}__lte": moment}).exclude(**{column: moment, "id__gte": last})


def _key(after: str | None) -> tuple[str, datetime | None, int]:
    """Where the page before ended; anything unreadable begins at the first page."""
    try:
        phase, rest = (after or "").split(".", 1)
        moment, last = rest.rsplit(".", 1)
        return phase, datetime.fromisoformat(moment), int(last)
    except ValueError:
        return "", None, 0


def _matching(by: Staff, found: QuerySet[Conversation], words: str, limit: int) -> list[Conversation]:
    """The view's conversations among the best matches the person may see, best first."""
    scope = clients.scope(by)
    hits = search.find_ids(
        words,
        clients=None if scope.everything else scope.ids,
        without_client=scope.without_client,
        kind="conversation",
        limit=MOST_HITS,
    )
    order = {number: place for place, number in enumerate(hits)}
    return sorted(found.filter(pk__in=order), key=lambda row: order[row.pk])[:limit]


def _name_writers(rows: list[Conversation]) -> None:
    """Who wrote first, as `written_by`, where no contact tells it."""
    nameless = [row.pk for row in rows if row.contact_id is None]
    if not nameless:
        return
    people = Participant.objects.filter(conversation__in=nameless).order_by("-id")
    first = {pk: name or address for pk, name, address in people.values_list("conversation_id", "name", "address")}
    for row in rows:
        row.written_by = first.get(row.pk, "")


def _with_promises(rows: list[Conversation], by: Staff) -> list[Row]:
    """Each row's next promise; both name their people, who are mostly the same few."""
    owed = promises.next_for_subjects("conversation", [row.pk for row in rows if row.next_due_at is not None])
    known: dict[str, dict[int, Any]] = {"client": {}, "contact": {}, "staff": {by.pk: by}}
    for found, names in (([*rows], ROW_NAMES), ([*owed.values()], PROMISE_NAMES)):
        for name, kind in names.items():
            related.join(found, name, known[kind])
    return [Row(row, owed.get(row.pk)) for row in rows]
