"""What a domain asks of mail in its name (DMARC), found by walking up the names as the standard now does.

No list of public suffixes is needed: the record that stands highest, or says so, marks the organisation's own domain.
"""

from __future__ import annotations

from dataclasses import dataclass

from wellkept.connectors.email.senders.lookups import Lookups

MOST_STEPS = 8
ASKS = ("none", "quarantine", "reject")


@dataclass(frozen=True)
class Policy:
    """The wish of `owner`, the organisation's domain. `asks` is empty when it has none."""

    owner: str
    asks: str = ""
    strict_signature: bool = False
    strict_path: bool = False

    @property
    def disowns(self) -> bool:
        """Whether mail that fails is not theirs, by their own word."""
        return self.asks in ("quarantine", "reject")


def policy_of(domain: str, lookups: Lookups) -> Policy:
    """The policy for mail that shows an address of this domain."""
    found = [(name, tags) for name in _steps(domain) if (tags := _record(name, lookups))]
    if not found:
        return Policy(owner=domain)
    nearest, tags = found[0]
    owner = _owner(found, domain)
    asked = tags.get("p", "") if nearest == domain else tags.get("sp", tags.get("p", ""))
    asks = asked if asked in ASKS else "none"
    tried_out = tags.get("t") == "y" or tags.get("pct") == "0"
    return Policy(owner, "none" if tried_out else asks, tags.get("adkim") == "s", tags.get("aspf") == "s")


def belongs(domain: str, *, shown: str, policy: Policy, strict: bool, lookups: Lookups) -> bool:
    """Whether a domain that vouches for the mail is the one shown, or of the same organisation."""
    if domain == shown:
        return True
    if strict or not policy.asks or not _under(domain, policy.owner):
        return False
    return policy_of(domain, lookups).owner == policy.owner


def _steps(domain: str) -> list[str]:
    """The name and those above it, eight at most; the top level alone asks for nobody."""
    labels = domain.split(".")
    first = [domain] if len(labels) > MOST_STEPS else []
    rest = labels[-(MOST_STEPS - len(first)) :]
    return first + [".".join(rest[start:]) for start in range(len(rest) - 1)]


def _owner(found: list[tuple[str, dict[str, str]]], domain: str) -> str:
    for name, tags in found:
        if tags.get("psd") == "n":
            return name
        if tags.get("psd") == "y" and name != domain:
            return domain.removesuffix(f".{name}").rpartition(".")[2] + f".{name}"
    return found[-1][0]


def _under(domain: str, owner: str) -> bool:
    return domain == owner or domain.endswith(f".{owner}")


def _record(name: str, lookups: Lookups) -> dict[str, str]:
    """The tags of its one DMARC record; two of them count as none."""
    texts = [text.decode("ascii", "replace") for text in lookups.texts(f"_dmarc.{name}")]
    ours = [text for text in texts if text.replace(" ", "").lower().startswith("v=dmarc1")]
    if len(ours) != 1:
        return {}
    pairs = (piece.partition("=") for piece in ours[0].split(";")[:30])
    return {key.strip().lower(): value.strip().lower() for key, _, value in pairs if key.strip()}
