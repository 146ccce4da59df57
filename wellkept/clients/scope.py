"""Whose clients a person may see, as one value every query can use."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models import Q


@dataclass(frozen=True)
class Scope:
    """Either everything, or the clients named by `ids` and, with `without_client`, what belongs to no client yet."""

    everything: bool
    ids: frozenset[int]
    without_client: bool

    def q(self, prefix: str = "client") -> Q:
        """A filter for rows whose client is in the column `prefix` (`pk` for clients themselves)."""
        if self.everything:
            return Q()
        mine = Q(**{f"{prefix}__in": sorted(self.ids)})
        return mine | Q(**{f"{prefix}__isnull": True}) if self.without_client else mine

    def holds(self, client: int | None) -> bool:
        """True when a row of this client may be seen."""
        if self.everything:
            return True
        return self.without_client if client is None else client in self.ids


NOTHING = Scope(everything=False, ids=frozenset(), without_client=False)
EVERYTHING = Scope(everything=True, ids=frozenset(), without_client=True)
