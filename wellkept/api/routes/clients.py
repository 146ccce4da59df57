"""Clients and the people there, within the person's scope."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from ninja import Router

from wellkept.api import shown
from wellkept.api.fields import Cursor, Id, Limit, Words, pack, unpack_id
from wellkept.api.routes.door import reads, staff_of
from wellkept.api.schemas import Client, Contact, Me, Page
from wellkept.clients import queries as clients

router = Router(tags=["clients"])


@router.get("/me", response=reads(Me), summary="Whose token this is")
def me(request: HttpRequest) -> dict[str, Any]:
    names = ("name", "email", "roles", "language", "time_zone")
    staff = staff_of(request)
    return {"id": staff.pk, **{name: getattr(staff, name) for name in names}}


@router.get("/clients", response=reads(Page[Client]), summary="The clients you work for")
def list_clients(
    request: HttpRequest, words: Words = "", after: Cursor | None = None, limit: Limit = 50
) -> dict[str, Any]:
    found = (
        clients.for_staff(staff_of(request)).select_related("bookkeeper").order_by("pk").filter(pk__gt=unpack_id(after))
    )
    if words:
        found = found.filter(name__icontains=words)
    return paged([shown.client(row) for row in found[: limit + 1]], limit)


@router.get("/clients/{id}", response=reads(Client), summary="One client")
def one_client(request: HttpRequest, id: Id) -> dict[str, Any]:
    return shown.client(clients.for_staff(staff_of(request)).select_related("bookkeeper").get(pk=id))


@router.get("/contacts", response=reads(Page[Contact]), summary="People at the clients you work for")
def list_contacts(
    request: HttpRequest, client: Id | None = None, after: Cursor | None = None, limit: Limit = 50
) -> dict[str, Any]:
    found = clients.contacts_for(staff_of(request)).order_by("pk").filter(pk__gt=unpack_id(after))
    if client is not None:
        found = found.filter(client=client)
    return paged([shown.contact(row) for row in found[: limit + 1]], limit)


@router.get("/contacts/{id}", response=reads(Contact), summary="One contact")
def one_contact(request: HttpRequest, id: Id) -> dict[str, Any]:
    return shown.contact(clients.contacts_for(staff_of(request)).get(pk=id))


def paged(rows: list[dict[str, Any]], limit: int, by: str = "id") -> dict[str, Any]:
    """A page of rows in the order of their ids; one row more was read to know whether there is another."""
    return {"items": rows[:limit], "next": pack(rows[limit - 1][by]) if len(rows) > limit else None}
