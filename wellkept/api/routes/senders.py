"""A stranger's conversations: given to a client with their sender as a new contact."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from django.http import HttpRequest
from ninja import Router
from ninja.errors import HttpError

from wellkept.api import schemas, shown
from wellkept.api.fields import Id
from wellkept.api.routes.door import Answer, once, staff_of, writes
from wellkept.clients import queries as clients
from wellkept.conversations import actions, queries
from wellkept.conversations.models import Conversation
from wellkept.core.clock import now
from wellkept.people import queries as people
from wellkept.people.models import Staff

router = Router(tags=["conversations"])


@router.post(
    "/conversations/{id}/contact", response=writes(schemas.Introduced, 201), summary="The sender is a client's contact"
)
def introduce(request: HttpRequest, id: Id, given: schemas.Introduction) -> Answer:
    """Refused where the address belongs to somebody else, and on a conversation that has a client."""
    by = staff_of(request)
    client = clients.for_staff(by).get(pk=given.client)
    return _introduced(request, id, given, actions.introduce, client=client)


@router.post(
    "/conversations/{id}/client", response=writes(schemas.Introduced, 201), summary="Take the sender's firm on"
)
def take_on(request: HttpRequest, id: Id, given: schemas.TakingOn) -> Answer:
    """For those who manage clients."""
    bookkeeper = people.for_staff(staff_of(request)).filter(pk=given.bookkeeper).first()
    named = {"name": given.name, "time_zone": given.time_zone, "country": given.country, "bookkeeper": bookkeeper}
    return _introduced(request, id, given, actions.introduce_client, **named)


def _introduced(
    request: HttpRequest,
    id: int,
    given: schemas.Introduction | schemas.TakingOn,
    action: Callable[..., actions.Introduced],
    **named: Any,
) -> Answer:
    by, at = staff_of(request), now()
    conversation = queries.for_staff(by).get(pk=id)
    others, newcomer = _theirs(by, given.conversations), actions.Newcomer(**given.newcomer.dict())

    def work() -> dict[str, Any]:
        done = action(conversation=conversation, newcomer=newcomer, others=others, by=by, at=at, **named)
        return {
            "contact": shown.contact(done.contact),
            "conversations": [shown.conversation(each) for each in done.conversations],
        }

    return once(request, schemas.Introduced, 201, work)


def _theirs(by: Staff, ids: list[int]) -> list[Conversation]:
    found = list(queries.for_staff(by).filter(pk__in=ids))
    if len(found) != len(set(ids)):
        raise HttpError(422, "One of the conversations is not one you may see.")
    return found
