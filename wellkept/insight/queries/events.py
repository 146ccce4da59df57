"""The very promises a figure is counted from."""

from __future__ import annotations

from django.db.models import Case, F, IntegerField, QuerySet, Value, When, Window
from django.db.models.functions import RowNumber

from wellkept.insight import figures
from wellkept.insight.models import Counted
from wellkept.insight.queries.sights import Lens, Viewer, selected, sight
from wellkept.insight.rules import SCORED, Outcome


def events(by: Viewer, name: str, lens: Lens) -> QuerySet[Counted]:
    """The very promises a figure is counted from, misses first, then the newest. Doors take a slice of it."""
    wanted = figures.named(name)
    found = Counted.objects.filter(selected(by, lens), outcome__in=wanted.outcomes)
    if wanted.kinds:
        found = found.filter(kind__in=wanted.kinds)
    rank = Case(
        *(When(outcome=outcome, then=Value(n)) for n, outcome in enumerate(SCORED)),
        default=Value(len(SCORED)),
        output_field=IntegerField(),
    )
    return _with_promises(found).order_by(rank, "-day", "-promise_id")


def line(by: Viewer, promise: int) -> QuerySet[Counted]:
    """One counted promise, if the viewer may count it."""
    return _with_promises(Counted.objects.filter(sight(by).condition, pk=promise))


def openings(by: Viewer, lens: Lens, *, limit: int = 6) -> dict[str, list[Counted]]:
    """The first events of every figure, in one query: enough to see what went wrong."""
    number = Window(RowNumber(), partition_by=["kind", "outcome"], order_by=[F("day").desc(), F("promise_id").desc()])
    found = _with_promises(Counted.objects.filter(selected(by, lens)).annotate(number=number).filter(number__lte=limit))
    first = sorted(found, key=lambda row: (_rank(row.outcome), -row.day.toordinal(), -row.promise_id))
    return {
        figure.name: [
            row for row in first if row.outcome in figure.outcomes and (not figure.kinds or row.kind in figure.kinds)
        ][:limit]
        for figure in figures.every()
    }


def _with_promises(found: QuerySet[Counted]) -> QuerySet[Counted]:
    return found.select_related(
        "promise__client",
        "promise__owner",
        "promise__to_contact",
        "promise__to_staff",
        "promise__dispute__decided_by",
        "promise__dispute__task__owner__team",
    )


def _rank(outcome: str) -> int:
    return SCORED.index(Outcome(outcome)) if outcome in SCORED else len(SCORED)
