"""The service book: who did what, when, in order."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from wellkept.api import shown
from wellkept.api.fields import Cursor, FactName, Id, Limit, Moment, unpack_id
from wellkept.api.routes.clients import paged
from wellkept.api.routes.door import reads, staff_of
from wellkept.api.schemas import Fact, Page
from wellkept.insight import history

router = Router(tags=["facts"])


@router.get("/facts", response=reads(Page[Fact]), summary="What happened, in the order it was written")
def list_facts(
    request: HttpRequest,
    since: Moment | None = None,
    until: Moment | None = None,
    name: FactName | None = None,
    client: Id | None = None,
    after: Cursor | None = None,
    limit: Limit = 50,
) -> dict[str, Any]:
    """Facts of your clients, and those you wrote yourself. `since` is included, `until` is not."""
    found = history.facts(staff_of(request), since=since, until=until, name=name, client=client)
    return paged(shown.facts(found.filter(seq__gt=unpack_id(after))[: limit + 1]), limit, by="seq")
