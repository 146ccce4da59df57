"""The lines a figure opens to: one counted promise each, and what became of a dispute about it."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from wellkept.insight.models import Counted
from wellkept.insight.rules import Outcome
from wellkept.people.models import Staff
from wellkept.promises import queries as promises
from wellkept.promises.models import Dispute
from wellkept.web.shell import promises as drawn
from wellkept.web.shell.words import Reader

OUTCOME_STATES = {Outcome.KEPT: "kept", Outcome.LATE: "broken", Outcome.MISSED: "broken"}


@dataclass(frozen=True)
class Event:
    """One counted promise, as a line of a figure's events."""

    state: str
    made_at: object
    title: str
    address: str
    who: str
    due_at: object
    done_at: object
    spare: str
    promise: int
    dispute: DisputeLine | None

    @property
    def live(self) -> str:
        """What a part that shows this line listens for."""
        return f"line-{self.promise}"


@dataclass(frozen=True)
class DisputeLine:
    """What became of a line that somebody says is wrong."""

    id: int
    promise: int
    state: str
    said: str
    reason: str
    answer: str
    may_decide: bool


def events_of(found: Sequence[Counted], *, by: Staff, reader: Reader) -> list[Event]:
    """The events in the order given, with the time to spare or over as every promise shows it."""
    rows = drawn.rows([counted.promise for counted in found], by=by, reader=reader)
    return [_event(counted, row, by) for counted, row in zip(found, rows, strict=True)]


def _event(counted: Counted, row: drawn.Row, by: Staff) -> Event:
    promise = counted.promise
    return Event(
        state=OUTCOME_STATES.get(Outcome(counted.outcome), row.state),
        made_at=promise.made_at,
        title=promise.title,
        address=_place(promise.subject_kind, promise.subject_id) or row.address,
        who=str(promise.client or promise.to_staff or ""),
        due_at=promise.due_at,
        done_at=promise.kept_at,
        spare=row.left_text,
        promise=promise.pk,
        dispute=dispute_line(getattr(promise, "dispute", None), by),
    )


def dispute_line(dispute: Dispute | None, by: Staff) -> DisputeLine | None:
    if dispute is None:
        return None
    if dispute.upheld_at is not None:
        state, said = "upheld", _("Upheld by %(name)s") % {"name": dispute.decided_by}
    elif dispute.turned_down_at is not None:
        state, said = "turned_down", _("Not upheld by %(name)s") % {"name": dispute.decided_by}
    else:
        state, said = "asked", _("Disputed: %(name)s decides") % {"name": dispute.task.owner}
    return DisputeLine(
        id=dispute.pk,
        promise=dispute.promise_id,
        state=state,
        said=said,
        reason=dispute.reason,
        answer=dispute.answer,
        may_decide=dispute.is_open and promises.may_decide(by, dispute),
    )


def _place(kind: str, id: int) -> str:
    try:
        return reverse(kind, args=[id]) if kind == "conversation" else ""
    except NoReverseMatch:
        return ""
