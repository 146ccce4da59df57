"""Another priority: what is open is counted by the target of the new one, from its own start."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction

from wellkept.core import bulk
from wellkept.promises.actions.book import change, enter
from wellkept.promises.actions.breaking import settle
from wellkept.promises.actions.recounting import COUNTED, Memo, count_anew, fresh, settle_batch
from wellkept.promises.models import Promise
from wellkept.promises.queries.clocks import moment, pauses_in

if TYPE_CHECKING:
    from wellkept.people.models import Staff


@transaction.atomic
def set_priority(*, promise: Promise, priority: str, by: Staff | None, at: datetime) -> Promise:
    """The time of the new priority's target, counted from the start; withdrawn where nothing is promised for it.

    What is late stays late under the time it was promised, and a date somebody named does not move.
    """
    fresh(promise=promise, at=at)
    late = settle(promise=promise, by=by, at=moment(promise=promise, at=at))
    if promise.priority == priority:
        return promise
    change(promise=promise, priority=priority)
    if late or promise.seconds is None:
        return promise
    count_anew(promise, pauses_in(promise=promise), Memo(), at)
    if promise.withdrawn_at is not None:
        settle_batch([promise], [promise], at=at)
        return promise
    bulk.write_back([promise], COUNTED)
    data = {"due_after": promise.due_at.isoformat(), "seconds": promise.seconds, "priority": priority}
    enter(promise=promise, name="recounted", at=at, by=by, data=data, fact={"due_at": promise.due_at})
    return promise
