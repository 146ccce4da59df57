"""What a person does with work the machine gave up: run it again, send it again, or say that it arrived."""

from __future__ import annotations

from datetime import datetime

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.core import facts, outbox, wake
from wellkept.core.models import AT_ONCE, Delivery, Outgoing
from wellkept.core.refusals import Refusal, TakenByAnother

State = Outgoing.State


class NotDead(Refusal):
    """The work has not been given up."""


class OnItsWay(Refusal):
    """It has left or is leaving."""


@transaction.atomic
def retry_delivery(*, delivery: Delivery, by: facts.Identified, at: datetime) -> None:
    """Owe a dead delivery again, with all its tries."""
    dead = Delivery.objects.filter(pk=delivery.pk, dead_at__isnull=False, done_at=None)
    if dead.update(dead_at=None, attempts=0, next_try_at=AT_ONCE, claimed_until=None, claimed_by="") != 1:
        raise NotDead(_("This is not waiting for a person: it has been run, or will be."))
    facts.record("delivery.retried", at=at, by=by, delivery=delivery)
    wake.at_commit()


@transaction.atomic
def send_again(*, outgoing: Outgoing, by: facts.Identified, at: datetime) -> None:
    """Send what was given up, held, or may have arrived. The person has decided that a second copy is better than none."""
    stuck = Outgoing.objects.filter(
        pk=outgoing.pk, state__in=[State.DEAD, State.HELD, State.UNKNOWN], claimed_until=None
    )
    if stuck.update(state=State.PENDING, not_before=at, attempts=0) != 1:
        raise OnItsWay(_("This has been sent already, or is about to be."))
    facts.record("outgoing.sent_again", at=at, by=by, client=outgoing.client, outgoing=outgoing)
    wake.at_commit()


@transaction.atomic
def mark_arrived(*, outgoing: Outgoing, by: facts.Identified, at: datetime) -> None:
    """A person found out that what had an unknown end has arrived."""
    unsure = Outgoing.objects.filter(pk=outgoing.pk, state=State.UNKNOWN, claimed_until=None)
    if unsure.update(state=State.SENT, sent_at=at) != 1:
        raise TakenByAnother(_("Its state has changed meanwhile. Reload the page."))
    facts.record("outgoing.sent", at=at, by=by, client=outgoing.client, outgoing=outgoing)


@transaction.atomic
def withdraw(*, outgoing: Outgoing, by: facts.Identified, at: datetime) -> None:
    """Take back what has not left."""
    if not outbox.withdraw(outgoing):
        raise OnItsWay(_("This has left already and cannot be taken back."))
    facts.record("outgoing.withdrawn", at=at, by=by, client=outgoing.client, outgoing=outgoing)
