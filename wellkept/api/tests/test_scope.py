"""A token sees what its person sees. What belongs to another client is not found, whatever the route."""

from __future__ import annotations

from typing import Any

import pytest

from wellkept.api.tests.caller import Caller, Callers, body
from wellkept.api.v1 import api
from wellkept.promises.models import Promise

BOTH = {"since": "2026-01-01", "until": "2027-12-31"}
# method, path, what is sent; {client} {contact} {conversation} {promise} {person} stand for one's own or another's id
ROUTES: list[tuple[str, str, dict[str, Any]]] = [
    ("get", "/clients/{client}", {}),
    ("get", "/contacts/{contact}", {}),
    ("get", "/conversations/{conversation}", {}),
    ("get", "/promises/{promise}", {}),
    ("get", "/promises/{promise}/explanation", {}),
    ("get", "/promises?client={client}", {}),
    ("get", "/conversations?client={client}", {}),
    ("get", "/figures?client={client}", BOTH),
    ("get", "/figures?person={person}", BOTH),
    ("get", "/figures/kept?client={client}", BOTH),
    ("get", "/figures/kept/events?client={client}", BOTH),
    ("post", "/conversations/{conversation}/notes", {"text": "Look at the lease"}),
    ("post", "/conversations/{conversation}/replies", {"text": "You will have it.", "follow_up": {"kind": "due"}}),
    ("post", "/conversations/{conversation}/resolution", {"answer": "Answered by phone"}),
    ("post", "/conversations/{conversation}/priority", {"priority": "urgent"}),
    ("post", "/conversations/{conversation}/calls", {"what": "The lease"}),
    ("post", "/promises/{promise}/extensions", {"reason": "The bank is late"}),
]
STRANGERS = {"/conversations/{id}/contact", "/conversations/{id}/client"}  # only for whoever sorts: tested apart
CALLS = {"/conversations/{id}/calls/{id}/outcome"}  # needs a call: tested apart
BOOKS = {"/clients/{id}/reports/kept"}  # needs a book: tested apart
LISTS = {"/me", "/clients", "/contacts", "/conversations", "/promises", "/facts", "/figures"}


def test_every_route_stands_in_one_of_the_tables() -> None:
    known = (
        {path.partition("?")[0].replace("{client}", "{id}") for _method, path, _sent in ROUTES}
        | LISTS
        | STRANGERS
        | CALLS
        | BOOKS
    )
    named = {
        path.replace("{contact}", "{id}").replace("{conversation}", "{id}").replace("{promise}", "{id}")
        for path in known
    }
    served = {
        path.removeprefix("/api/v1").replace("{name}", "kept").replace("{promise}", "{id}")
        for path in api.get_openapi_schema()["paths"]
    }

    assert served == named


@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route[0]} {route[1]}")
def test_own_is_answered_and_anothers_is_not_found(callers: Callers, route: tuple[str, str, dict[str, Any]]) -> None:
    mine, others = ids(callers, other=False), ids(callers, other=True)

    assert ask(callers, route, mine) in (200, 201)
    assert ask(callers, route, others) == 404


# who, may see the bakery, may see the cycles, may open the card of Ana, of the stranger
SIGHTS = [
    ("ana", True, False, True, False),
    ("leo", True, False, False, False),
    ("lead", True, False, True, False),
    ("stranger", False, True, False, True),
    ("ruth", True, True, False, False),
    ("admin", True, True, True, True),
]


@pytest.mark.parametrize("sight", SIGHTS, ids=lambda sight: sight[0])
@pytest.mark.parametrize("route", ROUTES, ids=lambda route: f"{route[0]} {route[1]}")
def test_every_role_meets_every_route(
    callers: Callers, route: tuple[str, str, dict[str, Any]], sight: tuple[str, bool, bool, bool, bool]
) -> None:
    """What is out of sight is not found; what is in sight is answered, or refused with a reason, never denied."""
    who, bakery, cycles, card, other_card = sight
    caller = Caller(getattr(callers.world, who), callers.at)
    by_card = "{person}" in route[1]

    for other, seen in ((False, card if by_card else bakery), (True, other_card if by_card else cycles)):
        status = ask(callers, route, ids(callers, other=other), caller=caller)
        assert (status == 404) is not seen, (other, status)
        assert status in ({404} if not seen else {200} if route[0] == "get" else {201, 403, 409, 422}), (other, status)


@pytest.mark.parametrize("path", sorted(LISTS - {"/me", "/figures", "/facts"}))
def test_lists_hold_ones_own_and_nothing_else(callers: Callers, path: str) -> None:
    mine, others = ids(callers, other=False), ids(callers, other=True)
    key = path.removeprefix("/").removesuffix("s")

    found = {row["id"] for row in body(callers.ana.get(path))["items"]}

    assert mine[key] in found
    assert others[key] not in found
    everything = {"view": "everything"} if path == "/promises" else {"view": "all"} if path == "/conversations" else {}
    assert {mine[key], others[key]} <= {row["id"] for row in body(callers.admin.get(path, **everything))["items"]}


@pytest.mark.req("W8")
def test_facts_tell_who_did_what_in_order_and_only_of_ones_clients(callers: Callers) -> None:
    callers.ana.post(f"/conversations/{callers.conversation.pk}/notes", {"text": "The lease is signed"})
    first = body(callers.ana.get("/facts", limit=3))
    rest = body(callers.ana.get("/facts", after=first["next"], limit=100))

    told = [*first["items"], *rest["items"]]

    assert [fact["seq"] for fact in told] == sorted(fact["seq"] for fact in told)
    assert {fact["client"] for fact in told if fact["client"]} == {callers.world.bakery.pk}
    assert {"conversation.opened", "promise.made", "note.written"} <= {fact["name"] for fact in told}
    [note] = [fact for fact in told if fact["name"] == "note.written"]
    assert (note["by"], note["data"]["conversation"]) == (callers.world.ana.pk, callers.conversation.pk)
    assert "lease" not in str(told)
    assert body(callers.ana.get("/facts", name="note.written", until=note["at"]))["items"] == []
    assert len(body(callers.ana.get("/facts", name="note.written", since=note["at"]))["items"]) == 1


@pytest.mark.req("W5")
def test_a_figure_opens_to_its_events(callers: Callers) -> None:
    from wellkept.promises import actions as promises

    promises.keep(promise=callers.promise, by=callers.world.ana, at=callers.at)
    callers.world.run_reactions(at=callers.open_hour(30))

    figure = body(callers.ana.get("/figures/commitments", **BOTH))
    events = body(callers.ana.get("/figures/commitments/events", **BOTH))["items"]

    assert (figure["counted"], figure["kept"], figure["value"]) == (1, 1, 1.0)
    assert [(event["promise"], event["outcome"]) for event in events] == [(callers.promise.pk, "kept")]
    assert figure in body(callers.ana.get("/figures", **BOTH))["figures"]


@pytest.mark.req("W1", "B8")
def test_a_promise_explains_itself_and_takes_a_new_time_with_a_reason(callers: Callers) -> None:
    told = body(callers.ana.get(f"/promises/{callers.promise.pk}/explanation"))
    assert told["rule"] and told["lines"] and told["promise"]["state"] == "open"

    due_at = callers.open_hour(6).isoformat()
    answer = callers.ana.post(
        f"/promises/{callers.promise.pk}/extensions", {"due_at": due_at, "reason": "The bank is late"}
    )

    new = body(answer)
    assert (answer.status_code, new["state"]) == (201, "open")
    callers.promise.refresh_from_db()
    assert callers.promise.replaced_by_id == new["id"]


def test_a_team_mate_gives_no_new_time_for_what_another_owes(callers: Callers) -> None:
    leo = Caller(callers.world.leo, callers.at)
    sent = {"due_at": callers.open_hour(6).isoformat(), "reason": "The bank is late"}

    refused = leo.post(f"/promises/{callers.promise.pk}/extensions", sent)

    assert refused.status_code in (403, 422) and body(refused)["code"] == "not-yours"
    callers.promise.refresh_from_db()
    assert callers.promise.is_open


@pytest.mark.req("B7")
def test_a_reply_carries_a_commitment(callers: Callers) -> None:
    path = f"/conversations/{callers.conversation.pk}/replies"

    bare = callers.ana.post(path, {"text": "You will have it."})
    assert (bare.status_code, body(bare)["errors"][0]["field"]) == (422, "reply.follow_up")

    follow_up = {"kind": "due", "at": callers.open_hour(2).isoformat(), "what": "The answer on the oven"}
    answer = callers.ana.post(path, {"text": "You will have it.", "follow_up": follow_up})

    assert answer.status_code == 201
    commitment = Promise.objects.get(pk=body(answer)["promise"])
    assert (commitment.kind, commitment.title) == ("commitment", "The answer on the oven")
    assert not Promise.objects.filter(kind="acknowledge", subject_id=callers.conversation.pk, kept_at=None).exists()


def ids(callers: Callers, *, other: bool) -> dict[str, int]:
    world = callers.world
    return {
        "client": (world.cycles if other else world.bakery).pk,
        "contact": (world.sam if other else world.mina).pk,
        "conversation": (callers.other_conversation if other else callers.conversation).pk,
        "promise": (callers.other_promise if other else callers.promise).pk,
        "person": (world.stranger if other else world.ana).pk,
    }


def ask(
    callers: Callers, route: tuple[str, str, dict[str, Any]], named: dict[str, int], *, caller: Caller | None = None
) -> int:
    caller = caller or callers.ana
    method, path, sent = route
    address = path.format(**named)
    if method == "get":
        return caller.wire.get(f"/api/v1{address}", {**_asked(address), **sent}).status_code
    sent = {**sent}
    due_at = callers.open_hour(4).isoformat()
    if "follow_up" in sent:
        sent["follow_up"] = {**sent["follow_up"], "at": due_at}
    if path.endswith("extensions"):
        sent["due_at"] = due_at
    if path.endswith("resolution"):
        _settle(callers)
    return caller.post(address, sent).status_code


def _asked(address: str) -> dict[str, str]:
    return dict(pair.split("=") for pair in address.partition("?")[2].split("&") if pair)


def _settle(callers: Callers) -> None:
    """Nothing promised stays open on one's own conversation, so that it may be resolved."""
    from wellkept.promises import actions as promises

    if callers.promise.kept_at is None:
        promises.keep(promise=callers.promise, by=callers.world.ana, at=callers.at)
