"""Statement files: taken in as they came, looked at, imported whole or refused with the reason."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from datetime import datetime
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F
from django.utils.translation import gettext as _

from wellkept.banking.actions import decisions, reconciling, suggesting
from wellkept.banking.actions.accounts import name_number
from wellkept.banking.actions.checks import allow_work_for
from wellkept.banking.formats import ColumnMap, Unreadable
from wellkept.banking.models import BankAccount, BankLine, ColumnMapping, Statement, StatementFile
from wellkept.banking.queries import files
from wellkept.banking.queries.plans import Plan, Planned, plan
from wellkept.core import bulk, live
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from wellkept.banking.formats import ReadLine
    from wellkept.banking.rules.identity import Numbered
    from wellkept.clients.models import Client
    from wellkept.conversations.models import Message
    from wellkept.core.models import StoredFile
    from wellkept.people.models import Staff

WORDS = {"payee": 200, "counterparty": 60, "description": 500, "reference": 140, "bank_id": 255}


class NeedsMore(Refusal):
    """A file that cannot be understood without a word from a person."""


class ReasonMissing(Refusal):
    """A file is set aside with a reason, so that nobody looks for it later."""


@transaction.atomic
def take_in(
    *,
    client: Client,
    stored: StoredFile,
    name: str,
    arrived_by: str,
    bank_account: BankAccount | None = None,
    message: Message | None = None,
    by: Staff | None,
    at: datetime,
) -> StatementFile:
    """Keep the file as it came. Nothing of it counts before it is imported; a file still waiting is not kept twice."""
    allow_work_for(client=client, by=by)
    waiting = StatementFile.objects.filter(client=client, stored=stored, imported_at=None, rejected_at=None).first()
    if waiting is not None:
        return waiting
    file = StatementFile.objects.create(
        client=client,
        stored=stored,
        name=name.strip()[:200] or _("Unnamed file"),
        arrived_by=arrived_by,
        received_at=at,
        received_by=by,
        message=message,
        bank_account=bank_account,
    )
    record("statement_file.taken_in", at=at, by=by, client=client, file=file)
    _tell(file)
    return file


@transaction.atomic
def use_account(*, file: StatementFile, bank_account: BankAccount, by: Staff, at: datetime) -> StatementFile:
    """Statements of this file that tell no account are of this one."""
    _still_waiting(file, by, bank_account=bank_account)
    record("statement_file.account_chosen", at=at, by=by, client=file.client_id, file=file, bank_account=bank_account)
    return file


@transaction.atomic
def use_mapping(*, file: StatementFile, columns: ColumnMap, by: Staff, at: datetime) -> StatementFile:
    """Learn which column is what; files of this bank are read so from now on."""
    mapping, _new = ColumnMapping.objects.update_or_create(
        fingerprint=columns.fingerprint or f"file-{file.stored.sha256[:32]}",
        defaults={"columns": columns.to_json(), "learned_at": at, "learned_by": by},
    )
    _still_waiting(file, by, mapping=mapping)
    record("statement_file.mapping_learned", at=at, by=by, client=file.client_id, file=file, mapping=mapping)
    return file


def import_file(*, file: StatementFile, by: Staff | None, at: datetime) -> StatementFile:
    """Every line that is not here yet is kept and waits to be coded; all of the file, or nothing of it.

    The file is read before anything is locked. `Unreadable` and the refusals of the plan leave no row behind.
    """
    return _import(file, False, by, at)


def import_without_doubted(*, file: StatementFile, by: Staff, at: datetime) -> StatementFile:
    """Like `import_file`; lines that may be here already in other words are kept and left out."""
    return _import(file, True, by, at)


@transaction.atomic
def reject(*, file: StatementFile, reason: str, by: Staff | None, at: datetime) -> StatementFile:
    """The file stays on record with the reason, and nothing of it counts."""
    allow_work_for(client=file.client, by=by)
    said = reason.strip()[:500]
    if not said:
        raise ReasonMissing(_("Say why this file is not used."), field="reason")
    if _waiting(file).update(rejected_at=at, reason=said) != 1:
        raise _too_late()
    file.rejected_at, file.reason = at, said
    record("statement_file.rejected", at=at, by=by, client=file.client_id, file=file)
    _tell(file)
    return file


def reject_unreadable(*, file: StatementFile, why: Unreadable, by: Staff | None, at: datetime) -> StatementFile:
    """Nothing of the file can be read; it says row, column and reason."""
    return reject(file=file, reason=str(why), by=by, at=at)


@transaction.atomic
def look_again(*, file: StatementFile, by: Staff, at: datetime) -> StatementFile:
    """A refused file waits again, for a reader that has learned or a person who has."""
    allow_work_for(client=file.client, by=by)
    refused = StatementFile.objects.filter(pk=file.pk, rejected_at__isnull=False)
    if refused.update(rejected_at=None, reason="") != 1:
        raise TakenByAnother(_("This file was not refused."))
    file.rejected_at, file.reason = None, ""
    record("statement_file.looked_at_again", at=at, by=by, client=file.client_id, file=file)
    _tell(file)
    return file


def _import(file: StatementFile, careful: bool, by: Staff | None, at: datetime) -> StatementFile:
    allow_work_for(client=file.client, by=by)
    read = files.read(file)
    if read.needs:
        raise NeedsMore(
            _("Say first how this file is to be read: which column is what, and in which order dates stand.")
        )
    with transaction.atomic():
        _claim(file, by, at)
        planned = plan(file, read)
        for each in planned.statements:
            _write(file, each, each.doubted_identities if careful else frozenset(), by, at)
        _note(file, planned, planned.doubted_count if careful else 0, by, at)
    return file


def _claim(file: StatementFile, by: Staff | None, at: datetime) -> None:
    """Only one import of a file goes on, and only one of a client's accounts at a time: whoever marks their rows first."""
    if _waiting(file).update(imported_at=at, imported_by=by) != 1:
        raise _too_late()
    BankAccount.objects.filter(client=file.client_id).update(name=F("name"))  # holds them until the commit
    file.imported_at, file.imported_by = at, by


def _write(file: StatementFile, planned: Planned, without: Collection[str], by: Staff | None, at: datetime) -> None:
    """Lines that move no money are kept as the bank told them: a note, which waits for nobody."""
    if planned.learns_number:
        name_number(bank_account=planned.bank_account, identifier=planned.told.identifier, by=by, at=at)
    statement = Statement.objects.create(
        bank_account=planned.bank_account,
        file=file,
        number=planned.told.number[:40],
        starts_on=planned.starts_on,
        ends_on=planned.ends_on,
        opening_minor=planned.told.opening_minor,
        closing_minor=planned.told.closing_minor,
    )
    lines = [_line(file, statement, told, numbered) for told, numbered in planned.new]
    bulk.insert_numbered(lines)
    doubted = [line for line in lines if line.identity in without]
    decisions.leave_out(doubted, reason=_("Told before in other words"), by=by, at=at)
    suggesting.put_to_decide(
        lines=[line for line in lines if line.amount_minor and line.identity not in without], at=at
    )
    if lines:
        first = min(line.dated_on for line in lines)
        reconciling.void_from(bank_account=planned.bank_account, dated_on=first, because=reconciling.LINE, at=at)
    record(
        "statement.imported",
        at=at,
        by=by,
        client=file.client_id,
        statement=statement,
        bank_account=planned.bank_account,
        file=file,
        new=len(lines) - len(doubted),
    )


def _line(file: StatementFile, statement: Statement, told: ReadLine, numbered: Numbered) -> BankLine:
    return BankLine(
        client=file.client,
        bank_account=statement.bank_account,
        file=file,
        statement=statement,
        row=told.row,
        dated_on=told.dated_on,
        valued_on=told.valued_on,
        amount_minor=told.amount_minor,
        raw=told.raw,
        occurrence=numbered.occurrence,
        identity=numbered.identity,
        balance_minor=told.balance_minor,
        **{word: str(getattr(told, word))[:most] for word, most in WORDS.items()},
    )


def _note(file: StatementFile, planned: Plan, without: int, by: Staff | None, at: datetime) -> None:
    counted: Mapping[str, str | int] = {
        "format": planned.read.format,
        "new_lines": planned.new_count - without,
        "known_lines": planned.known_count + without,
    }
    StatementFile.objects.filter(pk=file.pk).update(**counted)
    for name, value in counted.items():
        setattr(file, name, value)
    record(
        "statement_file.imported",
        at=at,
        by=by,
        client=file.client_id,
        file=file,
        new=file.new_lines,
        known=file.known_lines,
    )
    _tell(file)


def _still_waiting(file: StatementFile, by: Staff, **values: object) -> None:
    allow_work_for(client=file.client, by=by)
    if _waiting(file).update(**values) != 1:
        raise _too_late()
    for name, value in values.items():
        setattr(file, name, value)


def _waiting(file: StatementFile) -> QuerySet[StatementFile]:
    return StatementFile.objects.filter(pk=file.pk, imported_at=None, rejected_at=None)


def _too_late() -> TakenByAnother:
    return TakenByAnother(_("Somebody has imported or refused this file already. Look at it again."))


def _tell(file: StatementFile) -> None:
    live.tell([f"client-{file.client_id}"], [f"statement-files-{file.client_id}", f"undecided-{file.client_id}"])
