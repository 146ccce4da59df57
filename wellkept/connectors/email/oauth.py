"""A fresh access token for a mailbox, from the refresh token its owner gave us once."""

from __future__ import annotations

import ipaddress
import json
import socket
from dataclasses import dataclass
from urllib.parse import urlsplit

import requests
from django.utils.translation import gettext as _

from wellkept.connectors.email.actions.mailboxes import is_loopback

SECONDS = 15
_LONGEST_ANSWER = 64 * 1024


class TokenRefused(Exception):
    """The provider gave no token; `said` is why."""


@dataclass(frozen=True)
class Tokens:
    """`refresh` is empty when the provider keeps the old one."""

    access: str
    refresh: str


def refresh(*, token_url: str, client_id: str, client_secret: str, refresh_token: str) -> Tokens:
    """Ask the provider. Only its own public https address is spoken to, and no redirect is followed."""
    form = {"grant_type": "refresh_token", "client_id": client_id, "refresh_token": refresh_token}
    return _asked(token_url, form, client_secret)


def exchange(*, token_url: str, client_id: str, client_secret: str, code: str, verifier: str, back: str) -> Tokens:
    """The tokens for a code that a person's consent brought; it is worth something only to who knows the verifier."""
    form = {
        "grant_type": "authorization_code",
        "client_id": client_id,
        "code": code,
        "code_verifier": verifier,
        "redirect_uri": back,
    }
    return _asked(token_url, form, client_secret)


def _asked(token_url: str, form: dict[str, str], client_secret: str) -> Tokens:
    _refuse_inside(token_url)
    if client_secret:
        form["client_secret"] = client_secret
    try:
        with requests.post(token_url, data=form, timeout=SECONDS, allow_redirects=False, stream=True) as answer:
            body = answer.raw.read(_LONGEST_ANSWER, decode_content=True)
            status = answer.status_code
    except requests.RequestException as trouble:
        raise TokenRefused(f"{type(trouble).__name__}") from trouble
    return _tokens(status, body)


def _tokens(status: int, body: bytes) -> Tokens:
    try:
        said = json.loads(body)
    except ValueError:
        said = {}
    said = said if isinstance(said, dict) else {}
    access, fresh = said.get("access_token"), said.get("refresh_token")
    if status != 200 or not isinstance(access, str) or not access:
        raise TokenRefused(_in_words(str(said.get("error", "")), str(said.get("error_description", "")), status))
    return Tokens(access, fresh if isinstance(fresh, str) else "")


def _in_words(code: str, words: str, status: int) -> str:
    """What a token's refusal means; the two that happen to everybody in our own words."""
    if code == "invalid_grant":
        return _("the access was taken back or has expired")
    if code in ("invalid_client", "unauthorized_client"):
        return _("it does not know the client id or its secret")
    return " ".join((words or code or f"HTTP {status}").split())[:200]


def _refuse_inside(token_url: str) -> None:
    """The address must lead out to the public network, or stay plainly on this machine."""
    parts = urlsplit(token_url)
    host = parts.hostname or ""
    if is_loopback(host):
        return
    if parts.scheme != "https":
        raise TokenRefused("the token address does not begin with https://")
    try:
        found = {info[4][0] for info in socket.getaddrinfo(host, parts.port or 443, type=socket.SOCK_STREAM)}
    except OSError as unknown:
        raise TokenRefused(f"{host} is not known") from unknown
    if not all(ipaddress.ip_address(str(number).partition("%")[0]).is_global for number in found):
        raise TokenRefused(f"{host} leads into a private network")
