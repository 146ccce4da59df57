"""The editor of an agreement: lines of targets as typed, as read, and what a new version would change."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol

from django.http import QueryDict
from django.utils.functional import Promise as Lazy
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from wellkept.clients.actions import HOUR, MINUTE, TargetDraft, TargetUnclear
from wellkept.conversations.wording import priority_words
from wellkept.promises import kinds
from wellkept.web.shell.words import Reader, exact, number

WORKING_DAY = 8
MOST_LINES = 100
CHANNELS: tuple[tuple[str, str | Lazy], ...] = (
    ("email", gettext_lazy("E-mail")),
    ("chat", gettext_lazy("Chat")),
    ("phone", gettext_lazy("Phone")),
    ("social", gettext_lazy("Social")),
    ("portal", gettext_lazy("Portal")),
)
TIME = re.compile(
    r"(?:(?P<d>\d{1,3})\s*(?:d|days?|dias?))?\s*(?:(?P<h>\d{1,4})\s*(?:h|hours?|horas?))?"
    r"\s*(?:(?P<m>\d{1,6})\s*(?:m|min|minutes?|minutos?|$))?\s*(?:(?P<s>\d{1,8})\s*(?:s|sec|seconds?|segundos?))?",
    re.ASCII | re.IGNORECASE,
)
SHARE = re.compile(r"(\d{1,3})(?:[.,](\d{1,2}))?\s*%?", re.ASCII)
UNTIMED = ("commitment", "escalation")
COLUMNS = ("kind", "channel", "priority", "time", "clock", "share", "strict_time", "strict_share", "average")


class Agreed(Protocol):
    """A target that stands, or a draft of one."""

    @property
    def kind(self) -> str: ...
    @property
    def channel(self) -> str: ...
    @property
    def priority(self) -> str: ...
    @property
    def seconds(self) -> int: ...
    @property
    def clock(self) -> str: ...
    @property
    def share(self) -> Decimal | None: ...
    @property
    def strict_seconds(self) -> int | None: ...
    @property
    def strict_share(self) -> Decimal | None: ...
    @property
    def average_seconds(self) -> int | None: ...


@dataclass(frozen=True)
class Line:
    """One row of the editor, as text."""

    kind: str = ""
    channel: str = ""
    priority: str = ""
    time: str = ""
    clock: str = "business"
    share: str = ""
    strict_time: str = ""
    strict_share: str = ""
    average: str = ""

    @property
    def is_blank(self) -> bool:
        return not (self.time or self.share or self.strict_time or self.strict_share or self.average)


@dataclass(frozen=True)
class Change:
    """What one target was and would be."""

    what: str
    before: str
    after: str


def lines_of(targets: Iterable[Agreed]) -> list[Line]:
    """The editor's rows for what stands."""
    return [
        Line(
            kind=target.kind,
            channel=target.channel,
            priority=target.priority,
            time=time_text(target.seconds, target.clock),
            clock=target.clock,
            share=share_text(target.share),
            strict_time=time_text(target.strict_seconds, target.clock),
            strict_share=share_text(target.strict_share),
            average=time_text(target.average_seconds, target.clock),
        )
        for target in in_order(targets)
    ]


def lines_typed(posted: QueryDict) -> list[Line]:
    """The rows as they were typed; rows with nothing in them are dropped."""
    columns = [posted.getlist(name) for name in COLUMNS]
    count = min(max((len(column) for column in columns), default=0), MOST_LINES)
    rows = [{name: _at(column, row) for name, column in zip(COLUMNS, columns, strict=True)} for row in range(count)]
    lines = [Line(**{**row, "clock": row["clock"] or "business"}) for row in rows]
    return [line for line in lines if not line.is_blank]


def read(lines: Sequence[Line]) -> list[TargetDraft]:
    """The targets the rows say; a refusal names the first that cannot be read."""
    return [
        TargetDraft(
            kind=line.kind,
            channel=line.channel,
            priority=line.priority,
            seconds=_seconds(line.time, line) or 0,
            clock=line.clock,
            share=_share(line.share, line),
            strict_seconds=_seconds(line.strict_time, line),
            strict_share=_share(line.strict_share, line),
            average_seconds=_seconds(line.average, line),
        )
        for line in lines
    ]


def changes(before: Iterable[Agreed], after: Iterable[Agreed], reader: Reader) -> list[Change]:
    """What a new version would change, target by target."""
    was, becomes = {_key(t): t for t in before}, {_key(t): t for t in after}
    found = []
    for key in [*was, *(key for key in becomes if key not in was)]:
        old, new = was.get(key), becomes.get(key)
        said = (
            sentence(old, reader) if old else _("nothing promised"),
            sentence(new, reader) if new else _("nothing promised"),
        )
        if said[0] != said[1]:
            found.append(Change(name(new or old), *said))
    return found


def name(target: Agreed | None) -> str:
    """`Acknowledge, e-mail, urgent`."""
    if target is None:
        return ""
    words = [str(kinds.named(target.kind).words)]
    words += [str(dict(CHANNELS).get(target.channel, target.channel)).lower()] if target.channel else []
    words += [priority_words(target.priority).lower()] if target.priority else []
    return ", ".join(words)


def sentence(target: Agreed, reader: Reader) -> str:
    """`95% within 3 h of office time, stricter 99%; 12 h on average`."""
    said = _level(target.share, target.seconds, target.clock, reader)
    if target.strict_seconds or target.strict_share:
        strict = _level(
            target.strict_share or target.share, target.strict_seconds or target.seconds, target.clock, reader
        )
        said = _("%(first)s; stricter: %(second)s") % {"first": said, "second": strict}
    if target.average_seconds:
        said += "; " + _("%(time)s on average") % {"time": long_time(target.average_seconds, target.clock)}
    return said


def in_order(targets: Iterable[Agreed]) -> list[Agreed]:
    order = {kind.name: place for place, kind in enumerate(kinds.every())}
    return sorted(targets, key=lambda t: (order.get(t.kind, 99), t.channel, t.priority))


def kind_choices(lines: Iterable[Line]) -> list[tuple[str, str]]:
    """The kinds whose time an agreement may set, and those its lines name already.

    A commitment's date is promised each time anew, so nobody begins a line for it; one that stands stays what it is.
    """
    standing = {line.kind for line in lines}
    return [(kind.name, str(kind.words)) for kind in kinds.every() if kind.name in standing or kind.name not in UNTIMED]


def time_text(seconds: int | None, clock: str) -> str:
    """As it is typed: `20 s`, `3 h`, `1 h 30 min`, `2 d`."""
    if seconds is None:
        return ""
    days, rest = divmod(seconds, _day(clock))
    return f"{days} d" if not rest else exact(seconds)


def share_text(share: Decimal | None) -> str:
    return "" if share is None else f"{share.normalize():f}"


def long_time(seconds: int, clock: str) -> str:
    """`3 h of office time`, `20 s by the clock`."""
    if clock == "business":
        return _("%(time)s of office time") % {"time": exact(seconds, day_hours=WORKING_DAY)}
    return _("%(time)s by the clock") % {"time": exact(seconds, day_hours=24)}


def _level(share: Decimal | None, seconds: int, clock: str, reader: Reader) -> str:
    time = long_time(seconds, clock)
    if share is None:
        return _("every one within %(time)s") % {"time": time}
    return _("%(share)s%% within %(time)s") % {"share": number(share.normalize(), reader), "time": time}


def _seconds(text: str, line: Line) -> int | None:
    """A number alone is minutes, as it always was."""
    if not text.strip():
        return None
    found = TIME.fullmatch(text.strip())
    if found is None or not any(found.groups()):
        sentence = _("“%(text)s” (%(target)s) is not a time. Write it like 20 s, 45 min, 3 h or 2 d.")
        raise TargetUnclear(sentence % {"text": text[:30], "target": _line_name(line)}, field="time")
    days, hours, minutes, seconds = (int(found[part] or 0) for part in ("d", "h", "m", "s"))
    return days * _day(line.clock) + hours * HOUR + minutes * MINUTE + seconds


def _share(text: str, line: Line) -> Decimal | None:
    if not text.strip():
        return None
    found = SHARE.fullmatch(text.strip())
    if found is None:
        sentence = _("“%(text)s” (%(target)s) is not a share. Write a percentage above 0 and up to 100, such as 90.")
        raise TargetUnclear(sentence % {"text": text[:30], "target": _line_name(line)}, field="share")
    return Decimal(f"{found[1]}.{found[2] or 0}")


def _line_name(line: Line) -> str:
    known = {kind.name: str(kind.words) for kind in kinds.every()}
    return ", ".join(part for part in (known.get(line.kind, line.kind), line.channel, line.priority) if part)


def _day(clock: str) -> int:
    """A day of office time is eight hours; a day by the clock is twenty-four."""
    return (WORKING_DAY if clock == "business" else 24) * HOUR


def _key(target: Agreed) -> tuple[str, str, str]:
    return target.kind, target.channel, target.priority


def _at(column: list[str], row: int) -> str:
    return column[row].strip()[:40] if row < len(column) else ""
