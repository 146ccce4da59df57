"""One promise as every page draws it: mark, who owes what to whom, thread, when. Nothing is computed that the rooms below know."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import NamedTuple

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
CALL = "call_back"  # kept by writing down how the call went
SUBJECTS = {"conversation": "/conversations/{}", "promise": "/promises/{}"}
LONGEST_LOOK = timedelta(days=21)  # a clock further off than this is read again long before its spans run out


STATES = {
    "open": pgettext_lazy("promise state", "Open"),
    "risk": gettext_lazy("At risk"),
    "wait": gettext_lazy("Waiting on client"),
    "broken": gettext_lazy("Broken"),
    "kept": gettext_lazy("Kept"),
}


class Acts(NamedTuple):
    """What a person may do with an open promise: only what would not be refused."""

    answers: bool  # in its conversation
    calls: bool
    keeps: bool
    extends: bool
    moves: bool
    withdraws: bool


@dataclass(frozen=True)
class Row:
    """What a template needs to draw one promise; `spans` feed the clock that ticks in the browser.

    A list asks for a third of this, so every value is made when it is asked for.
    """

    drawn: promises.Drawn
    by: Staff
    reader: Reader

    @property
    def promise(self) -> Promise:
        return self.drawn.promise

    @property
    def id(self) -> int:
        return self.drawn.promise.pk

    @cached_property
    def state(self) -> str:
        return MARKS.get(str(self.drawn.state), "open")

    @property
    def title(self) -> str:
        return title_of(self.promise)

    @property
    def line(self) -> str:
        return who(self.promise, by=self.by)

    @property
    def address(self) -> str:
        return f"/promises/{self.id}"

    @property
    def due_at(self) -> datetime:
        return self.promise.due_at

    @property
    def shown_at(self) -> datetime:
        return self.promise.kept_at or self.promise.due_at

    @property
    def time(self) -> str:
        return _time(self.promise, self.state, self.reader)

    @property
    def left_text(self) -> str:
        return _left_text(self.drawn, self.state, self.reader, self._day_hours)

    @property
    def left(self) -> float:
        return max(0.0, min(1.0, self.drawn.left))

    @property
    def over(self) -> float:
        return _over_share(self.drawn, self.promise)

    @property
    def kept_at_share(self) -> float:
        return round(max(0.0, min(1.0, 1 - self.drawn.left)) * 100, 1)

    @property
    def cuts(self) -> tuple[float, ...]:
        return tuple(round(cut * 100, 1) for cut in self.drawn.cuts)

    @property
    def due_epoch(self) -> int | None:
        return int(self.promise.due_at.timestamp()) if self._runs else None

    @property
    def spans(self) -> str:
        return _spans(self.promise, self.reader.now) if self._runs else ""

    @property
    def total(self) -> int:
        left = self.drawn.seconds_left or 0
        return round(left / self.drawn.left) if self.drawn.left > 0 and left else 0

    @property
    def over_seconds(self) -> int:
        return round(self.drawn.over_seconds or 0)

    @property
    def is_open(self) -> bool:
        return self.promise.is_open

    @property
    def unowned(self) -> bool:
        return self.promise.owner_id is None

    @property
    def mine(self) -> bool:
        return self.promise.owner_id == self.by.pk

    @property
    def client_id(self) -> int | None:
        return self.promise.client_id

    @property
    def risk_share(self) -> str:
        """Text, so that no locale writes a comma into it."""
        return f"{1 - self.drawn.risk_percent / 100:.2f}"

    @property
    def by_answering(self) -> bool:
        return self.promise.kind in BY_ANSWERING and self.promise.subject_kind == "conversation"

    @property
    def day_hours(self) -> int:
        return max(1, round(self._day_hours))

    @cached_property
    def acts(self) -> Acts:
        kind, mine = kinds.named(self.promise.kind), promises.may_change(self.by, self.promise)
        return Acts(
            answers=self.by_answering and bool(self.subject_address),
            calls=self.promise.kind == CALL,
            keeps=mine and kind.by_hand,
            extends=mine and kind.extendable,
            moves=mine and not kind.moves,
            withdraws=mine and not kind.ends,
        )

    @property
    def subject_address(self) -> str:
        return subject_address(self.promise)

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

    @cached_property
    def _day_hours(self) -> float:
        return calendars.compiled(self.promise.calendar_id).day_minutes() / 60

    @cached_property
    def _runs(self) -> bool:
        return self.promise.is_open and self.promise.paused_at is None


def state_word(state: str) -> str:
    return str(STATES.get(state, STATES["open"]))


def rows(found: Iterable[Promise], *, by: Staff, reader: Reader) -> list[Row]:
    """The promises as rows, in the order given; owner, client and whom it is owed to should be selected already."""
    return [row(drawn, by=by, reader=reader) for drawn in promises.drawn(list(found), at=reader.now)]


def row(drawn: promises.Drawn, *, by: Staff, reader: Reader) -> Row:
    return Row(drawn, by, reader)


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


def _time(promise: Promise, state: str, reader: Reader) -> str:
    """When it ended; while it is open, when it is due."""
    if state == "wait":
        return _("Clock stopped")
    return when(promise.withdrawn_at or promise.kept_at or promise.due_at, reader)


def _left_text(drawn: promises.Drawn, state: str, reader: Reader, day_hours: float) -> str:
    """How it ended; while it is open, what is left of its time."""
    promise = drawn.promise
    if promise.withdrawn_at is not None:
        return _("withdrawn")
    if promise.replaced_by_id is not None:
        return _("a new time was given")
    if state == "wait" and promise.paused_at is not None:
        return _("day %(number)s") % {"number": (reader.now - promise.paused_at).days + 1}
    over = state == "broken"
    time = duration((drawn.over_seconds if over else drawn.seconds_left) or 0, day_hours=day_hours)
    if promise.kept_at is not None:
        return (_("%(time)s late") if over else _("%(time)s to spare")) % {"time": time}
    return (_("%(time)s over") if over else _("%(time)s left")) % {"time": time}


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
