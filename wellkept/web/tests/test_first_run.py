"""The first run: whoever sits at the machine sets the firm up, once; anybody else needs the code it printed."""

from __future__ import annotations

from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client as Browser

from wellkept.people import queries

PASSWORD = "heron copper window"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def no_limits_left_over() -> None:
    cache.clear()


def firm_form(**changes: str) -> dict[str, str]:
    given = {
        "name": "Lantern Books",
        "mail_address": "desk@lantern.example",
        "language": "en",
        "time_zone": "Pacific/Auckland",
        "admin_name": "Tomas Lindqvist",
        "admin_email": "tomas@lantern.example",
        "password1": PASSWORD,
        "password2": PASSWORD,
        "hours_mon": "9-12, 13:00–17:30",
    }
    return {**given, **changes}


@pytest.fixture
def here(db: None) -> Browser:
    """Whoever sits at the machine asks it by a name of its own."""
    return Browser(headers={"host": "localhost:8000"})


def test_a_new_firm_is_set_up_once(here: Browser) -> None:
    assert here.get("/account/login/")["Location"] == "/setup"
    assert here.get("/setup").status_code == 200

    done = here.post("/setup", firm_form())

    assert done.status_code == 302 and here.get("/me/account").status_code == 200
    firm = queries.firm()
    assert firm is not None and firm.name == "Lantern Books"
    assert here.get("/setup").status_code == 404
    assert here.post("/setup", firm_form(name="Second")).status_code == 404


@pytest.mark.parametrize(
    ("changed", "sentence"),
    [
        ({"name": ""}, "Give a name"),
        ({"mail_address": "nonsense"}, "not an e-mail address"),
        ({"time_zone": "Mars/Base"}, "not a time zone"),
        ({"password2": "something else"}, "The two passwords differ"),
        ({"password1": "short", "password2": "short"}, "12 characters"),
        ({"hours_mon": "from nine"}, "write the hours like"),
        ({"hours_mon": ""}, "never open"),
    ],
)
def test_a_refused_set_up_leaves_nothing(here: Browser, changed: dict[str, str], sentence: str) -> None:
    page = here.post("/setup", firm_form(**changed))

    assert page.status_code == 422 and sentence in page.content.decode()
    assert queries.firm() is None and not queries.active().exists()


def test_from_another_machine_set_up_asks_for_the_code(here: Browser) -> None:
    far = {"REMOTE_ADDR": "203.0.113.9"}
    assert here.post("/setup", firm_form(), **far).status_code == 422
    assert here.post("/setup", firm_form(), HTTP_X_FORWARDED_FOR="127.0.0.1").status_code == 422
    assert queries.firm() is None

    for name in ("Forwarded", "X-Real-IP", "Via", "X-Forwarded-Host", "X-Forwarded-Proto"):
        assert here.post("/setup", firm_form(), headers={name: "127.0.0.1"}).status_code == 422
    assert queries.firm() is None

    assert here.post("/setup", firm_form(code=queries.setup_code().upper()), **far).status_code == 302


@pytest.mark.parametrize("name", ["desk.lantern.example", "192.168.1.20:8000", "localhost.lantern.example"])
def test_behind_a_plain_proxy_the_name_that_was_asked_for_is_not_this_machine(
    here: Browser, settings: Any, name: str
) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    refused = here.post("/setup", firm_form(), headers={"host": name})

    assert refused.status_code == 422 and queries.firm() is None
    assert 'name="code"' in here.get("/setup", headers={"host": name}).content.decode()


@pytest.mark.parametrize("name", ["localhost", "127.0.0.1:8000", "[::1]:8000"])
def test_this_machine_is_asked_by_its_own_names(here: Browser, settings: Any, name: str) -> None:
    settings.ALLOWED_HOSTS = ["*"]

    assert 'name="code"' not in here.get("/setup", headers={"host": name}).content.decode()
