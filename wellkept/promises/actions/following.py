"""What may happen to a promise because messages were put in another place, or because it was found out whose they are."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.promises.actions.book import change, enter, refuse_closed
from wellkept.promises.actions.breaking import settle
from wellkept.promises.actions.ending import end_withdrawn
from wellkept.promises.actions.recounting import fresh
from wellkept.promises.models import Promise
from wellkept.promises.queries.clocks import moment

if TYPE_CHECKING:
    from wellkept.clients.models import Client, Contact
    from wellkept.people.models import Staff


@transaction.atomic
def give_way(*, promise: Promise, by: Staff | None, at: datetime) -> Promise:
    """An earlier clock of the same answer runs, or is about to. A promise already late stays a missed one."""
    end_withdrawn(promise=promise, reason=_("An earlier message waits here; its clock runs."), by=by, at=at)
    return promise


@transaction.atomic
def time_is_up(*, promise: Promise, by: Staff | None, at: datetime) -> bool:
    """Whether it was missed by now; a miss nobody has seen yet is recorded."""
    fresh(promise=promise, at=at)
    return settle(promise=promise, by=by, at=moment(promise=promise, at=at))


@transaction.atomic
def rehome(*, promise: Promise, client: Client, contact: Contact | None, by: Staff | None, at: datetime) -> Promise:
    """It was found out to whom this is owed. Its time stays what it was, and so does a miss."""
    refuse_closed(promise=promise)
    change(promise=promise, client=client, to_contact=contact)
    enter(promise=promise, name="moved", at=at, by=by, data={"client": client.pk})
    return promise
