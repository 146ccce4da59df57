"""What happens when a promise runs out of time: recorded once, its owner told, its supervisor told everything."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal
from wellkept.people import queries as people
from wellkept.people.actions.notices import notify_all
from wellkept.promises.actions.book import change, enter
from wellkept.promises.actions.making import owe_colleague
from wellkept.promises.actions.telling import Above, Context, telling
from wellkept.promises.models import Promise
from wellkept.promises.queries.clocks import clock_of
from wellkept.promises.queries.words import told_in
from wellkept.promises.rules import clock

if TYPE_CHECKING:
    from wellkept.people.models import Staff


class NothingTried(Refusal):
    """Try alone first, then say what was tried."""


class NobodyAbove(Refusal):
    """There is no supervisor to turn to."""


def miss(*, promise: Promise, by: Staff | None, at: datetime) -> None:
    """Record that time was up at `due_at`, exactly once, and tell owner and supervisor at once: red flags do not wait."""
    change(promise=promise, missed_at=promise.due_at, warned=100, next_check_at=None)
    fact = enter(promise=promise, name="missed", at=at, by=by, data={"due_at": promise.due_at.isoformat()})
    notify_all(tellings=Context([promise], Above()).tellings(promise, fact, percent=100, at=at), at=at)


def settle(*, promise: Promise, by: Staff | None, at: datetime) -> bool:
    """Record the miss of a promise that is late before anything else happens to it; says whether it is late."""
    if promise.missed_at is None and clock.is_late(clock_of(promise=promise), at):
        miss(promise=promise, by=by, at=at)
    return promise.missed_at is not None


@transaction.atomic
def escalate(*, promise: Promise, tried: str, by: Staff, at: datetime) -> Promise:
    """Ask the supervisor for help, with what was tried; returns what the supervisor now owes, followed like any promise."""
    attempts = tried.strip()
    if not attempts:
        raise NothingTried(_("Say what you have tried. Your supervisor starts from there."), field="tried")
    above = people.supervisor_of(by)
    if above is None:
        raise NobodyAbove(_("Nobody supervises you yet. Ask an administrator to name somebody."))
    title = _("Help %(name)s: %(title)s") % {"name": by.name, "title": promise.title}
    owed = owe_colleague(
        kind="escalation", title=title, owner=above, client=promise.client,
        subject_kind="promise", subject_id=promise.pk, due_at=None, by=by, at=at,
    )  # fmt: skip
    data = {"to": above.pk, "promise": owed.pk}
    fact = enter(
        promise=promise,
        name="escalated",
        at=at,
        by=by,
        reason=attempts,
        data=data,
        fact={"to": above.pk, "help": owed.pk},
    )
    with told_in(above):
        text = _("%(name)s asks for help and has tried: %(tried)s") % {"name": by.name, "tried": attempts}
    story = f"{text}\n{Context([promise], Above()).story(promise, above)}"
    notify_all(tellings=[telling(above, "promise.escalated", promise, story, fact)], at=at)
    return owed
