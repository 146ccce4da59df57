"""What follows a reply, read from the form: a time, nothing more, or the client's turn. There is no default."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from wellkept.conversations.actions import DueAt, FollowUp, NothingMoreOwed, WaitingForClient
from wellkept.core.refusals import Refusal
from wellkept.web.desk.items import soon
from wellkept.web.shell import moments
from wellkept.web.shell.words import Reader, full, when

LONGEST_WHAT = 200


class NoFollowUp(Refusal):
    """A reply always carries a time."""


@dataclass(frozen=True)
class Choice:
    """One quick time, as a chip."""

    value: str
    label: str
    full: str
    on: bool = False


def follow_up(form: Mapping[str, str], *, reader: Reader) -> FollowUp | None:
    """The follow-up the person chose, None when none was: the action refuses that."""
    chosen = form.get("follow_up", "")
    what = form.get("follow_what", "").strip()[:LONGEST_WHAT]
    if chosen == "nothing":
        return NothingMoreOwed()
    if chosen == "waiting":
        return _waiting(form, reader)
    if chosen == "words":
        return DueAt(moment(form.get("follow_words", ""), reader=reader, field="follow_words"), what)
    if chosen.startswith("at:"):
        return DueAt(exact(chosen[3:], field="follow_up"), what)
    return None


def moment(text: str, *, reader: Reader, field: str) -> datetime:
    """A time in words, for this reader; names the field when it cannot be read."""
    if not text.strip():
        raise NoFollowUp(_("Say when, for example fri 15:00."), field=field)
    try:
        return moments.read(text, now=reader.now, zone=reader.zone)
    except Refusal as refusal:
        refusal.field = field
        raise


def choices(times: list[tuple[str, datetime]], *, reader: Reader, chosen: str = "") -> list[Choice]:
    """Quick times as chips, in the reader's words."""
    made = [(f"at:{at.isoformat(timespec='seconds')}", at) for _key, at in times]
    return [Choice(value, when_chip(at, reader), full(at, reader), value == chosen) for value, at in made]


def when_chip(at: datetime, reader: Reader) -> str:
    there = at.astimezone(reader.zone)
    return _("Today %(time)s") % {"time": when(at, reader)} if there.date() == reader.today else soon(at, reader)


def _waiting(form: Mapping[str, str], reader: Reader) -> FollowUp:
    what = form.get("waiting_for", "").strip()[:LONGEST_WHAT]
    if not what:
        raise NoFollowUp(_("Say what you wait for, so that whoever looks next knows."), field="waiting_for")
    back = form.get("back_words", "").strip()
    return WaitingForClient(what, moment(back, reader=reader, field="back_words") if back else None)


def exact(text: str, *, field: str) -> datetime:
    try:
        at = datetime.fromisoformat(text)
    except ValueError:
        at = None
    if at is None or at.tzinfo is None:
        raise NoFollowUp(_("Choose the time again."), field=field)
    return at
