"""What this room does when people join, leave or set the firm up."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from wellkept.clients import actions, queries
from wellkept.core.models import Fact
from wellkept.core.reactions import reacts_to
from wellkept.people import handover
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.people.models import Staff


@handover.asks("clients", lambda count: ngettext("%(count)s client", "%(count)s clients", count) % {"count": count})
def clients_of(staff: Staff) -> int:
    return queries.portfolio(staff).count()


@reacts_to("firm.set_up")
def promise_something(fact: Fact) -> None:
    actions.draw_up_first_agreement(at=fact.at)


@reacts_to("staff.deactivated")
def hand_the_portfolio_over(fact: Fact) -> None:
    """The whole portfolio follows the open work, to whoever holds it by now."""
    giver = people.by_id(int(fact.data["staff"]))
    taker = people.successor_of(giver) if giver is not None and not giver.is_active else None
    if giver is not None and taker is not None:
        actions.hand_everything_over(giver=giver, taker=taker, by=None, at=fact.at)
