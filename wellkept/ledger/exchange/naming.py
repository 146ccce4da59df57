"""Names of accounts that both beancount and hledger take: Assets:1000-Bank:1010-Savings."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable, Mapping
from typing import NamedTuple

ROOTS = {
    "asset": "Assets",
    "liability": "Liabilities",
    "equity": "Equity",
    "income": "Income",
    "expense": "Expenses",
}
LONGEST_PART = 60
_NOT_PLAIN = re.compile(r"[^A-Za-z0-9]+")


class Named(NamedTuple):
    """What a name is made of. `parent` is the key of the account above."""

    key: int
    code: str
    name: str
    type: str
    parent: int | None


def paths(accounts: Iterable[Named]) -> dict[int, str]:
    """A path of its own for each account, below the account it stands below; the same chart gives the same paths."""
    by_key = {account.key: account for account in sorted(accounts, key=lambda each: (each.code, each.key))}
    taken: dict[str, set[str]] = {}
    found: dict[int, str] = {}
    for key in by_key:
        _place(key, by_key, taken, found)
    return found


def slug(text: str) -> str:
    """ASCII letters, digits and single dashes; empty when nothing of it is left."""
    plain = unicodedata.normalize("NFKD", text).encode("ascii", "ignore").decode()
    return _NOT_PLAIN.sub("-", plain).strip("-")[:LONGEST_PART].rstrip("-")


def keys(names: Iterable[str]) -> dict[str, str]:
    """A key of its own for each name, such as `tag-cost-centre`, in the order of the names."""
    found: dict[str, str] = {}
    for name in sorted(names):
        wanted = f"tag-{slug(name).lower() or 'other'}"
        found[name] = _free(wanted, set(found.values()))
    return found


def _place(key: int, by_key: Mapping[int, Named], taken: dict[str, set[str]], found: dict[int, str]) -> str:
    if key in found:
        return found[key]
    account = by_key[key]
    above = ROOTS[account.type]
    if account.parent is not None and account.parent in by_key:
        above = _place(account.parent, by_key, taken, found)
    part = _free(_part(account), {each.casefold() for each in taken.setdefault(above, set())})
    taken[above].add(part)
    found[key] = f"{above}:{part}"
    return found[key]


def _part(account: Named) -> str:
    part = "-".join(each for each in (slug(account.code), slug(account.name)) if each)
    return part[:1].upper() + part[1:]


def _free(wanted: str, taken: set[str]) -> str:
    number, part = 1, wanted
    while part.casefold() in taken:
        number += 1
        part = f"{wanted}-{number}"
    return part
