"""WELLKEPT_OIDC as somebody writes it."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from django.core.exceptions import ImproperlyConfigured

from wellkept.config import oidc

GOOD = {
    "id": "keycloak",
    "name": "Keycloak",
    "client_id": "wellkept",
    "secret": "s",
    "server_url": "https://id.firm.example/realms/a",
}


def test_nothing_set_means_no_provider() -> None:
    assert oidc.providers("  ") == [] and oidc.apps([]) == {} and oidc.origins([]) == []


def test_json_or_a_file_of_it(tmp_path: Path) -> None:
    file = tmp_path / "oidc.json"
    file.write_text(json.dumps([GOOD]))

    for raw in (json.dumps(GOOD), json.dumps([GOOD]), str(file)):
        [entry] = oidc.providers(raw)
        assert entry["origins"] == ["https://id.firm.example"]
    [app] = oidc.apps(oidc.providers(str(file)))["openid_connect"]["APPS"]
    assert (app["provider_id"], app["settings"]["server_url"]) == ("keycloak", GOOD["server_url"])
    assert app["settings"]["oauth_pkce_enabled"] is True


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        ("/nowhere/oidc.json", "cannot be read"),
        ("{", "not valid JSON"),
        ("[1]", "one object"),
        (json.dumps({**GOOD, "secret": ""}), "lacks “secret”"),
        (json.dumps({**GOOD, "colour": "red"}), "has “colour”"),
        (json.dumps({**GOOD, "server_url": "http://id.firm.example"}), "https://"),
        (json.dumps({**GOOD, "server_url": "id.firm.example"}), "https://"),
    ],
)
def test_a_wrong_value_names_the_variable(raw: str, words: str) -> None:
    with pytest.raises(ImproperlyConfigured, match=f"WELLKEPT_OIDC.*{words}"):
        oidc.providers(raw)
