"""Why a promise is due when it is: the rule, the dated trail, what was counted and what was skipped."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _

from wellkept.calendars import queries as calendars
from wellkept.people import queries as people
from wellkept.promises import kinds
from wellkept.promises.models import Promise, PromiseEvent
from wellkept.promises.queries.clocks import clock_of, levels
from wellkept.promises.queries.scores import Share, counted
from wellkept.promises.queries.words import rule
from wellkept.promises.rules.clock import warning_at

if TYPE_CHECKING:
    from wellkept.calendars.queries import Stretch

MOST_STRETCHES = 200
MOST_EVENTS = 100


@dataclass(frozen=True, slots=True)
class Line:
    """One dated sentence; `ahead` for what has not happened yet."""

    at: datetime
    kind: str
    sentence: str
    ahead: bool = False


@dataclass(frozen=True, slots=True)
class Trail:
    """`stretches` cover the time from made to due without gaps, each counted or skipped for a reason."""

    rule_sentence: str
    lines: list[Line]
    stretches: list[Stretch]
    keeps: str
    share: Share | None

    @property
    def affordable(self) -> int | None:
        """How many misses this month still affords, where a share was agreed."""
        return self.share.affordable if self.share is not None else None


def explain(promise: Promise, *, at: datetime) -> Trail:
    """Everything the page needs to answer "why then?"."""
    hours = calendars.compiled(promise.calendar_id)
    stretches = hours.explain(promise.made_at, promise.due_at, limit=MOST_STRETCHES)
    events = list(PromiseEvent.objects.filter(promise=promise).select_related("by").order_by("id")[:MOST_EVENTS])
    lines = [*_begun(promise, stretches), *_skipped(stretches), *map(_told, events)]
    if promise.is_open:
        lines += _ahead(promise, at)
    else:
        lines.append(Line(promise.due_at, "due", _("Due")))
    lines.sort(key=lambda line: line.at)
    return Trail(rule(promise), lines, stretches, str(kinds.named(promise.kind).keeps), month_share(promise))


def month_share(promise: Promise) -> Share | None:
    """The running share of the month the promise was made in, by the firm's days as on every score; for its client alone."""
    if promise.client_id is None or promise.target is None or promise.target.share is None:
        return None
    firm = people.firm()
    since, until = month_of(promise.made_at, ZoneInfo(firm.time_zone if firm is not None else "UTC"))
    made = Promise.objects.filter(client=promise.client_id, kind=promise.kind, made_at__gte=since, made_at__lt=until)
    made = made.filter(**{name: value for name in ("channel", "priority") if (value := getattr(promise.target, name))})
    return counted(made, promise.target)


def month_of(at: datetime, tz: ZoneInfo) -> tuple[datetime, datetime]:
    """`[first, first of the next)` of the local month."""
    first = at.astimezone(tz).replace(day=1, hour=0, minute=0, second=0, microsecond=0, fold=0)
    following = (first + timedelta(days=32)).replace(day=1)
    return first, following


def _begun(promise: Promise, stretches: list[Stretch]) -> list[Line]:
    """When it was asked, and when its clock first ran where that is later."""
    first = next((stretch for stretch in stretches if stretch.counted), None)
    if promise.seconds is None or first is None or first.start_at == promise.made_at:
        return []
    return [Line(first.start_at, "started", _("Clock started at opening"))]


def _skipped(stretches: list[Stretch]) -> list[Line]:
    """Holidays and exceptions are named; nights and weekends are in the stretches."""
    lines = []
    for stretch in stretches:
        if stretch.counted or stretch.reason not in {calendars.Reason.HOLIDAY, calendars.Reason.EXCEPTION}:
            continue
        note = stretch.note or (_("a holiday") if stretch.reason == calendars.Reason.HOLIDAY else _("special hours"))
        lines.append(Line(stretch.start_at, "skipped", _("Not counted: %(note)s") % {"note": note}))
    return lines


def _told(event: PromiseEvent) -> Line:
    by = event.by.name if event.by is not None else _("Wellkept")
    words = {"by": by, "reason": event.reason, "percent": event.data.get("percent", "")}
    said = RETOLD.get((event.name, *sorted(event.data.keys() & {"priority", "client"})), event.name)
    return Line(event.at, event.name, SENTENCES[said]() % words)


SENTENCES = {
    "made": lambda: _("Promised"),
    "paused": lambda: _("Waiting on the client: %(reason)s"),
    "resumed": lambda: _("Clock runs again"),
    "warned": lambda: _("Owner warned, %(percent)s%% of the time gone"),
    "missed": lambda: _("Broken: time was up"),
    "kept": lambda: _("Kept by %(by)s"),
    "unkept": lambda: _("Taken back before it left, by %(by)s"),
    "extended": lambda: _("New date given by %(by)s: %(reason)s"),
    "withdrawn": lambda: _("Withdrawn by %(by)s: %(reason)s"),
    "handed": lambda: _("Handed over by %(by)s"),
    "recounted": lambda: _("Counted anew: hours or agreement changed"),
    "reranked": lambda: _("Counted anew: %(by)s changed the priority"),
    "escalated": lambda: _("%(by)s asked for help: %(reason)s"),
    "told": lambda: _("The client was told"),
    "moved": lambda: _("Moved to another conversation"),
    "rehomed": lambda: _("%(by)s found out whose it is"),
}
RETOLD = {("recounted", "priority"): "reranked", ("moved", "client"): "rehomed"}


def _ahead(promise: Promise, at: datetime) -> list[Line]:
    """What comes next while the clock runs: warnings, due, and who is told then."""
    if promise.paused_at is not None:
        return [Line(promise.paused_at, "stopped", _("Clock stopped"))]
    ticking = clock_of(promise=promise)
    warnings = [(level, warning_at(ticking, level)) for level in levels() if promise.warned < level < 100]
    lines = [
        Line(moment, "warning", _("You are warned, %(percent)s%% of the time gone") % {"percent": level}, ahead=True)
        for level, moment in warnings
        if moment > at
    ]
    lines.append(Line(promise.due_at, "due", _("Due"), ahead=promise.due_at > at))
    above = people.supervisor_of(promise.owner) if promise.owner is not None else None
    if promise.missed_at is None and above is not None:
        moment = promise.due_at + timedelta(microseconds=1)
        lines.append(Line(moment, "escalation", _("%(name)s is told") % {"name": above.name}, ahead=True))
    return lines
