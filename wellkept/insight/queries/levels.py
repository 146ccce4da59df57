"""What was agreed for a lens: the share of each kind, and the second, stricter level with what reached it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from decimal import Decimal

from django.db.models import Count, Q

from wellkept.clients.models import AgreementVersion, Target
from wellkept.insight.models import Counted
from wellkept.insight.queries.sights import Lens, Viewer, selected
from wellkept.insight.rules import Outcome, Tally, blended_goal
from wellkept.promises.rules import shares


@dataclass(frozen=True, slots=True)
class Level:
    """The stricter level of one kind: how many were kept within its time, and the share that is asked for."""

    kind: str
    seconds: int
    elapsed: bool
    goal: int  # in hundredths of a percent
    quick: int


@dataclass(frozen=True, slots=True)
class Strict:
    """A figure at its stricter level. `seconds` only where all its kinds have the same."""

    tally: shares.Tally
    goal: int
    seconds: int | None
    elapsed: bool

    @property
    def value(self) -> float | None:
        return None if self.tally.share is None else float(self.tally.share)

    @property
    def standing(self) -> shares.Standing:
        return shares.standing(self.tally, self.goal)

    @property
    def affordable(self) -> int:
        return shares.affordable(self.tally, self.goal)

    @property
    def back_after(self) -> int | None:
        return shares.back_after(self.tally, self.goal)


def targets(lens: Lens) -> list[Target]:
    """What the firm promises everybody, and after it what the client's own agreement says: the later ones win."""
    found = _newest(None, lens.channel)
    return [*found, *_newest(lens.client, lens.channel)] if lens.client is not None else found


def goals(found: Iterable[Target]) -> dict[str, int]:
    """The share promised for each kind."""
    return {target.kind: _hundredths(target.share) for target in found if target.share is not None}


def levels(by: Viewer, lens: Lens, found: Iterable[Target]) -> list[Level]:
    """The stricter level of every kind that has one, counted in one query."""
    newest = {target.kind: target for target in found}
    agreed = {kind: target for kind, target in newest.items() if _has(target)}
    if not agreed:
        return []
    within = Q()
    for kind, target in agreed.items():
        within |= Q(kind=kind, took_seconds__lte=target.strict_seconds or target.seconds)
    kept = Counted.objects.filter(selected(by, lens), within, outcome=Outcome.KEPT)
    quick = dict(kept.order_by("kind").values_list("kind").annotate(Count("pk")))
    return [
        Level(
            kind=kind,
            seconds=target.strict_seconds or target.seconds,
            elapsed=target.clock == Target.Clock.ELAPSED,
            goal=_hundredths(target.strict_share or target.share),
            quick=quick.get(kind, 0),
        )
        for kind, target in agreed.items()
    ]


def goal_of(tallies: Mapping[str, Tally], promised: Mapping[str, int]) -> int | None:
    """One goal for the kinds of a figure."""
    return blended_goal([(tally.due, promised[kind]) for kind, tally in tallies.items() if kind in promised])


def strict_of(tallies: Mapping[str, Tally], found: list[Level]) -> Strict | None:
    """The stricter level of a figure: of those of its kinds that have one, as far as anything was due."""
    mine = [level for level in found if level.kind in tallies and tallies[level.kind].due]
    goal = blended_goal([(tallies[level.kind].due, level.goal) for level in mine])
    if goal is None:
        return None
    due = sum(tallies[level.kind].due for level in mine)
    missed = sum(tallies[level.kind].missed for level in mine)
    kept = sum(level.quick for level in mine)
    clocks = {(level.seconds, level.elapsed) for level in mine}
    seconds, elapsed = clocks.pop() if len(clocks) == 1 else (None, False)
    return Strict(shares.Tally(kept=kept, late=due - kept - missed, missed=missed), goal, seconds, elapsed)


def _newest(client: int | None, channel: str) -> list[Target]:
    """The targets in force; one for this very channel comes after one for any."""
    newest = AgreementVersion.objects.filter(agreement__client=client).order_by("-number").first()
    if newest is None:
        return []
    return list(newest.targets.filter(channel__in={"", channel}, priority="").order_by("channel", "kind"))


def _has(target: Target) -> bool:
    """A second level asks for a shorter time, a larger share, or both."""
    share = target.strict_share or target.share
    return share is not None and (target.strict_share is not None or target.strict_seconds is not None)


def _hundredths(share: Decimal | None) -> int:
    return int((share or Decimal(0)) * 100)
