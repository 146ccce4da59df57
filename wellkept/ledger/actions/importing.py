"""Earlier books brought in: the file is kept, looked at, confirmed by a person, and posted whole or not at all."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.db import transaction
from django.db.models import Max, Min, QuerySet
from django.utils.translation import gettext as _

from wellkept.core import live
from wellkept.core.facts import record
from wellkept.core.refusals import Refusal, TakenByAnother
from wellkept.ledger.actions.accounts import add_account
from wellkept.ledger.actions.books import begin_earlier
from wellkept.ledger.actions.cutting import add_dimension, add_tag
from wellkept.ledger.actions.posting import MOST_AT_ONCE, post_all, reason_given, reverse_all
from wellkept.ledger.actions.taking import allow, take
from wellkept.ledger.exchange import ReadBook, Unreadable
from wellkept.ledger.exchange.how import How
from wellkept.ledger.models import Book, Entry, HistoryFile, Period, Tag
from wellkept.ledger.queries.histories import Plan, dimensions_by_key, plan, read, tags_wanted
from wellkept.ledger.queries.settling import ROUNDING, Settled
from wellkept.ledger.rules.lines import EntryDraft, PostingDraft
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.core.models import StoredFile
    from wellkept.people.models import Staff

LONGEST_FILE_NAME = 200


class SayMore(Refusal):
    """A file that cannot be understood without a word from a person."""


class HasProblems(Refusal):
    """Something of the file cannot stand in the book."""


class MonthClosed(Refusal):
    """What was posted there stays."""


class NothingNew(Refusal):
    """All of it is in the book."""


@transaction.atomic
def take_in_history(
    *, book: Book, stored: StoredFile, name: str, kind: str, by: Staff | None, at: datetime
) -> HistoryFile:
    """Keep the file as it came. Nothing of it counts before it is confirmed; one still waiting is not kept twice."""
    allow(book=book, by=by)
    same = HistoryFile.objects.filter(book=book, stored=stored, kind=kind, confirmed_at=None, set_aside_at=None).first()
    if same is not None:
        return same
    file = HistoryFile.objects.create(
        book=book, stored=stored, name=name.strip()[:LONGEST_FILE_NAME] or _("Unnamed file"), kind=kind,
        received_at=at, received_by=None if by is None else by.pk,
    )  # fmt: skip
    record("history.taken_in", at=at, by=by, client=book.client_id, file=file.pk)
    return file


@transaction.atomic
def say_how(*, file: HistoryFile, how: How, by: Staff, at: datetime) -> HistoryFile:
    """Which column is what, the order of day and month, the day of a trial balance."""
    allow(book=file.book, by=by)
    told = {name: value for name, value in how.to_json().items() if name in {"columns", "order", "day"}}
    _move(file, said=told)
    record("history.described", at=at, by=by, client=file.book.client_id, file=file.pk)
    return file


@transaction.atomic
def set_history_aside(*, file: HistoryFile, reason: str, by: Staff, at: datetime) -> HistoryFile:
    """The file stays on record with the reason, and nothing of it counts."""
    allow(book=file.book, by=by)
    _move(file, set_aside_at=at, reason=reason_given(reason=reason))
    record("history.set_aside", at=at, by=by, client=file.book.client_id, file=file.pk)
    return file


def confirm_history(*, file: HistoryFile, choices: Mapping[str, Any], by: Staff, at: datetime) -> HistoryFile:
    """Let the file be posted as the preview said. Refused while anything of it stands in the way.

    Posting follows at once in the worker, for it can take longer than a page may.
    """
    allow(book=file.book, by=by)
    planned = _planned(file, choices)
    if not planned.new:
        raise NothingNew(_nothing_new(file))
    with transaction.atomic():
        _move(file, choices=dict(choices), confirmed_at=at, confirmed_by=by.pk, reason="")
        record("history.confirmed", at=at, by=by, client=file.book.client_id, file=file.pk)
        _tell(file)
    return file


def bring_in(*, file: int, at: datetime) -> HistoryFile:
    """Post a confirmed file: accounts, tags and every entry in one transaction. What refuses it sends it back with the reason."""
    found = HistoryFile.objects.select_related("book__client", "stored").get(pk=file)
    if found.posted_at is not None or found.confirmed_at is None:
        return found
    by = people.by_id(found.confirmed_by) if found.confirmed_by is not None else None
    try:
        told = read(found)
        with transaction.atomic():
            _post(found, told, by, at)
    except Refusal as refusal:
        _send_back(found, str(refusal), by, at)
    return found


@transaction.atomic
def ask_to_undo(*, file: HistoryFile, reason: str, by: Staff, at: datetime) -> HistoryFile:
    """Let everything the file posted be taken back, each entry on its own day. Refused while one of its months is closed.

    It follows at once in the worker, as the posting did. Accounts and tags that came with the file stay.
    """
    allow(book=file.book, by=by)
    take(book=file.book)
    _refuse_closed(file)
    asked = HistoryFile.objects.filter(pk=file.pk, posted_at__isnull=False, entries__gt=0, undo_asked_at=None)
    why = reason_given(reason=reason)
    if asked.update(undo_asked_at=at, undo_asked_by=by.pk, undo_reason=why, reason="") != 1:
        raise TakenByAnother(_("Nothing of this file is left to take back."))
    record("history.undo_asked", at=at, by=by, client=file.book.client_id, file=file.pk)
    file.refresh_from_db()
    _tell(file)
    return file


def undo(*, file: int, at: datetime) -> HistoryFile:
    """Take back what a file posted, all of it or nothing. What refuses it is kept with the file."""
    found = HistoryFile.objects.select_related("book__client").get(pk=file)
    if found.undone_at is not None or found.undo_asked_at is None:
        return found
    by = people.by_id(found.undo_asked_by) if found.undo_asked_by is not None else None
    try:
        with transaction.atomic():
            _take_back(found, by, at)
    except Refusal as refusal:
        asked = HistoryFile.objects.filter(pk=found.pk, undone_at=None, undo_asked_at__isnull=False)
        asked.update(undo_asked_at=None, undo_asked_by=None, undo_reason="", reason=str(refusal)[:500])
    found.refresh_from_db()
    _tell(found)
    return found


def _take_back(file: HistoryFile, by: Staff | None, at: datetime) -> None:
    taken = reverse_all(entries=list(_posted_by(file)), reason=file.undo_reason, by=by, at=at)
    if HistoryFile.objects.filter(pk=file.pk, undone_at=None, undo_asked_at__isnull=False).update(undone_at=at) != 1:
        raise TakenByAnother(_("This file was taken back already."))
    record("history.undone", at=at, by=by, client=file.book.client_id, file=file.pk, entries=len(taken))


def _posted_by(file: HistoryFile) -> QuerySet[Entry]:
    """A file is posted whole while its book is held, so its entries are those between two numbers."""
    mine = Entry.objects.filter(book=file.book, number__range=(file.first_number, file.last_number))
    return mine.select_related("book__client").order_by("number")


def _refuse_closed(file: HistoryFile) -> None:
    days = _posted_by(file).filter(reversed_by=None).aggregate(first=Min("dated_on"), last=Max("dated_on"))
    if days["first"] is None:
        return
    closed = Period.objects.filter(book=file.book, ends_on__gt=days["first"], starts_on__lte=days["last"])
    for period in closed.exclude(soft_closed_at=None, hard_closed_at=None).order_by("starts_on"):
        if _posted_by(file).filter(dated_on__gte=period.starts_on, dated_on__lt=period.ends_on).exists():
            raise MonthClosed(
                _(
                    "%(month)s is closed, and the file posted into it. Open it again first; what was closed for good stays."
                )
                % {"month": f"{period.starts_on:%Y-%m}"}
            )


def _nothing_new(file: HistoryFile) -> str:
    if file.kind == HistoryFile.Kind.OPENING:
        return _("Opening balances of this day are in the book already. Take that entry back first.")
    return _("Every entry of this file is in the book already.")


def _post(file: HistoryFile, told: ReadBook, by: Staff | None, at: datetime) -> None:
    book = file.book
    take(book=book)
    book.refresh_from_db()
    planned = _without_problems(plan(book, told, file.choices))
    if planned.begins_earlier and planned.first_on is not None:
        begin_earlier(book=book, opened_on=planned.first_on, by=by, at=at)
    accounts = _accounts(book, planned, by, at)
    tags = _tags(book, told, by, at)
    drafts = [_draft(settled, planned, accounts, tags) for settled in planned.entries]
    written: list[Entry] = []
    before = book.last_number
    for start in range(0, len(drafts), MOST_AT_ONCE):
        written += post_all(book=book, drafts=drafts[start : start + MOST_AT_ONCE], by=by, at=at)
    new = [entry.number for entry in written if entry.number > before]
    values = {
        "posted_at": at, "entries": len(new), "known": len(written) - len(new),
        "first_number": min(new, default=None), "last_number": max(new, default=None),
    }  # fmt: skip
    if HistoryFile.objects.filter(pk=file.pk, posted_at=None, confirmed_at__isnull=False).update(**values) != 1:
        raise TakenByAnother(_("This file has been posted already."))
    record("history.posted", at=at, by=by, client=book.client_id, file=file.pk, entries=len(new))
    file.refresh_from_db()
    _tell(file)


@transaction.atomic
def _send_back(file: HistoryFile, reason: str, by: Staff | None, at: datetime) -> None:
    """Whoever confirmed it finds it waiting again, with what stood in the way."""
    waiting = HistoryFile.objects.filter(pk=file.pk, posted_at=None, confirmed_at__isnull=False)
    if waiting.update(confirmed_at=None, confirmed_by=None, reason=reason[:500]):
        record("history.sent_back", at=at, by=by, client=file.book.client_id, file=file.pk)
        _tell(file)
    file.refresh_from_db()


def _planned(file: HistoryFile, choices: Mapping[str, Any]) -> Plan:
    told = read(file)
    if told.needs:
        raise SayMore(_("Say first how this file is to be read."))
    return _without_problems(plan(file.book, told, choices))


def _without_problems(planned: Plan) -> Plan:
    if planned.problems:
        raise HasProblems(str(planned.problems[0]))
    if not planned.entries:
        raise Unreadable(_("The file holds no entries."))
    return planned


def _accounts(book: Book, planned: Plan, by: Staff | None, at: datetime) -> dict[str, int]:
    """The id of every account of the file; new ones are added."""
    found: dict[str, int] = {}
    if book.rounding_account_id is not None:
        found[ROUNDING] = book.rounding_account_id
    for each in planned.accounts:
        account = each.account or add_account(
            book=book, code=each.code, name=each.name, type=each.type, purpose=each.purpose, currency=each.currency,
            by=by, at=at,
        )  # fmt: skip
        found[each.read.key] = account.pk
    return found


def _tags(book: Book, told: ReadBook, by: Staff | None, at: datetime) -> dict[tuple[str, str], int]:
    """The id of every tag of the file; new ones are added, and new dimensions for them."""
    dimensions = dimensions_by_key(book)
    found: dict[tuple[str, str], int] = {}
    for key, names in sorted(tags_wanted(told).items()):
        if key not in dimensions:
            dimensions[key] = add_dimension(book=book, name=key.replace("-", " ").capitalize(), by=by, at=at)
        there = {tag.name.casefold(): tag for tag in Tag.objects.filter(dimension=dimensions[key])}
        for name in sorted(names):
            tag = there.get(name.casefold()) or add_tag(dimension=dimensions[key], name=name, by=by, at=at)
            found[key, name] = tag.pk
    return found


def _draft(
    settled: Settled, planned: Plan, accounts: Mapping[str, int], tags: Mapping[tuple[str, str], int]
) -> EntryDraft:
    entry = settled.entry
    lines: Sequence[PostingDraft] = [
        PostingDraft(
            accounts[line.account], line.amount_minor or 0, line.currency, line.foreign_minor, line.text,
            planned.taxes.get(line.tax), tuple(tags[tag] for tag in line.tags),
        )
        for line in entry.lines
    ]  # fmt: skip
    narration = entry.narration or (_("Opening balances") if settled.source == "opening" else "")
    return EntryDraft(entry.dated_on, lines, narration, settled.source, settled.key)


def _move(file: HistoryFile, **values: Any) -> None:
    """Change a file that still waits; exactly one, or somebody else was first."""
    waiting = HistoryFile.objects.filter(pk=file.pk, confirmed_at=None, set_aside_at=None)
    if waiting.update(**values) != 1:
        raise TakenByAnother(_("Somebody has confirmed this file or set it aside already."))
    file.refresh_from_db()


def _tell(file: HistoryFile) -> None:
    live.tell([f"client-{file.book.client_id}"], [f"history-{file.pk}"])
