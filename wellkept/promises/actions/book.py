"""What every change of a promise leaves behind: its own event, a fact in the service book, a word to the open screens."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db.models import Q
from django.utils.translation import gettext as _

from wellkept.core import bulk, live
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother
from wellkept.promises.models import OPEN, Promise, PromiseEvent

if TYPE_CHECKING:
    from wellkept.core.models import Fact
    from wellkept.people.models import Staff

FACTS = {
    "made": "promise.made",
    "paused": "promise.paused",
    "resumed": "promise.resumed",
    "warned": "promise.warned",
    "missed": "promise.missed",
    "kept": "promise.kept",
    "unkept": "promise.unkept",
    "extended": "promise.extended",
    "withdrawn": "promise.withdrawn",
    "handed": "promise.handed_over",
    "escalated": "promise.escalated",
    "told": "promise.told",
    "moved": "promise.moved",
    "recounted": "promise.recounted",
}


class ClosedAlready(Refusal):
    """The promise was kept, withdrawn or replaced before."""


def enter(
    *,
    promise: Promise,
    name: str,
    at: datetime,
    by: Staff | None,
    reason: str = "",
    data: Mapping[str, Any] | None = None,
    fact: Mapping[str, Any] | None = None,
) -> Fact:
    """Write the event and the fact of one change, in the transaction of the change."""
    bulk.insert([PromiseEvent(promise=promise, name=name, at=at, by=by, reason=reason, data=dict(data or {}))])
    show(promise=promise)
    return record(FACTS[name], at=at, by=by, client=promise.client_id, **ids(promise=promise), **(fact or {}))


def ids(*, promise: Promise) -> dict[str, Any]:
    """The ids every fact about a promise carries."""
    return {
        "promise": promise.pk,
        "kind": promise.kind,
        "subject_kind": promise.subject_kind,
        "subject_id": promise.subject_id,
        "owner": promise.owner_id,
    }


def show(*, promise: Promise) -> None:
    """Refresh the promise wherever it is on a screen."""
    show_all(promises=[promise])


def show_all(*, promises: Sequence[Promise]) -> None:
    groups: set[str] = set()
    for promise in promises:
        groups.add(f"{promise.subject_kind}-{promise.subject_id}")
        groups |= {f"staff-{person}" for person in (promise.owner_id, promise.to_staff_id) if person is not None}
        groups |= {f"client-{promise.client_id}"} if promise.client_id is not None else set()
    live.tell(groups, [f"promise-{promise.pk}" for promise in promises])


def change(*, promise: Promise, **values: object) -> None:
    """Write `values` to an open promise nobody has changed since it was read."""
    seen = {name: getattr(promise, name) for name in ("due_at", "paused_at", "missed_at", "owner_id")}
    unchanged = OPEN & Q(
        **{(f"{name}__isnull" if value is None else name): value is None or value for name, value in seen.items()}
    )
    if Promise.objects.filter(unchanged, pk=promise.pk).update(**values) != 1:
        refuse_closed(promise=Promise.objects.get(pk=promise.pk))
        raise TakenByAnother(_("Somebody else has just changed this promise. Look at it again."))
    for name, value in values.items():
        setattr(promise, name, value)


def refuse_closed(*, promise: Promise) -> None:
    """Say how a closed promise ended."""
    if promise.kept_at is not None:
        raise ClosedAlready(_("This promise has been kept already."))
    if promise.withdrawn_at is not None:
        raise ClosedAlready(_("This promise has been withdrawn already."))
    if promise.replaced_by_id is not None:
        raise ClosedAlready(_("This promise has a new date already. Open the new one."))
