"""What the score page shows, made from insight's readings: rows, charts, choices. Counts nothing itself."""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Iterable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any
from urllib.parse import urlencode

from django.urls import reverse
from django.utils.translation import gettext as _

from wellkept.insight import charts, sentences
from wellkept.insight.figures import Measure
from wellkept.insight.models import Counted
from wellkept.insight.queries import Day, Lens, Part, Read, Score
from wellkept.insight.rules import Outcome, Tally
from wellkept.people.models import Staff
from wellkept.promises import kinds
from wellkept.promises.rules.shares import Standing
from wellkept.web.scorelines import Event, events_of
from wellkept.web.shell.words import Reader, duration, exact, month, names_of, number, percent

STATES = {Standing.HOLDING: "kept", Standing.TIGHT: "risk", Standing.UNDER: "broken", Standing.NONE: "open"}
WORKING_DAY_HOURS = 8


@dataclass(frozen=True)
class FigureRow:
    """One figure, closed and opened."""

    name: str
    state: str
    words: str
    how: str
    definition: str
    value: str
    target: str
    spark: str
    sentence: str
    standing: str
    events: list[Event]
    counted: int
    address: str
    strict: StrictRow | None
    disputed: str

    @property
    def live(self) -> str:
        return " ".join(event.live for event in self.events)


@dataclass(frozen=True)
class StrictRow:
    """The second, stricter level of a figure."""

    state: str
    share: str
    v: str
    goal: str
    target: str
    within: str
    word: str


@dataclass(frozen=True)
class PartRow:
    """One client, person, channel or kind: what was due of it and how it went."""

    name: str
    address: str
    due: int
    kept: int
    late: int
    missed: int
    withdrawn: int
    share: str
    state: str


def figure_rows(score: Score, openings: dict[str, list[Counted]], *, by: Staff, reader: Reader) -> list[FigureRow]:
    """Figures with something counted or a target; the others would only say "nothing"."""
    reads = [read for read in score.figures if read.counted or read.figure.name in {"kept", "acknowledged"}]
    once = {found.pk: found for read in reads for found in openings[read.figure.name]}
    events = dict(zip(once, events_of(list(once.values()), by=by, reader=reader), strict=True))
    return [
        figure_row(read, [events[found.pk] for found in openings[read.figure.name]], score.lens, reader)
        for read in reads
    ]


def figure_row(read: Read, events: list[Event], lens: Lens, reader: Reader) -> FigureRow:
    figure = read.figure
    return FigureRow(
        name=figure.name,
        state=_state(read),
        words=str(figure.words),
        how=str(figure.how),
        definition=str(figure.definition),
        value=value_of(read, reader),
        target=percent(read.goal / 10_000, reader) if read.goal is not None else "",
        spark=charts.spark(read.trend),
        sentence=sentences.of_figure(read),
        standing=sentences.of_standing(read),
        events=events,
        counted=read.counted,
        address=address("score_figure", lens, figure.name),
        strict=strict_row(read, reader),
        disputed=sentences.of_disputes(read.disputed, value_words(read, read.disputed.without, reader)),
    )


def strict_row(read: Read, reader: Reader) -> StrictRow | None:
    """Nothing where no second level was agreed, or nothing of it was due."""
    level = read.strict
    if level is None or level.value is None:
        return None
    goal = level.goal / 10_000
    length = "" if level.seconds is None else exact(level.seconds, day_hours=0 if level.elapsed else WORKING_DAY_HOURS)
    return StrictRow(
        state=STATES[level.standing],
        share=percent(level.value, reader),
        v=f"{level.value:.3f}",
        goal=f"{goal:.3f}",
        target=percent(goal, reader),
        within=_("within %(time)s") % {"time": length} if length else "",
        word=" ".join(filter(None, [standing_word(level.standing), sentences.of_standing(level)])),
    )


def value_of(read: Read, reader: Reader) -> str:
    return value_words(read, read.value, reader)


def value_words(read: Read, value: float | None, reader: Reader) -> str:
    """A value of this figure, in words."""
    if value is None:
        return "–"
    if read.figure.measure is Measure.SHARE:
        return percent(value, reader)
    if read.figure.measure is Measure.AVERAGE:
        return duration(value, day_hours=WORKING_DAY_HOURS)
    return number(value, reader, 0)


def _state(read: Read) -> str:
    """A count of what went wrong is red when there is any; what is merely told stays graphite."""
    if read.figure.measure is Measure.COUNT and set(read.figure.outcomes) <= {Outcome.LATE, Outcome.MISSED}:
        return "broken" if read.value else "kept"
    return STATES[read.standing]


def days_chart(score: Score) -> charts.Line:
    """The share kept of each day's promises, in percent with one decimal."""
    goal = score.figure("kept").goal
    days = [
        (str(day.day.day), round(float(day.tally.share) * 100, 1)) for day in score.days if day.tally.share is not None
    ]
    return charts.line(days, goal=goal / 100 if goal is not None else None)


def day_rows(score: Score) -> list[tuple[date, int, float]]:
    """The same as a table: day, how many were due, the share kept."""
    return [(day.day, day.tally.due, float(day.tally.share)) for day in score.days if day.tally.share is not None]


def clients_chart(parts: Iterable[Part]) -> tuple[charts.Bar, ...]:
    rows = [
        (part.name or _("Without a client"), part.tally.due, part.tally.late + part.tally.missed)
        for part in parts
        if part.tally.due
    ]
    return charts.bars(sorted(rows, key=lambda row: -row[1]), rest=_("Others"))


def part_rows(parts: Iterable[Part], lens: Lens, column: str, reader: Reader) -> list[PartRow]:
    """Each row narrows the page to itself."""
    return [
        _row(
            part_name(column, part),
            address("score", replace(lens, **_narrowed(column, part.key))) if part.key else "",
            part.tally,
            reader,
        )
        for part in parts
        if part.tally.due or part.tally.withdrawn
    ]


def month_rows(months: list[Day], lens: Lens, reader: Reader) -> list[PartRow]:
    """Newest month first."""
    return [
        _row(month(day.day, reader), address("score", month_lens(lens, day.day)), day.tally, reader)
        for day in reversed(months)
        if day.tally.due or day.tally.withdrawn
    ]


def _narrowed(column: str, key: int | str) -> dict[str, Any]:
    return {column: key}


def _row(name: str, at: str, tally: Tally, reader: Reader) -> PartRow:
    return PartRow(
        name=name,
        address=at,
        due=tally.due,
        kept=tally.kept,
        late=tally.late,
        missed=tally.missed,
        withdrawn=tally.withdrawn,
        share=percent(float(tally.share), reader) if tally.share is not None else "–",
        state="broken" if tally.late + tally.missed else "kept",
    )


def part_name(column: str, part: Part) -> str:
    if column == "kind":
        return kind_words(str(part.key))
    if column == "channel":
        return channel_words(str(part.key))
    return part.name or (_("Nobody") if column == "person" else _("Without a client"))


def kind_words(kind: str) -> str:
    try:
        return str(kinds.named(kind).words)
    except LookupError:
        return kind


def channel_words(channel: str) -> str:
    return {"email": _("E-mail"), "internal": _("Inside the firm"), "": _("No channel")}.get(channel, channel)


def month_lens(lens: Lens, first: date) -> Lens:
    return replace(lens, since=first, until=next_month(first))


def next_month(first: date) -> date:
    return first + timedelta(days=monthrange(first.year, first.month)[1])


def months_to_choose(
    first: date | None, current: date, chosen: date, lens: Lens, reader: Reader
) -> list[dict[str, object]]:
    """The last three months, and the chosen one if it is older; as segments."""
    months = [current]
    while len(months) < 3 and (first is None or months[0] > first):
        months.insert(0, (months[0] - timedelta(days=1)).replace(day=1))
    if chosen not in months:
        months.insert(0, chosen)
    words = names_of(reader.language).long_months
    return [
        {
            "label": words[m.month] if m.year == current.year else month(m, reader),
            "address": address("score", month_lens(lens, m)),
            "current": m == chosen,
        }
        for m in sorted(set(months))
    ]


def address(url_name: str, lens: Lens, *args: object) -> str:
    """This page through another lens; a lens of whole months is written as its month."""
    asked: dict[str, object] = {"month": lens.since.isoformat()[:7]}
    asked |= {
        name: getattr(lens, name) for name in ("person", "client", "team", "kind", "channel") if getattr(lens, name)
    }
    return f"{reverse(url_name, args=args)}?{urlencode(asked)}"


@dataclass(frozen=True)
class Gauge:
    """The share kept, as the gauge part draws it."""

    state: str
    share: str
    v: str
    goal: str
    target: str
    word: str
    strict: StrictRow | None
    disputed: str


def gauge_of(read: Read, reader: Reader) -> Gauge | None:
    """Nothing while nothing was due."""
    if read.value is None:
        return None
    goal = read.goal / 10_000 if read.goal is not None else None
    return Gauge(
        state=STATES[read.standing],
        share=percent(read.value, reader),
        v=f"{read.value:.3f}",
        goal=f"{goal:.3f}" if goal is not None else "",
        target=percent(goal, reader) if goal is not None else "",
        word=" ".join(filter(None, [standing_word(read.standing), sentences.of_standing(read)])),
        strict=strict_row(read, reader),
        disputed=sentences.of_disputes(read.disputed, value_words(read, read.disputed.without, reader)),
    )


def standing_word(standing: Standing) -> str:
    words = {
        Standing.HOLDING: _("Holding."),
        Standing.TIGHT: _("Tight."),
        Standing.UNDER: _("Under."),
        Standing.NONE: "",
    }
    return words[standing]
