"""How good the suggestions are, in words, as a chart with its table, and what may be decided alone."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.banking.models import Automation, CodingMonth
from wellkept.web.shell import words
from wellkept.web.shell.words import Reader, month, names_of, percent

MILLION = 1_000_000
LEFT, RIGHT = 9.0, 99.0  # percent across
TOP, BOTTOM, HEIGHT, LABELS_Y = 22, 130, 152, 149  # pixels down
MOST_NAMED = 12


@dataclass(frozen=True)
class Row:
    """One month; shares are texts in the reader's locale."""

    name: str
    lines: int
    first: str
    top_three: str
    coverage_one: str
    coverage_two: str
    unseen: str
    alone: int
    alone_wrong: int


@dataclass(frozen=True)
class Bar:
    """One month in the chart: `x`, `middle` and `width` in percent as fixed points, `y` and `height` in pixels."""

    x: str
    middle: str
    width: str
    y: int
    height: int
    value: str
    label: str


@dataclass(frozen=True)
class Tick:
    y: int
    text: str


@dataclass(frozen=True)
class Chart:
    """The share of first suggestions that were right, from nothing to all."""

    bars: Sequence[Bar]
    ticks: Sequence[Tick]
    said: str
    height: int = HEIGHT
    labels_y: int = LABELS_Y


def shown(months: Sequence[CodingMonth], automation: Automation | None, reader: Reader) -> dict[str, Any]:
    rows = [_row(each, reader) for each in months]
    lines, first = sum(each.lines for each in months), sum(each.first for each in months)
    return {
        "rows": rows,
        "chart": _chart(months, reader),
        "sentence": _sentence(lines, first, reader),
        "right_to_decide": _right(automation, reader),
        "limit": "" if automation is None else f"{automation.limit / 10_000:.1f}",
    }


def limit_of(text: str) -> int:
    """`1`, `0.5` or `0,5` percent in millionths; what is no number is no limit and is refused by the action."""
    whole, _dot, part = text.strip().replace(",", ".").partition(".")
    if not whole.isdecimal() or (part and not part.isdecimal()) or len(whole) > 3:
        return 0
    return int(whole) * 10_000 + int((part + "0000")[:4])


def _sentence(lines: int, first: int, reader: Reader) -> str:
    if not lines:
        return _("Nothing has been decided on a suggestion yet.")
    counted = ngettext("%(lines)s decision", "%(lines)s decisions", lines) % {"lines": lines}
    return _("The first suggestion was right in %(share)s of %(counted)s.") % {
        "share": percent(first / lines, reader),
        "counted": counted,
    }


def _right(automation: Automation | None, reader: Reader) -> str:
    if automation is None or automation.allowed_at is None:
        return _("Everything is asked: nobody has allowed the machine to decide alone.")
    limit = percent(automation.limit / MILLION, reader)
    if automation.threshold is None:
        few = automation.because == "few"
        why = _("too few decisions to measure it yet") if few else _("its measured error is over the limit")
        return _("Allowed up to %(limit)s of errors, but it asks for now: %(why)s.") % {"limit": limit, "why": why}
    return _(
        "It decides alone from %(sure)s on: measured error %(error)s, limit %(limit)s, over %(lines)s decisions."
    ) % {
        "sure": percent(automation.threshold / MILLION, reader),
        "error": percent((automation.measured_error or 0) / MILLION, reader),
        "limit": limit,
        "lines": automation.measured_lines,
    }


def _chart(months: Sequence[CodingMonth], reader: Reader) -> Chart:
    ticks = [Tick(_down(share), percent(share, reader) if share in (0, 1) else "") for share in (0.0, 0.5, 1.0)]
    bars = [_bar(each, place, len(months), reader) for place, each in enumerate(months)]
    said = ", ".join(f"{month(each.month, reader)} {bar.value}" for each, bar in zip(months, bars, strict=True))
    return Chart(bars, ticks, said)


def _bar(each: CodingMonth, place: int, count: int, reader: Reader) -> Bar:
    """A label stands under every bar, or under every second or third where there are many."""
    step = (RIGHT - LEFT) / count
    width, middle = min(step * 0.5, 6.0), LEFT + step * (place + 0.5)
    share = each.first / each.lines if each.lines else 0.0
    named = (count - 1 - place) % -(-count // MOST_NAMED) == 0
    return Bar(
        f"{middle - width / 2:.2f}",
        f"{middle:.2f}",
        f"{width:.2f}",
        _down(share),
        BOTTOM - _down(share),
        words.number(share * 100, reader, 0) if named else "",
        names_of(reader.language).months[each.month.month] if named else "",
    )


def _down(share: float) -> int:
    return round(BOTTOM - (BOTTOM - TOP) * share)


def _row(each: CodingMonth, reader: Reader) -> Row:
    def of(part: int, whole: int) -> str:
        return percent(part / whole, reader) if whole else "–"

    return Row(
        month(each.month, reader),
        each.lines,
        of(each.first, each.lines),
        of(each.top_three, each.lines),
        of(each.coverage_one, each.lines),
        of(each.coverage_two, each.lines),
        of(each.unseen_first, each.unseen),
        each.alone,
        each.alone_wrong,
    )
