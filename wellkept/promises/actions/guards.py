"""What a person may not do at a promise, each as a sentence that says who may or where it is done instead."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext as _

from wellkept.clients import queries as clients
from wellkept.core.refusals import NotYours, Refusal
from wellkept.promises import kinds
from wellkept.promises.models import Dispute, Promise
from wellkept.promises.queries.hands import may_change

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff


class KeptElsewhere(Refusal):
    """Only what it is about keeps it."""


class EndsElsewhere(Refusal):
    """It ends with what it is about."""


class MovesElsewhere(Refusal):
    """It goes with what it is about."""


class WouldNotSee(Refusal):
    """The person has no access to this client."""


class StillToDecide(Refusal):
    """A dispute waits for the decision this promise is about."""


def refuse_others(*, promise: Promise, by: Staff) -> None:
    """A promise is changed by those in whose hands it is."""
    if not may_change(by, promise):
        name = promise.owner.name if promise.owner is not None else ""
        raise NotYours(
            _("%(name)s owes this. Ask them, somebody above them or the client’s bookkeeper.") % {"name": name}
        )


def refuse_keep(*, promise: Promise) -> None:
    kind = kinds.named(promise.kind)
    if not kind.by_hand:
        raise KeptElsewhere(_("This is not kept by hand. %(keeps)s") % {"keeps": kind.keeps})
    refuse_undecided(promise=promise)


def refuse_withdrawal(*, promise: Promise) -> None:
    if ends := kinds.named(promise.kind).ends:
        raise EndsElsewhere(str(ends))
    refuse_undecided(promise=promise)


def refuse_move(*, promise: Promise) -> None:
    if moves := kinds.named(promise.kind).moves:
        raise MovesElsewhere(str(moves))


def refuse_undecided(*, promise: Promise) -> None:
    """Whoever asked for a decision gets one."""
    if Dispute.objects.filter(task=promise, upheld_at=None, turned_down_at=None).exists():
        raise StillToDecide(_("A disputed line waits for this. Decide it: that keeps the promise."))


def refuse_blind(*, staff: Staff, client: Client | None, field: str) -> None:
    """What is owed about a client is owed by somebody who can see that client."""
    if client is not None and not clients.may_see(staff, client):
        sentence = _("%(name)s does not work for %(client)s and would see nothing. Choose somebody who does.")
        raise WouldNotSee(sentence % {"name": staff.name, "client": client.name}, field=field)
