"""The registry of figures: a name, words, how it is counted. Value, events and sentence come from one query of each."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext_lazy as _

from wellkept.insight.rules import SCORED, Outcome, Tally

Words = str | Lazy


class Measure(StrEnum):
    """What is made of the counted events."""

    SHARE = "share"  # kept in time, of those scored
    COUNT = "count"
    AVERAGE = "average"  # seconds on the promise's own clock


@dataclass(frozen=True, slots=True)
class Figure:
    """`kinds` empty: promises of every kind. `outcomes` are the events counted, and those it opens to."""

    name: str
    words: Words
    how: Words
    definition: Words
    measure: Measure = Measure.SHARE
    kinds: tuple[str, ...] = ()
    outcomes: tuple[Outcome, ...] = SCORED


class UnknownFigure(LookupError):
    """No figure has this name."""


_figures: dict[str, Figure] = {}


def register(figure: Figure) -> Figure:
    _figures[figure.name] = figure
    return figure


def named(name: str) -> Figure:
    try:
        return _figures[name]
    except KeyError:
        raise UnknownFigure(name) from None


def every() -> list[Figure]:
    return list(_figures.values())


def value(figure: Figure, tally: Tally) -> float | None:
    """What the figure says of a tally: a number, seconds, or a share from 0 to 1."""
    if figure.measure is Measure.COUNT:
        return tally.of(figure.outcomes)
    if figure.measure is Measure.AVERAGE:
        return tally.average_seconds
    return None if tally.share is None else float(tally.share)


WHEN = _(
    "A promise is scored once, on the day it was made. Kept means done by its due time; time in which the client had the"
    " turn does not count. A promise given a new time before it was due, or withdrawn, is not scored; its new promise is."
)
CLOCK = _(
    "From the moment the promise began to the moment it was kept, on the clock that was agreed: in working hours where the"
    " agreement counts working hours, and without the time in which the client had the turn."
)

register(Figure("kept", _("Promises kept"), _("kept in time ÷ due, of every kind"), WHEN))
register(
    Figure(
        "acknowledged",
        _("Acknowledged in time"),
        _("first answers, each with a time for the follow-up"),
        WHEN,
        kinds=("acknowledge",),
    )
)
register(
    Figure(
        "answered",
        _("Further questions answered in time"),
        _("the next answer to a client who wrote again"),
        WHEN,
        kinds=("next_reply",),
    )
)
register(Figure("resolved", _("Resolved in time"), _("requests brought to their end"), WHEN, kinds=("resolve",)))
register(
    Figure(
        "commitments", _("Follow-up times met"), _("“you will have it by …”, to clients"), WHEN, kinds=("commitment",)
    )
)
register(
    Figure(
        "progress",
        _("Progress told in time"),
        _("updates on long requests, at the promised rhythm"),
        WHEN,
        kinds=("progress",),
    )
)
register(
    Figure(
        "called_back",
        _("Calls returned in time"),
        _("the same day, within 24 hours at most"),
        WHEN,
        kinds=("call_back",),
    )
)
register(
    Figure(
        "colleagues",
        _("Colleagues answered in time"),
        _("what we owe one another"),
        WHEN,
        kinds=("colleague", "escalation"),
    )
)
register(
    Figure(
        "first_answer",
        _("Average time to the first answer"),
        _("on the clock that was agreed"),
        CLOCK,
        measure=Measure.AVERAGE,
        kinds=("acknowledge",),
        outcomes=(Outcome.LATE, Outcome.KEPT),
    )
)
register(
    Figure(
        "resolution",
        _("Average time to resolve"),
        _("on the clock that was agreed"),
        CLOCK,
        measure=Measure.AVERAGE,
        kinds=("resolve",),
        outcomes=(Outcome.LATE, Outcome.KEPT),
    )
)
register(
    Figure(
        "late",
        _("Kept, but late"),
        _("done after the due time"),
        _("Promises that were done, but after they were due."),
        measure=Measure.COUNT,
        outcomes=(Outcome.LATE,),
    )
)
register(
    Figure(
        "missed",
        _("Missed"),
        _("due and not done"),
        _("Promises whose due time passed and that nobody has kept yet."),
        measure=Measure.COUNT,
        outcomes=(Outcome.MISSED,),
    )
)
register(
    Figure(
        "extended",
        _("Given a new time"),
        _("with a reason, before the old time was up"),
        _("A new time is never a kept promise: the old one is not scored, the new one is, on the day it was given."),
        measure=Measure.COUNT,
        outcomes=(Outcome.EXTENDED,),
    )
)
register(
    Figure(
        "withdrawn",
        _("Withdrawn"),
        _("no longer owed, before the time was up"),
        _(
            "Promises taken back before they were due: by hand with a reason, or because no answer was needed,"
            " conversations were joined, or the message that promised it was taken back. They are not scored."
        ),
        measure=Measure.COUNT,
        outcomes=(Outcome.WITHDRAWN,),
    )
)
register(
    Figure(
        "open",
        _("Still open"),
        _("made in this period, not yet due"),
        _("Promises made in this period that are neither kept nor due yet."),
        measure=Measure.COUNT,
        outcomes=(Outcome.OPEN,),
    )
)
