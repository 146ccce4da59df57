"""The machine's half of the first review: finding what looks wrong in a month, and what people say to it."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import TYPE_CHECKING

from django.db import IntegrityError, transaction
from django.db.models import Q
from django.utils.translation import gettext as _

from wellkept.banking.actions.checks import allow_work_for, book_of
from wellkept.banking.models import Attached, Coding, Finding, ReviewedMonth, ReviewMark, ReviewTerms, Silence
from wellkept.banking.queries import review as reads
from wellkept.banking.queries import review_month
from wellkept.banking.rules.review import Found
from wellkept.banking.rules.review_kinds import found_in
from wellkept.core import live
from wellkept.core.facts import draft, record, record_all
from wellkept.core.money import LARGEST
from wellkept.core.refusals import Refusal, TakenByAnother
from wellkept.ledger import queries as ledger

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.core.models import Fact
    from wellkept.people.models import Staff

MOST_OF_A_KIND = 200
MONTHS_BACK = 14
LONGEST_REASON = 300


class StillThere(Refusal):
    """What was found has not changed."""


class ReasonMissing(Refusal):
    """Whoever lets a finding stand says why."""


class LimitUnsound(Refusal):
    """A limit is an amount."""


@dataclass(frozen=True)
class LimitDraft:
    """A client's own limits, in the currency of its book."""

    payee_over_minor: int
    round_from_minor: int
    twice_from_minor: int
    far_from_minor: int


@dataclass(frozen=True)
class Outcome:
    """What a review changed, and how much stands now."""

    new: int
    fixed: int
    gone: int
    open: int


@transaction.atomic
def review(*, client: Client, month: date, by: Staff | None, at: datetime) -> Outcome:
    """Look the month through again. What was found before and still holds stays the same row; doing it twice changes nothing."""
    allow_work_for(client=client, by=by)
    book, first = book_of(client=client), ledger.month_of(month)
    _take(client, first, by, at)
    standing = {
        (each.kind, each.about): each for each in Finding.objects.filter(reads.OPEN, client=client, month=first)
    }
    wanted = _wanted(client, first, found_in(review_month.gathered(book, first)))
    new = [_row(client, first, each, at) for key, each in wanted.items() if key not in standing]
    ended = [each for key, each in standing.items() if key not in wanted]
    _refresh(standing, wanted)
    Finding.objects.bulk_create(new)
    fixed = _end(ended, at)
    record_all([_fact("finding.found", each, by, at) for each in new])
    if new or ended:
        _tell(client.pk)
    return Outcome(len(new), fixed, len(ended) - fixed, len(standing) - len(ended) + len(new))


def review_due(*, at: datetime, limit: int = 300) -> int:
    """Note which months moved, and look the longest waiting through, each in its own transaction. Says how many.

    A month that cannot be looked through keeps waiting and is named at the end; the others are done all the same.
    """
    note_moved(at=at)
    due = [each for each in reads.to_review(limit) if ledger.book_of(each.client_id) is not None]
    failed: list[Exception] = []
    for each in due:
        try:
            review(client=each.client, month=each.month, by=None, at=at)
        except Exception as error:  # noqa: BLE001 - named when the others are done
            error.add_note(f"client {each.client_id}, month {each.month:%Y-%m}")
            failed.append(error)
    if failed:
        raise ExceptionGroup("months not looked through", failed)
    return len(due)


@transaction.atomic
def note_moved(*, at: datetime) -> int:
    """Months something was written in since the last time are to be looked through. Says how many."""
    moved = reads.moved_since(reads.marks(), _months_before(at.date(), MONTHS_BACK))
    rows = [ReviewedMonth(client_id=client, month=month, moved_at=at) for client, month in sorted(moved.months)]
    ReviewedMonth.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["client", "month"], update_fields=["moved_at"]
    )
    for table, last in moved.read_to.items():
        ReviewMark.objects.update_or_create(table=table, defaults={"last": last})
    return len(rows)


@transaction.atomic
def fix(*, finding: Finding, by: Staff, at: datetime) -> Finding:
    """It was put right: the month is looked through again, and the finding must be gone."""
    allow_work_for(client=finding.client, by=by)
    _still_open(finding)
    review(client=finding.client, month=finding.month, by=by, at=at)
    finding.refresh_from_db()
    if finding.gone_at is None and finding.fixed_at is None:
        raise StillThere(_("It still looks the same. Put it right first, or accept it and say why."))
    if finding.fixed_at is None:
        Finding.objects.filter(pk=finding.pk).update(gone_at=None, fixed_at=at, fixed_by=by)
        record_all([_fact("finding.fixed", finding, by, at)])
        finding.refresh_from_db()
    return finding


@transaction.atomic
def accept(*, finding: Finding, reason: str, by: Staff, at: datetime) -> Finding:
    """It is right as it stands, for this reason; just this is not raised again."""
    allow_work_for(client=finding.client, by=by)
    said = _reason(reason)
    opened = Finding.objects.filter(reads.OPEN, pk=finding.pk)
    if opened.update(accepted_at=at, accepted_by=by, reason=said) != 1:
        raise _taken()
    record_all([_fact("finding.accepted", finding, by, at)])
    _tell(finding.client_id)
    finding.refresh_from_db()
    return finding


@transaction.atomic
def reopen(*, finding: Finding, by: Staff, at: datetime) -> Finding:
    """What was accepted stands among the findings again."""
    allow_work_for(client=finding.client, by=by)
    accepted = Finding.objects.filter(pk=finding.pk, accepted_at__isnull=False)
    if accepted.update(accepted_at=None, accepted_by=None, reason="") != 1:
        raise TakenByAnother(_("This is open already."))
    record_all([_fact("finding.reopened", finding, by, at)])
    _tell(finding.client_id)
    finding.refresh_from_db()
    return finding


@transaction.atomic
def never_again(*, finding: Finding, reason: str, by: Staff, at: datetime) -> Silence:
    """Nothing of this kind is raised for its payee, account or pair any more; what is open of it ends with it."""
    allow_work_for(client=finding.client, by=by)
    said = _reason(reason)
    _still_open(finding)
    try:
        with transaction.atomic():
            silence = Silence.objects.create(
                client=finding.client, kind=finding.kind, subject=finding.subject, reason=said,
                silenced_at=at, silenced_by=by,
            )  # fmt: skip
    except IntegrityError:
        raise TakenByAnother(_("Somebody has said so already.")) from None
    alike = Finding.objects.filter(reads.OPEN, client=finding.client_id, kind=finding.kind, subject=finding.subject)
    ended = list(alike)
    Finding.objects.filter(pk__in=[each.pk for each in ended]).update(gone_at=at, silence=silence)
    record_all([_fact("finding.silenced", each, by, at) for each in ended])
    _tell(finding.client_id)
    return silence


@transaction.atomic
def end_silence(*, silence: Silence, by: Staff, at: datetime) -> Silence:
    """It may be raised again; what the silence ended stands open as before."""
    allow_work_for(client=silence.client, by=by)
    if Silence.objects.filter(pk=silence.pk, ended_at=None).update(ended_at=at) != 1:
        raise TakenByAnother(_("This was ended already."))
    back = list(Finding.objects.filter(silence=silence))
    Finding.objects.filter(silence=silence).update(gone_at=None, silence=None)
    record("silence.ended", at=at, by=by, client=silence.client_id, silence=silence)
    record_all([_fact("finding.reopened", each, by, at) for each in back])
    _tell(silence.client_id)
    silence.refresh_from_db()
    return silence


@transaction.atomic
def set_limits(*, client: Client, limits: LimitDraft, by: Staff, at: datetime) -> ReviewTerms:
    """From which amounts on this client's months are looked at so closely."""
    allow_work_for(client=client, by=by)
    said = asdict(limits)
    for name, minor in said.items():
        if not (minor > 0 if name == "round_from_minor" else minor >= 0) or minor > LARGEST:
            raise LimitUnsound(_("Write an amount like 75.00."), field=name.removesuffix("_minor"))
    terms, _new = ReviewTerms.objects.update_or_create(
        client=client, defaults={**said, "changed_at": at, "changed_by": by}
    )
    record("review.limits_set", at=at, by=by, client=client, **said)
    return terms


def _take(client: Client, month: date, by: Staff | None, at: datetime) -> None:
    """Whoever comes second waits here until the first is done, and then sees what it found."""
    ReviewedMonth.objects.get_or_create(client=client, month=month)
    ReviewedMonth.objects.filter(client=client, month=month).update(reviewed_at=at, reviewed_by=by)


def _wanted(client: Client, month: date, found: Iterable[Found]) -> dict[tuple[str, str], Found]:
    """What is neither accepted nor silenced, up to a limit of each kind."""
    accepted = set(
        Finding.objects.filter(client=client, month=month, accepted_at__isnull=False).values_list("kind", "about")
    )
    silent = set(Silence.objects.filter(client=client, ended_at=None).values_list("kind", "subject"))
    counts: Counter[str] = Counter()
    wanted: dict[tuple[str, str], Found] = {}
    for each in found:
        if (each.kind, each.about) not in accepted and (each.kind, each.subject) not in silent:
            counts[each.kind] += 1
            if counts[each.kind] <= MOST_OF_A_KIND:
                wanted[each.kind, each.about] = each
    return wanted


def _row(client: Client, month: date, found: Found, at: datetime) -> Finding:
    return Finding(
        client=client,
        month=month,
        kind=found.kind,
        about=found.about,
        subject=found.subject,
        data=found.data,
        line_id=found.line,
        entry_id=found.entry,
        account_id=found.account,
        found_at=at,
    )


def _refresh(standing: dict[tuple[str, str], Finding], wanted: dict[tuple[str, str], Found]) -> None:
    """The same finding may know more by now: what is usual has moved on."""
    changed = []
    for key, each in standing.items():
        if key in wanted and each.data != wanted[key].data:
            each.data = wanted[key].data
            changed.append(each)
    Finding.objects.bulk_update(changed, ["data"])


def _end(ended: Sequence[Finding], at: datetime) -> int:
    """What no longer holds was put right by whoever acted on it since, or is gone by itself. Says how many were fixed."""
    who = _acted(ended)
    fixed = [each for each in ended if each.pk in who]
    for each in fixed:
        each.fixed_at, each.fixed_by_id = at, who[each.pk]
    Finding.objects.bulk_update(fixed, ["fixed_at", "fixed_by"])
    gone = [each for each in ended if each.pk not in who]
    Finding.objects.filter(pk__in=[each.pk for each in gone]).update(gone_at=at)
    record_all([_fact("finding.fixed", each, who[each.pk], at) for each in fixed])
    record_all([_fact("finding.gone", each, None, at) for each in gone])
    return len(fixed)


def _acted(ended: Sequence[Finding]) -> dict[int, int]:
    """Who coded, took back or proved the line, or reversed the entry, after the finding was made."""
    lines = {each.line_id for each in ended if each.line_id}
    acts: list[tuple[int, datetime, int]] = []
    codings = Coding.objects.filter(line__in=lines).order_by("pk")
    for line, decided_at, decided_by, undone_at, undone_by in codings.values_list(
        "line", "decided_at", "decided_by", "undone_at", "undone_by"
    ):
        acts += [(line, when, who) for when, who in ((undone_at, undone_by), (decided_at, decided_by)) if when and who]
    papers = Attached.objects.filter(Q(attached_by__isnull=False), line__in=lines, ended_at=None).order_by("pk")
    acts += papers.values_list("line", "attached_at", "attached_by")
    reversals = ledger.reversed_by([each.entry_id for each in ended if each.entry_id])
    found: dict[int, int] = {}
    for each in ended:
        mine = [(when, who) for line, when, who in acts if line == each.line_id and when > each.found_at]
        who = max(mine)[1] if mine else reversals.get(each.entry_id or 0)
        if who is not None:
            found[each.pk] = who
    return found


def _still_open(finding: Finding) -> None:
    if not Finding.objects.filter(reads.OPEN, pk=finding.pk).exists():
        raise _taken()


def _taken() -> TakenByAnother:
    return TakenByAnother(_("This was settled meanwhile. Look at the list again."))


def _reason(reason: str) -> str:
    said = reason.strip()[:LONGEST_REASON]
    if not said:
        raise ReasonMissing(_("Say why it is right as it stands."), field="reason")
    return said


def _fact(name: str, finding: Finding, by: Staff | int | None, at: datetime) -> Fact:
    line, entry = finding.line_id, finding.entry_id
    return draft(
        name, at=at, by=by, client=finding.client_id, finding=finding, kind=finding.kind, line=line, entry=entry
    )


def _months_before(on: date, months: int) -> date:
    count = on.year * 12 + on.month - 1 - months
    return date(count // 12, count % 12 + 1, 1)


def _tell(client: int) -> None:
    live.tell([f"client-{client}"], [f"review-{client}"])
