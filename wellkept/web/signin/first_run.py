"""Who may set a new firm up: whoever sits at the machine, or holds the code that the start prints."""

from __future__ import annotations

import hmac
import ipaddress

from django.core.exceptions import DisallowedHost
from django.http import HttpRequest
from django.http.request import split_domain_port

from wellkept.people import queries

HANDED_ON = ("HTTP_FORWARDED", "HTTP_VIA", "HTTP_X_REAL_IP", "HTTP_X_FORWARDED")
"""What a proxy adds; a name that begins so counts."""
OUR_NAMES = ("localhost", "localhost.")


def is_here(request: HttpRequest) -> bool:
    """True when the request comes from this very machine, asks for it by a name of its own, and through no proxy.

    A plain proxy on the same machine adds nothing and comes from loopback too: the name it was asked for gives it away.
    """
    if any(name.startswith(HANDED_ON) for name in request.META):
        return False
    return _is_loopback(request.META.get("REMOTE_ADDR", "")) and _is_our_name(request)


def knows(given: str) -> bool:
    return hmac.compare_digest(given.strip().lower().encode(), queries.setup_code().encode())


def _is_our_name(request: HttpRequest) -> bool:
    try:
        name, _port = split_domain_port(request.get_host())
    except DisallowedHost:
        return False
    return name in OUR_NAMES or _is_loopback(name.strip("[]"))


def _is_loopback(address: str) -> bool:
    try:
        return ipaddress.ip_address(address).is_loopback
    except ValueError:
        return False
