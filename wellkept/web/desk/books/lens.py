"""The choices above a report: its time with the time before and after, segments, and the fields of a narrower look."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from urllib.parse import urlencode

from django.utils.translation import gettext as _

from wellkept.web.desk.books import times
from wellkept.web.desk.books.times import Stretch
from wellkept.web.shell.words import Reader, day

KEPT = ("against", "by", "tag", "limit", "percent", "side")


@dataclass(frozen=True)
class Choice:
    """One segment, a link so that Back works."""

    label: str
    address: str
    current: bool


@dataclass(frozen=True)
class Turn:
    """The time shown, the one before and the one after."""

    words: str
    before: str
    after: str


@dataclass(frozen=True)
class LensField:
    kind: str
    name: str
    label: str
    value: str = ""
    options: Sequence[tuple[object, str]] = ()


def turn(found: Stretch, asked: Mapping[str, str], reader: Reader) -> Turn:
    earlier = times.before(found)
    if found.span == times.TO_DATE:  # month by month, not year by year
        month = times.months_later(found.until, -2)
        earlier = times.stretch(times.TO_DATE, month, found.since.month)
    return Turn(found.words(reader), with_time(earlier, asked), with_time(times.after(found), asked))


def day_turn(on: date, asked: Mapping[str, str], reader: Reader) -> Turn:
    """For what stands on a day: the ends of the months around it."""
    first = on.replace(day=1)
    before = times.stretch(times.MONTH, times.months_later(first, -1), 1).last_on
    month = times.stretch(times.MONTH, first, 1)
    after = month.last_on if on < month.last_on else times.stretch(times.MONTH, month.until, 1).last_on
    return Turn(day(on, reader), address({"on": before.isoformat()}, asked), address({"on": after.isoformat()}, asked))


def spans(found: Stretch, asked: Mapping[str, str], fiscal_month: int) -> list[Choice]:
    """Month, quarter, year, year to date: around the month in which the time shown ends."""
    month = found.last_on.replace(day=1)
    labels = {
        times.MONTH: _("Month"),
        times.QUARTER: _("Quarter"),
        times.YEAR: _("Year"),
        times.TO_DATE: _("Year to date"),
    }
    return [
        Choice(label, with_time(times.stretch(span, month, fiscal_month), asked, month), found.span == span)
        for span, label in labels.items()
    ]


def choices(name: str, labels: Iterable[tuple[str, str]], chosen: str, asked: Mapping[str, str]) -> list[Choice]:
    """Segments that set one word of the address."""
    return [
        Choice(
            label,
            "?" + urlencode({**_kept(asked, every=True), **({name: value} if value else {name: ""})}),
            value == chosen,
        )
        for value, label in labels
    ]


def with_time(found: Stretch, asked: Mapping[str, str], month: date | None = None) -> str:
    """This page at another time. A longer time keeps the month one came from, so that one finds back to it."""
    named = found.asked()
    if month is not None and "month" in named:
        named["month"] = f"{month:%Y-%m}"
    return address(named, asked)


def address(named: Mapping[str, str], asked: Mapping[str, str]) -> str:
    return "?" + urlencode({**named, **_kept(asked)})


def fields(found: Stretch, more: Iterable[LensField] = ()) -> list[LensField]:
    """Any days, and what the report adds."""
    return [
        LensField("date", "since", _("From"), found.since.isoformat()),
        LensField("date", "until", _("To"), found.last_on.isoformat()),
        *more,
    ]


def _kept(asked: Mapping[str, str], *, every: bool = False) -> dict[str, str]:
    """What of the address stays when one thing of it changes."""
    names = (*KEPT, "span", "month", "since", "until", "on") if every else KEPT
    return {name: asked[name][:40] for name in names if asked.get(name)}
