"""Giving a line its meaning: accept, code, split, pair, match, park. What is posted for it is reversed by undoing.

Whoever decides begins by holding the book: two people at neighbouring lines would otherwise each hold a line and wait for
the other's, because what one approves is heard by the lines the other is about to take.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellkept.banking.actions import decisions, posting, reconciling, remembering, suggesting
from wellkept.banking.actions.checks import allow_work_for
from wellkept.banking.models import BankLine, Coding, Undecided
from wellkept.banking.queries import matches
from wellkept.banking.rules import parts as cutting
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother
from wellkept.ledger import actions as ledger
from wellkept.ledger import queries as books

if TYPE_CHECKING:
    from wellkept.banking.models import Batch
    from wellkept.ledger.models import Account, Entry, Posting, Tag, TaxCode
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


class ToItself(Refusal):
    """A line is never coded to the account it stands on."""


class NotTheSame(Refusal):
    """The posting named is not this movement."""


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
def accept(*, line: BankLine, rank: int, reason: str = "", by: Staff, at: datetime) -> Coding:
    """Take the suggestion of this rank, 1 to 3, as it stands now. The reason is a reviewer's, for a soft-closed month."""
    ledger.take(book=line.bank_account.account.book)
    suggestion = suggesting.current(line=line)
    choices = [] if suggestion is None else suggesting.choices(suggestion=suggestion)
    if not 1 <= rank <= len(choices):
        raise NoSuggestion(_("There is no suggestion %(rank)s for this line. Choose an account.") % {"rank": rank})
    chosen = choices[rank - 1]
    if chosen.other is not None:
        other = BankLine.objects.get(pk=chosen.other, client=line.client_id)
        pair(line=line, other=other, reason=reason, by=by, at=at)
        return Coding.objects.get(line=line, undone_at=None)
    part = Part(chosen.account, line.amount_minor, chosen.tax_code)
    how = Coding.How.ANSWER if chosen.answered else Coding.How.CHOICE
    return settle(line=line, parts=[part], how=how, rule=chosen.rule, reason=reason, by=by, at=at)


@transaction.atomic
def code(
    *,
    line: BankLine,
    account: Account,
    tax_code: TaxCode | None = None,
    payee: str = "",
    tags: Sequence[Tag] = (),
    reason: str = "",
    by: Staff,
    at: datetime,
) -> Coding:
    """The whole line goes to the account this person names."""
    ledger.take(book=line.bank_account.account.book)
    part = Part(account, line.amount_minor, tax_code, tags=tuple(tags))
    return settle(line=line, parts=[part], how=Coding.How.OWN, payee=payee, reason=reason, by=by, at=at)


@transaction.atomic
def split(
    *, line: BankLine, parts: Sequence[Part], payee: str = "", reason: str = "", by: Staff, at: datetime
) -> Coding:
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
    return settle(line=line, parts=parts, how=Coding.How.SPLIT, payee=payee, reason=reason, by=by, at=at)


@transaction.atomic
def pair(
    *,
    line: BankLine,
    other: BankLine,
    fee: Account | None = None,
    reason: str = "",
    by: Staff | None,
    at: datetime,
) -> Entry:
    """The two legs of one transfer between accounts of the same client: nobody's income or cost, save what was kept as a fee.

    Each leg stands on the day its bank told. Says the entry of `line`.
    """
    allow_work_for(client=line.client, by=by)
    ledger.take(book=line.bank_account.account.book)
    out, into = sorted((line, other), key=lambda leg: leg.amount_minor)
    kept = _check_legs(out, into, fee)
    if coded := _coded_straight(other, line):
        if kept:
            raise NotAPair(_("That line was coded whole already. Take it back, then pair the two with the fee."))
        take(line=line)
        decisions.write(line, coded.entry, how=Coding.How.TRANSFER, account=other.bank_account.account, by=by, at=at)
        suggesting.hear_legs(lines=[line, other], at=at)
        return coded.entry
    entries = posting.post_transfer(out=out, into=into, fee=fee if kept else None, by=by, at=at, reason=reason)
    first, second = (
        _leg(leg, entry, counter, by, at) for leg, entry, counter in zip((out, into), entries, (into, out), strict=True)
    )
    if first.entry_id != second.entry_id:
        Coding.objects.filter(pk=first.pk).update(other_leg=second)
        Coding.objects.filter(pk=second.pk).update(other_leg=first)
    suggesting.hear_legs(lines=[line, other], at=at)
    return entries[0] if line.pk == out.pk else entries[1]


@transaction.atomic
def match(*, line: BankLine, found: Posting, by: Staff, at: datetime) -> Coding:
    """The book has this movement already: posted by hand, an opening item, history brought in. Nothing is posted again."""
    allow_work_for(client=line.client, by=by)
    ledger.take(book=line.bank_account.account.book)
    if not matches.fitting(line).filter(pk=found.pk).exists():
        raise NotTheSame(
            _("This posting has another amount, stands on another account, or is told by another line. Look again.")
        )
    take(line=line)
    return _matched(line, found, by, at)


@transaction.atomic
def undo(*, coding: Coding, reason: str = "", by: Staff, at: datetime) -> Coding:
    """Reverse the entry and let the line wait again; the two legs of a transfer come back together.

    An entry that was taken back in the books already is not taken back twice, and one that was not posted for the
    line stays as it is.
    """
    allow_work_for(client=coding.client, by=by)
    ledger.take(book=coding.entry.book)
    together = decisions.together(coding)
    if not any(each.pk == coding.pk for each in together):
        raise TakenByAnother(_("This was undone already."))
    owners = {each.entry_id: each for each in reversed(together) if each.how != Coding.How.MATCH}
    reversals = {entry: _reversed(each, reason, by, at) for entry, each in owners.items()}
    for each in together:
        decisions.put_back(coding=each, reversal=reversals.get(each.entry_id), by=by, at=at)
    coding.undone_at, coding.undone_by, coding.reversal = at, by, reversals.get(coding.entry_id)
    return coding


@transaction.atomic
def follow_reversal(*, entry: int, by: Staff | None, at: datetime) -> int:
    """An entry was taken back in the books: the lines that stood on it wait again. Says how many; none the second time."""
    standing = Coding.objects.filter(entry=entry, undone_at=None).select_related("entry__book").order_by("pk")
    count = 0
    for coding in list(standing):
        ledger.take(book=coding.entry.book)
        for each in decisions.together(coding):
            decisions.put_back(coding=each, reversal=_followed(each, coding, by, at), by=by, at=at)
            count += 1
    return count


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
    reason: str = "",
    by: Staff | None,
    at: datetime,
) -> Coding:
    """Take the line, post it and write down who decided what. Called inside another action's transaction.

    Whether `by` may is asked by the ledger when it posts; until then nothing is certain to stay. A line whose other
    leg brought its amount here already is that leg's posting, and is not posted a second time.
    """
    bank = line.bank_account
    if any(part.account.pk == bank.account_id for part in parts):
        raise ToItself(_("This is the account the line stands on. Say where the money came from or went to."))
    take(line=line)
    [only, *more] = parts
    brought = None if more else matches.brought_by_other_leg(line, only.account)
    if brought is not None:
        allow_work_for(client=line.client, by=by)
        return _matched(line, brought, by, at, batch=batch)
    entry = posting.post_line(line=line, parts=parts, payee=payee, by=by, at=at, reason=reason)
    coding = decisions.write(
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
    reconciling.void_from(bank_account=bank, dated_on=line.dated_on, because=reconciling.ENTRY, at=at)
    reconciling.void_over(accounts=[part.account for part in parts], dated_on=line.dated_on, at=at)
    return coding


def take(*, line: BankLine) -> None:
    """Only whoever takes the waiting row away may code the line."""
    deleted, _rows = Undecided.objects.filter(pk=line.pk).delete()
    if deleted != 1:
        raise AlreadyCoded(_("This line has been coded already. Look at the next one."))


def _matched(line: BankLine, found: Posting, by: Staff | None, at: datetime, **values: Any) -> Coding:
    try:
        with transaction.atomic():
            return decisions.write(line, found.entry, how=Coding.How.MATCH, posting=found, by=by, at=at, **values)
    except IntegrityError:
        raise TakenByAnother(_("Another line was matched with this posting meanwhile. Look again.")) from None


def _leg(leg: BankLine, entry: Entry, counter: BankLine, by: Staff | None, at: datetime) -> Coding:
    take(line=leg)
    bank, first = leg.bank_account, min(leg.dated_on, entry.dated_on)
    reconciling.void_from(bank_account=bank, dated_on=first, because=reconciling.ENTRY, at=at)
    return decisions.write(leg, entry, how=Coding.How.TRANSFER, account=counter.bank_account.account, by=by, at=at)


def _reversed(coding: Coding, reason: str, by: Staff, at: datetime) -> Entry:
    """Taken back on its own day, so that no month in between shows it; what was taken back before stays so."""
    entry = coding.entry
    if (before := books.reversal_of(entry)) is not None:
        return before
    key, why = f"undo-coding-{coding.pk}", reason.strip() or _("Coding undone")
    if reason.strip() and not books.is_open(entry.book, entry.dated_on):
        return ledger.reverse_with_override(entry=entry, dated_on=entry.dated_on, reason=why, key=key, by=by, at=at)
    return ledger.reverse(entry=entry, dated_on=entry.dated_on, reason=why, key=key, by=by, at=at)


def _followed(coding: Coding, first: Coding, by: Staff | None, at: datetime) -> Entry | None:
    """What takes its entry back: there already, or posted now for the other leg, on the same day if that is later."""
    before = books.reversal_of(coding.entry)
    if before is not None or coding.how == Coding.How.MATCH:
        return before
    model = books.reversal_of(first.entry)
    day = coding.entry.dated_on if model is None else max(coding.entry.dated_on, model.dated_on)
    key = f"undo-coding-{coding.pk}"
    return ledger.reverse(entry=coding.entry, dated_on=day, reason=_("Coding undone"), key=key, by=by, at=at)


def _coded_straight(leg: BankLine, line: BankLine) -> Coding | None:
    """The other leg came first and was coded to this line's account: its entry stands for both."""
    coding = leg.codings.filter(undone_at=None, account=line.bank_account.account_id).select_related("entry").first()
    if coding is not None and Coding.objects.filter(entry=coding.entry_id, undone_at=None).count() > 1:
        raise NotAPair(_("That line is one leg of another transfer already."))
    return coding


def _check_legs(out: BankLine, into: BankLine, fee: Account | None) -> int:
    """Whether the two can be legs of one transfer; says what was kept on the way."""
    if out.client_id != into.client_id or out.bank_account_id == into.bank_account_id:
        raise NotAPair(_("A transfer goes between two accounts of the same client. Choose a line of another account."))
    if not out.amount_minor < 0 < into.amount_minor:
        raise NotAPair(_("One leg of a transfer is money out, the other money in."))
    kept = -out.amount_minor - into.amount_minor
    if out.bank_account.currency != into.bank_account.currency or not kept:
        return 0
    if kept < 0:
        raise NotAPair(_("More came in than left. Choose another line."))
    if fee is None:
        raise NotAPair(_("The two amounts differ. Say which account the fee goes to, or choose another line."))
    if fee.pk in {out.bank_account.account_id, into.bank_account.account_id}:
        raise ToItself(_("A fee goes to an expense, not to one of the two accounts."))
    return kept


def _parked(line: BankLine, fact: str, by: Staff, at: datetime, **values: Any) -> Undecided:
    waiting = Undecided.objects.filter(pk=line.pk, parked_at__isnull=values["parked_at"] is not None)
    if waiting.update(**values) != 1:
        raise AlreadyCoded(_("This line has been decided or moved meanwhile. Look at it again."))
    record(fact, at=at, by=by, client=line.client_id, line=line)
    decisions.tell(line)
    return Undecided.objects.get(pk=line.pk)
