"""Preferences, shortcuts, notices, search and the demo door."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
import time_machine
from django.test import Client

from tests.world import World, office
from wellkept.people import actions as people
from wellkept.people.models import Notice
from wellkept.web.shell import commands

NOW = office("tue 10:00")
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def as_(person: object) -> Client:
    client = Client()
    client.force_login(person)  # type: ignore[arg-type]
    return client


@pytest.mark.parametrize(
    "place",
    ["/", "/promises", "/search", "/palette", "/notices", "/bell", "/me/preferences", "/keys", "/when", "/live"],
)
def test_strangers_are_sent_to_sign_in(db: None, place: str) -> None:
    assert "/account/login/" in Client().get(place)["Location"]
    fragment = Client().get(place, headers=HTMX)
    assert fragment.status_code == 401 and "/account/login/" in fragment["HX-Redirect"]


def test_a_deactivated_person_is_a_stranger(world: World) -> None:
    leo = as_(world.leo)
    people.deactivate(staff=world.leo, taker=world.ana, by=world.admin, at=NOW)
    assert "/account/login/" in leo.get("/")["Location"]


@pytest.mark.req("W9")
def test_preferences_are_kept_and_speak_at_once(world: World) -> None:
    ana = as_(world.ana)
    form = {"language": "pt-br", "time_zone": "America/Sao_Paulo", "theme": "dark", "density": "cosy"}
    ana.post("/me/preferences", form)
    page = ana.get("/").content.decode()
    assert '<html lang="pt-br" data-theme="dark" data-density="cosy" data-shortcuts="off"' in page
    assert "Segunda-feira, 9 de março" in page  # it is still Monday in São Paulo


def test_a_zone_that_does_not_exist_is_refused(world: World) -> None:
    refused = as_(world.ana).post(
        "/me/preferences", {"language": "en", "time_zone": "Mars/Olympus", "theme": "dark", "density": "cosy"}
    )
    assert refused.status_code == 422
    world.ana.refresh_from_db()
    assert world.ana.theme == "system"


def test_one_switch_of_the_menu(world: World) -> None:
    ana = as_(world.ana)
    assert ana.post("/me/preferences/theme", {"value": "dark"}, headers=HTMX).status_code == 204
    assert ana.post("/me/preferences/theme", {"value": "pink"}, headers=HTMX).status_code == 404
    assert ana.post("/me/preferences/roles", {"value": "administrator"}, headers=HTMX).status_code == 404
    world.ana.refresh_from_db()
    assert world.ana.theme == "dark" and world.ana.roles == ["bookkeeper"]


def test_times_in_words_are_echoed_in_full(world: World) -> None:
    ana = as_(world.ana)
    assert ana.get("/when?text=fri+15:00").json()["said"] == "Fri 13 Mar 2026 15:00"
    assert ana.get("/when?text=soonish").status_code == 422
    assert "has passed" in ana.get("/when?text=today+8:00").json()["said"]


def test_the_clients_own_time_is_named_beside(world: World) -> None:
    world.bakery.time_zone = "Australia/Sydney"
    world.bakery.save()
    said = as_(world.ana).get(f"/when?text=fri+15:00&client={world.bakery.pk}").json()["said"]
    assert said == "Fri 13 Mar 2026 15:00 · Sydney Fri 13 Mar 13:00"
    assert "Sydney" not in as_(world.stranger).get(f"/when?text=fri+15:00&client={world.bakery.pk}").json()["said"]


def test_notices_are_read_by_their_person_only(world: World) -> None:
    notice = people.notify(
        staff=world.ana, kind="mention", subject_kind="conversation", subject_id=7, text="Leo mentioned you.", at=NOW
    )
    ana = as_(world.ana)
    assert "Leo mentioned you." in ana.get("/notices").content.decode()
    assert "1 unread notice" in ana.get("/bell").content.decode()
    assert as_(world.leo).post(f"/notices/{notice.pk}").status_code == 404
    assert Notice.objects.get().read_at is None

    assert ana.post(f"/notices/{notice.pk}")["Location"] == "/conversations/7"
    assert Notice.objects.get().read_at == NOW


def test_all_notices_are_read_at_once(world: World) -> None:
    for number in range(3):
        people.notify(
            staff=world.ana, kind="mention", subject_kind="conversation", subject_id=number, text="Look.", at=NOW
        )
    as_(world.ana).post("/notices/read")
    assert not Notice.objects.filter(read_at=None).exists()


def test_the_palette_holds_nothing_the_person_may_not_do(world: World) -> None:
    assert "keyboard shortcuts" in as_(world.ana).get("/palette?q=keyb", headers=HTMX).content.decode()
    names = {command.name for command in commands.for_staff(commands.GO, world.ana)}
    assert "health" not in names and "quarantine" not in names


def test_every_command_of_the_registry_leads_somewhere(world: World) -> None:
    for person in (world.admin, world.lead, world.ana, world.leo, world.ruth):
        client = as_(person)
        for command in commands.for_staff((*commands.GO, *commands.DO), person):
            assert client.get(command.address, follow=True).status_code == 200, (person, command.name)


def test_search_finds_only_what_is_mine(world: World) -> None:
    world.asked("The invoice says <b>4711</b>.", at=NOW)
    found = as_(world.ana).get("/search?q=4711").content.decode()
    assert "GST on the oven" in found and "<mark>4711</mark>" in found and "<b>4711" not in found
    assert "GST on the" in as_(world.ana).get("/palette?q=4711").content.decode()
    assert "GST on the oven" not in as_(world.stranger).get("/search?q=4711").content.decode()
    assert "GST on the oven" not in as_(world.stranger).get("/palette?q=4711").content.decode()
    assert "Nothing found" in as_(world.ana).get("/search?q=4711&kind=client").content.decode()


def test_one_click_sign_in_is_for_the_demo_only(world: World, settings: object) -> None:
    assert Client().post(f"/demo/sign-in/{world.ana.pk}").status_code == 404
    settings.DEMO = True  # type: ignore[attr-defined]
    client = Client()
    page = client.get("/account/login/").content.decode()
    assert "Ana Kovač" in page
    assert client.post(f"/demo/sign-in/{world.ana.pk}", {"next": "https://evil.example/"})["Location"] == "/"
    assert client.get("/").status_code == 200


@pytest.mark.parametrize("place", ["/nothing-here", "/promises/999999"])
def test_what_is_not_here_says_so_plainly(world: World, place: str) -> None:
    page = as_(world.ana).get(place)
    assert page.status_code == 404 and "There is nothing at this address" in page.content.decode()


def test_the_policy_allows_no_inline_script(world: World) -> None:
    policy = as_(world.ana).get("/")["Content-Security-Policy"]
    [scripts] = [part for part in policy.split("; ") if part.startswith("script-src ")]
    assert "unsafe" not in scripts and "nonce-" in scripts
