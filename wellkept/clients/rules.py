"""Pure decisions: which target counts, what a target may say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol, TypeVar

from django.utils.translation import gettext as _

from wellkept.core.refusals import Refusal

BUSINESS, ELAPSED = "business", "elapsed"
CLOCKS = (BUSINESS, ELAPSED)
CHANNELS = ("email", "chat", "phone", "social", "portal")
CODE = re.compile(r"[a-z][a-z_]{0,29}", re.ASCII)
MINUTE, HOUR, DAY = 60, 3_600, 86_400
LONGEST_SECONDS = 366 * DAY
MOST_TARGETS = 200


class TargetUnclear(Refusal):
    """A target that nobody could keep, or that says nothing."""


@dataclass(frozen=True)
class TargetDraft:
    """A target as somebody writes it. Empty channel or priority: any."""

    kind: str
    seconds: int
    clock: str = BUSINESS
    channel: str = ""
    priority: str = ""
    share: Decimal | None = None
    strict_seconds: int | None = None
    strict_share: Decimal | None = None
    average_seconds: int | None = None


class Reach(Protocol):
    """What decides how specific a target is."""

    channel: str
    priority: str


T = TypeVar("T", bound=Reach)


def check_targets(drafts: Sequence[TargetDraft]) -> list[TargetDraft]:
    """The targets, or a refusal that names the first one nobody could keep."""
    if len(drafts) > MOST_TARGETS:
        raise TargetUnclear(_("An agreement holds at most %(limit)s targets.") % {"limit": MOST_TARGETS})
    seen: set[tuple[str, str, str]] = set()
    for draft in drafts:
        check_target(draft)
        key = (draft.kind, draft.channel, draft.priority)
        if key in seen:
            sentence = _("%(target)s has two targets. Keep one of them.")
            raise TargetUnclear(sentence % {"target": words(draft)})
        seen.add(key)
    return list(drafts)


def check_target(draft: TargetDraft) -> None:
    for code in (draft.kind, draft.channel or "any", draft.priority or "any"):
        if not CODE.fullmatch(code):
            raise TargetUnclear(_("“%(code)s” is not a kind, channel or priority.") % {"code": code[:30]})
    if draft.clock not in CLOCKS:
        raise TargetUnclear(_("A target counts business time or elapsed time."), field="clock")
    _check_seconds(draft.seconds, draft, "seconds")
    _check_share(draft.share, draft, "share")
    if draft.average_seconds is not None:
        _check_seconds(draft.average_seconds, draft, "average_seconds")
    _check_strict(draft)


def _check_strict(draft: TargetDraft) -> None:
    """The second level asks more than the first, in time or in share, and less in neither."""
    if draft.strict_seconds is None and draft.strict_share is None:
        return
    seconds = draft.seconds if draft.strict_seconds is None else draft.strict_seconds
    share = draft.share if draft.strict_share is None else draft.strict_share
    _check_seconds(seconds, draft, "strict_seconds")
    _check_share(share, draft, "strict_share")
    first, second = draft.share or Decimal(100), share or Decimal(100)
    stricter = seconds <= draft.seconds and second >= first and (seconds, second) != (draft.seconds, first)
    if not stricter:
        sentence = _(
            "%(target)s: the stricter level must be quicker or reach a larger share, and fall behind in neither."
        )
        raise TargetUnclear(sentence % {"target": words(draft)}, field="strict_seconds")


def _check_seconds(seconds: int, draft: TargetDraft, field: str) -> None:
    if not 0 < seconds <= LONGEST_SECONDS:
        sentence = _("%(target)s needs a time above zero and of at most a year.")
        raise TargetUnclear(sentence % {"target": words(draft)}, field=field)


def _check_share(share: Decimal | None, draft: TargetDraft, field: str) -> None:
    if share is None:
        return
    if not share.is_finite() or not 0 < share <= 100 or share != round(share, 2):
        sentence = _("%(target)s: write the share as a percentage above 0 and up to 100, such as 90.")
        raise TargetUnclear(sentence % {"target": words(draft)}, field=field)


def words(draft: TargetDraft) -> str:
    """A target's name in a sentence: “acknowledge, email, urgent”."""
    return ", ".join(part for part in (draft.kind, draft.channel, draft.priority) if part)


def most_specific(targets: Iterable[T], *, channel: str, priority: str) -> T | None:
    """The target that says most about this channel and priority: channel weighs more than priority, both more than any."""
    fitting = [t for t in targets if t.channel in ("", channel) and t.priority in ("", priority)]
    return max(fitting, key=lambda t: (t.channel != "", t.priority != ""), default=None)
