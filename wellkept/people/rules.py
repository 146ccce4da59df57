"""Who may do what, from roles alone. A predicate answers for the person; whose work it is, is a matter of scope."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Protocol

BOOKKEEPER = "bookkeeper"
SUPPORT = "support"
OPERATOR = "operator"
LEADER = "leader"
QUALITY = "quality"
ADMINISTRATOR = "administrator"
ROLES = (BOOKKEEPER, SUPPORT, OPERATOR, LEADER, QUALITY, ADMINISTRATOR)
THEMES = ("system", "light", "dark")
DENSITIES = ("compact", "cosy")
LONGEST_CHAIN = 50
GO = "go."  # shortcuts named so are pressed after the Go key


class Person(Protocol):
    """Whoever has roles and is still with the firm."""

    roles: list[str]

    @property
    def is_active(self) -> bool: ...


def holds(by: Person | None, *roles: str) -> bool:
    """True for the system (`None`) and for an active person with one of `roles`."""
    return by is None or (by.is_active and any(role in by.roles for role in roles))


def may_manage_firm(by: Person | None) -> bool:
    """Name, address, mailboxes, calendars, connectors."""
    return holds(by, ADMINISTRATOR)


def may_manage_people(by: Person | None) -> bool:
    """Invite, grant roles, arrange teams, deactivate."""
    return holds(by, ADMINISTRATOR)


def may_manage_agreements(by: Person | None) -> bool:
    """What is promised, to one client or to all."""
    return holds(by, ADMINISTRATOR)


def may_manage_clients(by: Person | None) -> bool:
    """Take a client on, hand its books to another bookkeeper, archive it."""
    return holds(by, ADMINISTRATOR, LEADER)


def may_write_templates(by: Person | None) -> bool:
    """What the firm says in prepared words."""
    return holds(by, ADMINISTRATOR, QUALITY, LEADER)


def may_see_everything(by: Person | None) -> bool:
    """Every client, whoever keeps its books."""
    return holds(by, ADMINISTRATOR, QUALITY, OPERATOR)


def may_triage(by: Person | None) -> bool:
    """What came from nobody we know yet."""
    return holds(by, ADMINISTRATOR, OPERATOR, LEADER, SUPPORT)


def may_see_health(by: Person | None) -> bool:
    """Workers, quarantine, dead letters."""
    return holds(by, ADMINISTRATOR, LEADER)


def in_order(roles: Iterable[str]) -> list[str]:
    """Each role once, in the order the firm lists them."""
    wanted = set(roles)
    return [role for role in ROLES if role in wanted]


def chain_above(person: int, supervisors: Mapping[int, int | None]) -> list[int]:
    """Supervisors upwards, nearest first; a circle ends it."""
    chain: list[int] = []
    above = supervisors.get(person)
    while above is not None and above != person and above not in chain and len(chain) < LONGEST_CHAIN:
        chain.append(above)
        above = supervisors.get(above)
    return chain


def is_key(text: str) -> bool:
    """One letter, digit or sign; none at all switches a shortcut off."""
    return text == "" or (len(text) == 1 and text.isprintable() and not text.isspace())


def same_key(keys: Mapping[str, str]) -> tuple[str, str] | None:
    """The first two shortcuts with one key. After the Go key a key may mean something else than alone."""
    known: dict[tuple[bool, str], str] = {}
    for name, key in keys.items():
        place = (name.startswith(GO), key)
        if key and place in known:
            return known[place], name
        known[place] = name
    return None
