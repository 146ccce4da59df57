"""The client list, a client's page, and what is written down on it."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.db import connection
from django.test.utils import CaptureQueriesContext

from tests.world import World, office
from wellkept.clients import actions as clients
from wellkept.clients.models import Contact, Nuance
from wellkept.web.tests.desk import HTMX, NOW, as_, asked, page, replied


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


@pytest.mark.req("B1")
def test_the_list_shows_whose_client_it_is_and_how_it_stands(world: World) -> None:
    asked(world)

    html = page(world.ana, "/clients")

    assert "Harbour Lane Bakery" in html and "Ana Kovač" in html and "next 12:00" in html
    assert "1 client." in html and "No promise to any of them is broken." in html
    assert "Harbour Lane Bakery" not in page(world.stranger, "/clients?view=all")


def test_a_broken_promise_is_said_first(world: World) -> None:
    with time_machine.travel(office("mon 9:00"), tick=False):
        world.asked(at=office("mon 9:00"))

    assert "1 broken" in page(world.ana, "/clients") and "a promise is broken" in page(world.ana, "/clients")


def test_the_list_is_searched_and_paged(world: World) -> None:
    for number in range(55):
        clients.take_on(name=f"Client {number:02}", bookkeeper=world.ana, by=world.admin, at=NOW)

    first = page(world.ana, "/clients")
    assert "Client 00" in first and "Client 54" not in first and "after=Client" in first
    assert "Client 54" in page(world.ana, "/clients?after=Client+48")
    assert "Client 07" in page(world.ana, "/clients?words=07") and "Client 08" not in page(
        world.ana, "/clients?words=07"
    )
    assert "No client has that name" in page(world.ana, "/clients?words=nobody")
    assert "No client is archived" in page(world.ana, "/clients?view=archived")


def test_the_list_asks_the_same_number_of_questions_however_long_it_is(world: World) -> None:
    def count() -> int:
        browser = as_(world.ana)
        browser.get("/clients")
        with CaptureQueriesContext(connection) as queries:
            browser.get("/clients")
        return len(queries)

    few = count()
    for number in range(10):
        clients.take_on(name=f"Client {number:02}", bookkeeper=world.ana, by=world.admin, at=NOW)

    assert count() == few


@pytest.mark.req("B11", "P6")
def test_a_client_has_one_page_in_one_order(world: World) -> None:
    clients.note_nuance(client=world.bakery, text="Staff meals carry no GST.", by=world.ana, at=NOW)
    replied(world, asked(world))

    html = page(world.leo, f"/clients/{world.bakery.pk}")

    order = ["know", "owed", "talk", "people", "agreed", "past"]
    places = [html.index(f'<section class="card chapter" id="{name}"') for name in order]
    assert places == sorted(places)
    assert "Staff meals carry no GST." in html and "The GST figure" in html and "GST on the oven" in html
    assert "Mina Okafor" in html and "3 h of office time" in html and "Ana Kovač answered" in html


@pytest.mark.parametrize(
    "part", ["", "/know", "/owed", "/talk", "/people", "/agreed", "/past", "/nuances/new", "/contacts/new"]
)
def test_every_part_is_read_alone_and_by_no_stranger(world: World, part: str) -> None:
    address = f"/clients/{world.bakery.pk}{part}"

    assert as_(world.ana).get(address).status_code == 200
    assert as_(world.stranger).get(address).status_code == 404
    assert as_(world.stranger).post(address).status_code in {404, 405}


def test_what_one_learned_is_noted_and_taken_down(world: World) -> None:
    as_(world.leo).post(f"/clients/{world.bakery.pk}/nuances/new", {"text": "Call after 13:00."})
    nuance = Nuance.objects.get()
    assert "Call after 13:00." in page(world.ana, f"/clients/{world.bakery.pk}")

    assert as_(world.stranger).post(f"/nuances/{nuance.pk}/retire").status_code == 404
    assert as_(world.ana).post(f"/nuances/{nuance.pk}/retire", headers=HTMX).status_code == 204
    assert "Call after 13:00." not in page(world.ana, f"/clients/{world.bakery.pk}")


def test_an_empty_note_comes_back_with_what_to_do(world: World) -> None:
    answer = as_(world.ana).post(f"/clients/{world.bakery.pk}/nuances/new", {"text": " "})

    assert answer.status_code == 422 and "Write what others must know" in answer.content.decode()


@pytest.mark.req("P2")
def test_people_are_added_reached_verified_and_leave(world: World) -> None:
    ana = as_(world.ana)
    ana.post(
        f"/clients/{world.bakery.pk}/contacts/new",
        {"name": "Rua Okafor", "email": "rua@harbourlane.example", "role": "shop"},
    )
    rua = Contact.objects.get(name="Rua Okafor")

    for address, data in (
        (f"/contacts/{rua.pk}/change", {"name": "Rua T. Okafor", "role": "owner", "department": "", "language": ""}),
        (f"/contacts/{rua.pk}/addresses/new", {"kind": "phone", "value": "+64 4 801 5000", "label": "shop"}),
        (f"/contacts/{rua.pk}/verify", {}),
    ):
        assert as_(world.stranger).post(address, data).status_code == 404
        assert ana.post(address, data).status_code == 302, address
    html = page(world.ana, f"/clients/{world.bakery.pk}")
    assert (
        "Rua T. Okafor" in html
        and "tel:+6448015000" in html
        and "+64 4 801 5000" in html
        and "verified 10:00 by Ana Kovač" in html
    )

    number = rua.addresses.get(kind="phone")
    assert as_(world.stranger).post(f"/addresses/{number.pk}/remove").status_code == 404
    ana.post(f"/addresses/{number.pk}/remove")
    ana.post(f"/contacts/{rua.pk}/left")
    assert "Rua T. Okafor" not in page(world.ana, f"/clients/{world.bakery.pk}/people")


def test_history_goes_back_by_pages(world: World) -> None:
    for number in range(20):
        clients.note_nuance(client=world.bakery, text=f"Note {number}", by=world.ana, at=NOW)

    html = page(world.ana, f"/clients/{world.bakery.pk}/past")

    older = html.split("?before=")[1].split('"')[0]
    assert "took the client on" in page(world.ana, f"/clients/{world.bakery.pk}/past?before={older}")
