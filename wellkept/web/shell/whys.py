"""Why a promise is due when it is: the trail of `promises.explain`, in the reader's words."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.promises import queries as promises
from wellkept.promises.models import Promise
from wellkept.web.shell.words import Reader, full, when


@dataclass(frozen=True)
class WhyLine:
    at: datetime
    time: str
    sentence: str
    due: bool
    ahead: bool


@dataclass(frozen=True)
class Why:
    title: str
    rule: str
    lines: list[WhyLine]
    foot: str


def why(promise: Promise, *, reader: Reader) -> Why:
    trail = promises.explain(promise, at=reader.now)
    return Why(
        title=_("Why %(time)s") % {"time": when(promise.due_at, reader)},
        rule=_rule(promise, trail.rule_sentence, reader),
        lines=[
            WhyLine(line.at, when(line.at, reader), line.sentence, line.kind == "due", line.ahead)
            for line in trail.lines
        ],
        foot=" ".join(part for part in (trail.keeps, _affordable(trail.affordable)) if part),
    )


def _rule(promise: Promise, sentence: str, reader: Reader) -> str:
    """A date that was promised is said on the reader's clock."""
    if promise.seconds is not None:
        return sentence
    return _("A time was promised: %(due)s.") % {"due": full(promise.due_at, reader)}


def _affordable(misses: int | None) -> str:
    if misses is None:
        return ""
    if misses <= 0:
        return _("No miss is left this month.")
    return ngettext("%(n)s miss is left this month.", "%(n)s misses are left this month.", misses) % {"n": misses}
