"""A score that somebody says is wrong. The score is never edited: the decision is a fact that stands beside it."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal
from wellkept.people import actions as people_actions
from wellkept.people import queries as people
from wellkept.promises.actions.book import ids, show
from wellkept.promises.actions.breaking import NobodyAbove
from wellkept.promises.actions.ending import NoReason, keep
from wellkept.promises.actions.making import owe_colleague
from wellkept.promises.models import Dispute, Promise
from wellkept.promises.queries.disputes import may_decide
from wellkept.promises.queries.words import told_in

if TYPE_CHECKING:
    from wellkept.people.models import Staff

LONGEST_REASON = 2000
UNDECIDED = {"upheld_at": None, "turned_down_at": None}


class DisputedAlready(Refusal):
    """A promise is disputed once."""


class DecidedAlready(Refusal):
    """A dispute is decided once."""


@transaction.atomic
def dispute(*, promise: Promise, reason: str, by: Staff, at: datetime) -> Dispute:
    """Say why a counted promise is counted wrongly. The supervisor, else quality, owes a decision like any promise."""
    why = reason.strip()[:LONGEST_REASON]
    if not why:
        raise NoReason(_("Say why this line is wrong. Whoever decides starts from there."), field="reason")
    if Dispute.objects.filter(promise=promise).exists():
        raise DisputedAlready(_("This line is disputed already."))
    above = _decider(by)
    with told_in(above):
        title = _("Decide a disputed line: %(title)s") % {"title": promise.title}
    task = owe_colleague(
        kind="colleague", title=title, owner=above, client=promise.client,
        subject_kind="promise", subject_id=promise.pk, due_at=None, by=by, at=at,
    )  # fmt: skip
    try:
        with transaction.atomic():
            made = Dispute.objects.create(promise=promise, reason=why, asked_by=by, asked_at=at, task=task)
    except IntegrityError as problem:
        raise DisputedAlready(_("This line is disputed already.")) from problem
    record(
        "promise.disputed", at=at, by=by, client=promise.client_id, **ids(promise=promise), dispute=made, task=task.pk
    )
    show(promise=promise)
    return made


@transaction.atomic
def uphold(*, dispute: Dispute, answer: str, by: Staff, at: datetime) -> Dispute:
    """The line is wrong: figures tell what they would be without it."""
    return _decide(dispute, {"upheld_at": at}, answer.strip()[:LONGEST_REASON], "promise.dispute_upheld", by, at)


@transaction.atomic
def turn_down(*, dispute: Dispute, answer: str, by: Staff, at: datetime) -> Dispute:
    """The line is right, and whoever disputed it hears why."""
    why = answer.strip()[:LONGEST_REASON]
    if not why:
        raise NoReason(_("Say why the line stays as it is. The person who disputed it reads this."), field="answer")
    return _decide(dispute, {"turned_down_at": at}, why, "promise.dispute_turned_down", by, at)


def _decider(by: Staff) -> Staff:
    """The supervisor; for those who have none, somebody who answers for quality."""
    above = people.supervisor_of(by)
    if above is None:
        above = next((one for one in people.with_role("quality") if one.pk != by.pk), None)
    if above is None:
        raise NobodyAbove(_("Nobody supervises you yet. Ask an administrator to name somebody."))
    return above


def _decide(dispute: Dispute, decided: dict[str, datetime], answer: str, fact: str, by: Staff, at: datetime) -> Dispute:
    if not may_decide(by, dispute):
        raise NotYours(
            _("Whoever was asked decides this, or somebody above them or from quality; never the one who asked.")
        )
    values = {**decided, "decided_by": by, "answer": answer}
    if Dispute.objects.filter(pk=dispute.pk, **UNDECIDED).update(**values) != 1:
        raise DecidedAlready(_("This dispute is decided already."))
    dispute.refresh_from_db()
    task, promise = dispute.task, dispute.promise
    if task.is_open:
        keep(promise=task, by=by, at=at)
    written = record(fact, at=at, by=by, client=promise.client_id, **ids(promise=promise), dispute=dispute)
    _tell(dispute, written.seq, at)
    show(promise=promise)
    return dispute


def _tell(dispute: Dispute, fact: int, at: datetime) -> None:
    asked_by, promise = dispute.asked_by, dispute.promise
    if not asked_by.is_active:
        return
    with told_in(asked_by):
        said = (
            _("%(name)s agrees: “%(title)s” was counted wrongly. %(answer)s")
            if dispute.upheld_at is not None
            else _("%(name)s leaves “%(title)s” as it was counted: %(answer)s")
        )
        text = (said % {"name": dispute.decided_by, "title": promise.title, "answer": dispute.answer}).strip()
    people_actions.notify(
        staff=asked_by, kind="promise.dispute_decided", subject_kind="promise", subject_id=promise.pk,
        client=promise.client_id, text=text, at=at, fact=fact,
    )  # fmt: skip
