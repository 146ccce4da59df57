"""One promise as every page draws it: mark, who owes what to whom, thread, when. Nothing is computed that the rooms below know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, pgettext_lazy

from wellkept.calendars import queries as calendars
from wellkept.core.instants import micros
from wellkept.people.models import Staff
from wellkept.promises import kinds
from wellkept.promises import queries as promises
from wellkept.promises.models import Promise
from wellkept.web.shell.words import Reader, duration, when

MARKS = {
    "open": "open",
    "risk": "risk",
    "waiting": "wait",
    "wait": "wait",
    "broken": "broken",
    "missed": "broken",
    "late": "broken",
    "kept": "kept",
    "withdrawn": "open",
    "extended": "open",
}
SECOND = 1_000_000
RELATED = ("client", "owner", "to_contact", "to_staff")  # what a row names; select these with the promises
BY_ANSWERING = frozenset(
    {"acknowledge", "next_reply", "resolve", "progress"}
)  # kept in the conversation, not by a button
SUBJECTS = {"conversation": "/conversations/{}", "promise": "/promises/{}"}
LONGEST_LOOK = timedelta(days=21)  # a clock further off than this is read again long before its spans run out


STATES = {
    "open": pgettext_lazy("promise state", "Open"),
    "risk": gettext_lazy("At risk"),
    "wait": gettext_lazy("Waiting on client"),
    "broken": gettext_lazy("Broken"),
    "kept": gettext_lazy("Kept"),
}


@dataclass(frozen=True)
class Row:
    """What a template needs to draw one promise; `spans` feed the clock that ticks in the browser."""

    id: int
    state: str
    title: str
    line: str
    address: str
    due_at: datetime
    shown_at: datetime
    time: str
    left_text: str
    left: float
    over: float
    kept_at_share: float
    cuts: tuple[float, ...]
    due_epoch: int | None
    spans: str
    total: int
    over_seconds: int
    is_open: bool
    unowned: bool
    mine: bool
    client_id: int | None
    risk_share: str = "0.2"  # text, so that no locale writes a comma into it
    by_answering: bool = False
    day_hours: int = 24
    extendable: bool = True
    subject_address: str = ""

    @property
    def shown_iso(self) -> str:
        return self.shown_at.isoformat(timespec="seconds")

    @property
    def label(self) -> str:
        return state_word(self.state)

    @property
    def when_label(self) -> str:
        """What a screen reader hears on the time."""
        return _("Due %(time)s, %(left)s. Why then?") % {"time": self.time, "left": self.left_text}


def state_word(state: str) -> str:
    return str(STATES.get(state, STATES["open"]))


def rows(found: Iterable[Promise], *, by: Staff, reader: Reader) -> list[Row]:
    """The promises as rows, in the order given; owner, client and whom it is owed to should be selected already."""
    return [row(drawn, by=by, reader=reader) for drawn in promises.drawn(list(found), at=reader.now)]


def row(drawn: promises.Drawn, *, by: Staff, reader: Reader) -> Row:
    promise = drawn.promise
    state = MARKS.get(str(drawn.state), "open")
    day_hours = _day_hours(promise)
    time, left_text = _times(drawn, state, reader, day_hours)
    runs = promise.is_open and promise.paused_at is None
    left = drawn.seconds_left or 0
    return Row(
        id=promise.pk,
        state=state,
        title=title_of(promise),
        line=who(promise, by=by),
        address=f"/promises/{promise.pk}",
        due_at=promise.due_at,
        shown_at=promise.kept_at or promise.due_at,
        time=time,
        left_text=left_text,
        left=max(0.0, min(1.0, drawn.left)),
        over=_over_share(drawn, promise),
        kept_at_share=round(max(0.0, min(1.0, 1 - drawn.left)) * 100, 1),
        cuts=tuple(round(cut * 100, 1) for cut in drawn.cuts),
        due_epoch=int(promise.due_at.timestamp()) if runs else None,
        spans=_spans(promise, reader.now) if runs else "",
        total=round(left / drawn.left) if drawn.left > 0 and left else 0,
        over_seconds=round(drawn.over_seconds or 0),
        is_open=promise.is_open,
        unowned=promise.owner_id is None,
        mine=promise.owner_id == by.pk,
        client_id=promise.client_id,
        risk_share=f"{1 - promises.risk_level() / 100:.2f}",
        day_hours=max(1, round(day_hours)),
        by_answering=promise.kind in BY_ANSWERING and promise.subject_kind == "conversation",
        extendable=kinds.named(promise.kind).extendable,
        subject_address=subject_address(promise),
    )


def title_of(promise: Promise) -> str:
    """A clock that answering keeps is named by what it asks for: `Acknowledge: GST on the oven`."""
    if promise.kind not in BY_ANSWERING:
        return promise.title
    return _("%(kind)s: %(title)s") % {"kind": kinds.named(promise.kind).words, "title": promise.title}


def subject_address(promise: Promise) -> str:
    """The page of what the promise is about, or "" when it is only about itself."""
    return SUBJECTS[promise.subject_kind].format(promise.subject_id) if promise.subject_kind in SUBJECTS else ""


def who(promise: Promise, *, by: Staff) -> str:
    """Who owes whom, from where the reader stands."""
    whom = _whom(promise, by)
    if promise.owner_id is None:
        return _("Nobody owns this yet · owed to %(whom)s") % {"whom": whom} if whom else _("Nobody owns this yet")
    past = promise.kept_at is not None
    if promise.owner_id == by.pk:
        return (_("You owed %(whom)s") if past else _("You owe %(whom)s")) % {"whom": whom}
    return (_("%(owner)s owed %(whom)s") if past else _("%(owner)s owes %(whom)s")) % {
        "owner": promise.owner,
        "whom": whom,
    }


def _whom(promise: Promise, by: Staff) -> str:
    if promise.to_staff_id is not None:
        name = _("you") if promise.to_staff_id == by.pk else str(promise.to_staff)
        return _("%(name)s · for %(client)s") % {"name": name, "client": promise.client} if promise.client_id else name
    if promise.to_contact_id is not None and promise.client_id is not None:
        return f"{promise.to_contact}, {promise.client}"
    return str(promise.to_contact or promise.client or "")


def _times(drawn: promises.Drawn, state: str, reader: Reader, day_hours: float) -> tuple[str, str]:
    promise = drawn.promise
    left = duration(drawn.seconds_left or 0, day_hours=day_hours)
    over = duration(drawn.over_seconds or 0, day_hours=day_hours)
    if promise.withdrawn_at is not None:
        return when(promise.withdrawn_at, reader), _("withdrawn")
    if promise.replaced_by_id is not None:
        return when(promise.due_at, reader), _("a new time was given")
    if promise.kept_at is not None:
        return when(promise.kept_at, reader), (
            _("%(time)s late") % {"time": over} if state == "broken" else _("%(time)s to spare") % {"time": left}
        )
    if state == "wait" and promise.paused_at is not None:
        days = (reader.now - promise.paused_at).days + 1
        return _("Clock stopped"), _("day %(number)s") % {"number": days}
    if state == "broken":
        return when(promise.due_at, reader), _("%(time)s over") % {"time": over}
    return when(promise.due_at, reader), _("%(time)s left") % {"time": left}


def _over_share(drawn: promises.Drawn, promise: Promise) -> float:
    """Where the due tick stands on the thread of a broken promise: the tail behind it is the time over."""
    if not drawn.over_seconds:
        return 0.0
    whole = (promise.due_at - promise.made_at).total_seconds() + drawn.over_seconds
    return round(min(0.9, max(0.06, drawn.over_seconds / whole)), 3) if whole > 0 else 0.3


def _spans(promise: Promise, now: datetime) -> str:
    """The open spans the browser's clock adds up: before due what is left, after it what is over."""
    start, end = (now, promise.due_at) if now < promise.due_at else (promise.due_at, now + timedelta(hours=12))
    if end - start > LONGEST_LOOK:
        return ""
    line = calendars.compiled(promise.calendar_id).line
    spans = line.spans(micros(start), micros(end))
    return " ".join(f"{opens // SECOND}-{closes // SECOND}" for opens, closes in spans)


def _day_hours(promise: Promise) -> float:
    return calendars.compiled(promise.calendar_id).day_minutes() / 60
