"""Sign-in through the firm's own provider (OpenID Connect), read from WELLKEPT_OIDC: JSON, or the path of a JSON file."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

NEEDED = ("id", "client_id", "secret", "server_url")
KNOWN = {*NEEDED, "name", "origins"}


def providers(raw: str) -> list[dict[str, Any]]:
    """One entry for each provider: `{"id", "name", "client_id", "secret", "server_url", "origins"}`; [] when none is set."""
    if not raw.strip():
        return []
    data = _data(raw.strip())
    entries = data if isinstance(data, list) else [data]
    return [_entry(entry) for entry in entries]


def apps(entries: list[dict[str, Any]]) -> dict[str, Any]:
    """SOCIALACCOUNT_PROVIDERS for these entries."""
    made = [
        {
            "provider_id": entry["id"],
            "name": entry["name"],
            "client_id": entry["client_id"],
            "secret": entry["secret"],
            "settings": {"server_url": entry["server_url"], "oauth_pkce_enabled": True},
        }
        for entry in entries
    ]
    return {"openid_connect": {"APPS": made}} if made else {}


def origins(entries: list[dict[str, Any]]) -> list[str]:
    """Where the sign-in form may lead to: a content policy also judges where a form's answer redirects."""
    return sorted({origin for entry in entries for origin in entry["origins"]})


def _data(raw: str) -> Any:
    text = raw
    if not raw.startswith(("{", "[")):
        try:
            text = Path(raw).expanduser().read_text()
        except OSError as problem:
            raise _wrong(f"names the file “{raw}”, which cannot be read ({problem.strerror})") from problem
    try:
        return json.loads(text)
    except ValueError as problem:
        raise _wrong(f"is not valid JSON ({problem})") from problem


def _entry(entry: Any) -> dict[str, Any]:
    if not isinstance(entry, Mapping):
        raise _wrong("must hold one object, or a list of objects, one for each provider")
    for name in NEEDED:
        if not isinstance(entry.get(name), str) or not entry[name]:
            raise _wrong(f"lacks “{name}” for a provider; it needs {', '.join(NEEDED)}")
    if strange := sorted(set(entry) - KNOWN):
        raise _wrong(f"has “{strange[0]}”, which is not known; use {', '.join(sorted(KNOWN))}")
    address = urlsplit(entry["server_url"])
    local = address.hostname in ("localhost", "127.0.0.1", "::1")
    if not address.hostname or (address.scheme != "https" and not (local and address.scheme == "http")):
        raise _wrong(f"has the server_url “{entry['server_url']}”; it must start with https://")
    own = f"{address.scheme}://{address.netloc}"
    return {**entry, "name": entry.get("name") or entry["id"], "origins": [own, *entry.get("origins", [])]}


def _wrong(what: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"WELLKEPT_OIDC {what}.")
