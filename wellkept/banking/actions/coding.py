"""Giving a line its meaning: accept, code, split, pair, park. Each posts one entry; undoing reverses it.

Whoever decides begins by holding the book: two people at neighbouring lines would otherwise each hold a line and wait for
the other's, because what one approves is heard by the lines the other is about to take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.utils.translation import gettext as _

from wellkept.banking.actions import posting, reconciling, remembering, suggesting
from wellkept.banking.actions.checks import allow_work_for
from wellkept.banking.models import BankLine, Coding, Undecided
from wellkept.banking.rules import parts as cutting
from wellkept.core import live
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother
from wellkept.ledger import actions as ledger

if TYPE_CHECKING:
    from wellkept.banking.models import Batch
    from wellkept.ledger.models import Account, Entry, Tag, TaxCode
    from wellkept.people.models import Staff

LONGEST_PAYEE = 200
MOST_PARTS = 40


class AlreadyCoded(Refusal):
    """Somebody else, or the machine, decided the line first."""


class NoSuggestion(Refusal):
    """There is no suggestion of that number."""


class PartsWrong(Refusal):
    """A split has to make the whole amount."""


class NotAPair(Refusal):
    """The two lines are not two legs of one transfer."""


class ReasonMissing(Refusal):
    """A parked line says what it waits for."""


@dataclass(frozen=True)
class Part:
    """What a line, or a part of it, is coded to. `amount_minor` has the line's sign and includes the tax."""

    account: Account
    amount_minor: int
    tax_code: TaxCode | None = None
    text: str = ""
    tags: tuple[Tag, ...] = ()


@transaction.atomic
def accept(*, line: BankLine, rank: int, by: Staff, at: datetime) -> Coding:
    """Take the suggestion of this rank, 1 to 3, as it stands now."""
    ledger.take(book=line.bank_account.account.book)
    suggestion = suggesting.current(line=line)
    choices = [] if suggestion is None else suggesting.choices(suggestion=suggestion)
    if not 1 <= rank <= len(choices):
        raise NoSuggestion(_("There is no suggestion %(rank)s for this line. Choose an account.") % {"rank": rank})
    chosen = choices[rank - 1]
    if chosen.other is not None:
        pair(line=line, other=BankLine.objects.get(pk=chosen.other, client=line.client_id), by=by, at=at)
        return Coding.objects.get(line=line, undone_at=None)
    part = Part(chosen.account, line.amount_minor, chosen.tax_code)
    how = Coding.How.ANSWER if chosen.answered else Coding.How.CHOICE
    return settle(line=line, parts=[part], how=how, rule=chosen.rule, by=by, at=at)


@transaction.atomic
def code(
    *,
    line: BankLine,
    account: Account,
    tax_code: TaxCode | None = None,
    payee: str = "",
    tags: Sequence[Tag] = (),
    by: Staff,
    at: datetime,
) -> Coding:
    """The whole line goes to the account this person names."""
    ledger.take(book=line.bank_account.account.book)
    part = Part(account, line.amount_minor, tax_code, tags=tuple(tags))
    return settle(line=line, parts=[part], how=Coding.How.OWN, payee=payee, by=by, at=at)


@transaction.atomic
def split(*, line: BankLine, parts: Sequence[Part], payee: str = "", by: Staff, at: datetime) -> Coding:
    """The line is several things; its parts make the whole amount."""
    if not 2 <= len(parts) <= MOST_PARTS:
        raise PartsWrong(_("Split a line into 2 to %(most)s parts.") % {"most": MOST_PARTS})
    if any(part.amount_minor == 0 for part in parts):
        raise PartsWrong(_("A part of nothing says nothing. Give every part an amount."))
    try:
        cutting.check_sum(line.amount_minor, [part.amount_minor for part in parts])
    except cutting.PartsDoNotAddUp as error:
        raise PartsWrong(
            _("The parts do not make the whole: %(left)s is left.")
            % {"left": posting.money(line.bank_account, error.left_minor)}
        ) from None
    ledger.take(book=line.bank_account.account.book)
    return settle(line=line, parts=parts, how=Coding.How.SPLIT, payee=payee, by=by, at=at)


@transaction.atomic
def pair(*, line: BankLine, other: BankLine, by: Staff | None, at: datetime) -> Entry:
    """The two legs of one transfer between accounts of the same client: one entry, nobody's income or cost."""
    allow_work_for(client=line.client, by=by)
    ledger.take(book=line.bank_account.account.book)
    out, into = sorted((line, other), key=lambda leg: leg.amount_minor)
    _check_legs(out, into)
    if coded := _coded_straight(other, line):
        entry, legs = coded.entry, [(line, other)]
    else:
        entry, legs = posting.post_transfer(out=out, into=into, by=by, at=at), [(out, into), (into, out)]
    for leg, counter in legs:
        take(line=leg)
        _write(leg, entry, how=Coding.How.TRANSFER, account=counter.bank_account.account, by=by, at=at)
    suggesting.hear_legs(lines=[line, other], at=at)
    return entry


@transaction.atomic
def undo(*, coding: Coding, by: Staff, at: datetime) -> Coding:
    """Reverse the entry and let the line wait again; the two legs of a transfer come back together."""
    allow_work_for(client=coding.client, by=by)
    ledger.take(book=coding.entry.book)
    together = list(Coding.objects.filter(entry=coding.entry_id, undone_at=None).select_related("line__bank_account"))
    if not any(each.pk == coding.pk for each in together):
        raise TakenByAnother(_("This was undone already."))
    reversal = ledger.reverse(
        entry=coding.entry,
        dated_on=coding.entry.dated_on,
        reason=_("Coding undone"),
        key=f"undo-coding-{coding.pk}",
        by=by,
        at=at,
    )
    for each in together:
        _put_back(each, reversal, by, at)
    coding.undone_at, coding.undone_by, coding.reversal = at, by, reversal
    return coding


@transaction.atomic
def park(*, line: BankLine, because: str, by: Staff, at: datetime) -> Undecided:
    """Not now: the line stays undecided, out of the way, and says what it waits for."""
    allow_work_for(client=line.client, by=by)
    said = because.strip()[:200]
    if not said:
        raise ReasonMissing(_("Say what this line waits for."), field="because")
    return _parked(line, "line.parked", by, at, parked_at=at, parked_by=by, parked_because=said)


@transaction.atomic
def unpark(*, line: BankLine, by: Staff, at: datetime) -> Undecided:
    """The line stands among those to decide again."""
    allow_work_for(client=line.client, by=by)
    return _parked(line, "line.unparked", by, at, parked_at=None, parked_by=None, parked_because="")


def settle(
    *,
    line: BankLine,
    parts: Sequence[Part],
    how: str,
    payee: str = "",
    rule: int | None = None,
    batch: Batch | None = None,
    by: Staff | None,
    at: datetime,
) -> Coding:
    """Take the line, post it and write down who decided what. Called inside another action's transaction.

    Whether `by` may is asked by the ledger when it posts; until then nothing is certain to stay.
    """
    take(line=line)
    entry = posting.post_line(line=line, parts=parts, payee=payee, by=by, at=at)
    [only, *more] = parts
    coding = _write(
        line,
        entry,
        how=how,
        account=None if more else only.account,
        tax_code=None if more else only.tax_code,
        payee=payee.strip()[:LONGEST_PAYEE],
        rule_id=rule,
        batch=batch,
        by=by,
        at=at,
    )
    if rule is not None:
        remembering.rule_decided(rule=rule, client=line.client_id)
    suggesting.learn(coding=coding, at=at)
    reconciling.void_from(bank_account=line.bank_account, dated_on=line.dated_on, because=reconciling.ENTRY, at=at)
    return coding


def take(*, line: BankLine) -> None:
    """Only whoever takes the waiting row away may code the line."""
    deleted, _rows = Undecided.objects.filter(pk=line.pk).delete()
    if deleted != 1:
        raise AlreadyCoded(_("This line has been coded already. Look at the next one."))


def _write(line: BankLine, entry: Entry, *, by: Staff | None, at: datetime, **values: Any) -> Coding:
    suggestion = suggesting.current(line=line)
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
    _tell(line)
    return coding


def _put_back(coding: Coding, reversal: Entry, by: Staff, at: datetime) -> None:
    undone = Coding.objects.filter(pk=coding.pk, undone_at=None)
    if undone.update(undone_at=at, undone_by=by, reversal=reversal) != 1:
        raise TakenByAnother(_("This was undone already."))
    line = coding.line
    Undecided.objects.create(
        line=line,
        client_id=line.client_id,
        bank_account_id=line.bank_account_id,
        dated_on=line.dated_on,
        payee=line.payee,
    )
    if coding.rule_id is not None:
        remembering.rule_was_wrong(rule=coding.rule_id, client=coding.client_id)
    suggesting.forget(coding=coding, at=at)
    reconciling.void_from(bank_account=line.bank_account, dated_on=line.dated_on, because=reconciling.ENTRY, at=at)
    record(
        "coding.undone",
        at=at,
        by=by,
        client=coding.client_id,
        line=line,
        coding=coding,
        entry=reversal,
        by_machine=coding.by_machine,
    )
    _tell(line)


def _coded_straight(leg: BankLine, line: BankLine) -> Coding | None:
    """The other leg came first and was coded to this line's account: its entry stands for both."""
    coding = leg.codings.filter(undone_at=None, account=line.bank_account.account_id).select_related("entry").first()
    if coding is not None and Coding.objects.filter(entry=coding.entry_id, undone_at=None).count() > 1:
        raise NotAPair(_("That line is one leg of another transfer already."))
    return coding


def _check_legs(out: BankLine, into: BankLine) -> None:
    if out.client_id != into.client_id or out.bank_account_id == into.bank_account_id:
        raise NotAPair(_("A transfer goes between two accounts of the same client. Choose a line of another account."))
    if not out.amount_minor < 0 < into.amount_minor:
        raise NotAPair(_("One leg of a transfer is money out, the other money in."))
    if out.bank_account.currency == into.bank_account.currency and out.amount_minor != -into.amount_minor:
        raise NotAPair(_("The two amounts differ. Split off the fee first, or choose another line."))


def _parked(line: BankLine, fact: str, by: Staff, at: datetime, **values: Any) -> Undecided:
    waiting = Undecided.objects.filter(pk=line.pk, parked_at__isnull=values["parked_at"] is not None)
    if waiting.update(**values) != 1:
        raise AlreadyCoded(_("This line has been decided or moved meanwhile. Look at it again."))
    record(fact, at=at, by=by, client=line.client_id, line=line)
    _tell(line)
    return Undecided.objects.get(pk=line.pk)


def _tell(line: BankLine) -> None:
    live.tell([f"client-{line.client_id}"], [f"undecided-{line.client_id}", f"line-{line.pk}"])
