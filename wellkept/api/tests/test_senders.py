"""A stranger's letter becomes a client's over the API, for those who sort and those who manage clients."""

from __future__ import annotations

from typing import Any

import pytest

from wellkept.api.tests.caller import Caller, Callers, body
from wellkept.conversations.models import Conversation


@pytest.fixture
def letter(callers: Callers) -> Conversation:
    mail = callers.world.mail("Hello", sender="tove@fjord.example", from_name="Tove Lund")
    return callers.world.received(mail, at=callers.at).conversation


def test_the_sender_becomes_a_contact_once(callers: Callers, letter: Conversation) -> None:
    leo, path = Caller(callers.world.leo, callers.at), f"/conversations/{letter.pk}/contact"
    sent = {"client": callers.world.bakery.pk, "newcomer": {"role": "Owner"}}

    first, again = leo.post(path, sent, Idempotency_Key="one"), leo.post(path, sent, Idempotency_Key="one")

    assert (first.status_code, body(first)) == (201, body(again))
    contact = body(first)["contact"]
    assert (contact["name"], contact["client"], contact["role"]) == ("Tove Lund", callers.world.bakery.pk, "Owner")
    assert [row["client"] for row in body(first)["conversations"]] == [callers.world.bakery.pk]
    known = leo.post(path, sent)
    assert (known.status_code, body(known)["code"]) == (409, "client-known")


def test_the_senders_firm_is_taken_on_by_those_who_may(callers: Callers, letter: Conversation) -> None:
    path = f"/conversations/{letter.pk}/client"
    sent: dict[str, Any] = {"name": "Fjord Seafood", "bookkeeper": callers.world.ana.pk, "country": "NO"}
    assert Caller(callers.world.leo, callers.at).post(path, sent).status_code == 403

    answer = callers.admin.post(path, sent)

    assert answer.status_code == 201
    letter.refresh_from_db()
    assert letter.client is not None and (letter.client.name, letter.client.country) == ("Fjord Seafood", "NO")


def test_what_is_out_of_sight_is_not_found(callers: Callers, letter: Conversation) -> None:
    leo, bakery, cycles = Caller(callers.world.leo, callers.at), callers.world.bakery.pk, callers.world.cycles.pk
    path = f"/conversations/{letter.pk}/contact"

    assert callers.stranger.post(path, {"client": cycles}).status_code == 404
    assert leo.post(path, {"client": cycles}).status_code == 404
    hidden = leo.post(path, {"client": bakery, "conversations": [callers.other_conversation.pk]})
    assert hidden.status_code == 422
