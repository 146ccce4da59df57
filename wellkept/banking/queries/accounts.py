"""Reads of bank accounts within a person's scope."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

from django.db.models import QuerySet
from django.utils.crypto import salted_hmac

from wellkept.banking.models import BankAccount
from wellkept.clients import queries as clients
from wellkept.ledger.uses import Use, reader_of_uses

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff


def for_staff(by: Staff) -> QuerySet[BankAccount]:
    """The accounts of the clients a person may see."""
    return BankAccount.objects.filter(clients.scope(by).q()).select_related("client", "account")


def of_client(client: Client | int) -> QuerySet[BankAccount]:
    """A client's accounts in use, by name."""
    return BankAccount.objects.filter(client=client, closed_at=None).select_related("account")


def by_identifier(identifier: str) -> BankAccount | None:
    """Whose account number this is, across the whole firm. For recognising a file, never for showing."""
    known = digest_of(identifier)
    return BankAccount.objects.filter(digest=known).select_related("client", "account").first() if known else None


@reader_of_uses
def uses(accounts: Sequence[int]) -> list[Use]:
    """The bank accounts that mirror any of these accounts of a book."""
    found = BankAccount.objects.filter(account__in=accounts).order_by("name")
    return [Use(each.name, is_over=each.closed_at is not None) for each in found]


def digest_of(identifier: str) -> str:
    """How a number is known again without being kept: keyed, so that it cannot be guessed from a copied database."""
    plain = re.sub(r"[^0-9A-Za-z]", "", identifier).upper()
    return salted_hmac("wellkept.banking.account", plain, algorithm="sha256").hexdigest() if plain else ""
