"""Who may set a new firm up: whoever sits at the machine, or holds the code that the start prints."""

from __future__ import annotations

import hashlib
import hmac
import ipaddress

from django.conf import settings
from django.http import HttpRequest


def code() -> str:
    """Twelve letters made from the installation's own key; `wellkept serve` prints them while no firm exists."""
    return hmac.new(settings.SECRET_KEY.encode(), b"wellkept.setup", hashlib.sha256).hexdigest()[:12]


def is_here(request: HttpRequest) -> bool:
    """True when the request comes from this very machine and through no proxy."""
    if "HTTP_X_FORWARDED_FOR" in request.META:
        return False
    try:
        return ipaddress.ip_address(request.META.get("REMOTE_ADDR", "")).is_loopback
    except ValueError:
        return False


def knows(given: str) -> bool:
    return hmac.compare_digest(given.strip().lower().encode(), code().encode())
