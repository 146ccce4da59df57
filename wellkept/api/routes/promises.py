"""Promises: what is owed, why it is due then, and a new time with a reason."""

from __future__ import annotations

from typing import Any, Literal

from django.http import HttpRequest
from ninja import Router

from wellkept.api import shown
from wellkept.api.fields import Cursor, Id, Limit, pack, unpack_place
from wellkept.api.routes.door import Answer, once, reads, staff_of, writes
from wellkept.api.schemas import Explanation, Extension, Page, Promise
from wellkept.clients import queries as clients
from wellkept.core.clock import now
from wellkept.promises import actions, queries

router = Router(tags=["promises"])
View = Literal["mine", "team", "client", "owed_to_me", "everything"]
NAMES = ("client", "owner", "to_contact", "to_staff")


@router.get("/promises", response=reads(Page[Promise]), summary="Open promises, what breaks next first")
def list_promises(
    request: HttpRequest, view: View = "mine", client: Id | None = None, after: Cursor | None = None, limit: Limit = 50
) -> dict[str, Any]:
    """With `client`, that client's; else yours, your team's, those owed to you, or everything you may see."""
    by = staff_of(request)
    place = unpack_place(after, "~")
    chosen = clients.for_staff(by).get(pk=client) if client is not None else None
    board = queries.board(by, view="client" if chosen else view, client=chosen, limit=limit, after=place, at=now())
    return {"items": [shown.drawn(row) for row in board.rows], "next": pack(board.next) if board.next else None}


@router.get("/promises/{id}", response=reads(Promise), summary="One promise")
def one_promise(request: HttpRequest, id: Id) -> dict[str, Any]:
    return shown.promise(queries.for_staff(staff_of(request)).select_related(*NAMES).get(pk=id), now())


@router.get("/promises/{id}/explanation", response=reads(Explanation), summary="Why it is due then")
def explain(request: HttpRequest, id: Id) -> dict[str, Any]:
    return shown.explanation(queries.for_staff(staff_of(request)).select_related(*NAMES).get(pk=id), now())


@router.post("/promises/{id}/extensions", response=writes(Promise, 201), summary="Give a new time, with the reason")
def extend(request: HttpRequest, id: Id, extension: Extension) -> Answer:
    """The old promise is not scored as kept; the new one, which is returned, takes its place."""
    by, at = staff_of(request), now()
    promise = queries.for_staff(by).get(pk=id)

    def work() -> dict[str, Any]:
        new = actions.extend(promise=promise, due_at=extension.due_at, reason=extension.reason, by=by, at=at)
        return shown.promise(new, at)

    return once(request, Promise, 201, work)
