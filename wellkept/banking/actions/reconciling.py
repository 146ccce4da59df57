"""A person signs that book and bank agree; the signature is void once something under it changes."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellkept.banking.actions.checks import allow_work_for
from wellkept.banking.models import BankAccount, Reconciliation, StatedBalance, Statement
from wellkept.banking.queries import reconciling
from wellkept.core import live
from wellkept.core.facts import record
from wellkept.core.money import Money
from wellkept.core.refusals import Refusal, TakenByAnother
from wellkept.ledger import actions as ledger_actions
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.banking.queries.reconciling import Movement
    from wellkept.ledger.models import Account
    from wellkept.people.models import Staff

MOST_EXPLAINED = 200
ENTRY, LINE, ASKED = "entry", "line", "asked"


class NoClosingBalance(Refusal):
    """The bank told no balance to agree with."""


class LinesUndecided(Refusal):
    """Lines of the statement still wait to be coded."""


class TheBankTold(Refusal):
    """A balance the bank tells is not stated by a person."""


class Differs(Refusal):
    """Book and bank do not agree, and what is named does not explain it."""


class ExplanationWrong(Refusal):
    """An explanation names a posting of this account and days, and says why."""


@dataclass(frozen=True)
class Outstanding:
    """A posting the bank has not told of yet: a cheque not cashed, a payment on its way."""

    posting: int
    words: str


@transaction.atomic
def sign(*, statement: Statement, outstanding: Sequence[Outstanding] = (), by: Staff, at: datetime) -> Reconciliation:
    """Sign the statement. Every line of it is coded, and what differs is named to the last cent."""
    bank = statement.bank_account
    allow_work_for(client=bank.client, by=by)
    ledger_actions.take(book=bank.account.book)  # nothing is posted between what is proved here and the signature
    stands = reconciling.standing(statement)
    if stands.bank_minor is None or stands.difference_minor is None:
        raise NoClosingBalance(
            _("This statement tells no closing balance. State the one you see at the bank, then sign.")
        )
    if stands.undecided_count:
        raise LinesUndecided(
            _("%(count)s lines up to this day are not coded yet. Decide them first.")
            % {"count": stands.undecided_count}
        )
    explained = _explained(statement, outstanding)
    left = stands.difference_minor + sum(each.effect_minor for each in explained)
    if left:
        raise Differs(
            _("%(difference)s are not explained. Look at the clues, or name what the bank has not told of yet.")
            % {"difference": f"{bank.currency} {Money(left, bank.currency)}"}
        )
    try:
        with transaction.atomic():
            signed = Reconciliation.objects.create(
                bank_account=bank,
                statement=statement,
                ends_on=statement.ends_on,
                bank_minor=stands.bank_minor,
                book_minor=stands.book_minor,
                explained=[
                    {"posting": each.posting.pk, "amount_minor": each.amount_minor, "words": each.words}
                    for each in explained
                ],
                signed_at=at,
                signed_by=by,
            )
    except IntegrityError:
        raise TakenByAnother(_("This statement is signed already.")) from None
    record("reconciliation.signed", at=at, by=by, client=bank.client_id, reconciliation=signed, statement=statement)
    _tell(bank)
    return signed


@transaction.atomic
def state_closing(*, statement: Statement, closing: Money, by: Staff, at: datetime) -> StatedBalance:
    """A person says what the account held at the end of the statement, where the bank's file does not. Kept with the name.

    Stating it again adds to what was said; a signature on the other balance no longer holds.
    """
    bank = statement.bank_account
    allow_work_for(client=bank.client, by=by)
    if statement.closing_minor is not None:
        raise TheBankTold(_("The bank told the closing balance of this statement itself."))
    said = StatedBalance.objects.create(statement=statement, closing_minor=closing.minor, stated_at=at, stated_by=by)
    signed = Reconciliation.objects.filter(statement=statement, voided_at=None)
    _void([each for each in signed.select_related("bank_account") if each.bank_minor != closing.minor], ASKED, by, at)
    record("statement.balance_stated", at=at, by=by, client=bank.client_id, statement=statement, stated=said)
    _tell(bank)
    return said


@transaction.atomic
def void(*, reconciliation: Reconciliation, by: Staff, at: datetime) -> Reconciliation:
    """Take the signature back; it stays on record as void."""
    allow_work_for(client=reconciliation.bank_account.client, by=by)
    if _void([reconciliation], ASKED, by, at) != 1:
        raise TakenByAnother(_("This signature is void already."))
    reconciliation.refresh_from_db()
    return reconciliation


@transaction.atomic
def void_from(*, bank_account: BankAccount, dated_on: date, because: str, at: datetime) -> int:
    """Something moved on the account on that day: whatever was signed from then on no longer holds. Says how many."""
    standing = Reconciliation.objects.filter(bank_account=bank_account, voided_at=None, ends_on__gte=dated_on)
    return _void(list(standing.select_related("bank_account")), because, None, at)


@transaction.atomic
def void_over(*, accounts: Sequence[Account], dated_on: date, at: datetime) -> int:
    """A line was coded to these: where one of them is itself an account at a bank, its signatures no longer hold."""
    held = [each.pk for each in accounts if each.type in {"asset", "liability"}]
    banks = BankAccount.objects.filter(account__in=held) if held else BankAccount.objects.none()
    return sum(void_from(bank_account=bank, dated_on=dated_on, because=ENTRY, at=at) for bank in banks)


@transaction.atomic
def void_after_posting(*, book: int, first: int, last: int, at: datetime) -> int:
    """Entries came in: signatures over the days and accounts they touch no longer hold where book and bank now differ."""
    touched = ledger.first_days(book, first, last)
    count = 0
    for bank in BankAccount.objects.filter(account__in=touched).select_related("account__book"):
        signed = Reconciliation.objects.filter(bank_account=bank, voided_at=None, ends_on__gte=touched[bank.account_id])
        changed = [each for each in signed.select_related("statement", "bank_account") if _moved(each)]
        count += _void(changed, ENTRY, None, at)
    return count


def _moved(signed: Reconciliation) -> bool:
    signed.statement.bank_account = signed.bank_account
    return reconciling.standing(signed.statement).book_minor != signed.book_minor


def _void(signed: Sequence[Reconciliation], because: str, by: Staff | None, at: datetime) -> int:
    count = 0
    for each in signed:
        holding = Reconciliation.objects.filter(pk=each.pk, voided_at=None)
        if holding.update(voided_at=at, voided_because=because):
            count += 1
            client = each.bank_account.client_id
            record("reconciliation.voided", at=at, by=by, client=client, reconciliation=each, because=because)
            _tell(each.bank_account)
    return count


def _explained(statement: Statement, outstanding: Sequence[Outstanding]) -> list[Movement]:
    """Each posting once: of this account, standing, and not what a line of the bank is already by then."""
    wanted = {each.posting: each.words.strip()[:200] for each in outstanding[:MOST_EXPLAINED]}
    found = reconciling.outstanding(statement, postings=list(wanted))
    if len(found) != len(wanted):
        raise ExplanationWrong(
            _(
                "Name postings of this account up to the end of the statement that the bank has not told of: "
                "none that a line of it is already, and none that was taken back."
            )
        )
    if not all(wanted.values()):
        raise ExplanationWrong(_("Say for each posting why the bank has not told of it yet."), field="words")
    return [replace(each, words=wanted[each.posting.pk]) for each in found]


def _tell(bank: BankAccount) -> None:
    live.tell([f"client-{bank.client_id}"], [f"reconciliations-{bank.client_id}"])
