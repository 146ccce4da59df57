"""The only writers of the roll-ups: one promise counted where it belongs now, or everything counted anew."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from datetime import date
from itertools import islice
from zoneinfo import ZoneInfo

from django.db import connection, transaction
from django.db.models import Max

from wellkept.core.models import Fact
from wellkept.core.refusals import TakenByAnother
from wellkept.insight.models import NOBODY, Counted, DailyCount, Reckoning
from wellkept.insight.rules import COUNTS, Outcome, day_of, outcome_of
from wellkept.people import queries as people
from wellkept.promises.models import Promise

CHUNK = 5_000
BLAMED = (Outcome.LATE, Outcome.MISSED)
Cell = tuple[object, ...]
# The names in the statement are constants of this room; its values are bound.
KEY = ("day", "client", "owner", "channel", "kind")
_COLUMNS = (*KEY, *COUNTS)
_SUMS = ", ".join(f"{name} = insight_dailycount.{name} + excluded.{name}" for name in COUNTS)
ADD = f"""
INSERT INTO insight_dailycount ({", ".join(_COLUMNS)}) VALUES ({", ".join(["%s"] * len(_COLUMNS))})
ON CONFLICT ({", ".join(KEY)}) DO UPDATE SET {_SUMS}"""  # noqa: S608


@transaction.atomic
def count(*, promise_id: int, missed_by: int | None = None) -> Counted:
    """Count the promise in the cell where it belongs now, and nowhere else; counting again changes nothing.

    `missed_by` is the owner at the moment of the miss, known to the fact that tells of it.
    """
    promise = Promise.objects.get(pk=promise_id)
    before = Counted.objects.filter(pk=promise_id).first()
    if missed_by is None and before is not None:
        missed_by = before.missed_by
    day = before.day if before is not None else day_of(promise.made_at, _zone())
    after = _placed(promise, day=day, missed_by=missed_by)
    if before is None:
        after.save(force_insert=True)
        _add(after, 1)
    elif _cell(before) != _cell(after) or before.missed_by != after.missed_by:
        _move(before, after)
    return after


@transaction.atomic
def rebuild(*, progress: Callable[[int, int], None] = lambda done, whole: None) -> int:
    """Throw every roll-up away and count all promises anew, from the books. Returns how many were counted."""
    if connection.vendor == "postgresql":
        with connection.cursor() as cursor:  # a reaction that counts meanwhile waits, then finds its promise counted
            cursor.execute("LOCK TABLE insight_counted, insight_dailycount IN EXCLUSIVE MODE")
    edition = 1 + (Counted.objects.aggregate(newest=Max("edition"))["newest"] or 0)
    Counted.objects.all().delete()
    DailyCount.objects.all().delete()
    Reckoning.objects.all().delete()
    zone, blame = _zone(), _missed_by()
    whole, done = Promise.objects.count(), 0
    sums: dict[Cell, dict[str, int]] = defaultdict(lambda: defaultdict(int))
    for promises in _chunks(Promise.objects.order_by("pk").iterator(chunk_size=CHUNK)):
        rows = [
            _placed(promise, day=day_of(promise.made_at, zone), missed_by=blame.get(promise.pk)) for promise in promises
        ]
        for row in rows:
            row.edition = edition
        Counted.objects.bulk_create(rows)
        for row in rows:
            cell = sums[(row.day, row.client, row.owner, row.channel, row.kind)]
            cell[row.outcome] += 1
            cell["took_seconds"] += row.took_seconds
        done += len(rows)
        progress(done, whole)
    DailyCount.objects.bulk_create(
        [
            DailyCount(day=day, client=client, owner=owner, channel=channel, kind=kind, **counts)  # type: ignore[misc]
            for (day, client, owner, channel, kind), counts in sorted(sums.items(), key=repr)
        ],
        batch_size=CHUNK,
    )
    return done


def recut_days() -> None:
    """The firm moved to another zone: days begin elsewhere, so everything is counted anew."""
    firm, reckoning = people.firm(), Reckoning.objects.first()
    if firm is not None and reckoning is not None and reckoning.zone != firm.time_zone:
        rebuild()


def _placed(promise: Promise, *, day: date, missed_by: int | None) -> Counted:
    outcome = outcome_of(promise)
    owner = missed_by if outcome in BLAMED and missed_by is not None else promise.owner_id
    return Counted(
        promise_id=promise.pk,
        day=day,
        client=promise.client_id or NOBODY,
        owner=owner or NOBODY,
        channel=promise.channel,
        kind=promise.kind,
        outcome=outcome,
        took_seconds=promise.took_seconds or 0,
        missed_by=missed_by,
    )


def _move(before: Counted, after: Counted) -> None:
    """Take the row under its edition, so that two workers never move it twice."""
    after.edition = before.edition + 1
    changed = {
        field.attname: getattr(after, field.attname) for field in Counted._meta.concrete_fields if not field.primary_key
    }
    if Counted.objects.filter(pk=before.pk, edition=before.edition).update(**changed) != 1:
        raise TakenByAnother("This promise is being counted by another worker.")
    _add(before, -1)
    _add(after, 1)


def _add(row: Counted, sign: int) -> None:
    """One statement for a cell that is there and one that is not, so that two workers cannot both make it."""
    counts = {row.outcome: sign, "took_seconds": sign * row.took_seconds}
    values: list[date | int | str] = [
        row.day,
        row.client,
        row.owner,
        row.channel,
        row.kind,
        *(counts.get(name, 0) for name in COUNTS),
    ]
    with connection.cursor() as cursor:
        cursor.execute(ADD, values)


def _cell(row: Counted) -> Cell:
    return row.day, row.client, row.owner, row.channel, row.kind, str(row.outcome), row.took_seconds


def _zone() -> ZoneInfo:
    """The zone the days are cut in: the firm's, as it was when the roll-ups were begun."""
    reckoning = Reckoning.objects.first()
    if reckoning is None:
        firm = people.firm()
        reckoning = Reckoning.objects.create(zone=firm.time_zone if firm else "UTC")
    return ZoneInfo(reckoning.zone)


def _missed_by() -> dict[int, int]:
    """Who owned each missed promise when it was missed, as the service book tells."""
    facts = Fact.objects.filter(name="promise.missed").order_by("seq").values_list("data", flat=True)
    return {data["promise"]: data.get("owner") or NOBODY for data in facts.iterator(chunk_size=CHUNK)}


def _chunks(promises: Iterator[Promise]) -> Iterator[list[Promise]]:
    while chunk := list(islice(promises, CHUNK)):
        yield chunk
