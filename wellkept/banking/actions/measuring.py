"""How good the suggestions are, measured on what people decided; from it, whether the machine may decide alone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from django.db import transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.utils.translation import gettext as _

from wellkept.banking.actions.checks import allow_work_for
from wellkept.banking.learning import trust
from wellkept.banking.models import Automation, Coding, CodingMonth
from wellkept.banking.queries.deciding import GATED, kind_of
from wellkept.banking.rules.conditions import MILLION
from wellkept.core import live
from wellkept.core.facts import record
from wellkept.core.refusals import NotYours, Refusal, TakenByAnother
from wellkept.people import queries as people

if TYPE_CHECKING:
    from wellkept.clients.models import Client
    from wellkept.people.models import Staff

DEFAULT_LIMIT = 10_000  # 1%
LARGEST_LIMIT = 50_000
LOOKED_BACK = timedelta(days=40)
FEW, DRIFT = "few", "drift"


class LimitWrong(Refusal):
    """The error allowed is a small share."""


@transaction.atomic
def allow(*, client: Client, limit: int = DEFAULT_LIMIT, by: Staff, at: datetime) -> Automation:
    """The machine may post alone where its measured error is under `limit` (millionths). It starts when that is proved."""
    _allow_changing(client, by)
    if not 0 < limit <= LARGEST_LIMIT:
        raise LimitWrong(_("Choose a limit between 0.1% and 5%."), field="limit")
    Automation.objects.update_or_create(client=client, defaults={"allowed_at": at, "allowed_by": by, "limit": limit})
    record("coding.automation_allowed", at=at, by=by, client=client, limit=limit)
    return measure(client=client, at=at)


@transaction.atomic
def disallow(*, client: Client, by: Staff, at: datetime) -> Automation:
    """Everything is asked from now on."""
    _allow_changing(client, by)
    if Automation.objects.filter(client=client, allowed_at__isnull=False).update(allowed_at=None, threshold=None) != 1:
        raise TakenByAnother(_("The machine was not allowed to decide alone."))
    record("coding.automation_ended", at=at, by=by, client=client)
    return Automation.objects.get(client=client)


@transaction.atomic
def measure(*, client: Client | int, at: datetime) -> Automation:
    """Measure again on the latest decisions. The right to decide alone comes and goes with it, by itself."""
    pk = client if isinstance(client, int) else client.pk
    row, _new = Automation.objects.get_or_create(client_id=pk, defaults={"limit": DEFAULT_LIMIT})
    judged = trust.measured(outcomes(client=pk), row.limit / MILLION)
    before = row.threshold
    row.threshold = _threshold(judged) if row.allowed_at is not None else None
    row.measured_error = MILLION * judged.errors // judged.sure if judged.sure else None
    row.measured_lines = judged.lines
    row.measured_at = at
    accounts = sorted({int(code.partition("/")[0]) for code in judged.excluded})
    row.excluded = [*accounts, *sorted(GATED - judged.kinds)]
    row.because = "" if judged.threshold is not None else FEW if judged.lines < trust.RECENT else DRIFT
    row.save()
    if (before is None) != (row.threshold is None):
        name = "coding.automation_started" if before is None else "coding.automation_stopped"
        record(name, at=at, client=pk, limit=row.limit, because=row.because)
    live.tell([f"client-{pk}"], [f"coding-trust-{pk}"])
    return row


@transaction.atomic
def measure_whole(*, client: Client, since: date, by: Staff, at: datetime) -> Automation:
    """Measure and count the months anew now, because a person asks."""
    allow_work_for(client=client, by=by)
    count_months(client=client.pk, since=since, until=at.date() + timedelta(days=1))
    return measure(client=client, at=at)


def measure_due(*, at: datetime, limit: int = 500) -> int:
    """Every client somebody decided something for since it was measured last; its month is counted anew as well."""
    last = Automation.objects.filter(client=OuterRef("client")).values("measured_at")[:1]
    waiting = (
        Coding.objects.annotate(measured=Subquery(last))
        .filter(Q(measured=None) | Q(decided_at__gt=F("measured")), decided_at__gte=at - LOOKED_BACK)
        .order_by("client")
        .values_list("client", flat=True)
        .distinct()
    )
    clients = list(waiting[:limit])
    for client in clients:
        measure(client=client, at=at)
        count_months(client=client, since=at.date().replace(day=1), until=at.date() + timedelta(days=1))
    return len(clients)


@transaction.atomic
def count_months(*, client: int, since: date, until: date) -> int:
    """Count a client's months anew from its decisions; the same decisions give the same figures. Says how many months."""
    stretch = Q(decided_at__date__gte=since, decided_at__date__lt=until)
    months: dict[date, list[Coding]] = {}
    for coding in _each_transfer_once(_decisions(client).filter(stretch).order_by("id")):
        months.setdefault(_month_of(coding), []).append(coding)
    alone = Coding.objects.filter(stretch, client=client, decided_by=None).only(
        "decided_at", "how", "entry", "suggested_rank", "confidence"
    )
    by_machine = Counter(map(_month_of, _each_transfer_once(alone)))
    CodingMonth.objects.filter(client=client, month__gte=since, month__lt=until).delete()
    CodingMonth.objects.bulk_create(
        [_month(client, month, months.get(month, []), by_machine[month]) for month in {*months, *by_machine}]
    )
    return len({*months, *by_machine})


def outcomes(*, client: int) -> list[trust.Outcome]:
    """The latest decisions a person looked at singly, oldest first.

    What went in a batch says nothing: whoever approves a hundred sure lines in one stroke has not judged each of them.
    """
    latest = _decisions(client).filter(batch=None).order_by("-id")[: trust.WINDOW]
    return [_outcome(coding) for coding in _each_transfer_once(reversed(latest))]


def _decisions(client: int) -> QuerySet[Coding]:
    """What people decided, and what the machine decided and a person took back. An undone click is no judgement."""
    by_people = Q(undone_at=None, decided_by__isnull=False)
    put_right = Q(undone_at__isnull=False, decided_by=None)
    rows = Coding.objects.filter(by_people | put_right, client=client, suggestion__isnull=False)
    return rows.select_related("suggestion")


def _each_transfer_once(rows: Iterable[Coding]) -> list[Coding]:
    """Its two legs are one decision: the leg for which the transfer was suggested speaks for both."""
    kept: dict[tuple[str, int], Coding] = {}
    for row in rows:
        key = ("entry", row.entry_id) if row.how == Coding.How.TRANSFER else ("line", row.pk)
        if key not in kept or _speaks_louder(row, kept[key]):
            kept[key] = row
    return list(kept.values())


def _speaks_louder(row: Coding, other: Coding) -> bool:
    return (row.suggested_rank is not None, row.confidence) > (other.suggested_rank is not None, other.confidence)


def _outcome(coding: Coding) -> trust.Outcome:
    first = coding.suggestion.choices[0] if coding.suggestion and coding.suggestion.choices else None
    return trust.Outcome(
        code="" if first is None else str(first["account"]),
        confidence=coding.confidence / MILLION,
        rank=None if coding.suggested_rank is None or coding.undone_at else coding.suggested_rank - 1,
        on=coding.decided_at.date(),
        payee_seen=coding.suggestion is not None and coding.suggestion.payee_seen,
        kind="" if first is None else kind_of(first),
    )


def _month(client: int, month: date, rows: Iterable[Coding], by_machine: int) -> CodingMonth:
    found = [(row, _outcome(row)) for row in rows]
    judged = [outcome for _row, outcome in found]
    return CodingMonth(
        client_id=client,
        month=month,
        lines=len(judged),
        first=sum(each.right for each in judged),
        top_three=sum(each.rank is not None for each in judged),
        unseen=sum(not each.payee_seen for each in judged),
        unseen_first=sum(each.right and not each.payee_seen for each in judged),
        alone=by_machine,
        alone_wrong=sum(row.by_machine for row, _judged in found),
        coverage_one=_covered(judged, 0.01),
        coverage_two=_covered(judged, 0.02),
    )


def _month_of(coding: Coding) -> date:
    return coding.decided_at.date().replace(day=1)


def _covered(judged: Sequence[trust.Outcome], limit: float) -> int:
    """How many of the month's lines stand above the lowest confidence at which its error was within the limit."""
    ordered = sorted(judged, key=lambda each: -each.confidence)
    covered = errors = 0
    for place, each in enumerate(ordered, start=1):
        errors += not each.right
        if errors <= limit * place:
            covered = place
    return covered


def _threshold(judged: trust.Trust) -> int | None:
    return None if judged.threshold is None else round(judged.threshold * MILLION)


def _allow_changing(client: Client, by: Staff) -> None:
    allow_work_for(client=client, by=by)
    if not (people.may_manage_clients(by) or client.bookkeeper_id == by.pk):
        raise NotYours(_("The client's bookkeeper or a team lead decides whether the machine may."))
