"""What conversations do when promises, people and clients change."""

from __future__ import annotations

from typing import TYPE_CHECKING

from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from wellkept.conversations import actions, queries
from wellkept.core.models import Fact
from wellkept.core.reactions import reacts_to
from wellkept.people import handover
from wellkept.people import queries as people
from wellkept.promises import context, kinds

if TYPE_CHECKING:
    from wellkept.people.models import Staff

CHANGES = (
    "promise.kept",
    "promise.unkept",
    "promise.extended",
    "promise.withdrawn",
    "promise.paused",
    "promise.resumed",
    "promise.recounted",
)

kinds.register(
    "call_back",
    words=_("Call back"),
    keeps=_("Calling them and writing down how it went keeps it."),
    by_hand=False,
    told=True,
)


@handover.asks(
    "conversations",
    lambda count: ngettext("%(count)s open conversation", "%(count)s open conversations", count) % {"count": count},
)
def conversations_of(staff: Staff) -> int:
    return queries.owned_by(staff).count()


context.about("conversation")(queries.last_said)


@reacts_to(*CHANGES)
def keep_the_next_due_time_right(fact: Fact) -> None:
    if fact.data["subject_kind"] == "conversation":
        actions.put_due_time_right(conversation_id=int(fact.data["subject_id"]))


@reacts_to("message.sent")
def owe_the_request_itself(fact: Fact) -> None:
    if not fact.data.get("automatic"):
        actions.promise_resolution(message_id=int(fact.data["message"]), at=fact.at)


@reacts_to("promise.extended")
def tell_the_client_of_the_new_time(fact: Fact) -> None:
    if fact.data["subject_kind"] == "conversation":
        actions.tell_new_time(
            promise_id=int(fact.data["new"]),
            conversation_id=int(fact.data["subject_id"]),
            by=people.by_id(fact.by) if fact.by is not None else None,
            at=fact.at,
        )


@reacts_to("promise.withdrawn", when=lambda fact: bool(fact.data.get("by_hand")))
def tell_the_client_it_is_no_longer_promised(fact: Fact) -> None:
    if fact.data["subject_kind"] == "conversation":
        actions.tell_withdrawal(
            promise_id=int(fact.data["promise"]),
            conversation_id=int(fact.data["subject_id"]),
            by=people.by_id(fact.by) if fact.by is not None else None,
            at=fact.at,
        )


@reacts_to("promise.missed")
def tell_of_what_nobody_owns(fact: Fact) -> None:
    if fact.data["subject_kind"] == "conversation" and fact.data["owner"] is None:
        actions.raise_unowned(conversation_id=int(fact.data["subject_id"]), fact=fact, at=fact.at)


@reacts_to("staff.deactivated")
def move_what_they_owned(fact: Fact) -> None:
    """Every open conversation of a person who left goes to whoever holds their work by now."""
    giver = people.by_id(int(fact.data["staff"]))
    taker = people.successor_of(giver) if giver is not None and not giver.is_active else None
    if giver is not None and taker is not None:
        actions.move_everything(giver=giver, taker=taker, client=None, by=None, at=fact.at)


@reacts_to("client.handed_over")
def move_with_the_client(fact: Fact) -> None:
    giver, taker = people.by_id(int(fact.data["from"])), people.by_id(int(fact.data["to"]))
    if giver is not None and taker is not None and taker.is_active and fact.client is not None:
        actions.move_everything(giver=giver, taker=taker, client=fact.client, by=None, at=fact.at)
