"""Weighs what the memory says, by how well each kind of key has done so far.

A conditional logit over the memory's candidates and "none of these", learned line by line with AdaGrad (Duchi, Hazan and
Singer, 2011). Its features are the steps by which each voice moved the memory's belief, so with every step weighed 1 it says
just what the memory says: that is where it starts, and from there approvals teach it which kinds of keys to believe how far.
Two paces learn side by side and speak with one mean voice: a slow one for what lasts, a quick one for what changes.
"""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain
from typing import Any

from wellkept.banking.learning.keys import KINDS
from wellkept.banking.learning.memory import LEAST_BELIEF, Recall, Voice

PACES = (0.03, 0.1)
FIRST_SLOPE = 0.1
SLIGHT, WELL_KNOWN = 0.7, 4.0  # weights between which a key is known a little
MEMORY_LENGTH = 500  # lines over which memory and ranker are compared
WARMING_UP = 500  # lines; sooner it only repeats what a few lines had in common
SLACK = 0.01  # of first choices; so far apart they can be by chance
LEAST_CHANCE = 1e-4

# For each kind: a step by how well the key is known (3), age, sole code, code absent (3); and for none of the candidates: how well
# the key is known (3), that it is silent, how many codes it has for its hits.
STEP, AGE, SOLE, ABSENT, NONE, SILENT, VARIETY, SLOTS = 0, 3, 4, 5, 8, 11, 12, 13
PLACES = {kind: place * SLOTS for place, kind in enumerate(KINDS)}
RANKS = len(KINDS) * SLOTS
FIRST_RANKS = 3
NONE_ALWAYS, NONE_TOP, NONE_SPREAD, OVERTAKEN = (RANKS + FIRST_RANKS + n for n in range(4))
SIZE = RANKS + FIRST_RANKS + 4
NONE_AT_FIRST = -2.0
OVERTAKEN_AT_FIRST = (
    -0.5
)  # by what was always so nothing can be learned about change; a new habit of a payee is taken seriously

Traits = list[tuple[int, float]]


class Ranker:
    def __init__(self) -> None:
        self.weights = [_first_weights() for _ in PACES]
        self.slopes = [[FIRST_SLOPE] * SIZE for _ in PACES]
        self.mean = _first_weights()
        self.lines = 0
        self.memory_loss = self.loss = 0.0
        self.ahead = 0.0  # right first choices of the ranker over the memory's, of late

    @property
    def speaks(self) -> bool:
        """The better one of late speaks, in its chances and in its first choices; before enough is known that is the memory."""
        return self.lines >= WARMING_UP and self.loss < self.memory_loss and self.ahead > -SLACK

    def rank(self, heard: Recall) -> Mapping[str, float]:
        """The chance of each candidate, best first; what is missing to one is the chance that it is none of them."""
        return self._ranked(heard, _traits(heard)) if self.speaks and heard.belief else heard.belief

    def learn(self, heard: Recall, code: str) -> None:
        """What was heard before the line was approved, and what was approved."""
        if not heard.belief:
            return
        traits = _traits(heard)
        codes = list(heard.belief)
        right = codes.index(code) if code in heard.belief else len(codes)
        self._compare(heard, self._ranked(heard, traits), code)
        for weights, slopes, pace in zip(self.weights, self.slopes, PACES, strict=True):
            chances = _chances(_scores(weights, traits))
            _descend(weights, slopes, _gradient(traits, chances, right), pace)
        touched = {place for trait in traits for place, _value in trait}
        for place in touched:
            self.mean[place] = sum(weights[place] for weights in self.weights) / len(PACES)

    def to_json(self) -> dict[str, Any]:
        return {
            "kinds": list(KINDS),
            "size": SIZE,
            "weights": [[round(weight, 6) for weight in weights] for weights in self.weights],
            "slopes": [[round(slope, 4) for slope in slopes] for slopes in self.slopes],
            "lines": self.lines,
            "loss": self.loss,
            "memory_loss": self.memory_loss,
            "ahead": self.ahead,
        }

    @classmethod
    def from_json(cls, kept: Mapping[str, Any]) -> Ranker:
        """A ranker kept by a version that knew other kinds of keys or other traits starts anew."""
        ranker = cls()
        if kept.get("kinds") == list(KINDS) and kept.get("size") == SIZE:
            ranker.weights = [list(weights) for weights in kept["weights"]]
            ranker.slopes = [list(slopes) for slopes in kept["slopes"]]
            ranker.mean = [sum(column) / len(PACES) for column in zip(*ranker.weights, strict=True)]
            ranker.lines, ranker.ahead = kept["lines"], kept["ahead"]
            ranker.loss, ranker.memory_loss = kept["loss"], kept["memory_loss"]
        return ranker

    def _ranked(self, heard: Recall, traits: list[Traits]) -> dict[str, float]:
        chances = _chances(_scores(self.mean, traits))
        found = dict(zip(heard.belief, chances, strict=False))
        return dict(sorted(found.items(), key=lambda pair: -pair[1]))

    def _compare(self, heard: Recall, ranked: Mapping[str, float], code: str) -> None:
        self.lines += 1
        part = 1 / MEMORY_LENGTH
        self.loss += part * (_loss(ranked, code) - self.loss)
        self.memory_loss += part * (_loss(heard.belief, code) - self.memory_loss)
        won = (next(iter(ranked)) == code) - (next(iter(heard.belief)) == code)
        self.ahead += part * (won - self.ahead)


def _first_weights() -> list[float]:
    weights = [0.0] * SIZE
    for place in chain.from_iterable(range(PLACES[kind] + STEP, PLACES[kind] + STEP + 3) for kind in KINDS):
        weights[place] = 1.0
    weights[OVERTAKEN] = OVERTAKEN_AT_FIRST
    weights[NONE_ALWAYS] = NONE_AT_FIRST
    return weights


def _loss(chances: Mapping[str, float], code: str) -> float:
    left = max(0.0, 1 - sum(chances.values()))
    return -math.log(max(LEAST_CHANCE, chances.get(code, left)))


def _traits(heard: Recall) -> list[Traits]:
    """One list for each candidate in the order of belief, and the last for none of them."""
    traits: list[Traits] = [[] for _ in heard.belief]
    for voice, steps in zip(heard.voices, heard.steps, strict=True):
        _add_voice(traits, heard, voice, steps)
    for rank in range(min(FIRST_RANKS, len(traits))):
        traits[rank].append((RANKS + rank, 1.0))
    return [*traits, list(_none(heard))]


def _add_voice(traits: list[Traits], heard: Recall, voice: Voice, steps: Sequence[float]) -> None:
    place, known, tallies, today = PLACES[voice.key.kind], _known(voice), voice.tallies, heard.on.toordinal()
    sole, replaced = len(tallies) == 1, len(tallies) == 2 and voice.key.kind == "payee"
    for trait, code, step in zip(traits, heard.belief, steps, strict=True):
        trait.append((place + STEP + known, step))
        if (tally := tallies.get(code)) is None:
            trait.append((place + ABSENT + known, 1.0))
            continue
        trait.append((place + AGE, -math.log1p(abs(today - tally.last_on.toordinal()))))
        if sole:
            trait.append((place + SOLE, 1.0))
        elif replaced and tally.last_on < voice.last_on:
            trait.append((OVERTAKEN, 1.0))


def _none(heard: Recall) -> Iterator[tuple[int, float]]:
    believed = list(heard.belief.values())
    yield NONE_ALWAYS, 1.0
    yield NONE_TOP, math.log(believed[0] + LEAST_BELIEF)
    yield NONE_SPREAD, -sum(share * math.log(share + LEAST_BELIEF) for share in believed)
    for voice in heard.voices:
        yield PLACES[voice.key.kind] + NONE + _known(voice), 1.0
        yield PLACES[voice.key.kind] + VARIETY, math.log(len(voice.tallies) / (voice.hits + 1))
    for key in heard.silent:
        yield PLACES[key.kind] + SILENT, 1.0


def _known(voice: Voice) -> int:
    return 0 if voice.weight < SLIGHT else 1 if voice.weight < WELL_KNOWN else 2


def _scores(weights: Sequence[float], traits: Iterable[Traits]) -> list[float]:
    return [sum([weights[place] * value for place, value in trait]) for trait in traits]


def _chances(scores: Sequence[float]) -> list[float]:
    highest = max(scores)
    raised = [math.exp(score - highest) for score in scores]
    whole = sum(raised)
    return [each / whole for each in raised]


def _gradient(traits: Sequence[Traits], chances: Sequence[float], right: int) -> dict[int, float]:
    slope: dict[int, float] = {}
    for n, (trait, chance) in enumerate(zip(traits, chances, strict=True)):
        error = chance - (n == right)
        for place, value in trait:
            slope[place] = slope.get(place, 0.0) + error * value
    return slope


def _descend(weights: list[float], slopes: list[float], gradient: Mapping[int, float], pace: float) -> None:
    for place, slope in gradient.items():
        slopes[place] += slope * slope
        weights[place] -= pace * slope / math.sqrt(slopes[place])
