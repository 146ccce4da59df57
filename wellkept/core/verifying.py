"""Reads the whole chain again and names what was done to the book: each finding has a kind, a number and a sentence."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from itertools import combinations
from pathlib import Path

from django.db import connection
from django.db.models import Max
from django.utils.translation import gettext as _

from wellkept.core.models import Fact, Seal
from wellkept.core.sealing import FIELDS, START, Line, anchors, anchors_folder, link

CHUNK = 5000
MOST_FINDINGS = 500
MOST_SUSPECTS = 200
Progress = Callable[[int, int], None]


class BookIsNotWhole(RuntimeError):
    """Somebody has changed the book behind our back."""


@dataclass(frozen=True)
class Finding:
    """`kind` is edited, deleted, inserted, swapped, truncated or re-chained; `seq` the number of the line it is about."""

    kind: str
    seq: int
    sentence: str


@dataclass
class Report:
    """What was read and what was found. `verified_to` and `hash` let the next reading go on from here."""

    lines: int = 0
    verified_to: int = 0
    hash: str = START
    unsealed: int = 0
    findings: list[Finding] = field(default_factory=list)

    def add(self, kind: str, seq: int, sentence: str) -> None:
        if len(self.findings) < MOST_FINDINGS:
            self.findings.append(Finding(kind, seq, sentence))


@dataclass(frozen=True)
class Suspect:
    """A line and a seal that do not belong together."""

    seq: int
    before: str
    line: Line
    sealed: str

    def fits(self, line: Line) -> bool:
        return link(self.before, self.seq, line) == self.sealed


def verify() -> list[Finding]:
    """Everything that is wrong with the book; an empty list when it is whole."""
    return examine().findings


def examine(*, after: int = 0, hash_there: str = START, progress: Progress | None = None) -> Report:
    """Read the chain from just after number `after`, whose link was `hash_there`, to its end."""
    report = Report(verified_to=after, hash=hash_there)
    last = Seal.objects.aggregate(last=Max("seq"))["last"] or 0
    if not after:
        _before_the_first(report)
    suspects: list[Suspect] = []
    for start in range(after, last, CHUNK):
        suspects += _read(report, start, min(start + CHUNK, last))
        if progress:
            progress(min(start + CHUNK, last) - after, last - after)
    _classify(report, suspects)
    _compare_with_anchors(report, after, last)
    report.unsealed = Fact.objects.filter(seq__gt=last).count()
    report.findings.sort(key=lambda finding: finding.seq)
    return report


def examine_on(*, at: datetime, progress: Progress | None = None) -> Report:
    """Go on from where the last good reading stopped, and remember the place when this one is good too."""
    after, hash_there = _last_good()
    report = examine(after=after, hash_there=hash_there, progress=progress)
    if not report.findings:
        _remember(report, at)
    return report


def _last_good() -> tuple[int, str]:
    """The remembered place; the beginning when there is none or the chain no longer has that link."""
    try:
        found = json.loads(_place().read_text())
        after, hash_there = int(found["seq"]), str(found["hash"])
    except (OSError, ValueError, KeyError, TypeError):
        return 0, START
    still = Seal.objects.filter(seq=after, hash=hash_there).exists()
    return (after, hash_there) if still else (0, START)


def _remember(report: Report, at: datetime) -> None:
    place = _place()
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft = place.with_suffix(".new")
    draft.write_text(json.dumps({"seq": report.verified_to, "hash": report.hash, "at": at.isoformat()}))
    draft.replace(place)


def _place() -> Path:
    return anchors_folder() / "verified.json"


def _before_the_first(report: Report) -> None:
    for seq in Fact.objects.filter(seq__lt=1).values_list("seq", flat=True)[:10]:
        report.add("inserted", seq, _("Line %(seq)d was put in by hand: the book begins with line 1.") % {"seq": seq})


def _read(report: Report, after: int, until: int) -> list[Suspect]:
    within = {"seq__gt": after, "seq__lte": until}
    lines: dict[int, Line] = {line[0]: line for line in Fact.objects.filter(**within).values_list(*FIELDS)}
    seals = {
        seq: (void, sealed) for seq, void, sealed in Seal.objects.filter(**within).values_list("seq", "void", "hash")
    }
    suspects: list[Suspect] = []
    for seq in range(after + 1, until + 1):
        line, before = lines.get(seq), report.hash
        if seq not in seals:
            report.add("deleted", seq, _("The seal of line %(seq)d is missing from the chain.") % {"seq": seq})
            report.hash = link(before, seq, line)
            continue
        void, report.hash = seals[seq]
        if void or line is None:
            _about_absence(report, seq, void, line)
        elif link(before, seq, line) != report.hash and len(suspects) < MOST_SUSPECTS:
            suspects.append(Suspect(seq, before, line, report.hash))
    report.lines += len(lines)
    report.verified_to = until
    return suspects


def _about_absence(report: Report, seq: int, void: bool, line: Line | None) -> None:
    if void and line is not None:
        report.add(
            "inserted",
            seq,
            _("Line %(seq)d was put in later: when the book was sealed there was no such line.") % {"seq": seq},
        )
    elif not void:
        report.add("deleted", seq, _("Line %(seq)d was deleted after it had been sealed.") % {"seq": seq})
    elif connection.vendor == "sqlite":
        report.add("deleted", seq, _("Line %(seq)d was deleted before it could be sealed.") % {"seq": seq})


def _classify(report: Report, suspects: list[Suspect]) -> None:
    left = {suspect.seq: suspect for suspect in suspects}
    for one, other in combinations(suspects, 2):
        if one.seq in left and other.seq in left and one.fits(other.line) and other.fits(one.line):
            sentence = _("Lines %(one)d and %(other)d have changed places.") % {"one": one.seq, "other": other.seq}
            report.add("swapped", one.seq, sentence)
            del left[one.seq], left[other.seq]
    for seq in sorted(left):
        if seq not in left:
            continue
        suspect, following = left[seq], left.get(seq + 1)
        if following and link(link(suspect.before, seq, suspect.line), seq + 1, following.line) == following.sealed:
            report.add(
                "edited", seq, _("The seal of line %(seq)d was altered; the line itself is as it was.") % {"seq": seq}
            )
            del left[seq + 1]
        else:
            report.add("edited", seq, _("Line %(seq)d was edited after it had been sealed.") % {"seq": seq})


def _compare_with_anchors(report: Report, after: int, last: int) -> None:
    known = [anchor for anchor in anchors() if anchor.seq > after]
    seals = _seals_at({anchor.seq for anchor in known})
    told = {finding.seq for finding in report.findings}
    for anchor in known:
        if anchor.seq > last:
            sentence = _("The book ends at line %(last)d, but line %(seq)d had been sealed (%(file)s).")
            report.add("truncated", anchor.seq, sentence % {"last": last, "seq": anchor.seq, "file": anchor.file})
            return
        seal = seals.get(anchor.seq)
        if seal is None or seal[1] == anchor.hash:
            continue
        where = {"seq": anchor.seq, "file": anchor.file}
        if seal[0]:
            sentence = _("Line %(seq)d had been sealed (%(file)s) and was cut off; the book went on without it.")
            report.add("truncated", anchor.seq, sentence % where)
            return
        if anchor.seq not in told:
            sentence = _("The chain up to line %(seq)d was made anew: it differs from the anchor in %(file)s.")
            report.add("re-chained", anchor.seq, sentence % where)
            return


def _seals_at(numbers: set[int]) -> dict[int, tuple[bool, str]]:
    ordered = sorted(numbers)
    found: dict[int, tuple[bool, str]] = {}
    for start in range(0, len(ordered), 500):
        rows = Seal.objects.filter(seq__in=ordered[start : start + 500]).values_list("seq", "void", "hash")
        found.update({seq: (void, sealed) for seq, void, sealed in rows})
    return found
