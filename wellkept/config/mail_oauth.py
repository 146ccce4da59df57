"""Who lets us read mailboxes by consent (OAuth2), read from WELLKEPT_MAIL_OAUTH: JSON, or the path of a JSON file."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

from django.core.exceptions import ImproperlyConfigured

NEEDED = ("id", "client_id", "authorize_url", "token_url", "scope", "host")
KNOWN = {*NEEDED, "name", "secret", "port", "security", "ask"}
LOCAL = {"localhost", "127.0.0.1", "::1"}
PRESETS: dict[str, dict[str, Any]] = {
    "google": {
        "name": "Google",
        "authorize_url": "https://accounts.google.com/o/oauth2/v2/auth",
        "token_url": "https://oauth2.googleapis.com/token",
        "scope": "https://mail.google.com/",
        "host": "imap.gmail.com",
        "ask": {"access_type": "offline", "prompt": "consent"},
    },
    "microsoft": {
        "name": "Microsoft",
        "authorize_url": "https://login.microsoftonline.com/common/oauth2/v2.0/authorize",
        "token_url": "https://login.microsoftonline.com/common/oauth2/v2.0/token",
        "scope": "https://outlook.office.com/IMAP.AccessAsUser.All offline_access",
        "host": "outlook.office365.com",
        "ask": {"prompt": "select_account"},
    },
}


@dataclass(frozen=True)
class MailProvider:
    """One provider. `ask` goes along with the question for consent; `secret` never leaves this machine but to `token_url`."""

    id: str
    name: str
    client_id: str
    secret: str
    authorize_url: str
    token_url: str
    scope: str
    host: str
    port: int
    security: str
    ask: tuple[tuple[str, str], ...]


def providers(raw: str) -> tuple[MailProvider, ...]:
    """One for each entry; Google and Microsoft need only `id`, `client_id` and `secret`."""
    if not raw.strip():
        return ()
    data = _data(raw.strip())
    return tuple(_provider(entry) for entry in (data if isinstance(data, list) else [data]))


def origins(found: Iterable[MailProvider]) -> list[str]:
    """Where the form that asks for consent may lead to."""
    parts = (urlsplit(provider.authorize_url) for provider in found)
    return sorted({f"{part.scheme}://{part.netloc}" for part in parts})


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


def _provider(given: Any) -> MailProvider:
    if not isinstance(given, Mapping):
        raise _wrong("must hold one object, or a list of objects, one for each provider")
    entry = {**PRESETS.get(str(given.get("id")), {}), **given}
    for name in NEEDED:
        if not isinstance(entry.get(name), str) or not entry[name]:
            raise _wrong(f"lacks “{name}” for a provider")
    if strange := sorted(set(entry) - KNOWN):
        raise _wrong(f"has “{strange[0]}”, which is not known; use {', '.join(sorted(KNOWN))}")
    for name in ("authorize_url", "token_url"):
        address = urlsplit(entry[name])
        if not address.hostname or (address.scheme != "https" and address.hostname not in LOCAL):
            raise _wrong(f"has the {name} “{entry[name]}”; it must start with https://")
    return MailProvider(
        id=entry["id"],
        name=str(entry.get("name") or entry["id"]),
        client_id=entry["client_id"],
        secret=str(entry.get("secret", "")),
        authorize_url=entry["authorize_url"],
        token_url=entry["token_url"],
        scope=entry["scope"],
        host=entry["host"],
        port=int(entry.get("port", 993)),
        security=str(entry.get("security", "tls")),
        ask=tuple((str(key), str(value)) for key, value in dict(entry.get("ask", {})).items()),
    )


def _wrong(what: str) -> ImproperlyConfigured:
    return ImproperlyConfigured(f"WELLKEPT_MAIL_OAUTH {what}.")
