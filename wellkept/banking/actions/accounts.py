"""Bank, card, payment-provider and cash accounts of a client."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from wellkept.banking.actions.checks import allow_work_for, book_of
from wellkept.banking.models import BankAccount, Undecided
from wellkept.banking.queries.accounts import digest_of
from wellkept.core import live
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.ledger.models import Account
    from wellkept.people.models import Staff

LONGEST_NAME = 80
KEPT_OF_A_CARD = 4


class AccountWithoutName(Refusal):
    """People tell accounts apart by their names."""


class AccountTaken(Refusal):
    """An account of the book mirrors one bank account; a number belongs to one client."""


class WrongAccount(Refusal):
    """The account of the book cannot mirror this bank account."""


class StillUndecided(Refusal):
    """An account with lines to decide cannot be closed."""


@transaction.atomic
def open_bank_account(
    *, client: Client, account: Account, name: str, kind: str, identifier: str = "", by: Staff, at: datetime
) -> BankAccount:
    """From now on statements of this account can come in; its lines are posted against `account` of the client's book."""
    allow_work_for(client=client, by=by)
    said = name.strip()
    if not said or len(said) > LONGEST_NAME:
        raise AccountWithoutName(
            _("Name the account in up to %(limit)s characters, like “Operating account”.") % {"limit": LONGEST_NAME},
            field="name",
        )
    if kind not in BankAccount.Kind.values:
        raise WrongAccount(_("Choose bank, card, payment provider or cash."), field="kind")
    _check_account(client, account)
    _refuse_taken(account, identifier)
    opened = BankAccount.objects.create(
        client=client,
        account=account,
        name=said,
        kind=kind,
        currency=account.currency or book_of(client=client).base_currency,
        identifier=shown(identifier, kind=kind),
        digest=digest_of(identifier),
        opened_at=at,
        opened_by=by,
    )
    record("bank_account.opened", at=at, by=by, client=client, bank_account=opened)
    live.tell([f"client-{client.pk}"], [f"bank-accounts-{client.pk}"])
    return opened


@transaction.atomic
def name_number(*, bank_account: BankAccount, identifier: str, by: Staff | None, at: datetime) -> BankAccount:
    """The account's number is known from now on: files tell it, and statements of other accounts are refused."""
    allow_work_for(client=bank_account.client, by=by)
    values = {"identifier": shown(identifier, kind=bank_account.kind), "digest": digest_of(identifier)}
    try:
        with transaction.atomic():
            changed = BankAccount.objects.filter(pk=bank_account.pk, digest="").update(**values)
    except IntegrityError:
        raise _number_taken() from None
    if changed != 1:
        raise TakenByAnother(_("This account has its number already."))
    bank_account.identifier, bank_account.digest = values["identifier"], values["digest"]
    record("bank_account.numbered", at=at, by=by, client=bank_account.client_id, bank_account=bank_account)
    return bank_account


@transaction.atomic
def close_bank_account(*, bank_account: BankAccount, by: Staff, at: datetime) -> BankAccount:
    """No statements are expected any more; everything stays on record."""
    allow_work_for(client=bank_account.client, by=by)
    if Undecided.objects.filter(bank_account=bank_account).exists():
        raise StillUndecided(_("Decide the lines of this account first, then close it."))
    if BankAccount.objects.filter(pk=bank_account.pk, closed_at=None).update(closed_at=at) != 1:
        raise TakenByAnother(_("This account is closed already."))
    bank_account.closed_at = at
    record("bank_account.closed", at=at, by=by, client=bank_account.client_id, bank_account=bank_account)
    return bank_account


def shown(identifier: str, *, kind: str) -> str:
    """As people may read it: of a card only the last digits are kept anywhere."""
    plain = re.sub(r"\s+", "", identifier)
    if kind == BankAccount.Kind.CARD and plain:
        return f"•••• {plain[-KEPT_OF_A_CARD:]}"
    return identifier.strip()[:60]


def _check_account(client: Client, account: Account) -> None:
    if account.book_id != book_of(client=client).pk:
        raise WrongAccount(_("Choose an account of this client's own book."), field="account")
    if account.type not in {"asset", "liability"}:
        raise WrongAccount(_("Choose an asset or a liability account: money lies there."), field="account")
    if account.deactivated_at is not None or account.merged_into_id is not None:
        raise WrongAccount(
            _("%(account)s is no longer in use. Choose another.") % {"account": account}, field="account"
        )


def _refuse_taken(account: Account, identifier: str) -> None:
    if taken := BankAccount.objects.filter(account=account).first():
        raise AccountTaken(
            _("%(name)s is mirrored by this account already. Choose or add another.") % {"name": taken.name},
            field="account",
        )
    known = digest_of(identifier)
    if known and BankAccount.objects.filter(digest=known).exists():
        raise _number_taken()


def _number_taken() -> AccountTaken:
    return AccountTaken(_("This account number is registered already."), field="identifier")
