"""Running shares: of the promises made in a period, how many were kept in time, and how far that is from what was agreed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import TYPE_CHECKING

from django.db.models import Avg, Count, F, Q, QuerySet

from wellkept.clients import queries as clients
from wellkept.promises.models import Promise
from wellkept.promises.queries.lists import for_staff
from wellkept.promises.rules.shares import Standing, Tally, affordable, back_after, standing

if TYPE_CHECKING:
    from wellkept.clients.models import Client, Target
    from wellkept.people.models import Staff

KEPT = Q(kept_at__isnull=False, missed_at=None)
LATE = Q(kept_at__isnull=False, missed_at__isnull=False)
MISSED = Q(kept_at=None, missed_at__isnull=False)
EXTENDED = Q(replaced_by__isnull=False, missed_at=None)


@dataclass(frozen=True, slots=True)
class Level:
    """One line to reach: so many percent in time."""

    goal: Decimal
    seconds: int
    tally: Tally

    @property
    def hundredths(self) -> int:
        return int(self.goal * 100)

    @property
    def percent(self) -> Decimal | None:
        """With one decimal, rounded down: 97.96 never reads as 98."""
        found = self.tally.share
        return None if found is None else Decimal(found.numerator * 1000 // found.denominator) / 10

    @property
    def affordable(self) -> int:
        return affordable(self.tally, self.hundredths)

    @property
    def back_after(self) -> int | None:
        return back_after(self.tally, self.hundredths)

    @property
    def word(self) -> Standing:
        return standing(self.tally, self.hundredths)


@dataclass(frozen=True, slots=True)
class Share:
    """A period's promises of one kind. `level` and `strict` are None where no share was agreed."""

    tally: Tally
    extended: int
    open: int
    level: Level | None
    strict: Level | None
    average_seconds: float | None
    average_goal: int | None

    @property
    def due(self) -> int:
        return self.tally.due

    @property
    def kept(self) -> int:
        return self.tally.kept

    @property
    def late(self) -> int:
        return self.tally.late

    @property
    def missed(self) -> int:
        return self.tally.missed

    @property
    def goal(self) -> Decimal | None:
        return self.level.goal if self.level is not None else None

    @property
    def affordable(self) -> int | None:
        return self.level.affordable if self.level is not None else None

    @property
    def back_after(self) -> int | None:
        return self.level.back_after if self.level is not None else None

    @property
    def word(self) -> Standing:
        return self.level.word if self.level is not None else Standing.NONE

    @property
    def average_holds(self) -> bool | None:
        if self.average_seconds is None or self.average_goal is None:
            return None
        return self.average_seconds <= self.average_goal


def share(
    by: Staff,
    *,
    kind: str,
    since: datetime,
    until: datetime,
    client: Client | None = None,
    owner: Staff | None = None,
    channel: str = "",
    priority: str = "",
) -> Share:
    """What `by` may see of the promises made in `[since, until)`, against the client's target or the firm's default."""
    made = for_staff(by).filter(kind=kind, made_at__gte=since, made_at__lt=until)
    wanted = {"client": client, "owner": owner, "channel": channel, "priority": priority}
    made = made.filter(**{name: value for name, value in wanted.items() if value})
    choice = clients.target_for(client, kind, channel, priority)
    return counted(made, choice.target if choice is not None else None)


def counted(made: QuerySet[Promise], target: Target | None) -> Share:
    """Every promise is scored once: kept in time, kept late, or missed. One still running is not scored yet."""
    strict_seconds = (target.strict_seconds or target.seconds) if target is not None else 0
    sums = made.order_by().aggregate(
        kept=Count("pk", filter=KEPT),
        late=Count("pk", filter=LATE),
        missed=Count("pk", filter=MISSED),
        extended=Count("pk", filter=EXTENDED),
        open=Count("pk", filter=Q(kept_at=None, withdrawn_at=None, replaced_by=None, missed_at=None)),
        quick=Count("pk", filter=KEPT & Q(took_seconds__lte=strict_seconds)),
        seconds=Avg(F("took_seconds"), filter=Q(kept_at__isnull=False)),
    )
    tally = Tally(sums["kept"], sums["late"], sums["missed"])
    quick = Tally(sums["quick"], tally.due - sums["quick"] - tally.missed, tally.missed)
    return Share(
        tally=tally,
        extended=sums["extended"],
        open=sums["open"],
        level=_level(target.share, target.seconds, tally) if target is not None else None,
        strict=_strict(target, strict_seconds, quick),
        average_seconds=None if sums["seconds"] is None else float(sums["seconds"]),
        average_goal=target.average_seconds if target is not None else None,
    )


def _strict(target: Target | None, seconds: int, quick: Tally) -> Level | None:
    """The second level asks for a shorter time, a larger share, or both."""
    if target is None or (target.strict_share is None and target.strict_seconds is None):
        return None
    return _level(target.strict_share or target.share, seconds, quick)


def _level(goal: Decimal | None, seconds: int, tally: Tally) -> Level | None:
    return None if goal is None else Level(goal, seconds, tally)
