"""Many lines in one stroke, and lines the machine may decide alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.banking.actions import coding, suggesting
from wellkept.banking.actions.checks import allow_work_for, book_of
from wellkept.banking.models import Automation, BankLine, Batch, Coding, Undecided
from wellkept.banking.queries import sure as reads
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother
from wellkept.ledger import actions as ledger

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff

MOST_LINES = reads.MOST_LINES
MOST_NAMED = 200  # characters
SURE = 950_000  # what a batch takes where nothing has been measured yet, in millionths


class NothingSure(Refusal):
    """No line of the batch is sure enough, or still waits."""


class TooMany(Refusal):
    """A batch stays small enough to look through."""


class LookedAtSingly(Refusal):
    """A line of the sample is no line of a batch."""


class LegTaken(Refusal):
    """Two lines of the batch name the same leg of a transfer."""


class BatchTaken(Refusal):
    """Somebody else approved or changed some of these lines first."""


@transaction.atomic
def approve(*, client: Client, lines: Sequence[int], by: Staff, at: datetime) -> Batch:
    """Accept the first suggestion of every line named, all of them or none; undoing takes all of them back.

    A line that somebody else decided meanwhile refuses the whole batch, so that nobody approves what they have not seen.
    """
    allow_work_for(client=client, by=by)
    wanted = sorted(set(lines))
    if not wanted:
        raise NothingSure(_("No line is sure enough to be approved without a look. Go through them one by one."))
    if len(wanted) > MOST_LINES:
        raise TooMany(_("Approve at most %(most)s lines at once.") % {"most": MOST_LINES})
    ledger.take(book=book_of(client=client))
    waiting = list(_waiting(client, wanted))
    if gone := len(wanted) - len(waiting):
        raise BatchTaken(
            ngettext(
                "Somebody has decided %(count)s of these lines meanwhile. Look at the list again.",
                "Somebody has decided %(count)s of these lines meanwhile. Look at the list again.",
                gone,
            )
            % {"count": gone}
        )
    _refuse_sample(client, waiting)
    together = set(reads.each_leg_once({each.pk: _first(each) for each in waiting}))
    batch = Batch.objects.create(client=client, approved_at=at, approved_by=by, lines=len(waiting))
    decided: set[int] = set()
    for each in waiting:
        if each.pk not in decided:
            _refuse_taken_leg(each, together)
            decided |= _decide(each, batch, how=Coding.How.CHOICE, by=by, at=at)
    record("lines.approved", at=at, by=by, client=client, batch=batch, count=len(decided))
    return batch


@transaction.atomic
def undo_batch(*, batch: Batch, by: Staff, at: datetime) -> int:
    """Everything the batch coded waits again; what was undone before stays so. Says how many lines came back."""
    allow_work_for(client=batch.client, by=by)
    ledger.take(book=book_of(client=batch.client))
    if Batch.objects.filter(pk=batch.pk, undone_at=None).update(undone_at=at) != 1:
        raise TakenByAnother(_("This was undone already."))
    count = 0
    for each in Coding.objects.filter(batch=batch, undone_at=None).select_related("line__bank_account", "entry__book"):
        if Coding.objects.filter(pk=each.pk, undone_at=None).exists():
            coding.undo(coding=each, by=by, at=at)
            count += 1
    record("batch.undone", at=at, by=by, client=batch.client_id, batch=batch, count=count)
    return count


@transaction.atomic
def decide_alone(*, client: int, at: datetime, limit: int = MOST_LINES) -> int:
    """The machine codes what it has a measured right to; one sure line in twenty goes to a person all the same."""
    allowed = Automation.objects.filter(client=client, allowed_at__isnull=False, threshold__isnull=False)
    row = allowed.select_related("client").first()
    if row is None or row.threshold is None:
        return 0
    book = book_of(client=row.client)
    ledger.take(book=book)
    count = 0
    for each in _waiting(row.client, reads.sure(client=client, book=book.pk, least=row.threshold).lines[:limit]):
        if reads.may_alone(_first(each), row.excluded) and Undecided.objects.filter(pk=each.pk).exists():
            count += _decided_alone(each, at)
    if count:
        record("lines.decided_alone", at=at, client=client, count=count, threshold=row.threshold)
    return count


def sure_lines(*, client: Client, bank_account: int | None = None) -> reads.Sure:
    """The waiting lines a batch would take now, and those as sure that somebody looks at singly."""
    book = book_of(client=client)
    return reads.sure(client=client.pk, book=book.pk, least=_least(client), bank_account=bank_account)


def _least(client: Client) -> int:
    needed = suggesting.needed(client=client.pk)
    return SURE if needed is None else needed


def _refuse_sample(client: Client, waiting: Sequence[Undecided]) -> None:
    """What the measure stands on is worth nothing when it is approved without a look."""
    least = _least(client)
    firsts = {each.pk: _first(each) for each in waiting if each.confidence >= least}
    seen = reads.sampled(firsts, {each.pk: each.line.identity for each in waiting})
    if seen:
        named = ", ".join(each.line.payee or each.line.description for each in waiting if each.pk in seen)
        raise LookedAtSingly(
            _("Looked at singly, as a sample: %(lines)s. Untick what is named and decide it on its own.")
            % {"lines": named[:MOST_NAMED]}
        )


def _refuse_taken_leg(each: Undecided, together: set[int]) -> None:
    if each.pk not in together:
        text = each.line.payee or each.line.description
        raise LegTaken(
            _("The other leg of %(text)s belongs to another of these lines. Untick it and decide it on its own.")
            % {"text": text}
        )


def _decide(each: Undecided, batch: Batch | None, *, how: str, by: Staff | None, at: datetime) -> set[int]:
    """The lines its first choice decides: itself, and the other leg of a transfer."""
    first = _standing(each)
    if first.other is not None:
        other = BankLine.objects.select_related("bank_account__account", "client").get(pk=first.other)
        coding.pair(line=each.line, other=other, by=by, at=at)
        legs = Coding.objects.filter(undone_at=None, batch=None, line__in=[each.line, other])
        legs.filter(how=Coding.How.TRANSFER).update(batch=batch, confidence=first.confidence)
        return {each.pk, other.pk}
    part = coding.Part(first.account, each.line.amount_minor, first.tax_code)
    how = Coding.How.ANSWER if first.answered and by is not None else how
    coding.settle(line=each.line, parts=[part], how=how, rule=first.rule, batch=batch, by=by, at=at)
    return {each.pk}


def _standing(each: Undecided) -> suggesting.Chosen:
    """The first choice as it was thought: what moved up into its place was never as sure."""
    choices = [] if each.suggestion is None else suggesting.choices(suggestion=each.suggestion)
    if not choices:
        raise NothingSure(_("A line of this batch has no suggestion any more. Look at the list again."))
    first = choices[0]
    if not first.is_first or first.doubt:
        text = each.line.payee or each.line.description
        raise NothingSure(_("What was suggested for %(text)s is out of use. Decide it on its own.") % {"text": text})
    return first


def _decided_alone(each: Undecided, at: datetime) -> int:
    """What cannot be posted (its month is closed, a rate is missing) waits for a person and stands in nobody's way."""
    try:
        with transaction.atomic():
            return len(_decide(each, None, how=Coding.How.MACHINE, by=None, at=at))
    except Refusal:
        return 0


def _first(each: Undecided) -> dict[str, Any]:
    return each.suggestion.choices[0] if each.suggestion and each.suggestion.choices else {}


def _waiting(client: Client, lines: Sequence[int]) -> list[Undecided]:
    found = Undecided.objects.filter(pk__in=lines, client=client)
    return list(found.select_related("line__bank_account__account__book", "line__client", "suggestion").order_by("pk"))
