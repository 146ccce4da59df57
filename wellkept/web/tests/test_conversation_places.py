"""Saying how much a conversation presses and whose it is: on its page, from the palette."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
import time_machine

from tests.world import World, office
from wellkept.clients import actions as clients
from wellkept.conversations import queries
from wellkept.conversations.models import Conversation
from wellkept.web.tests.desk import HTMX, NOW, as_, asked, page


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.fixture
def found(world: World) -> Conversation:
    return asked(world)


def post(person: Any, address: str, data: dict[str, Any] | None = None, **headers: str) -> Any:
    return as_(person).post(address, data or {}, headers=headers)


def address(found: Conversation, name: str = "") -> str:
    return f"/conversations/{found.pk}{name}"


def toast(answer: Any) -> dict[str, Any]:
    told: dict[str, Any] = json.loads(answer["HX-Trigger"])["toast"]
    return told


def test_the_priority_is_raised_seen_and_taken_back(world: World, found: Conversation) -> None:
    clients.draw_up_agreement(
        client=world.bakery,
        name="Bakery",
        targets=[clients.TargetDraft("acknowledge", clients.HOUR, priority="urgent")],
        by=world.admin,
        at=world.start,
    )
    assert 'value="normal" checked' in page(world.ana, address(found, "/priority"))

    answer = post(world.ana, address(found, "/priority"), {"priority": "urgent"}, **HTMX)

    assert toast(answer)["text"] == "The priority is urgent now."
    html = page(world.ana, address(found))
    assert '<span class="badge">Urgent</span>' in html and "raised the priority: urgent" in html
    [promise] = queries.open_promises(found)
    assert promise.due_at == office("tue 10:00")
    assert "<td>urgent" in page(world.ana, f"/clients/{world.bakery.pk}")
    assert post(world.ana, toast(answer)["undo"]).status_code == 302
    found.refresh_from_db()
    assert found.priority == ""


def test_what_cannot_be_is_said_beside_the_form(world: World, found: Conversation) -> None:
    for chosen in ({"priority": "normal"}, {"priority": "dire"}, {}):
        assert post(world.ana, address(found, "/priority"), chosen).status_code == 422
    assert post(world.stranger, address(found, "/priority"), {"priority": "urgent"}).status_code == 404


def test_the_palette_offers_what_the_open_conversation_allows(world: World, found: Conversation) -> None:
    html = page(world.ana, f"/palette?q=prior&at={address(found)}")

    assert address(found, "/priority") in html and address(found, "/merge") not in html
    for at in ("", "/inbox", f"{address(found)}/x", "/conversations/99999"):
        assert "/priority" not in page(world.ana, f"/palette?q=prior&at={at}")
    assert "/priority" not in page(world.stranger, f"/palette?q=prior&at={address(found)}")


def letter(world: World, text: str = "Do you take new clients?", when: str = "tue 9:00") -> Conversation:
    mail = world.mail(text, subject=text, sender="tove@fjord.example", from_name="Tove Lund")
    return world.received(mail, at=office(when)).conversation


def test_a_stranger_becomes_a_contact_where_they_wrote(world: World) -> None:
    first, second, third = (letter(world, text) for text in ("New clients?", "One thing more", "Not ours"))
    form = page(world.leo, address(first, "/assign"))
    assert "Somebody new: tove@fjord.example" in form and 'value="Tove Lund"' in form
    assert "They wrote 2 more that have no client" in form and form.count(" checked") == 2
    chosen = {"client": world.bakery.pk, "contact": "new", "contact_name": "Tove", "others": [second.pk]}

    answer = post(world.leo, address(first, "/assign"), chosen, **HTMX)

    assert toast(answer)["text"] == "Tove is a contact of Harbour Lane Bakery now. One more of theirs came along."
    assert queries.for_staff(world.ana).filter(client=world.bakery, contact__name="Tove").count() == 2
    third.refresh_from_db()
    assert third.client is None
    taken = post(world.leo, address(third, "/assign"), {**chosen, "others": []})
    assert taken.status_code == 422
    assert "tove@fjord.example belongs to Tove at Harbour Lane Bakery already." in taken.content.decode()


def test_the_senders_firm_is_taken_on_from_the_letter(world: World) -> None:
    found = letter(world)
    assert address(found, "/new-client") in page(world.lead, address(found))
    assert address(found, "/new-client") not in page(world.leo, address(found))
    assert as_(world.leo).get(address(found, "/new-client")).status_code == 403
    chosen = {
        "name": "Fjord Seafood",
        "bookkeeper": world.ana.pk,
        "time_zone": "Europe/Oslo",
        "country": "norway",
        "contact_name": "Tove Lund",
    }
    for wrong in ({"country": "Atlantis"}, {"time_zone": "Oslo"}, {"name": "Northbank Cycles"}, {"bookkeeper": ""}):
        refused = post(world.lead, address(found, "/new-client"), {**chosen, **wrong})
        assert refused.status_code == 422 and "Tove Lund" in refused.content.decode(), wrong

    answer = post(world.lead, address(found, "/new-client"), chosen)

    assert answer.status_code == 302
    found.refresh_from_db()
    assert found.client is not None and found.contact is not None
    assert (found.client.name, found.client.country, found.client.time_zone) == ("Fjord Seafood", "NO", "Europe/Oslo")
    assert found.contact.name == "Tove Lund" and found.owner == world.ana
