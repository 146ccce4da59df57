"""What is written down when a line is decided, and when a decision is taken back. Called inside an action's transaction."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _

from wellkept.banking.actions import reconciling, remembering, suggesting
from wellkept.banking.models import BankLine, Coding, LeftOut, Undecided
from wellkept.core import live
from wellkept.core.facts import record
from wellkept.core.refusals import TakenByAnother

if TYPE_CHECKING:
    from wellkept.ledger.models import Entry
    from wellkept.people.models import Staff


def write(line: BankLine, entry: Entry, *, by: Staff | None, at: datetime, **values: Any) -> Coding:
    """Who decided what, on which suggestion. That the book had it already is no judgement on a suggestion."""
    suggestion = None if values["how"] == Coding.How.MATCH else suggesting.current(line=line)
    decided = {name: values.get(name) for name in ("account", "tax_code")}
    coding = Coding.objects.create(
        line=line,
        client_id=line.client_id,
        entry=entry,
        decided_at=at,
        decided_by=by,
        suggestion=suggestion,
        suggested_rank=suggesting.rank(suggestion=suggestion, **decided),
        confidence=suggesting.confidence(suggestion=suggestion),
        **values,
    )
    asked = {"asked": True} if line.questions.exists() else {}
    record("line.coded", at=at, by=by, client=line.client_id, line=line, coding=coding, entry=entry, **asked)
    tell(line)
    return coding


def together(coding: Coding) -> list[Coding]:
    """What is taken back with it: both legs of a transfer, and lines that were found to be postings of its entries.

    A line that was matched with what the book had is let go alone: its entry was not posted for it.
    """
    living = Coding.objects.filter(undone_at=None).select_related("line__bank_account", "entry__book").order_by("pk")
    if coding.how == Coding.How.MATCH:
        return list(living.filter(pk=coding.pk))
    other = Coding.objects.filter(pk=coding.other_leg_id or 0).values_list("entry", flat=True)
    return list(living.filter(entry__in=[coding.entry_id, *other]))


def put_back(*, coding: Coding, reversal: Entry | None, by: Staff | None, at: datetime) -> None:
    """The line waits again, as if it had never been decided; what was signed over it no longer holds."""
    undone = Coding.objects.filter(pk=coding.pk, undone_at=None)
    if undone.update(undone_at=at, undone_by=by, reversal=reversal) != 1:
        raise TakenByAnother(_("This was undone already."))
    line = coding.line
    to_decide([line])
    if coding.rule_id is not None:
        remembering.rule_was_wrong(rule=coding.rule_id, client=coding.client_id)
    suggesting.forget(coding=coding, at=at)
    first = line.dated_on if reversal is None else min(line.dated_on, coding.entry.dated_on)
    reconciling.void_from(bank_account=line.bank_account, dated_on=first, because=reconciling.ENTRY, at=at)
    record(
        "coding.undone",
        at=at,
        by=by,
        client=coding.client_id,
        line=line,
        coding=coding,
        entry=reversal or coding.entry_id,
        by_machine=coding.by_machine,
    )
    tell(line)


def to_decide(lines: Sequence[BankLine]) -> None:
    """These wait again, without a suggestion until the machine thinks of them."""
    Undecided.objects.bulk_create(
        Undecided(
            line=line,
            client_id=line.client_id,
            bank_account_id=line.bank_account_id,
            dated_on=line.dated_on,
            payee=line.payee,
        )
        for line in lines
    )


def leave_out(lines: Sequence[BankLine], *, reason: str, by: Staff | None, at: datetime) -> None:
    """These do not count from now on; whoever calls has taken their waiting rows, or never put them to decide."""
    LeftOut.objects.bulk_create(
        LeftOut(line=line, bank_account_id=line.bank_account_id, reason=reason, left_out_at=at, left_out_by=by)
        for line in lines
    )


def tell(line: BankLine) -> None:
    live.tell([f"client-{line.client_id}"], [f"undecided-{line.client_id}", f"line-{line.pk}"])
