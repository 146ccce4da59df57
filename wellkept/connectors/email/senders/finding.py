"""One answer about a mail's sender, from everything that can be known."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

from wellkept.connectors.email.senders import path, results, signatures
from wellkept.connectors.email.senders.lookups import Lookups
from wellkept.connectors.email.senders.policy import Policy, belongs, policy_of
from wellkept.core.killable import Failed, Killable

CONFIRMED = "confirmed"  # the domain shown has signed the mail, or names the machine that brought it
UNCONFIRMED = "unconfirmed"  # nothing speaks for the domain, and it does not say that it should
DENIED = "denied"  # the domain says that mail like this is not its own
SILENT = "silent"  # the domain could not be asked

_reader: Killable[dict[str, list[str]] | list[str]] = Killable(
    "wellkept.connectors.email.senders.signatures:answer", signatures.from_wire, processes=1
)


@dataclass(frozen=True)
class Arrival:
    """A mail as it came: `peer` and `helo` are empty where it was fetched; `server` is whose word we take for it."""

    raw: bytes
    shown: str  # the address in its From line
    envelope_from: str = ""
    peer: str = ""
    server: str = ""


@dataclass(frozen=True)
class Finding:
    """`basis` says what the verdict rests on: server, signature, path or policy; nothing where nothing speaks."""

    verdict: str
    domain: str
    basis: str = ""
    details: dict[str, object] = field(default_factory=dict)


def examine(arrival: Arrival, *, lookups: Lookups) -> Finding:
    """Raises NoAnswer when a domain that matters cannot be asked now."""
    domain = arrival.shown.rpartition("@")[2].lower()
    if not domain or "." not in domain:
        return Finding(UNCONFIRMED, domain)
    try:
        carried = _reader.run(arrival.raw)
    except Failed as failed:
        return Finding(UNCONFIRMED, domain, details={"unread": failed.code})
    if not isinstance(carried, dict):
        return Finding(UNCONFIRMED, domain)
    told = results.told_by(arrival.server, carried["results"])
    return _by_server(domain, told, lookups) if told is not None else _by_ourselves(arrival, domain, carried, lookups)


def _by_server(domain: str, told: tuple[results.Result, ...], lookups: Lookups) -> Finding:
    details: dict[str, object] = {result.method: result.outcome for result in reversed(told)}
    dmarc = next((result for result in told if result.method == "dmarc"), None)
    if dmarc is not None and dmarc.outcome in ("pass", "bestguesspass"):
        return Finding(CONFIRMED, domain, "server", details)
    vouching = [result for result in told if result.method in ("dkim", "spf") and result.outcome == "pass"]
    policy = policy_of(domain, lookups) if vouching or (dmarc is not None and not dmarc.policy) else Policy(domain)
    if dmarc is not None and dmarc.outcome == "fail":
        asks = dmarc.policy or policy.asks
        return Finding(DENIED if asks in ("quarantine", "reject") else UNCONFIRMED, domain, "server", details)
    for result in vouching:
        strict = policy.strict_signature if result.method == "dkim" else policy.strict_path
        if belongs(result.domain, shown=domain, policy=policy, strict=strict, lookups=lookups):
            return Finding(CONFIRMED, domain, "server", details)
    return Finding(UNCONFIRMED, domain, "server", details)


def _by_ourselves(arrival: Arrival, domain: str, carried: dict[str, list[str]], lookups: Lookups) -> Finding:
    policy = policy_of(domain, lookups)
    signed_by = _signers(arrival.raw, carried["keys"], lookups)
    for signer in signed_by:
        if belongs(signer, shown=domain, policy=policy, strict=policy.strict_signature, lookups=lookups):
            return Finding(CONFIRMED, domain, "signature", {"dkim": "pass", "signed_by": signed_by})
    number, name = path.brought_by(arrival.peer, carried["received"])
    brought = _path(arrival, number, name, lookups) if number else ""
    details: dict[str, object] = {"signed_by": signed_by, "spf": brought, "asks": policy.asks}
    envelope = arrival.envelope_from.rpartition("@")[2].lower()
    if brought == "pass" and belongs(envelope, shown=domain, policy=policy, strict=policy.strict_path, lookups=lookups):
        return Finding(CONFIRMED, domain, "path", details)
    # Without knowing who brought it nobody can say that the domain disowns it: its path might have spoken for it.
    return Finding(DENIED if policy.disowns and brought else UNCONFIRMED, domain, "policy" if brought else "", details)


def _signers(raw: bytes, names: list[str], lookups: Lookups) -> list[str]:
    keys = {name: text.decode("latin-1") for name in names for text in lookups.texts(name)[:1]}
    if not keys:
        return []
    try:
        found = _reader.run(raw, json.dumps(keys).encode())
    except Failed:
        return []
    return [str(domain) for domain in found]


def _path(arrival: Arrival, number: str, name: str, lookups: Lookups) -> str:
    if not arrival.envelope_from:
        return ""
    return path.outcome(number=number, sender=arrival.envelope_from, name=name, lookups=lookups)
