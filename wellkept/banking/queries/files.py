"""Reads of statement files: waiting, imported, refused; and what was left out between two statements."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from django.db.models import QuerySet

from wellkept.banking import formats
from wellkept.banking.models import BankAccount, ColumnMapping, Statement, StatementFile
from wellkept.banking.rules import proof
from wellkept.clients import queries as clients
from wellkept.core import files

if TYPE_CHECKING:
    from wellkept.people.models import Staff

LOOKED_AT = 400  # statements; more than thirty years of months


def for_staff(by: Staff) -> QuerySet[StatementFile]:
    """The files of the clients a person may see, newest first."""
    scoped = StatementFile.objects.filter(clients.scope(by).q()).order_by("-id")
    return scoped.select_related("client", "stored", "bank_account", "mapping")


def waiting(by: Staff) -> QuerySet[StatementFile]:
    """Files nobody has confirmed or refused yet."""
    return for_staff(by).filter(imported_at=None, rejected_at=None)


def seen_before(file: StatementFile) -> StatementFile | None:
    """The same bytes, imported for this client before."""
    same = StatementFile.objects.filter(client=file.client_id, stored=file.stored_id, imported_at__isnull=False)
    same = same.filter(taken_out_at=None)
    return same.exclude(pk=file.pk).order_by("id").first()


def read(file: StatementFile) -> formats.ReadFile:
    """What the file says, read where it can do no harm. Raises `Unreadable` with row, column and reason.

    A table is read by the columns a person chose for it, else by those learned from another file with its headings.
    """
    path = files.path_of(file.stored.sha256)
    currency = "" if file.bank_account is None else file.bank_account.currency
    if file.mapping is not None:
        return formats.read_safely(path, map=formats.ColumnMap.from_json(file.mapping.columns), currency=currency)
    told = formats.read_safely(path, currency=currency)
    learned = _learned(told.sample) if told.needs == formats.COLUMNS else None
    return told if learned is None else _read_as_learned(path, learned, currency)


def _learned(sample: Iterable[Sequence[str]]) -> formats.ColumnMap | None:
    """How the bank writes its tables, by the first row that stands as headings above one we know."""
    headings = [known for row in sample if (known := formats.fingerprint(tuple(row)))]
    mappings = ColumnMapping.objects.in_bulk(headings, field_name="fingerprint")
    found = next((mappings[known] for known in headings if known in mappings), None)
    return None if found is None else formats.ColumnMap.from_json(found.columns)


def _read_as_learned(path: Path, learned: formats.ColumnMap, currency: str) -> formats.ReadFile:
    """Two banks may use the same headings: what the file's own dates say of their order comes before what was learned."""
    told = formats.read_safely(path, map=replace(learned, date_order=""), currency=currency)
    if told.needs != formats.DATE_ORDER:
        return told
    return formats.read_safely(path, map=learned, currency=currency)


def gaps(bank_account: BankAccount) -> list[proof.Gap]:
    """The stretches of an account no statement tells of."""
    rows = Statement.objects.filter(bank_account=bank_account, file__taken_out_at=None).order_by("-ends_on", "-id")[
        :LOOKED_AT
    ]
    return proof.gaps([proof.Stretch(row.starts_on, row.ends_on, row.opening_minor, row.closing_minor) for row in rows])
