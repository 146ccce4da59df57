"""Whether the machine that brought the mail may send for its domain (SPF), where we know which machine that was."""

from __future__ import annotations

import ipaddress
import re
from typing import Any

import spf

from wellkept.connectors.email.senders.lookups import Lookups, NoAnswer

_FROM = re.compile(r"^\s*from\s+(\S{1,255})\s+\(([^()]{0,255})\)", re.IGNORECASE)
_NUMBER = re.compile(r"\[(?:IPv6:)?([0-9A-Fa-f:.]{2,45})\]")


def public(number: str) -> str:
    """The number of a machine out in the world; empty for anything else."""
    try:
        return number if ipaddress.ip_address(number).is_global else ""
    except ValueError:
        return ""


def brought_by(peer: str, received: list[str]) -> tuple[str, str]:
    """The number and the name of the machine that brought the mail into our house; empty when nobody here saw it.

    `peer` is who handed it to us. When that was our own mail server, the line it wrote on top says who had it before.
    """
    if public(peer):
        return peer, ""
    if not peer or not received:
        return "", ""
    line = _FROM.match(" ".join(received[0].split()))
    number = _NUMBER.search(line[2]) if line else None
    return (public(number[1]), line[1]) if line and number else ("", "")


def outcome(*, number: str, sender: str, name: str, lookups: Lookups) -> str:
    """pass, fail, softfail, neutral, none or permerror. NoAnswer when the domain could not be asked."""
    asking = _Asking(number, sender, name, lookups)
    result: str = asking.check()[0]
    if result == "temperror":
        raise NoAnswer("SPF")
    return result


class _Asking(spf.query):  # type: ignore[misc]
    """The library's evaluation of a record over our own guarded questions."""

    def __init__(self, number: str, sender: str, name: str, lookups: Lookups) -> None:
        super().__init__(i=number, s=sender, h=name or "unknown", strict=True, receiver="wellkept")
        self._lookups = lookups

    def dns(self, name: str, qtype: str, cnames: Any = None, ignore_void: bool = False) -> list[Any]:
        try:
            found = [_value(each, qtype) for each in self._lookups.records(str(name), qtype)]
        except NoAnswer as silent:
            raise spf.TempError(f"DNS {silent}") from silent
        if not found and not ignore_void:
            self.void_lookups += 1
            if self.void_lookups > spf.MAX_VOID_LOOKUPS:
                raise spf.PermError(f"Void lookup limit of {spf.MAX_VOID_LOOKUPS} exceeded")
        return found


def _value(record: Any, kind: str) -> Any:
    if kind in ("A", "AAAA"):
        return record.address
    if kind == "MX":
        return (record.preference, record.exchange.to_text(omit_final_dot=True))
    return record.target.to_text(omit_final_dot=True) if kind == "PTR" else record.strings
