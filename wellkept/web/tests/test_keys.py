"""A person's own keys: chosen on a page, shown wherever a key is hinted, told to the browser."""

from __future__ import annotations

import json
from collections.abc import Iterator
from html import unescape

import pytest
import time_machine

from tests.world import World
from wellkept.core.models import Fact
from wellkept.web.shell.keys import AS_IT_CAME, Keys, shortcuts, usual
from wellkept.web.tests.desk import HTMX, NOW, as_, asked, page


@pytest.fixture(autouse=True)
def tuesday() -> Iterator[None]:
    with time_machine.travel(NOW, tick=False):
        yield


def told(html: str) -> dict[str, dict[str, str]]:
    text = html.split('data-keys="', 1)[1].split('"', 1)[0]
    found: dict[str, dict[str, str]] = json.loads(unescape(text))
    return found


def test_no_two_shortcuts_come_with_one_key() -> None:
    alone = [each.key for each in shortcuts() if not each.name.startswith("go.")]
    after = [each.key for each in shortcuts() if each.name.startswith("go.")]

    assert len(set(alone)) == len(alone) and len(set(after)) == len(after)
    assert AS_IT_CAME.told == "" and AS_IT_CAME.shown("g t") == "g t"


@pytest.mark.parametrize(
    ("chosen", "key", "shown"),
    [
        ({"resolve": "w"}, "e", "w"),
        ({"resolve": ""}, "e", ""),
        ({"go": "o"}, "g t", "o t"),
        ({"go.today": "w"}, "g t", "g w"),
        ({"go": ""}, "g t", ""),
        ({"resolve": "w"}, "Ctrl K", "Ctrl K"),
    ],
)
def test_a_hint_shows_what_the_person_presses(chosen: dict[str, str], key: str, shown: str) -> None:
    assert Keys(chosen).shown(key) == shown


def test_two_that_change_places_are_told_so() -> None:
    assert json.loads(Keys({"resolve": "s", "snooze": "e"}).told) == {"alone": {"e": "s", "s": "e"}, "after": {}}
    assert json.loads(Keys({"resolve": "w"}).told) == {"alone": {"e": "", "w": "e"}, "after": {}}


@pytest.mark.req("W8")
def test_own_keys_are_kept_shown_and_told(world: World) -> None:
    found, ana = asked(world), as_(world.ana)

    answered = ana.post("/me/keys", {"resolve": "w", "go.today": "h", "my-keys": "x"})

    assert answered.status_code == 302
    world.ana.refresh_from_db()
    assert world.ana.keys == {"resolve": "w", "go.today": "h"}
    html = page(world.ana, f"/conversations/{found.pk}")
    assert told(html) == {"alone": {"e": "", "w": "e"}, "after": {"t": "", "h": "t"}}
    assert "<kbd>w</kbd>" in html and "<kbd>e</kbd>" not in html and 'data-key="e"' in html
    assert "<kbd>g h</kbd>" in page(world.ana, "/keys") and "<kbd>g h</kbd>" in page(world.ana, "/palette", **HTMX)
    assert "data-keys" not in page(world.leo, "/inbox")
    assert Fact.objects.get(name="staff.keys_chosen").data["changed"] == ["go.today", "resolve"]


@pytest.mark.parametrize(
    ("form", "said"),
    [
        ({"resolve": "s"}, "“s” is chosen twice"),
        ({"resolve": "ee"}, "one letter, digit or sign"),
        ({"resolve": "\x07"}, "one letter, digit or sign"),
        ({"go.today": "i"}, "“i” is chosen twice"),
    ],
)
def test_a_key_that_cannot_be_is_refused_with_a_sentence(world: World, form: dict[str, str], said: str) -> None:
    answered = as_(world.ana).post("/me/keys", form)

    assert answered.status_code == 422 and said in answered.content.decode()
    assert 'aria-invalid="true"' in answered.content.decode()
    world.ana.refresh_from_db()
    assert world.ana.keys == {}


def test_one_letter_may_stand_alone_and_after_go(world: World) -> None:
    as_(world.ana).post("/me/keys", {"resolve": "o"})

    world.ana.refresh_from_db()
    assert world.ana.keys == {"resolve": "o"} and usual()["go.outbox"] == "o"


def test_the_usual_keys_come_back(world: World) -> None:
    ana = as_(world.ana)
    ana.post("/me/keys", {"resolve": "w"})
    assert "Back to the usual keys" in page(world.ana, "/me/keys")

    ana.post("/me/keys/usual")

    world.ana.refresh_from_db()
    assert world.ana.keys == {}
    assert "Back to the usual keys" not in page(world.ana, "/me/keys")


def test_only_what_a_person_may_do_is_offered(world: World) -> None:
    assert "go.health" not in page(world.ana, "/me/keys")
    assert "go.health" in page(world.admin, "/me/keys")
