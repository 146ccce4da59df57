"""What the figures say, in words, from the same reading as the figures themselves."""

from __future__ import annotations

from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.insight.figures import Measure
from wellkept.insight.queries import Disputed, Read, Score, Strict
from wellkept.promises.rules.shares import Standing


def of_score(score: Score) -> str:
    """How many figures are on target, and the one furthest from it."""
    judged = [read for read in score.figures if read.standing is not Standing.NONE]
    if not score.whole.due:
        return _("Nothing fell due in this period yet.")
    if not judged:
        return ngettext(
            "%(kept)s of %(n)s promise was kept in time.",
            "%(kept)s of %(n)s promises were kept in time.",
            score.whole.due,
        ) % {
            "kept": score.whole.kept,
            "n": score.whole.due,
        }
    under = [read for read in judged if read.standing is Standing.UNDER]
    met = len(judged) - len(under)
    if not under:
        return ngettext(
            "The one figure with a target is on it.", "All %(n)s figures with a target are on it.", len(judged)
        ) % {"n": len(judged)}
    worst = min(under, key=lambda read: (read.value or 0) - (read.goal or 0) / 10_000)
    return ngettext(
        "%(met)s of %(n)s figure is on target; “%(worst)s” is furthest from it.",
        "%(met)s of %(n)s figures are on target; “%(worst)s” is furthest from it.",
        len(judged),
    ) % {"met": met, "n": len(judged), "worst": worst.figure.words}


def of_figure(read: Read) -> str:
    """From how many events the figure was counted, and where the ones that went wrong stand."""
    if not read.counted:
        return _("There is nothing to count in this period.")
    if read.figure.measure is Measure.COUNT:
        return ngettext("This is the promise counted.", "These are the %(n)s promises counted.", read.counted) % {
            "n": read.counted
        }
    if read.figure.measure is Measure.AVERAGE:
        return ngettext("The average of %(n)s promise.", "The average of %(n)s promises.", read.counted) % {
            "n": read.counted
        }
    failed = read.tally.late + read.tally.missed
    counted = ngettext(
        "Counted from %(n)s promise that fell due, %(kept)s in time.",
        "Counted from %(n)s promises that fell due, %(kept)s in time.",
        read.counted,
    ) % {"n": read.counted, "kept": read.tally.kept}
    if not failed:
        return counted
    first = ngettext("The one that was not comes first.", "The %(n)s that were not come first.", failed) % {"n": failed}
    return f"{counted} {first}"


def of_standing(read: Read | Strict) -> str:
    """How far the share is from its line: misses still affordable, or how many in time bring it back."""
    if read.standing is Standing.NONE:
        return ""
    if read.standing is Standing.UNDER:
        if read.back_after is None:
            return _("One miss is one too many for this target.")
        return ngettext(
            "Back on target after %(n)s in time.", "Back on target after %(n)s in time.", read.back_after
        ) % {"n": read.back_after}
    if not read.affordable:
        return _("The next miss takes it under its target.")
    return ngettext("Can still miss %(n)s.", "Can still miss %(n)s.", read.affordable) % {"n": read.affordable}


def of_disputes(disputed: Disputed, without: str) -> str:
    """How many lines are disputed and what came of it; `without` is the figure without the upheld ones, in words."""
    said = []
    if disputed.upheld:
        sentence = ngettext(
            "%(n)s line disputed, upheld: without it %(value)s.",
            "%(n)s lines disputed, upheld: without them %(value)s.",
            disputed.upheld,
        )
        said.append(sentence % {"n": disputed.upheld, "value": without})
    if disputed.asked:
        sentence = ngettext(
            "%(n)s line disputed, not decided yet.", "%(n)s lines disputed, not decided yet.", disputed.asked
        )
        said.append(sentence % {"n": disputed.asked})
    if disputed.turned_down:
        sentence = ngettext(
            "%(n)s line disputed, not upheld.", "%(n)s lines disputed, not upheld.", disputed.turned_down
        )
        said.append(sentence % {"n": disputed.turned_down})
    return " ".join(said)
