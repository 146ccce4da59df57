"""What people are told about a promise, in the language and time zone of whoever reads it."""

from __future__ import annotations

from collections.abc import Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache
from typing import TYPE_CHECKING
from zoneinfo import ZoneInfo

from django.utils import translation
from django.utils.formats import date_format
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.promises import kinds
from wellkept.promises.context import Said, said_about
from wellkept.promises.models import Promise, PromiseEvent

if TYPE_CHECKING:
    from wellkept.people.models import Staff

MOST_ATTEMPTS = 5
TOLD_ON = ("escalated", "handed", "paused", "warned")


def told_in(staff: Staff) -> AbstractContextManager[None]:
    """Write in the language of whoever will read it."""
    return translation.override(staff.language)


def when(at: datetime, staff: Staff | None) -> str:
    """`Fri 13 Nov 10:00` on the reader's wall clock; without a reader, on the clock `at` is given in."""
    there = at.astimezone(ZoneInfo(staff.time_zone)) if staff is not None else at
    return _written(there.replace(second=0, microsecond=0, tzinfo=None), translation.get_language())


@lru_cache(maxsize=2048)
def _written(at: datetime, language: str | None) -> str:
    """Remembered, because a sweep names the same few minutes to many people. `language` is the one in force."""
    return date_format(at, "D j M H:i")


def reminder(promise: Promise, percent: int, staff: Staff) -> str:
    """To the owner, before and when time is up."""
    with told_in(staff):
        words = {"title": promise.title, "whom": whom(promise), "due": when(promise.due_at, staff), "percent": percent}
        if percent >= 100:
            return _("Broken: %(title)s, owed to %(whom)s by %(due)s.") % words
        return _("%(title)s is due %(due)s, owed to %(whom)s. %(percent)s%% of the time is gone.") % words


def withdrawal(promise: Promise, reason: str, by: Staff, staff: Staff) -> str:
    """To the owner and the supervisor: what the client was promised is no longer owed, and why."""
    with told_in(staff):
        return _("%(name)s withdrew “%(title)s”, promised to %(whom)s for %(due)s: %(reason)s") % {
            "name": by.name,
            "title": promise.title,
            "whom": whom(promise),
            "due": when(promise.due_at, staff),
            "reason": reason,
        }


@dataclass(frozen=True, slots=True)
class Story:
    """What was done before a promise broke: its last events, how often it was put off, what was said about it."""

    events: tuple[PromiseEvent, ...] = ()
    put_off: int = 0
    said: tuple[Said, ...] = ()


def stories(promises: Sequence[Promise]) -> dict[int, Story]:
    """The stories of a batch in two queries and one for each kind of subject; more only for those that were put off."""
    ids = [promise.pk for promise in promises]
    events: dict[int, list[PromiseEvent]] = {}
    told = PromiseEvent.objects.filter(promise__in=ids, name__in=TOLD_ON).select_related("by").order_by("id")
    for event in told:
        events.setdefault(event.promise_id, []).append(event)
    renewed = set(Promise.objects.filter(replaced_by__in=ids).values_list("replaced_by", flat=True))
    put_off = {promise.pk: extended_before(promise) for promise in promises if promise.pk in renewed}
    said = said_about(promises)
    return {pk: Story(tuple(events.get(pk, [])[-MOST_ATTEMPTS:]), put_off.get(pk, 0), said.get(pk, ())) for pk in ids}


def escalation(promise: Promise, staff: Staff, story: Story) -> str:
    """To the supervisor: who owes what to whom, since when, what was done until now."""
    with told_in(staff):
        owner = promise.owner.name if promise.owner is not None else _("nobody yet")
        lines = [
            _("%(title)s: %(owner)s owes this to %(whom)s.")
            % {"title": promise.title, "owner": owner, "whom": whom(promise)},
            _("Promised %(made)s, due %(due)s.")
            % {"made": when(promise.made_at, staff), "due": when(promise.due_at, staff)},
            *(f"{when(said.at, staff)} {said.name}: {said.words}" for said in story.said),
            *(_attempt(event, staff) for event in story.events),
        ]
        if story.put_off:
            said = ngettext(
                "It was put off %(count)s time before.", "It was put off %(count)s times before.", story.put_off
            )
            lines.append(said % {"count": story.put_off})
    return "\n".join(lines)


def whom(promise: Promise) -> str:
    if promise.to_staff is not None:
        return promise.to_staff.name
    if promise.to_contact is not None and promise.client is not None:
        return f"{promise.to_contact.name}, {promise.client.name}"
    return promise.client.name if promise.client is not None else _("somebody not known yet")


def extended_before(promise: Promise, *, limit: int = 50) -> int:
    """How often this promise already took the place of an earlier one."""
    count, current = 0, promise.pk
    while count < limit:
        earlier = Promise.objects.filter(replaced_by=current).exclude(pk=current).values_list("pk", flat=True).first()
        if earlier is None:
            return count
        count, current = count + 1, earlier
    return count


def rule(promise: Promise) -> str:
    """Why it is due then, in one sentence."""
    if promise.seconds is None:
        if promise.made_by is None:
            return _("This time was promised.")
        return _("%(name)s promised this time.") % {"name": promise.made_by.name}
    words = {"what": kinds.named(promise.kind).words, "time": span(promise.seconds), "name": _agreement(promise)}
    if promise.calendar_id is None:
        return _("%(name)s says: %(what)s within %(time)s.") % words
    return _("%(name)s says: %(what)s within %(time)s of working time.") % words


def span(seconds: int) -> str:
    """`20 s`, `48 min`, `3 h`, `1 h 18`: how much time was promised, to the second."""
    minutes, rest = divmod(seconds, 60)
    if minutes < 2:
        return _("%(seconds)s s") % {"seconds": seconds}
    said = _whole_minutes(minutes)
    return _("%(time)s %(seconds)s s") % {"time": said, "seconds": rest} if rest else said


def _whole_minutes(minutes: int) -> str:
    hours, rest = divmod(minutes, 60)
    if not hours:
        return _("%(minutes)s min") % {"minutes": rest}
    if not rest:
        return _("%(hours)s h") % {"hours": hours}
    return _("%(hours)s h %(minutes)s") % {"hours": hours, "minutes": f"{rest:02d}"}


def _agreement(promise: Promise) -> str:
    if promise.target is None:
        return _("The house rule")
    return _("The agreement “%(name)s”") % {"name": promise.target.version.agreement.name}


def _attempt(event: PromiseEvent, staff: Staff) -> str:
    by = event.by.name if event.by is not None else _("Wellkept")
    what = {
        "escalated": _("%(at)s: %(by)s asked for help and had tried: %(reason)s"),
        "handed": _("%(at)s: %(by)s handed it over"),
        "paused": _("%(at)s: %(by)s asked the client: %(reason)s"),
        "warned": _("%(at)s: the owner was warned at %(percent)s%%"),
    }[event.name]
    return what % {"at": when(event.at, staff), "by": by, "reason": event.reason, "percent": event.data.get("percent")}
