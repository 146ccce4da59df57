"""The one place that asks the domain name system, for one mail: few questions, little patience, answers kept for the next.

Nothing but names and types leaves here, and answers are only compared, never connected to.
"""

from __future__ import annotations

import time
from typing import Any

import dns.exception
import dns.name
import dns.resolver

MOST = 40
SECONDS_EACH = 3.0
SECONDS_IN_ALL = 12.0
_LONGEST = 4096
_NOTHING_THERE = (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer, dns.resolver.YXDOMAIN)


class NoAnswer(Exception):
    """The domain could not be asked now; later it may answer."""


class Lookups:
    """`server` is `address` or `address:port`; empty means what this machine uses."""

    def __init__(self, server: str = "", *, seconds: float = SECONDS_EACH) -> None:
        self._server = server
        self._seconds = seconds
        self._until = time.monotonic() + SECONDS_IN_ALL
        self._known: dict[tuple[str, str], list[Any]] = {}
        self._resolver: dns.resolver.Resolver | None = None

    def texts(self, name: str) -> list[bytes]:
        """The TXT records of a name, each put together of its pieces."""
        return [b"".join(found.strings)[:_LONGEST] for found in self.records(name, "TXT")]

    def records(self, name: str, kind: str) -> list[Any]:
        """What the name has of that kind; nothing when there is no such name. NoAnswer when nobody can say."""
        asked = (name.rstrip(".").lower(), kind)
        if asked not in self._known:
            self._known[asked] = self._ask(*asked)
        return self._known[asked]

    def _ask(self, name: str, kind: str) -> list[Any]:
        left = self._until - time.monotonic()
        if left <= 0 or len(self._known) >= MOST:
            raise NoAnswer(f"{name}: too many questions")
        try:
            return list(self._asking().resolve(f"{name}.", kind, lifetime=min(left, self._seconds), search=False))
        except _NOTHING_THERE:
            return []
        except (dns.name.LabelTooLong, dns.name.NameTooLong, dns.name.EmptyLabel, dns.name.BadEscape, UnicodeError):
            return []
        except (dns.exception.DNSException, OSError) as trouble:
            raise NoAnswer(f"{name}: {type(trouble).__name__}") from trouble

    def _asking(self) -> dns.resolver.Resolver:
        if self._resolver is None:
            self._resolver = dns.resolver.Resolver(configure=not self._server)
            if self._server:
                host, _, port = self._server.rpartition(":") if self._server.count(":") == 1 else (self._server, "", "")
                self._resolver.nameservers = [host.strip("[]")]
                self._resolver.port = int(port or 53)
        return self._resolver
