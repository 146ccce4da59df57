"""The same counts by client, person, channel, kind and month."""

from __future__ import annotations

from dataclasses import dataclass

from django.db.models.functions import TruncMonth

from wellkept.clients.models import Client
from wellkept.insight.models import NOBODY, DailyCount
from wellkept.insight.queries.scores import Day, totals
from wellkept.insight.queries.sights import Lens, Viewer, selected, sight
from wellkept.insight.rules import Tally
from wellkept.people.models import Staff

MOST_PARTS = 200


@dataclass(frozen=True, slots=True)
class Part:
    """One client, person, channel or kind within the lens; `key` narrows a lens to it."""

    key: int | str
    name: str
    tally: Tally


def by_client(by: Viewer, lens: Lens) -> list[Part]:
    tallies = _grouped(by, lens, "client")
    names = dict(Client.objects.filter(pk__in=tallies).values_list("pk", "name"))
    return _parts(tallies, {NOBODY: "", **names})


def by_person(by: Viewer, lens: Lens) -> list[Part]:
    """Only the people whose score the viewer may see."""
    tallies = _grouped(by, lens, "owner")
    seen = sight(by).people
    names = dict(Staff.objects.filter(pk__in=tallies).values_list("pk", "name"))
    return _parts({key: tally for key, tally in tallies.items() if seen is None or key in seen}, {NOBODY: "", **names})


def by_channel(by: Viewer, lens: Lens) -> list[Part]:
    return _parts(_grouped(by, lens, "channel"), {})


def by_month(by: Viewer, lens: Lens) -> list[Day]:
    """One tally a month; each stands on the first day of its month."""
    sums = (
        DailyCount.objects.filter(selected(by, lens))
        .annotate(month=TruncMonth("day"))
        .values_list("month")
        .order_by("month")
    )
    return [Day(row[0], Tally(*row[1:])) for row in sums.annotate(*totals())]


def by_kind(by: Viewer, lens: Lens) -> list[Part]:
    return _parts(_grouped(by, lens, "kind"), {})


def _grouped(by: Viewer, lens: Lens, column: str) -> dict[int | str, Tally]:
    sums = DailyCount.objects.filter(selected(by, lens)).values_list(column).order_by(column)
    return {row[0]: Tally(*row[1:]) for row in sums.annotate(*totals())[: MOST_PARTS * 50]}


def _parts(tallies: dict[int | str, Tally], names: dict[int, str]) -> list[Part]:
    """Where most went wrong first, then where most was due."""
    parts = [Part(key, names.get(key, "") if isinstance(key, int) else key, tally) for key, tally in tallies.items()]
    return sorted(parts, key=lambda part: (-(part.tally.late + part.tally.missed), -part.tally.due, part.name))[
        :MOST_PARTS
    ]
