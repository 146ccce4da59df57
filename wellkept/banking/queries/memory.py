"""Reads of the counting memory of one client."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping, Sequence
from itertools import islice

from wellkept.banking.learning.counts import Tallies, Tally
from wellkept.banking.learning.ranker import Ranker
from wellkept.banking.models import Learned, Remembered

AT_ONCE = 5_000  # keys a statement asks for; both databases take many more


def tallies(client: int, keys: Collection[int]) -> dict[int, Tallies]:
    """What was approved under these keys, in as few statements as there are thousands of keys."""
    found: dict[int, Tallies] = defaultdict(Tallies)
    for part in _cut(keys):
        rows = Remembered.objects.filter(client=client, key__in=part)
        for key, code, hits, weight, last_on in rows.values_list("key", "code", "hits", "weight", "last_on"):
            found[key][code] = Tally(hits, weight, last_on)
    return dict(found)


def ranker(client: int) -> Ranker:
    """How far each kind of key is believed for this client; as memory alone would, before anything was weighed."""
    state = Learned.objects.filter(client=client).values_list("state", flat=True).first()
    return Ranker() if state is None else Ranker.from_json(state)


class Recalled:
    """The part of a client's memory that some lines need, read once."""

    def __init__(self, client: int, keys: Collection[int]) -> None:
        self._client = client
        self._rows = tallies(client, keys)
        self._asked = set(keys)

    def get(self, keys: Sequence[int]) -> Mapping[int, Tallies]:
        """Rows of the keys asked for at the start come from memory; others cost a statement."""
        if missing := set(keys) - self._asked:
            self._rows |= tallies(self._client, missing)
            self._asked |= missing
        return {key: self._rows[key] for key in keys if key in self._rows}


def _cut(keys: Collection[int]) -> Iterator[list[int]]:
    waiting = iter(sorted(keys))
    while part := list(islice(waiting, AT_ONCE)):
        yield part
