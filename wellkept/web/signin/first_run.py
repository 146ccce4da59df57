"""Who may set a new firm up: whoever sits at the machine, or holds the code that the start prints."""

from __future__ import annotations

import hmac
import ipaddress

from django.http import HttpRequest

from wellkept.people import queries


def is_here(request: HttpRequest) -> bool:
    """True when the request comes from this very machine and through no proxy."""
    if "HTTP_X_FORWARDED_FOR" in request.META:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def knows(given: str) -> bool:
    return hmac.compare_digest(given.strip().lower().encode(), queries.setup_code().encode())
