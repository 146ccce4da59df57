"""Reads: the score of a person, a client, a team, over any days; every figure with its events and its sentence."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from datetime import date

from django.db.models import Case, F, IntegerField, Q, QuerySet, Sum, Value, When, Window
from django.db.models.functions import RowNumber, TruncMonth

from wellkept.clients import queries as clients
from wellkept.clients.models import AgreementVersion, Client
from wellkept.insight import figures
from wellkept.insight.figures import Figure, Measure
from wellkept.insight.models import NOBODY, Counted, DailyCount
from wellkept.insight.rules import COUNTS, SCORED, Outcome, Tally, blended_goal, total
from wellkept.people import queries as people
from wellkept.people.models import Staff
from wellkept.promises.rules import shares

MOST_PARTS = 200
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
class Read:
    """A figure as it stands. `value` is a share from 0 to 1, a number or seconds; None where nothing was due."""

    figure: Figure
    tally: Tally
    value: float | None
    goal: int | None  # in hundredths of a percent
    standing: shares.Standing
    affordable: int
    back_after: int | None
    trend: tuple[float, ...]  # the same figure day by day, days without events left out

    @property
    def counted(self) -> int:
        """How many events the figure opens to."""
        return self.tally.of(self.figure.outcomes)


@dataclass(frozen=True, slots=True)
class Part:
    """One client, person, channel or kind within the lens; `key` narrows a lens to it."""

    key: int | str
    name: str
    tally: Tally


@dataclass(frozen=True, slots=True)
class Day:
    day: date
    tally: Tally


@dataclass(frozen=True, slots=True)
class Score:
    """Everything a score card shows, from the roll-up alone."""

    lens: Lens
    figures: list[Read]
    days: list[Day]
    whole: Tally

    def figure(self, name: str) -> Read:
        return next(read for read in self.figures if read.figure.name == name)


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


def score(by: Viewer, lens: Lens) -> Score:
    """All figures of the lens, with their days."""
    cells = _cells(by, lens)
    goals = _goals(lens)
    days: dict[date, list[Tally]] = defaultdict(list)
    for day, _kind, tally in cells:
        days[day].append(tally)
    return Score(
        lens=lens,
        figures=[_read(figure, cells, goals) for figure in figures.every()],
        days=[Day(day, total(tallies)) for day, tallies in sorted(days.items())],
        whole=total([tally for _day, _kind, tally in cells]),
    )


def figure(by: Viewer, name: str, lens: Lens) -> Read:
    return _read(figures.named(name), _cells(by, lens), _goals(lens))


def events(by: Viewer, name: str, lens: Lens) -> QuerySet[Counted]:
    """The very promises a figure is counted from, misses first, then the newest. Doors take a slice of it."""
    wanted = figures.named(name)
    found = Counted.objects.filter(_selected(by, lens), outcome__in=wanted.outcomes)
    if wanted.kinds:
        found = found.filter(kind__in=wanted.kinds)
    rank = Case(
        *(When(outcome=outcome, then=Value(n)) for n, outcome in enumerate(SCORED)),
        default=Value(len(SCORED)),
        output_field=IntegerField(),
    )
    return _with_promises(found).order_by(rank, "-day", "-promise_id")


def openings(by: Viewer, lens: Lens, *, limit: int = 6) -> dict[str, list[Counted]]:
    """The first events of every figure, in one query: enough to see what went wrong."""
    number = Window(RowNumber(), partition_by=["kind", "outcome"], order_by=[F("day").desc(), F("promise_id").desc()])
    found = _with_promises(
        Counted.objects.filter(_selected(by, lens)).annotate(number=number).filter(number__lte=limit)
    )
    first = sorted(found, key=lambda row: (_rank(row.outcome), -row.day.toordinal(), -row.promise_id))
    return {
        figure.name: [
            row for row in first if row.outcome in figure.outcomes and (not figure.kinds or row.kind in figure.kinds)
        ][:limit]
        for figure in figures.every()
    }


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
        DailyCount.objects.filter(_selected(by, lens))
        .annotate(month=TruncMonth("day"))
        .values_list("month")
        .order_by("month")
    )
    return [Day(row[0], Tally(*row[1:])) for row in sums.annotate(*_sums())]


def by_kind(by: Viewer, lens: Lens) -> list[Part]:
    return _parts(_grouped(by, lens, "kind"), {})


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


def _cells(by: Viewer, lens: Lens) -> list[tuple[date, str, Tally]]:
    sums = DailyCount.objects.filter(_selected(by, lens)).values_list("day", "kind").order_by("day", "kind")
    return [(row[0], row[1], Tally(*row[2:])) for row in sums.annotate(*_sums())]


def _grouped(by: Viewer, lens: Lens, column: str) -> dict[int | str, Tally]:
    sums = DailyCount.objects.filter(_selected(by, lens)).values_list(column).order_by(column)
    return {row[0]: Tally(*row[1:]) for row in sums.annotate(*_sums())[: MOST_PARTS * 50]}


def _sums() -> list[Sum]:
    return [Sum(name) for name in COUNTS]


def _parts(tallies: dict[int | str, Tally], names: dict[int, str]) -> list[Part]:
    """Where most went wrong first, then where most was due."""
    parts = [Part(key, names.get(key, "") if isinstance(key, int) else key, tally) for key, tally in tallies.items()]
    return sorted(parts, key=lambda part: (-(part.tally.late + part.tally.missed), -part.tally.due, part.name))[
        :MOST_PARTS
    ]


def _with_promises(found: QuerySet[Counted]) -> QuerySet[Counted]:
    return found.select_related("promise__client", "promise__owner", "promise__to_contact", "promise__to_staff")


def _rank(outcome: str) -> int:
    return SCORED.index(Outcome(outcome)) if outcome in SCORED else len(SCORED)


def _selected(by: Viewer, lens: Lens) -> Q:
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


def _read(wanted: Figure, cells: list[tuple[date, str, Tally]], goals: dict[str, int]) -> Read:
    mine = [cell for cell in cells if not wanted.kinds or cell[1] in wanted.kinds]
    tally = total([cell[2] for cell in mine])
    goal = _goal(wanted, mine, goals)
    scored = shares.Tally(kept=tally.kept, late=tally.late, missed=tally.missed)
    days: dict[date, Tally] = defaultdict(Tally)
    for day, _kind, cell in mine:
        days[day] += cell
    trend = [_value(wanted, days[day]) for day in sorted(days)]
    return Read(
        figure=wanted,
        tally=tally,
        value=_value(wanted, tally),
        goal=goal,
        standing=shares.standing(scored, goal) if goal is not None else shares.Standing.NONE,
        affordable=shares.affordable(scored, goal) if goal is not None else 0,
        back_after=shares.back_after(scored, goal) if goal is not None else None,
        trend=tuple(value for value in trend if value is not None),
    )


def _value(wanted: Figure, tally: Tally) -> float | None:
    if wanted.measure is Measure.COUNT:
        return tally.of(wanted.outcomes)
    if wanted.measure is Measure.AVERAGE:
        return tally.average_seconds
    return None if tally.share is None else float(tally.share)


def _goal(wanted: Figure, cells: list[tuple[date, str, Tally]], goals: dict[str, int]) -> int | None:
    if wanted.measure is not Measure.SHARE:
        return None
    due: dict[str, int] = defaultdict(int)
    for _day, kind, tally in cells:
        due[kind] += tally.due
    return blended_goal([(count, goals[kind]) for kind, count in due.items() if kind in goals])


def _goals(lens: Lens) -> dict[str, int]:
    """The share promised for each kind: as the firm promises everybody, and over it as the client's own agreement says."""
    goals = _promised(None, lens.channel)
    return goals | _promised(lens.client, lens.channel) if lens.client is not None else goals


def _promised(client: int | None, channel: str) -> dict[str, int]:
    newest = AgreementVersion.objects.filter(agreement__client=client).order_by("-number").first()
    if newest is None:
        return {}
    targets = newest.targets.filter(channel__in={"", channel}, priority="", share__isnull=False).order_by("channel")
    return {target.kind: int(target.share * 100) for target in targets if target.share is not None}
