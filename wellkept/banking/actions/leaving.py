"""Lines that do not count: told twice, of a wrong account, of a file imported by mistake. They stay known, with who and why."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from wellkept.banking.actions import decisions, reconciling, suggesting
from wellkept.banking.actions.checks import allow_work_for, book_of
from wellkept.banking.actions.coding import take
from wellkept.banking.models import BankLine, Coding, LeftOut, Question, StatementFile, Undecided
from wellkept.core import live
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother
from wellkept.ledger import actions as ledger

if TYPE_CHECKING:
    from wellkept.people.models import Staff

AT_ONCE = 500


class ReasonMissing(Refusal):
    """What is left out says why, so that nobody looks for it later."""


class Asked(Refusal):
    """The client is being asked about the line."""


class LinesCoded(Refusal):
    """Lines of the file are in the book already."""


@transaction.atomic
def leave_out(*, line: BankLine, reason: str, by: Staff, at: datetime) -> LeftOut:
    """The line counts in nothing any more; it stays known, so the next download does not bring it again."""
    allow_work_for(client=line.client, by=by)
    why = _why(reason)
    if Question.objects.filter(lines__line=line, settled_at=None, withdrawn_at=None).exists():
        raise Asked(_("The client is being asked about this line. Withdraw the question first."))
    take(line=line)
    decisions.leave_out([line], reason=why, by=by, at=at)
    reconciling.void_from(bank_account=line.bank_account, dated_on=line.dated_on, because=reconciling.LINE, at=at)
    left = line.left_out.get(brought_back_at=None)
    record("line.left_out", at=at, by=by, client=line.client_id, line=line, left_out=left)
    decisions.tell(line)
    return left


@transaction.atomic
def bring_back(*, line: BankLine, by: Staff, at: datetime) -> BankLine:
    """The line counts again and waits to be decided."""
    allow_work_for(client=line.client, by=by)
    away = LeftOut.objects.filter(line=line, brought_back_at=None)
    if away.update(brought_back_at=at, brought_back_by=by) != 1:
        raise TakenByAnother(_("This line is not left out any more. Look at it again."))
    _wait_again([line], at)
    record("line.brought_back", at=at, by=by, client=line.client_id, line=line)
    decisions.tell(line)
    return line


@transaction.atomic
def take_file_out(*, file: StatementFile, reason: str, by: Staff, at: datetime) -> int:
    """A file imported by mistake: its lines are left out in one act, its balances asked for no more. Says how many lines.

    Every line of it still waits, or was left out before; what is in the book is taken back first.
    """
    allow_work_for(client=file.client, by=by)
    why = _why(reason)
    ledger.take(book=book_of(client=file.client))  # nothing is coded in between
    here = StatementFile.objects.filter(pk=file.pk, imported_at__isnull=False, taken_out_at=None)
    if here.update(taken_out_at=at, taken_out_by=by) != 1:
        raise TakenByAnother(_("This file is not imported, or was taken out already. Look at it again."))
    _refuse_decided(file)
    waiting = list(Undecided.objects.filter(line__file=file).select_related("line__bank_account").order_by("pk"))
    lines = [each.line for each in waiting]
    for start in range(0, len(lines), AT_ONCE):
        part = lines[start : start + AT_ONCE]
        Undecided.objects.filter(pk__in=[line.pk for line in part]).delete()
        decisions.leave_out(part, reason=why, by=by, at=at)
    _void(file, at)
    file.taken_out_at, file.taken_out_by = at, by
    record("statement_file.taken_out", at=at, by=by, client=file.client_id, file=file, lines=len(lines))
    _tell(file)
    return len(lines)


@transaction.atomic
def put_file_in(*, file: StatementFile, by: Staff, at: datetime) -> int:
    """It was right after all: the lines left out with the file wait again. Says how many."""
    allow_work_for(client=file.client, by=by)
    ledger.take(book=book_of(client=file.client))
    away = StatementFile.objects.filter(pk=file.pk, taken_out_at__isnull=False)
    if not away.exists():
        raise TakenByAnother(_("This file is not taken out. Look at it again."))
    left = LeftOut.objects.filter(line__file=file, brought_back_at=None, left_out_at=F("line__file__taken_out_at"))
    lines = list(
        BankLine.objects.filter(left_out__in=left).select_related("bank_account__account__book").order_by("pk")
    )
    LeftOut.objects.filter(pk__in=list(left.values_list("pk", flat=True))).update(
        brought_back_at=at, brought_back_by=by
    )
    away.update(taken_out_at=None, taken_out_by=None)
    _wait_again(lines, at)
    _void(file, at)
    file.taken_out_at = file.taken_out_by = None
    record("statement_file.put_in", at=at, by=by, client=file.client_id, file=file, lines=len(lines))
    _tell(file)
    return len(lines)


def _why(reason: str) -> str:
    why = reason.strip()[:200]
    if not why:
        raise ReasonMissing(_("Say why it does not count."), field="reason")
    return why


def _refuse_decided(file: StatementFile) -> None:
    coded = Coding.objects.filter(line__file=file, undone_at=None).count()
    if coded:
        raise LinesCoded(
            ngettext(
                "%(count)s line of this file is coded. Take that back first.",
                "%(count)s lines of this file are coded. Take that back first.",
                coded,
            )
            % {"count": coded}
        )
    if Question.objects.filter(lines__line__file=file, settled_at=None, withdrawn_at=None).exists():
        raise Asked(_("The client is being asked about lines of this file. Withdraw the question first."))


def _wait_again(lines: Sequence[BankLine], at: datetime) -> None:
    """With what the machine thinks of each by now; a note of nothing waits for nobody."""
    moving = [line for line in lines if line.amount_minor]
    decisions.to_decide(moving)
    for start in range(0, len(moving), AT_ONCE):
        part = [line.pk for line in moving[start : start + AT_ONCE]]
        waiting = Undecided.objects.filter(pk__in=part).select_related("line__bank_account__account__book")
        suggesting.think_again(waiting=list(waiting), at=at)
    for line in lines[:1]:
        first = min(each.dated_on for each in lines)
        reconciling.void_from(bank_account=line.bank_account, dated_on=first, because=reconciling.LINE, at=at)


def _void(file: StatementFile, at: datetime) -> None:
    """What was signed over the days of the file, on every account it told of."""
    for statement in file.statements.select_related("bank_account"):
        reconciling.void_from(
            bank_account=statement.bank_account, dated_on=statement.starts_on, because=reconciling.LINE, at=at
        )


def _tell(file: StatementFile) -> None:
    names = [f"statement-files-{file.client_id}", f"undecided-{file.client_id}", f"reconciliations-{file.client_id}"]
    live.tell([f"client-{file.client_id}"], names)
