"""Many lines in one stroke, and lines the machine may decide alone."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import Exists, OuterRef, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.banking.actions import coding, suggesting
from wellkept.banking.actions.checks import allow_work_for, book_of
from wellkept.banking.learning.trust import asked_anyway
from wellkept.banking.models import Automation, BankLine, Batch, Coding, QuestionLine, Undecided
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother
from wellkept.ledger import actions as ledger

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff

MOST_LINES = 500
SURE = 950_000  # what a batch takes where nothing has been measured yet, in millionths


class NothingSure(Refusal):
    """No line of the batch is sure enough, or still waits."""


class TooMany(Refusal):
    """A batch stays small enough to look through."""


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
    batch = Batch.objects.create(client=client, approved_at=at, approved_by=by, lines=len(waiting))
    decided: set[int] = set()
    for each in waiting:
        if each.pk not in decided:
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
    ledger.take(book=book_of(client=row.client))
    sure = _unasked().filter(client=client, parked_at=None, confidence__gte=row.threshold, suggestion__isnull=False)
    count = 0
    for each in sure.select_related("line__bank_account__account__book", "line__client", "suggestion")[:limit]:
        if _allowed(each, row) and Undecided.objects.filter(pk=each.pk).exists():
            count += _decided_alone(each, at)
    if count:
        record("lines.decided_alone", at=at, client=client, count=count, threshold=row.threshold)
    return count


def sure_lines(*, client: Client, bank_account: int | None = None) -> list[int]:
    """The waiting lines a batch would take now."""
    needed = suggesting.needed(client=client.pk)
    waiting = _unasked().filter(
        client=client, parked_at=None, suggestion__isnull=False, confidence__gte=SURE if needed is None else needed
    )
    if bank_account is not None:
        waiting = waiting.filter(bank_account=bank_account)
    return list(waiting.order_by("-dated_on", "-line").values_list("pk", flat=True)[:MOST_LINES])


def _unasked() -> QuerySet[Undecided]:
    """Lines the client is being asked about wait for the answer, however sure the machine is."""
    asked = QuestionLine.objects.filter(line=OuterRef("pk"), question__settled_at=None, question__withdrawn_at=None)
    return Undecided.objects.filter(~Exists(asked))


def _decide(each: Undecided, batch: Batch | None, *, how: str, by: Staff | None, at: datetime) -> set[int]:
    """The lines its first choice decides: itself, and the other leg of a transfer."""
    suggestion = each.suggestion
    choices = [] if suggestion is None else suggesting.choices(suggestion=suggestion)
    if not choices:
        raise NothingSure(_("A line of this batch has no suggestion any more. Look at the list again."))
    first = choices[0]
    if first.other is not None:
        other = BankLine.objects.select_related("bank_account__account", "client").get(pk=first.other)
        entry = coding.pair(line=each.line, other=other, by=by, at=at)
        Coding.objects.filter(entry=entry, undone_at=None, batch=None, line__in=[each.line, other]).update(batch=batch)
        return {each.pk, other.pk}
    part = coding.Part(first.account, each.line.amount_minor, first.tax_code)
    coding.settle(line=each.line, parts=[part], how=how, rule=first.rule, batch=batch, by=by, at=at)
    return {each.pk}


def _decided_alone(each: Undecided, at: datetime) -> int:
    """What cannot be posted (its month is closed, a rate is missing) waits for a person and stands in nobody's way."""
    try:
        with transaction.atomic():
            return len(_decide(each, None, how=Coding.How.MACHINE, by=None, at=at))
    except Refusal:
        return 0


def _allowed(each: Undecided, row: Automation) -> bool:
    excluded = set(row.excluded)
    first = each.suggestion.choices[0] if each.suggestion and each.suggestion.choices else None
    return first is not None and first["account"] not in excluded and not asked_anyway(each.line.identity)


def _waiting(client: Client, lines: Sequence[int]) -> list[Undecided]:
    found = Undecided.objects.filter(pk__in=lines, client=client)
    return list(found.select_related("line__bank_account__account__book", "line__client", "suggestion").order_by("pk"))
