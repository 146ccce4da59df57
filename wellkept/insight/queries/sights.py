"""Whose promises a viewer may count, and which of them are looked at."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

from django.db.models import Q, QuerySet

from wellkept.clients import queries as clients
from wellkept.insight.models import NOBODY, DailyCount
from wellkept.people import queries as people
from wellkept.people.models import Staff

EVERYBODY = ("administrator", "quality")


@dataclass(frozen=True, slots=True)
class Lens:
    """What is looked at: days from `since` up to, not including, `until`; narrowed by what is given."""

    since: date
    until: date
    person: int | None = None
    client: int | None = None
    team: int | None = None
    kind: str = ""
    channel: str = ""


@dataclass(frozen=True, slots=True)
class Sight:
    """What a viewer may count, read once for a whole page. `people` None: everybody's card."""

    condition: Q
    people: frozenset[int] | None


Viewer = Staff | Sight | None


def sight(by: Viewer) -> Sight:
    """One's own promises; those of one's clients; and those without a client of the people one leads. None sees all."""
    if isinstance(by, Sight):
        return by
    seen = people_of(by)
    scope = clients.scope(by) if by is not None else None
    if by is None or scope is None or scope.everything:
        return Sight(Q(), seen)
    mine = Q(owner=by.pk) | Q(client__in=sorted(scope.ids))
    return Sight(mine | Q(client=NOBODY, owner__in=sorted(seen or ())), seen)


def people_of(by: Staff | None) -> frozenset[int] | None:
    """Whose score cards a person may open: their own, their team's and reports'; None means everybody's."""
    if by is None or people.holds(by, *EVERYBODY):
        return None
    under = Q(pk__in=people.below(by)) | Q(team__lead=by)
    return frozenset(Staff.objects.filter(under).values_list("pk", flat=True)) | {by.pk}


def people_to_choose(by: Staff) -> QuerySet[Staff]:
    """The people whose card the viewer may open and who work here, by name."""
    seen = people_of(by)
    active = people.active().order_by("name")
    return active if seen is None else active.filter(pk__in=seen)


def days_known(by: Viewer) -> tuple[date, date] | None:
    """The first and the last day with anything counted that the viewer may see."""
    seen = DailyCount.objects.filter(sight(by).condition).order_by("day")
    first, last = seen.first(), seen.last()
    return (first.day, last.day) if first and last else None


def selected(by: Viewer, lens: Lens) -> Q:
    """The same condition over cells and over events, so that a figure and its events can never differ."""
    by = sight(by)
    chosen = Q(day__gte=lens.since, day__lt=lens.until)
    if lens.person is not None:
        chosen &= Q(owner=_allowed(by, lens.person))
    if lens.client is not None:
        chosen &= Q(client=lens.client)
    if lens.team is not None:
        chosen &= Q(owner__in=list(_members(by, lens.team)))
    if lens.kind:
        chosen &= Q(kind=lens.kind)
    if lens.channel:
        chosen &= Q(channel=lens.channel)
    return chosen & sight(by).condition


def _allowed(by: Viewer, person: int) -> int:
    seen = sight(by).people
    if seen is not None and person not in seen:
        raise Staff.DoesNotExist
    return person


def _members(by: Viewer, team: int) -> frozenset[int]:
    members = frozenset(Staff.objects.filter(team=team).values_list("pk", flat=True))
    seen = sight(by).people
    return members if seen is None else members & seen
