"""One line in, up to three choices out, each with its confidence and what it rests on."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

from wellkept.banking.learning import memory
from wellkept.banking.learning.counts import Counts
from wellkept.banking.learning.lines import Example, Features
from wellkept.banking.learning.memory import Recall
from wellkept.banking.learning.ranker import Ranker

MOST_CHOICES, MOST_BASES = 3, 3


@dataclass(frozen=True, slots=True)
class Basis:
    """Under the key of this kind the code was approved `hits` of `total` times, last on `last_on`; `says` is what the key took from the line."""

    kind: str
    says: str
    hits: int
    total: int
    last_on: date


@dataclass(frozen=True, slots=True)
class Choice:
    code: str
    confidence: float  # the probability that this is the code
    basis: tuple[Basis, ...]  # the most particular key first


@dataclass(frozen=True, slots=True)
class Suggestion:
    """Best first; empty when nothing like the line was ever approved."""

    choices: tuple[Choice, ...]
    payee_seen: bool

    @property
    def code(self) -> str:
        return self.choices[0].code if self.choices else ""

    @property
    def confidence(self) -> float:
        return self.choices[0].confidence if self.choices else 0.0

    def rank_of(self, code: str) -> int | None:
        codes = [choice.code for choice in self.choices]
        return codes.index(code) if code in codes else None


class Coder:
    """`ranker` is left out where none is kept; then the memory speaks for itself."""

    def __init__(self, counts: Counts, ranker: Ranker | None = None) -> None:
        self.counts = counts
        self.ranker = ranker or Ranker()

    def suggest(self, line: Features, *, on: date) -> Suggestion:
        heard = memory.recall(self.counts, line, on)
        best = list(self.ranker.rank(heard).items())[:MOST_CHOICES]
        choices = tuple(Choice(code, chance, bases(heard, code)) for code, chance in best)
        return Suggestion(choices, heard.knows_payee)

    def learn(self, examples: Sequence[Example]) -> None:
        """At once: the next suggestion knows them. Approved together, none of them is judged by what the others taught."""
        for example in examples:
            self.weigh(example)
        for example in examples:
            memory.learn(self.counts, example)

    def weigh(self, example: Example) -> None:
        """The ranker's half of learning, before the memory knows the example."""
        self.ranker.learn(memory.recall(self.counts, example.features, example.on), example.code)

    def forget(self, examples: Iterable[Example]) -> None:
        """When an approval is undone. What the ranker took from it stays: it says how keys do in general, not what was coded."""
        for example in examples:
            memory.forget(self.counts, example)


def bases(heard: Recall, code: str) -> tuple[Basis, ...]:
    """Only keys under which this code was approved speak for it."""
    speaking = [voice for voice in reversed(heard.voices) if code in voice.tallies]
    return tuple(
        Basis(voice.key.kind, voice.key.says, tally.hits, voice.hits, tally.last_on)
        for voice in speaking[:MOST_BASES]
        for tally in [voice.tallies[code]]
    )
