"""What the counts say about a line: one belief over codes, from the general keys to the particular ones."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from heapq import nlargest

from wellkept.banking.learning.counts import MOST_OFFERED, Counts, Tallies, weight_of
from wellkept.banking.learning.keys import ASIDE, BROAD, Key, keys_of
from wellkept.banking.learning.lines import Example, Features

# The weight of what more general keys believe beside one fresh approval.
BACK_OFF = 0.3
# Beside a broad key it is more: one approval says little about every other line of the same sign or size.
BROAD_BACK_OFF = 3.0
LEAST_BELIEF = 0.002  # added before a logarithm: what was never seen is unlikely, not impossible
MOST_CANDIDATES = 8
PAYEE_KINDS = frozenset({"payee", "counterparty"})


@dataclass(frozen=True, slots=True)
class Voice:
    """One key that knows something. `weight` is decayed to the day of the question: a fresh approval weighs 1."""

    key: Key
    tallies: Tallies
    fresh: float  # what an approval on the day of the question weighs in the tallies
    hits: int
    weight: float
    last_on: date


@dataclass(frozen=True)
class Recall:
    """`belief` holds the likeliest codes, best first, and sums to less than one; empty when nothing like the line was approved.

    `levels` gives, for each voice and in the order of `belief`, what was believed after it spoke.
    """

    voices: tuple[Voice, ...]
    silent: tuple[Key, ...]  # the line has these keys, but nothing was approved under them
    belief: Mapping[str, float]
    levels: tuple[tuple[float, ...], ...]
    on: date

    @property
    def knows_payee(self) -> bool:
        return any(voice.key.kind in PAYEE_KINDS for voice in self.voices)

    @cached_property
    def steps(self) -> tuple[tuple[float, ...], ...]:
        """By how much each voice moved the logarithm of each belief."""
        steps = []
        before = [0.0] * len(self.belief)
        for voice, level in zip(self.voices, self.levels, strict=True):
            now = [math.log(believed + LEAST_BELIEF) for believed in level]
            steps.append(tuple(after - was for after, was in zip(now, before, strict=True)))
            if voice.key.kind not in ASIDE:
                before = now
        return tuple(steps)


def learn(counts: Counts, example: Example) -> None:
    numbers = [key.number for key in keys_of(example.features)]
    counts.add(numbers, example.code, weight_of(example.on), example.on)


def forget(counts: Counts, example: Example) -> None:
    """Takes back what `learn` added for the same example; the order of other approvals between does not matter."""
    numbers = [key.number for key in keys_of(example.features)]
    counts.take(numbers, example.code, weight_of(example.on))


def recall(counts: Counts, line: Features, on: date) -> Recall:
    keys = keys_of(line)
    rows = counts.get([key.number for key in keys])
    fresh = weight_of(on)
    voices = tuple(_voice(key, rows[key.number], fresh) for key in keys if rows.get(key.number))
    silent = tuple(key for key in keys if not rows.get(key.number))
    pool = _pool(voices)
    believed, levels = _levels(voices, pool)
    best = nlargest(MOST_CANDIDATES, range(len(pool)), key=lambda place: (believed[place], pool[place]))
    belief = {pool[place]: believed[place] for place in best}
    return Recall(voices, silent, belief, tuple(tuple(level[place] for place in best) for level in levels), on)


def _voice(key: Key, tallies: Tallies, fresh: float) -> Voice:
    return Voice(key, tallies, fresh, tallies.hits, tallies.weight / fresh, tallies.last_on)


def _pool(voices: Sequence[Voice]) -> list[str]:
    """Every code a particular key names; the broad keys fill up what is missing to a full choice."""
    pool: dict[str, None] = {}
    for voice in reversed(voices):
        if voice.key.kind not in BROAD and voice.key.kind not in ASIDE:
            pool.update(dict.fromkeys(_heaviest(voice, MOST_OFFERED)))
    for voice in reversed(voices):
        if len(pool) < MOST_CANDIDATES:
            pool.update(dict.fromkeys(_heaviest(voice, MOST_CANDIDATES)))
    return list(pool)


def _heaviest(voice: Voice, most: int) -> list[str]:
    if len(voice.tallies) <= most:
        return list(voice.tallies)
    return voice.tallies.heaviest[:most]


def _levels(voices: Sequence[Voice], pool: Sequence[str]) -> tuple[list[float], list[list[float]]]:
    """What is believed of each code of the pool at the end, and what it was after each voice.

    A voice speaks by its weight, those before it by the back-off; before the first nothing is believed, which leaves room
    for codes never seen. What an aside says is not passed on.
    """
    believed = [0.0] * len(pool)
    levels = []
    for voice in voices:
        prior = BROAD_BACK_OFF if voice.key.kind in BROAD else BACK_OFF
        whole = voice.weight + prior
        tallies, fresh = voice.tallies, voice.fresh
        level = [
            ((tallies[code].weight / fresh if code in tallies else 0.0) + prior * was) / whole
            for code, was in zip(pool, believed, strict=True)
        ]
        levels.append(level)
        if voice.key.kind not in ASIDE:
            believed = level
    return believed, levels
