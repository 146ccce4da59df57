"""Figures, and the very promises each was counted from."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Query, Router, Schema
from ninja.errors import HttpError

from wellkept.api import shown
from wellkept.api.fields import Cursor, Day, Id, Limit, Word, pack, unpack_id
from wellkept.api.routes.door import reads, staff_of
from wellkept.api.schemas import Event, Figure, Figures, Page
from wellkept.clients import queries as clients
from wellkept.insight import figures, queries, sentences
from wellkept.insight.queries import Lens
from wellkept.people import queries as people
from wellkept.people.models import Staff

router = Router(tags=["figures"])
LONGEST_DAYS = 800
MOST_PLACES = 1_000_000


class Asked(Schema):
    """Days from `since` up to, not including, `until`, in the firm's own time zone; narrowed by what is given."""

    since: Day
    until: Day
    person: Id | None = None
    client: Id | None = None
    team: Id | None = None
    kind: Word | None = None
    channel: Word | None = None


@router.get("/figures", response=reads(Figures), summary="Kept, late and missed, over any days")
def list_figures(request: HttpRequest, asked: Query[Asked]) -> dict[str, Any]:
    by = staff_of(request)
    score = queries.score(by, _lens(by, asked))
    found = [shown.figure(read) for read in score.figures]
    return {"since": asked.since, "until": asked.until, "sentence": sentences.of_score(score), "figures": found}


@router.get("/figures/{name}", response=reads(Figure), summary="One figure")
def one_figure(request: HttpRequest, name: Word, asked: Query[Asked]) -> dict[str, Any]:
    by = staff_of(request)
    return shown.figure(queries.figure(by, _named(name), _lens(by, asked)))


@router.get("/figures/{name}/events", response=reads(Page[Event]), summary="The promises a figure was counted from")
def list_events(
    request: HttpRequest, name: Word, asked: Query[Asked], after: Cursor | None = None, limit: Limit = 50
) -> dict[str, Any]:
    """Misses first. The number of events is the figure's `counted`."""
    by, first = staff_of(request), unpack_id(after)
    if first > MOST_PLACES:
        raise HttpError(422, "This cursor is not one we gave. Begin at the first page.")
    found = list(queries.events(by, _named(name), _lens(by, asked))[first : first + limit + 1])
    return {
        "items": [shown.event(row) for row in found[:limit]],
        "next": pack(first + limit) if len(found) > limit else None,
    }


def _lens(by: Staff, asked: Asked) -> Lens:
    """What the person may not see is not found."""
    if asked.until <= asked.since or (asked.until - asked.since).days > LONGEST_DAYS:
        raise HttpError(422, f"“until” comes after “since”, by at most {LONGEST_DAYS} days.")
    if asked.client is not None:
        clients.for_staff(by).get(pk=asked.client)
    if asked.team is not None:
        people.teams().get(pk=asked.team)
    return Lens(
        since=asked.since,
        until=asked.until,
        person=asked.person,
        client=asked.client,
        team=asked.team,
        kind=asked.kind or "",
        channel=asked.channel or "",
    )


def _named(name: str) -> str:
    try:
        return figures.named(name).name
    except figures.UnknownFigure:
        raise Staff.DoesNotExist from None
