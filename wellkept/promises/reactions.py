"""What promises do when calendars, agreements or people below them change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import ngettext

from wellkept.core.models import Fact
from wellkept.core.reactions import reacts_to
from wellkept.people import handover
from wellkept.people import queries as people
from wellkept.promises import actions, queries

if TYPE_CHECKING:
    from wellkept.people.models import Staff


@handover.asks(
    "promises", lambda count: ngettext("%(count)s open promise", "%(count)s open promises", count) % {"count": count}
)
def promises_of(staff: Staff) -> int:
    return queries.owed_by(staff).count()


@reacts_to("calendar.changed")
def recount_on_new_hours(fact: Fact) -> None:
    actions.mark_calendar(calendar=int(fact.data["calendar"]), at=fact.at)


@reacts_to("agreement.changed", "client.changed")
def recount_on_new_targets(fact: Fact) -> None:
    actions.mark_client(client=fact.client, at=fact.at)


@reacts_to("firm.warnings_set")
def look_again_by_new_warnings(fact: Fact) -> None:
    actions.mark_client(client=None, at=fact.at)


@reacts_to("staff.deactivated")
def hand_open_promises_over(fact: Fact) -> None:
    """What a person who left still owed follows to whoever holds their work by now."""
    giver = people.by_id(int(fact.data["staff"]))
    taker = people.successor_of(giver) if giver is not None and not giver.is_active else None
    if giver is not None and taker is not None and taker.pk != giver.pk:
        actions.hand_all_over(giver=giver, taker=taker, by=None, at=fact.at)


@reacts_to("client.handed_over")
def hand_client_promises_over(fact: Fact) -> None:
    giver, taker = people.by_id(int(fact.data["from"])), people.by_id(int(fact.data["to"]))
    if giver is not None and taker is not None and taker.is_active and fact.client is not None:
        actions.hand_client_over(giver=giver, taker=taker, client=fact.client, by=None, at=fact.at)
